/* w5_open.c — W5: a database that is up to date is opened and closed again. */
#include <stdio.h>

#include "bench/bench.h"
#include "drift/drift.h"

typedef struct opening {
    char *path;
    int64_t times;
} opening;

/* What every application does without a library: open, ask for the version, close. */
static void open_raw(bench_done *done, void *state)
{
    const opening *o = state;
    for (int64_t i = 0; i < o->times; i++) {
        sqlite3 *db = NULL;
        bench_must_sql(sqlite3_open_v2(o->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), db, o->path);
        done->count += bench_int64(db, "PRAGMA user_version");
        sqlite3_close(db);
    }
}

/* The same, with what an application that has foreign keys and waits for locks sets as well. */
static void open_configured(bench_done *done, void *state)
{
    const opening *o = state;
    for (int64_t i = 0; i < o->times; i++) {
        sqlite3 *db = NULL;
        bench_must_sql(sqlite3_open_v2(o->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), db, o->path);
        sqlite3_busy_timeout(db, 5000);
        done->count += bench_int64(db, "PRAGMA user_version");
        bench_exec(db, "PRAGMA foreign_keys = ON");
        sqlite3_close(db);
    }
}

static void open_drift(bench_done *done, void *state)
{
    static const drift_database_definition definition = {.name = "bench", .schema_version = 7};
    const opening *o = state;
    for (int64_t i = 0; i < o->times; i++) {
        drift_error err = {0};
        drift_database *database = NULL;
        bench_must(drift_database_open(&database, &definition, &(drift_open_options){.path = o->path}, &err), &err,
                   o->path);
        done->count += drift_database_target_version(database);
        drift_database_close(database);
    }
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw", NULL, open_raw, NULL},
                                       {"raw, configured", NULL, open_configured, NULL},
                                       {"drift", NULL, open_drift, NULL}};
    bench_options options;
    bench_begin(&options, argc, argv, "W5: opens a database that is up to date, --size times.");
    opening o = {bench_path(&options, "w5.db"), options.size ? options.size : options.smoke ? 10 : 5000};
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(o.path, &db), db, o.path);
    bench_exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); PRAGMA user_version = 7");
    sqlite3_close(db);
    const int failed = bench_measure(&(bench_work){.name = "W5",
                                                   .title = "open what is up to date",
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &o,
                                                   .units = o.times,
                                                   .unit = "openings"},
                                     &options);
    sqlite3_free(o.path);
    bench_end(&options);
    return failed;
}
