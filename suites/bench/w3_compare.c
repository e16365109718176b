/* w3_compare.c — W3: two databases with the same schema of N tables, one written in another style, are compared. */
#include <string.h>

#include "bench/bench.h"
#include "drift/kit.h"

typedef struct comparison {
    char *plain, *other;
    int64_t tables;
} comparison;

/* ---- the two databases ---- */

static char *plain_table(int64_t i)
{
    return sqlite3_mprintf("CREATE TABLE item_%lld (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,"
                           " note TEXT, price REAL NOT NULL DEFAULT 0, amount INTEGER NOT NULL DEFAULT 1, "
                           "active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)), created_at INTEGER NOT NULL, "
                           "payload BLOB, kind TEXT NOT NULL DEFAULT 'plain', parent INTEGER REFERENCES item_%lld (id) "
                           "ON DELETE CASCADE);CREATE INDEX item_%lld_name ON item_%lld (name, created_at DESC);",
                           i, i ? i - 1 : 0, i, i);
}

static char *other_table(int64_t i)
{
    return sqlite3_mprintf(
        "create table \"item_%lld\"(\n  \"id\" integer not null primary key autoincrement,\n  `name` "
        "text not null, -- what it is called\n  [note] text default null,\n  price real not null "
        "default (0),\n  amount integer default 1 not null,\n  active integer not null default TRUE "
        "check((\"active\" in (0,1))),\n  created_at integer not null,\n  payload blob,\n  kind text "
        "not null default 'plain',\n  parent integer,\n  foreign key(parent) references item_%lld"
        "(id) on update no action on delete cascade\n);create index item_%lld_name on \"item_%lld\""
        "(name asc, created_at desc);",
        i, i ? i - 1 : 0, i, i);
}

static void build(const char *path, int64_t tables, char *(*table)(int64_t))
{
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(path, &db), db, path);
    bench_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    for (int64_t i = 0; i < tables; i++) {
        char *sql = table(i);
        bench_exec(db, sql);
        sqlite3_free(sql);
    }
    bench_exec(db, "COMMIT");
    sqlite3_close(db);
}

/* ---- raw: both texts are read ---- */

static sqlite3 *open_read_only(const char *path)
{
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), db, path);
    return db;
}

static int64_t read_texts(const char *path)
{
    int64_t tables = 0;
    sqlite3 *db = open_read_only(path);
    sqlite3_stmt *rows = NULL;
    const char *sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema";
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), db, sql);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 1; i < 4; i++) (void)sqlite3_column_text(rows, i);
        if (strcmp((const char *)sqlite3_column_text(rows, 0), "table") == 0) tables++;
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return tables - 1; /* sqlite_sequence */
}

static void compare_texts(bench_done *done, void *state)
{
    const comparison *c = state;
    done->count = read_texts(c->plain) + read_texts(c->other);
}

/* ---- raw: what pragmas tell, each object asked for ---- */

static uint64_t read_rows(sqlite3 *db, const char *sql, const char *name, uint64_t digest)
{
    sqlite3_stmt *rows = NULL;
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), db, sql);
    sqlite3_bind_text(rows, 1, name, -1, SQLITE_STATIC);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(rows); i++)
            digest = bench_mix(digest, sqlite3_column_blob(rows, i), (size_t)sqlite3_column_bytes(rows, i));
    }
    sqlite3_finalize(rows);
    return digest;
}

static int64_t walk_pragmas(const char *path)
{
    int64_t tables = 0;
    uint64_t digest = 0;
    sqlite3 *db = open_read_only(path);
    sqlite3_stmt *rows = NULL;
    const char *sql =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), db, sql);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        digest = read_rows(db, "SELECT * FROM pragma_table_xinfo(?)", name, digest);
        digest = read_rows(db, "SELECT * FROM pragma_foreign_key_list(?)", name, digest);
        digest =
            read_rows(db, "SELECT i.*, x.* FROM pragma_index_list(?) i, pragma_index_xinfo(i.name) x", name, digest);
        tables++;
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return digest ? tables : 0;
}

static void compare_pragmas(bench_done *done, void *state)
{
    const comparison *c = state;
    done->count = walk_pragmas(c->plain) + walk_pragmas(c->other);
}

/* ---- drift ---- */

static drift_schema *introspect(const char *path)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    bench_must(drift_introspect_file(&schema, path, NULL, &err), &err, path);
    return schema;
}

static void compare_drift(bench_done *done, void *state)
{
    const comparison *c = state;
    drift_error err = {0};
    drift_diff *diff = NULL;
    drift_schema *plain = introspect(c->plain), *other = introspect(c->other);
    bench_must(drift_diff_schemas(&diff, plain, other, NULL, &err), &err, "comparing");
    for (size_t i = 0; i < plain->entity_count; i++) done->count += plain->entities[i].kind == DRIFT_ENTITY_TABLE;
    for (size_t i = 0; i < other->entity_count; i++) done->count += other->entities[i].kind == DRIFT_ENTITY_TABLE;
    if (diff->count) done->count = -(int64_t)diff->count;
    drift_diff_free(diff);
    drift_schema_free(other);
    drift_schema_free(plain);
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw, texts read", NULL, compare_texts, NULL},
                                       {"raw, pragmas", NULL, compare_pragmas, NULL},
                                       {"drift", NULL, compare_drift, NULL}};
    bench_options options;
    bench_begin(&options, argc, argv, "W3: compares two databases with --size tables each (1,000).");
    comparison c = {bench_path(&options, "plain.db"), bench_path(&options, "other.db"),
                    options.size    ? options.size
                    : options.smoke ? 20
                                    : 1000};
    char *title = sqlite3_mprintf("compare 2 x %lld tables", (long long)c.tables);
    build(c.plain, c.tables, plain_table);
    build(c.other, c.tables, other_table);
    const int failed = bench_measure(&(bench_work){.name = "W3",
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &c,
                                                   .units = 2 * c.tables,
                                                   .unit = "tables"},
                                     &options);
    sqlite3_free(title);
    sqlite3_free(c.plain);
    sqlite3_free(c.other);
    bench_end(&options);
    return failed;
}
