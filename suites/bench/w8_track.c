/* w8_track.c — W8: what change tracking costs a write: the same rows with and without the outbox's triggers. */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "drift/kit.h"

static const char schema_sql[] = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, note TEXT, price REAL, amount "
                                 "INTEGER, revision INTEGER);";
static const drift_tracking tracking = {
    .tables = &(const drift_tracked_table){.table = "item",
                                           .columns = (const char *const[]){"name", "note", "price", "amount", NULL},
                                           .revision = "revision"},
    .table_count = 1,
};

typedef struct ledger {
    int64_t rows;
    drift_connection *db;
} ledger;

static void prepare_plain(void *state)
{
    ledger *l = state;
    drift_error err = {0};
    bench_must(drift_connection_memory(&l->db, NULL, &err), &err, "a database");
    bench_must(drift_exec(l->db, schema_sql, &err), &err, "the schema");
}

static void prepare_tracked(void *state)
{
    ledger *l = state;
    drift_error err = {0};
    drift_schema *schema = NULL;
    prepare_plain(state);
    bench_must(drift_schema_parse(&schema, schema_sql, strlen(schema_sql), &err), &err, "the schema");
    bench_must(drift_track_install(l->db, schema, &tracking, &err), &err, "tracking");
    drift_schema_free(schema);
}

static int insert_all(drift_connection *connection, void *payload, drift_error *err)
{
    const ledger *l = payload;
    int rc = DRIFT_OK;
    for (int64_t i = 0; rc == DRIFT_OK && i < l->rows; i++) {
        const drift_value binds[] = {DRIFT_BIND_INT64(i), DRIFT_BIND_TEXT("an item", 7),
                                     DRIFT_BIND_TEXT("of which there is more to say", 29)};
        rc = drift_query(connection, "INSERT INTO item VALUES (?1, ?2, ?3, ?1 / 4.0, ?1 % 10, NULL)", binds, 3, NULL,
                         NULL, err);
    }
    return rc;
}

static int update_all(drift_connection *connection, void *payload, drift_error *err)
{
    const ledger *l = payload;
    int rc = DRIFT_OK;
    for (int64_t i = 0; rc == DRIFT_OK && i < l->rows; i++) {
        const drift_value bind = DRIFT_BIND_INT64(i);
        rc = drift_query(connection, "UPDATE item SET amount = amount + 1 WHERE id = ?1", &bind, 1, NULL, NULL, err);
    }
    return rc;
}

static void insert_rows(bench_done *done, void *state)
{
    ledger *l = state;
    drift_error err = {0};
    bench_must(drift_transaction(l->db, insert_all, l, &err), &err, "inserting");
    done->count = l->rows;
}

static void update_rows(bench_done *done, void *state)
{
    ledger *l = state;
    drift_error err = {0};
    bench_must(drift_transaction(l->db, update_all, l, &err), &err, "updating");
    done->count = l->rows;
}

static void fill_plain(void *state)
{
    bench_done ignored;
    prepare_plain(state);
    insert_rows(&ignored, state);
}

static void fill_tracked(void *state)
{
    bench_done ignored;
    prepare_tracked(state);
    insert_rows(&ignored, state);
}

static void end(bench_done *done, void *state)
{
    ledger *l = state;
    drift_error err = {0};
    int64_t sum = 0;
    bench_must(drift_query_int64(&sum, l->db, "SELECT sum(id * amount) FROM item", NULL, 0, &err), &err, "the sum");
    done->digest = bench_mix(0, &sum, sizeof sum);
    drift_connection_close(l->db);
}

static int run(const char *title, const bench_side *sides, ledger *l, const bench_options *options)
{
    return bench_measure(&(bench_work){.name = "W8",
                                       .title = title,
                                       .sides = sides,
                                       .side_count = 2,
                                       .state = l,
                                       .units = l->rows,
                                       .unit = "rows",
                                       .seconds = 4},
                         options);
}

int main(int argc, char **argv)
{
    static const bench_side inserts[] = {{"plain", prepare_plain, insert_rows, end},
                                         {"tracked", prepare_tracked, insert_rows, end}};
    static const bench_side updates[] = {{"plain", fill_plain, update_rows, end},
                                         {"tracked", fill_tracked, update_rows, end}};
    bench_options options;
    bench_begin(&options, argc, argv, "W8: writes --size rows of a tracked table.");
    ledger l = {.rows = options.size ? options.size : options.smoke ? 20 : 20000};
    int failed = run("insert rows of a tracked table", inserts, &l, &options);
    if (!failed) failed = run("update rows of a tracked table", updates, &l, &options);
    bench_end(&options);
    return failed;
}
