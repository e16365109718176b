/* w4_seed.c — W4: a file is filled with N rows: a prepared statement bound again and again in one transaction, and
 * drift_seed_database at level `many`.
 *
 * The raw sides insert the very rows that drift made before and end with the same file's content, byte for byte. They
 * have them in memory when their time begins. "Rows made" is what anybody writes: texts that end with a number are
 * printed, row by row. "Rows in memory" makes nothing: no loop is faster, and none has its rows for nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "drift/kit.h"

#define PLAIN                                                                                         \
    "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, price REAL NOT NULL, " \
    "amount INTEGER NOT NULL, created_at INTEGER NOT NULL);"
#define KEYED                                                                                                         \
    "CREATE TABLE shelf (id INTEGER PRIMARY KEY, place TEXT NOT NULL, hall TEXT NOT NULL, level INTEGER NOT NULL, "   \
    "row INTEGER, width REAL NOT NULL, UNIQUE (hall, place));"                                                        \
    "CREATE TABLE item (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, price REAL NOT NULL, " \
    "shelf INTEGER NOT NULL REFERENCES shelf (id), created_at INTEGER NOT NULL);"

/* A value that raw binds. */
typedef struct cell {
    int type;
    int length; /* of a text or blob */
    int stem;   /* of a text that ends with a number: what stands before it; else 0 */
    union {
        sqlite3_int64 integer;
        double real;
        char *bytes;
    } as;
    sqlite3_int64 number;
} cell;

typedef struct seeding {
    const char *schema;
    const char *const *tables; /* parents first; NULL ends them */
    char *model, *path;
    int64_t rows; /* of each table */
    cell *cells;  /* of all tables, one row after another */
} seeding;

enum { COLUMNS = 6 };

/* ---- drift ---- */

static void seed(const char *path, const seeding *s)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    bench_must(drift_connection_open(&connection, path, NULL, &err), &err, path);
    bench_must(drift_exec(connection, s->schema, &err), &err, "the schema");
    bench_must(
        drift_seed_database(NULL, connection, &(drift_seed_options){.level = DRIFT_DATA_MANY, .rows = s->rows}, &err),
        &err, "seeding");
    drift_connection_close(connection);
}

static void seed_drift(bench_done *done, void *state)
{
    const seeding *s = state;
    (void)done;
    seed(s->path, s);
}

/* ---- raw ---- */

static sqlite3_stmt *prepare(sqlite3 *db, const char *format, const char *table)
{
    sqlite3_stmt *statement = NULL;
    char *sql = sqlite3_mprintf(format, table);
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), db, sql);
    sqlite3_free(sql);
    return statement;
}

static void split(cell *out)
{
    int stem = out->length;
    while (stem > 0 && out->as.bytes[stem - 1] >= '0' && out->as.bytes[stem - 1] <= '9') stem--;
    if (stem == out->length || stem == 0 || out->length - stem > 18) return;
    out->stem = stem;
    out->number = strtoll(out->as.bytes + stem, NULL, 10);
}

static void keep_cell(cell *out, sqlite3_stmt *row, int column)
{
    *out = (cell){.type = sqlite3_column_type(row, column)};
    const void *bytes = NULL;
    switch (out->type) {
    case SQLITE_INTEGER: out->as.integer = sqlite3_column_int64(row, column); break;
    case SQLITE_FLOAT: out->as.real = sqlite3_column_double(row, column); break;
    case SQLITE_NULL: break;
    default:
        bytes = sqlite3_column_blob(row, column);
        out->length = sqlite3_column_bytes(row, column);
        out->as.bytes = sqlite3_malloc(out->length + 1);
        if (out->length) memcpy(out->as.bytes, bytes, (size_t)out->length);
        out->as.bytes[out->length] = 0;
        if (out->type == SQLITE_TEXT) split(out);
    }
}

static void take_rows(void *state)
{
    seeding *s = state;
    sqlite3 *db = NULL;
    cell *at = s->cells = sqlite3_malloc64((size_t)s->rows * 2 * COLUMNS * sizeof *s->cells);
    (void)unlink(s->path);
    bench_must_sql(sqlite3_open(s->model, &db), db, s->model);
    for (size_t i = 0; s->tables[i]; i++) {
        sqlite3_stmt *rows = prepare(db, "SELECT * FROM %Q ORDER BY rowid", s->tables[i]);
        while (sqlite3_step(rows) == SQLITE_ROW) {
            for (int c = 0; c < COLUMNS; c++) keep_cell(at++, rows, c);
        }
        sqlite3_finalize(rows);
    }
    sqlite3_close(db);
}

static void remove_file(void *state)
{
    (void)unlink(((seeding *)state)->path);
}

static void bind_made(sqlite3_stmt *statement, int index, const cell *value)
{
    char text[256];
    const int length = snprintf(text, sizeof text, "%.*s%lld", value->stem, value->as.bytes, value->number);
    sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

static void bind(sqlite3_stmt *statement, int index, const cell *value)
{
    switch (value->type) {
    case SQLITE_INTEGER: sqlite3_bind_int64(statement, index, value->as.integer); break;
    case SQLITE_FLOAT: sqlite3_bind_double(statement, index, value->as.real); break;
    case SQLITE_TEXT: sqlite3_bind_text(statement, index, value->as.bytes, value->length, SQLITE_STATIC); break;
    case SQLITE_BLOB: sqlite3_bind_blob(statement, index, value->as.bytes, value->length, SQLITE_STATIC); break;
    default: sqlite3_bind_null(statement, index);
    }
}

static void insert_rows(const seeding *s, bool make)
{
    const cell *at = s->cells;
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(s->path, &db), db, s->path);
    bench_exec(db, "PRAGMA foreign_keys = ON");
    bench_exec(db, s->schema);
    bench_exec(db, "BEGIN");
    for (size_t i = 0; s->tables[i]; i++) {
        sqlite3_stmt *insert = prepare(db, "INSERT INTO %Q VALUES (?, ?, ?, ?, ?, ?)", s->tables[i]);
        for (int64_t row = 0; row < s->rows; row++) {
            for (int c = 1; c <= COLUMNS; c++, at++) {
                if (make && at->stem)
                    bind_made(insert, c, at);
                else
                    bind(insert, c, at);
            }
            bench_must_sql(sqlite3_step(insert), db, "inserting");
            sqlite3_reset(insert);
        }
        sqlite3_finalize(insert);
    }
    bench_exec(db, "COMMIT");
    sqlite3_close(db);
}

static void seed_made(bench_done *done, void *state)
{
    (void)done;
    insert_rows(state, true);
}

static void seed_ready(bench_done *done, void *state)
{
    (void)done;
    insert_rows(state, false);
}

/* ---- what came of it ---- */

static void digest_rows(bench_done *done, void *state)
{
    const seeding *s = state;
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(s->path, &db), db, s->path);
    for (size_t i = 0; s->tables[i]; i++) {
        sqlite3_stmt *rows = prepare(db, "SELECT * FROM %Q ORDER BY rowid", s->tables[i]);
        for (; sqlite3_step(rows) == SQLITE_ROW; done->count++) {
            for (int c = 0; c < COLUMNS; c++) {
                const int type = sqlite3_column_type(rows, c);
                done->digest = bench_mix(done->digest, &type, sizeof type);
                done->digest =
                    bench_mix(done->digest, sqlite3_column_text(rows, c), (size_t)sqlite3_column_bytes(rows, c));
            }
        }
        sqlite3_finalize(rows);
    }
    if (bench_int64(db, "SELECT count(*) FROM pragma_foreign_key_check")) done->count = -1;
    sqlite3_close(db);
}

static int measure(const bench_options *options, seeding *s, const char *name, const char *what, int64_t rows)
{
    static const bench_side sides[] = {{"raw, rows made", take_rows, seed_made, digest_rows},
                                       {"raw, rows in memory", take_rows, seed_ready, digest_rows},
                                       {"drift", remove_file, seed_drift, digest_rows}};
    char *title = sqlite3_mprintf("seed %lld rows x 6%s", (long long)rows, what);
    s->model = bench_path(options, "model.db");
    s->path = bench_path(options, "w4.db");
    (void)unlink(s->model);
    seed(s->model, s);
    const int failed = bench_measure(&(bench_work){.name = name,
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = s,
                                                   .units = rows,
                                                   .unit = "rows"},
                                     options);
    sqlite3_free(s->model);
    sqlite3_free(s->path);
    sqlite3_free(title);
    return failed;
}

int main(int argc, char **argv)
{
    static const char *const plain[] = {"item", NULL}, *const keyed[] = {"shelf", "item", NULL};
    bench_options options;
    bench_begin(&options, argc, argv,
                "W4: fills a file with --size rows (1,000,000) of 6 columns, then two tables with keys.");
    const int64_t rows = options.size ? options.size : options.smoke ? 2000 : 1000000;
    const int failed =
        measure(&options, &(seeding){.schema = PLAIN, .tables = plain, .rows = rows}, "W4", "", rows) ||
        measure(&options, &(seeding){.schema = KEYED, .tables = keyed, .rows = rows / 2}, "W4 keys", ", keys", rows);
    bench_end(&options);
    return failed;
}
