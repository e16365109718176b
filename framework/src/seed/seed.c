/* seed.c — a run: level `one` first, which every other level stands upon, then the level's own rows. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "seed/candidate.h"
#include "seed/seeding.h"
#include "seed/values.h"

const char *drift_data_level_name(drift_data_level level)
{
    static const char *const names[] = {
#define LEVEL_NAME(name, word, text) word,
        DRIFT_DATA_LEVEL_MAP(LEVEL_NAME)
#undef LEVEL_NAME
    };
    return (size_t)level < sizeof names / sizeof names[0] ? names[level] : NULL;
}

/* The level's own rows of a table: none where not even one could be put in. */
static int grow_table(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    if (table->reason || table->is_read_only) return DRIFT_OK;
    if (table->is_virtual && drift__seed_has_external_content(table)) return drift__seed_rebuild(s, table, err);
    return s->options->level == DRIFT_DATA_MANY ? drift__seed_pour(s, table, err) : drift__seed_grow(s, table, err);
}

static int grow_tables(drift__seeding *s, bool virtual_tables, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.ordered; i++) {
        if (s->graph.order[i]->is_virtual == virtual_tables) rc = grow_table(s, s->graph.order[i], err);
    }
    return rc;
}

/* Each row stands in a savepoint of its own: what goes when it is refused is no more than that row. */
static int fill(drift__seeding *s, drift_error *err)
{
    const bool grows = s->options->level != DRIFT_DATA_ONE;
    int rc = drift__seed_fill_tables(s, false, err);
    if (rc == DRIFT_OK) rc = drift__seed_repair(s, err);
    if (rc == DRIFT_OK && grows) rc = grow_tables(s, false, err);
    if (rc == DRIFT_OK && grows) rc = drift__seed_repair(s, err);
    if (rc == DRIFT_OK) rc = drift__seed_fill_tables(s, true, err);
    if (rc == DRIFT_OK && grows) rc = grow_tables(s, true, err);
    if (rc == DRIFT_OK && grows) rc = drift__seed_advance(s, err);
    if (rc == DRIFT_OK && s->options->orphans) rc = drift__seed_orphan(s, err);
    return rc == DRIFT_OK ? drift__seed_judge(s, err) : rc;
}

/* ---- */

static int restrict_columns(drift__seeding *s, drift_error *err)
{
    for (size_t i = 0; i < s->options->domain_count; i++) {
        const drift_seed_domain *domain = &s->options->domains[i];
        if (!drift__seed_is_domain(domain->domain))
            return drift__error(
                err, DRIFT_MISUSE,
                "expected integer, real, text, blob, null, numeric or json as the domain of %s.%s, found %s",
                domain->table, domain->column, domain->domain ? domain->domain : "nothing");
        drift__seed_table *table = drift__map_get(&s->graph.by_name, domain->table);
        drift__seed_column *column =
            table ? drift__seed_column_named(table, domain->column, strlen(domain->column)) : NULL;
        /* A domain may be of a column that this version does not have. */
        if (column) column->domain = domain->domain;
    }
    return DRIFT_OK;
}

static int begin(drift__seeding *s, drift_connection *connection, drift_error *err)
{
    const int64_t seed = s->options->seed;
    s->connection = connection;
    s->insert = (drift__seed_insert){
        .graph = &s->graph, .connection = connection, .random = (uint64_t)seed * 2654435761u + 88172645463325252u};
    int rc = drift__seed_graph_read(&s->graph, connection, err);
    if (rc == DRIFT_OK) rc = restrict_columns(s, err);
    return rc == DRIFT_OK ? drift__seed_candidates_fill(&s->graph, seed, err) : rc;
}

static int fill_database(drift_connection *connection, void *payload, drift_error *err)
{
    drift__seeding *s = payload;
    const int rc = begin(s, connection, err);
    return rc == DRIFT_OK && s->options->level != DRIFT_DATA_EMPTY ? fill(s, err) : rc;
}

/* Whether a row that is refused may take the whole transaction with it: ON CONFLICT ROLLBACK, RAISE(ROLLBACK). A TEMP
 * trigger may stand on a table of the main database. */
static int may_roll_back(bool *out, drift_connection *connection, drift_error *err)
{
    int64_t found = 0;
    const int rc = drift_query_int64(&found, connection,
                                     "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE sql LIKE '%ROLLBACK%'"
                                     " UNION ALL SELECT 1 FROM temp.sqlite_schema WHERE sql LIKE '%ROLLBACK%')",
                                     NULL, 0, err);
    *out = found != 0;
    return rc;
}

/* One transaction, and so one wait for the disk, where no row can end it; else each row is one of its own. Level empty
 * writes nothing. */
static int fill_at_once(drift__seeding *s, drift_connection *connection, drift_error *err)
{
    bool by_itself = s->options->level == DRIFT_DATA_EMPTY;
    const int rc = by_itself ? DRIFT_OK : may_roll_back(&by_itself, connection, err);
    if (rc != DRIFT_OK) return rc;
    return by_itself ? fill_database(connection, s, err) : drift_transaction(connection, fill_database, s, err);
}

/* Foreign keys are off meanwhile: rows of a cycle come one after another. */
static int run(drift__seeding *s, drift_connection *connection, drift_error *err)
{
    int64_t foreign_keys = 0;
    int rc = drift_query_int64(&foreign_keys, connection, "PRAGMA foreign_keys", NULL, 0, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "PRAGMA foreign_keys = OFF", err);
    if (rc != DRIFT_OK) return rc;
    rc = fill_at_once(s, connection, err);
    if (foreign_keys && drift_exec(connection, "PRAGMA foreign_keys = ON", err) != DRIFT_OK && rc == DRIFT_OK)
        rc = DRIFT_SQL;
    return rc;
}

int drift_seed_database(drift_seed_report **out, drift_connection *connection, const drift_seed_options *options,
                        drift_error *err)
{
    drift__seeding s = {.options = options};
    if (out) *out = NULL;
    if (drift_in_transaction(connection))
        return drift__error(err, DRIFT_MISUSE, "a database is seeded outside of a transaction, but one is open");
    int rc = run(&s, connection, err);
    if (rc == DRIFT_OK && out) rc = drift__seed_tell(out, &s, err);
    drift__seed_graph_dispose(&s.graph);
    return rc;
}
