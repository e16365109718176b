/* original.c */
#include "verify/original.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "verify/world.h"

static int fill(drift__original *o, const drift_schema *schema, drift_data_level level,
                const drift_verify_options *options, drift__expect *expect)
{
    drift_seed_domain *domains = NULL;
    size_t domain_count = 0;
    bool empty = false;
    int rc = drift__expect_domains(&domains, &domain_count, expect, schema, &o->why);
    const drift_seed_options how = {
        .level = level, .seed = options->seed, .rows = options->rows, .domains = domains, .domain_count = domain_count};
    /* Level empty has nothing to put in: only the domains are looked at. */
    if (rc == DRIFT_OK && (level != DRIFT_DATA_EMPTY || domain_count))
        rc = drift_seed_database(&o->seeded, o->connection, &how, &o->why);
    drift__free(domains);
    if (rc == DRIFT_OK) rc = drift__facts_empty(&empty, &o->facts, &o->why);
    return rc == DRIFT_OK && !empty ? drift__world_count_rows(&o->rows, o->connection, &o->why) : rc;
}

int drift__original_build(drift__original *o, const drift_schema_provider *schemas, int version, drift_data_level level,
                          const drift_verify_options *options, drift__expect *expect, drift__known_all *known,
                          drift_error *err)
{
    const drift_schema *schema = NULL;
    drift__original_dispose(o);
    o->version = version;
    int rc = drift__world_open(&o->connection, options, err);
    if (rc != DRIFT_OK) return rc;
    o->facts = (drift__facts){.connection = o->connection, .all = known};
    rc = schemas->schema(&schema, version, schemas->payload, &o->why);
    if (rc == DRIFT_OK) rc = drift__world_build(o->connection, schema, options, &o->why);
    if (rc == DRIFT_OK) rc = fill(o, schema, level, options, expect);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

void drift__tell_build_error(drift__outcome_builder *outcome, const drift_error *why)
{
    drift_error line = {0};
    drift__error(&line, why->code, "%s%s%s%s%s", why->source, why->source[0] ? ": " : "", why->text,
                 why->hint[0] ? "; hint: " : "", why->hint);
    drift__outcome_find(outcome, &(drift_finding){.code = DRIFT_FINDING_ERROR_BUILD,
                                                  .object = why->source[0] ? why->source : NULL,
                                                  .message = line.text});
}

static void tell_seed_error(drift__outcome_builder *outcome, drift__arena *arena, const drift_seeded_table *table)
{
    const char *message = drift__arena_printf(arena, "no row could be put into %s: %s", table->table, table->reason);
    drift__outcome_find(outcome,
                        &(drift_finding){.code = DRIFT_FINDING_ERROR_SEED, .object = table->table, .message = message});
}

int drift__original_tell(bool *usable, const drift__original *o, drift__outcome_builder *outcome, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    *usable = o->why.code == DRIFT_OK;
    if (!*usable) drift__tell_build_error(outcome, &o->why);
    for (size_t i = 0; *usable && o->seeded && i < o->seeded->count; i++) {
        if (o->seeded->tables[i].reason) tell_seed_error(outcome, &arena, &o->seeded->tables[i]);
    }
    const int rc = arena.failed ? drift__no_memory(err) : DRIFT_OK;
    drift__arena_dispose(&arena);
    return rc;
}

void drift__original_dispose(drift__original *o)
{
    drift__facts_dispose(&o->facts);
    drift_connection_close(o->connection);
    drift_seed_report_free(o->seeded);
    drift__reopened_dispose(&o->reopened);
    drift__stepped_dispose(&o->stepped);
    *o = (drift__original){0};
}
