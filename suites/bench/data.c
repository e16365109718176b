/* data.c — what drift_verify_migrations calls between the migration and its verdict on the rows. */
#include "bench/data.h"

#include "bench/bench.h"
#include "drift/kit.h"
#include "opening/opening.h"
#include "verify/ledger.h"
#include "verify/world.h"

static void add_up(bench_data *out, drift__outcome_builder *builder)
{
    const drift_run *run = drift__outcome_end_run(builder, 0);
    out->findings = run ? (int64_t)run->finding_count : -1;
    for (size_t i = 0; run && i < run->ledger_count; i++) {
        const drift_ledger_entry *entry = &run->ledger[i];
        out->before += entry->rows_in;
        out->after += entry->rows_out;
        out->matched += entry->matched;
        out->lost += entry->lost;
        out->extra += entry->extra;
        for (size_t k = 0; k < entry->column_count; k++) out->changed += entry->columns[k].changed;
    }
}

void bench_judge_data(bench_data *out, const char *before, const char *after, const drift_schema *target)
{
    const drift_verify_options options = {0};
    drift_error err = {0};
    drift__judgement judgement = {.target = target, .options = &options, .step = "1->2"};
    drift__ledger_step step = {.judgement = &judgement, .target = target, .from = 1, .to = 2};
    *out = (bench_data){0};
    bench_must(drift_connection_open(&step.before, before, NULL, &err), &err, before);
    bench_must(drift_connection_open(&step.after, after, NULL, &err), &err, after);
    bench_must(drift__outcome_begin(&judgement.outcome, NULL, NULL, NULL, 0, &err), &err, "an outcome");
    bench_must(drift__expect_begin(&judgement.expect, NULL, NULL, &err), &err, "expectations");
    drift__outcome_begin_run(judgement.outcome, 1, 2, "many");
    judgement.before = step.before;
    judgement.after = step.after;
    bench_must(drift__ledger_judge(&step, &err), &err, "the data check");
    add_up(out, judgement.outcome);
    drift__expect_free(judgement.expect);
    drift__outcome_abandon(judgement.outcome);
    drift_connection_close(step.after);
    drift_connection_close(step.before);
}

void bench_migrate_thrown_away(const char *path, const drift_database_definition *definition)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    bench_must(drift_connection_open(&connection, path, NULL, &err), &err, path);
    bench_must(drift__world_relax(connection, &err), &err, path);
    bench_must(drift__database_open(&database, definition, &(drift_open_options){.connection = connection},
                                    (drift__foreknown){.passes = true}, &err),
               &err, path);
    drift_database_close(database);
    drift_connection_close(connection);
}

int64_t bench_check_data(const char *before, const char *after, const drift_schema *target)
{
    bench_data found;
    bench_judge_data(&found, before, after, target);
    return found.findings ? -1 - found.matched : found.matched;
}
