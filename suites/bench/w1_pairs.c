/* w1_pairs.c — W1: every version of a chain is migrated to every later one, without rows, and its schema compared. */
#include <string.h>

#include "bench/bench.h"
#include "bench/chain.h"
#include "cli/pool.h"
#include "drift/kit.h"

typedef struct pairs {
    bench_chain chain;
    uint64_t *kept; /* raw: what each version looks like, once it was asked for */
    /* drift: the same texts as steps and schemas */
    drift_step_file *files;
    drift_schema **schemas;
    int *versions;
} pairs;

/* ---- raw: each pair by itself, the target's schema kept ---- */

static uint64_t read_rows(sqlite3 *db, const char *sql, const char *name, uint64_t digest)
{
    sqlite3_stmt *rows = NULL;
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), db, sql);
    if (name) sqlite3_bind_text(rows, 1, name, -1, SQLITE_STATIC);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(rows); i++)
            digest = bench_mix(digest, sqlite3_column_text(rows, i), (size_t)sqlite3_column_bytes(rows, i));
    }
    sqlite3_finalize(rows);
    return digest;
}

/* One PRAGMA for each thing that it tells. */
static uint64_t read_schema(sqlite3 *db)
{
    uint64_t digest = 0;
    sqlite3_stmt *rows = NULL;
    const char *tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    bench_must_sql(sqlite3_prepare_v2(db, tables, -1, &rows, NULL), db, tables);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(rows, 0);
        digest = bench_mix(digest, name, strlen(name));
        digest = read_rows(db, "SELECT * FROM pragma_table_xinfo(?)", name, digest);
        digest = read_rows(db, "SELECT * FROM pragma_foreign_key_list(?)", name, digest);
        digest = read_rows(db,
                           "SELECT i.name, i.\"unique\", i.partial, x.* FROM pragma_index_list(?) i, "
                           "pragma_index_xinfo(i.name) x ORDER BY i.name, x.seqno",
                           name, digest);
    }
    sqlite3_finalize(rows);
    return read_rows(db, "SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY name", NULL,
                     digest);
}

static sqlite3 *build(const char *schema)
{
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open(":memory:", &db), db, "a database in memory");
    bench_exec(db, "BEGIN");
    bench_exec(db, schema);
    bench_exec(db, "COMMIT");
    return db;
}

static uint64_t kept_schema(pairs *p, int version)
{
    if (!p->kept[version]) {
        sqlite3 *db = build(p->chain.schemas[version]);
        p->kept[version] = read_schema(db);
        sqlite3_close(db);
    }
    return p->kept[version];
}

static void verify_raw(bench_done *done, void *state)
{
    pairs *p = state;
    for (int from = 0; from < p->chain.versions; from++) {
        for (int to = from + 1; to < p->chain.versions; to++) {
            sqlite3 *db = build(p->chain.schemas[from]);
            bench_exec(db, "PRAGMA foreign_keys = OFF; BEGIN");
            for (int i = from; i < to; i++) bench_exec(db, p->chain.steps[i]);
            bench_exec(db, "PRAGMA user_version = 2; COMMIT");
            done->count += read_schema(db) == kept_schema(p, to);
            sqlite3_close(db);
        }
    }
}

/* ---- drift ---- */

static int versions_of(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    const pairs *p = payload;
    (void)err;
    *versions = p->versions;
    *count = (size_t)p->chain.versions;
    return DRIFT_OK;
}

static int schema_at(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    const pairs *p = payload;
    (void)err;
    *out = p->schemas[version - 1];
    return DRIFT_OK;
}

static void verify_by(bench_done *done, void *state, bool independent)
{
    const pairs *p = state;
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    const drift_schema_provider provider = {"chain", versions_of, schema_at, p};
    const drift_step_folder folder = {"chain", p->files, (size_t)p->chain.versions - 1};
    bench_must(
        drift_verify_migrations(
            &outcome, &provider, &(drift_migration_source){.steps = &folder},
            &(drift_verify_options){.levels = 1u << DRIFT_DATA_EMPTY, .no_paths = true, .independent = independent},
            &err),
        &err, "verifying");
    done->count = (int64_t)outcome->summary.passed;
    drift_outcome_free(outcome);
}

static void verify_stepped(bench_done *done, void *state)
{
    verify_by(done, state, false);
}

static void verify_independent(bench_done *done, void *state)
{
    verify_by(done, state, true);
}

/* As the program `drift` sets SQLite up for itself: one thread, nobody asks how much memory is used, a pool. The
 * process is the run's own, and frees nothing that was allocated before. */
static void set_up_program(void *state)
{
    (void)state;
    sqlite3_shutdown();
    bench_must_sql(drift__pool_install(), NULL, "the pool");
    bench_must_sql(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD), NULL, "one thread");
    bench_must_sql(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0), NULL, "no statistics");
}

static void make_texts(pairs *p)
{
    const size_t count = (size_t)p->chain.versions;
    drift_error err = {0};
    p->kept = sqlite3_malloc64(count * sizeof *p->kept);
    p->files = sqlite3_malloc64(count * sizeof *p->files);
    p->schemas = sqlite3_malloc64(count * sizeof *p->schemas);
    p->versions = sqlite3_malloc64(count * sizeof *p->versions);
    memset(p->kept, 0, count * sizeof *p->kept);
    for (int i = 0; i < p->chain.versions; i++) {
        const char *sql = p->chain.schemas[i], *step = p->chain.steps[i];
        p->versions[i] = i + 1;
        bench_must(drift_schema_parse(&p->schemas[i], sql, strlen(sql), &err), &err, "a schema of the chain");
        p->schemas[i]->version = i + 1;
        p->files[i] = (drift_step_file){i + 1, i + 2, "step", step, step ? strlen(step) : 0};
    }
}

static void free_texts(pairs *p)
{
    for (int i = 0; i < p->chain.versions; i++) drift_schema_free(p->schemas[i]);
    sqlite3_free(p->kept);
    sqlite3_free(p->files);
    sqlite3_free(p->schemas);
    sqlite3_free(p->versions);
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw, kept schemas", NULL, verify_raw, NULL},
                                       {"drift, independent", NULL, verify_independent, NULL},
                                       {"drift", NULL, verify_stepped, NULL},
                                       {"program, independent", set_up_program, verify_independent, NULL},
                                       {"program", set_up_program, verify_stepped, NULL}};
    bench_options options;
    pairs p = {0};
    bench_begin(&options, argc, argv,
                "W1: migrates every version of a chain of --size versions (20) to every later one.");
    const int versions = options.size ? (int)options.size : options.smoke ? 6 : 20;
    /* Then it is this process that runs it. */
    if (options.side && strncmp(options.side, "program", strlen("program")) == 0) set_up_program(NULL);
    bench_chain_make(&p.chain, versions);
    make_texts(&p);
    char *title = sqlite3_mprintf("%d versions, all pairs", versions);
    const int failed = bench_measure(&(bench_work){.name = "W1",
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &p,
                                                   .units = (int64_t)versions * (versions - 1) / 2,
                                                   .unit = "pairs"},
                                     &options);
    sqlite3_free(title);
    free_texts(&p);
    bench_chain_dispose(&p.chain);
    bench_end(&options);
    return failed;
}
