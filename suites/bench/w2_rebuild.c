/* w2_rebuild.c — W2: a table of N rows and 10 columns, with two indexes, is rebuilt with one column cast: the twelve
 * steps by hand, by the migrator, by the migrator as a verification runs it, and by the migrator with the data check of
 * a verification behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/data.h"
#include "drift/kit.h"

#define COLUMNS                                                                                             \
    "id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, price REAL NOT NULL, amount INTEGER NOT NULL, " \
    "active INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, payload BLOB, "
#define REST       ", parent INTEGER"
#define INDEXES    "CREATE INDEX item_name ON item (name); CREATE INDEX item_created ON item (created_at, amount);"
#define OLD_SCHEMA "CREATE TABLE item (" COLUMNS "code TEXT" REST "); " INDEXES
#define NEW_SCHEMA "CREATE TABLE item (" COLUMNS "code INTEGER" REST "); " INDEXES

typedef struct rebuild {
    const bench_options *options;
    char *original, *path;
    int64_t rows;
    drift_schema *schema; /* of version 2 */
} rebuild;

static void make_original(const rebuild *r)
{
    sqlite3 *db = NULL;
    char *fill = sqlite3_mprintf(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) INSERT INTO item SELECT i, "
        "'name ' || (i * 7919 %% 1000003), CASE WHEN i %% 3 THEN 'a note of some length ' || i END, i / 7.0, i %% 97, "
        "i & 1, 1600000000 + i, zeroblob(16), CAST(i * 31 AS TEXT), nullif(i / 10, 0) FROM n",
        (long long)r->rows);
    bench_must_sql(sqlite3_open(r->original, &db), db, r->original);
    bench_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" OLD_SCHEMA);
    bench_exec(db, fill);
    bench_exec(db, "PRAGMA user_version = 1; PRAGMA journal_mode = DELETE");
    sqlite3_close(db);
    sqlite3_free(fill);
}

/* Each run gets a copy: page by page, so that none is fragmented in another way. */
static void copy_original(void *state)
{
    const rebuild *r = state;
    sqlite3 *from = NULL, *to = NULL;
    (void)sqlite3_open(r->path, &to);
    bench_must_sql(sqlite3_open(r->original, &from), from, r->original);
    bench_exec(to, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup || sqlite3_backup_step(backup, -1) != SQLITE_DONE) bench_must_sql(SQLITE_ERROR, to, "copying");
    sqlite3_backup_finish(backup);
    sqlite3_close(from);
    sqlite3_close(to);
}

static void rebuild_raw(bench_done *done, void *state)
{
    const rebuild *r = state;
    sqlite3 *db = NULL;
    (void)done;
    bench_must_sql(sqlite3_open(r->path, &db), db, r->path);
    bench_exec(db, "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;"
                   "CREATE TABLE new_item (" COLUMNS "code INTEGER" REST ");"
                   "INSERT INTO new_item (id, name, note, price, amount, active, created_at, payload, code, parent)"
                   " SELECT id, name, note, price, amount, active, created_at, payload, CAST(code AS INTEGER), parent"
                   " FROM item; DROP TABLE item; ALTER TABLE new_item RENAME TO item;" INDEXES
                   "PRAGMA foreign_key_check; PRAGMA user_version = 2; COMMIT; PRAGMA foreign_keys = ON");
    sqlite3_close(db);
}

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    const drift_table *item = drift_schema_entity(payload, DRIFT_ENTITY_TABLE, "item")->as.table;
    (void)from;
    (void)to;
    return drift_migrator_alter_table(
        migrator,
        &(drift_table_migration){
            .table = item,
            .transforms =
                (const drift_column_transform[]){{drift_table_column(item, "code"), "CAST(code AS INTEGER)"}, {0}}},
        err);
}

static drift_database_definition definition_of(const rebuild *r)
{
    return (drift_database_definition){.name = "bench",
                                       .schema_version = 2,
                                       .schema = r->schema,
                                       .strategy = {.on_upgrade = upgrade, .payload = r->schema}};
}

static void rebuild_drift(bench_done *done, void *state)
{
    const rebuild *r = state;
    drift_error err = {0};
    drift_database *database = NULL;
    const drift_database_definition definition = definition_of(r);
    (void)done;
    bench_must(drift_database_open(&database, &definition, &(drift_open_options){.path = r->path}, &err), &err,
               r->path);
    drift_database_close(database);
}

static void rebuild_thrown_away(bench_done *done, void *state)
{
    const rebuild *r = state;
    const drift_database_definition definition = definition_of(r);
    (void)done;
    bench_migrate_thrown_away(r->path, &definition);
}

/* The rebuild, and the verdict on all its rows. */
static void rebuild_and_check(bench_done *done, void *state)
{
    const rebuild *r = state;
    rebuild_drift(done, state);
    const int64_t matched = bench_check_data(r->original, r->path, r->schema);
    if (matched == r->rows) return;
    fprintf(stderr, "the data check matched %lld rows of %lld\n", (long long)matched, (long long)r->rows);
    exit(1);
}

static void digest_rows(bench_done *done, void *state)
{
    const rebuild *r = state;
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(r->path, &db), db, r->path);
    done->count = bench_int64(db, "SELECT count(*) FROM item WHERE typeof(code) = 'integer'");
    const int64_t sums[] = {
        bench_int64(db, "SELECT total(code) + total(id * amount) + total(created_at) FROM item"),
        bench_int64(db, "SELECT total(length(note)) + sum(length(payload)) FROM item"),
        bench_int64(db, "SELECT sum(length(name)) + count(DISTINCT name) FROM item INDEXED BY item_name"),
        bench_int64(db, "PRAGMA user_version"), bench_int64(db, "SELECT count(*) FROM sqlite_schema")};
    done->digest = bench_mix(0, sums, sizeof sums);
    sqlite3_close(db);
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw", copy_original, rebuild_raw, digest_rows},
                                       {"drift", copy_original, rebuild_drift, digest_rows},
                                       {"drift, thrown away", copy_original, rebuild_thrown_away, digest_rows},
                                       {"drift, rows checked", copy_original, rebuild_and_check, digest_rows}};
    bench_options options;
    drift_error err = {0};
    bench_begin(&options, argc, argv, "W2: rebuilds a table of --size rows (1,000,000) and 10 columns in a file.");
    rebuild r = {&options, bench_path(&options, "original.db"), bench_path(&options, "w2.db"),
                 options.size    ? options.size
                 : options.smoke ? 2000
                                 : 1000000,
                 NULL};
    char *title = sqlite3_mprintf("rebuild %lld rows x 10", (long long)r.rows);
    bench_must(drift_schema_parse(&r.schema, NEW_SCHEMA, strlen(NEW_SCHEMA), &err), &err, "the schema");
    make_original(&r);
    const int failed = bench_measure(&(bench_work){.name = "W2",
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &r,
                                                   .units = r.rows,
                                                   .unit = "rows"},
                                     &options);
    drift_schema_free(r.schema);
    sqlite3_free(title);
    sqlite3_free(r.original);
    sqlite3_free(r.path);
    bench_end(&options);
    return failed;
}
