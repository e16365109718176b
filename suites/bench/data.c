/* data.c — what drift_verify_migrations calls between the migration and its verdict on the rows. */
#include "bench/data.h"

#include "bench/bench.h"
#include "drift/kit.h"
#include "verify/ledger.h"

static int64_t matched_in(drift__outcome_builder *builder)
{
    int64_t matched = 0;
    const drift_run *run = drift__outcome_end_run(builder, 0);
    for (size_t i = 0; run && i < run->ledger_count; i++) matched += run->ledger[i].matched;
    return run && !run->finding_count ? matched : -1 - matched;
}

int64_t bench_check_data(const char *before, const char *after, const drift_schema *target)
{
    const drift_verify_options options = {0};
    drift_error err = {0};
    drift__judgement judgement = {.target = target, .options = &options, .step = "1->2"};
    drift__ledger_step step = {.judgement = &judgement, .target = target, .from = 1, .to = 2};
    bench_must(drift_connection_open(&step.before, before, NULL, &err), &err, before);
    bench_must(drift_connection_open(&step.after, after, NULL, &err), &err, after);
    bench_must(drift__outcome_begin(&judgement.outcome, NULL, NULL, NULL, 0, &err), &err, "an outcome");
    bench_must(drift__expect_begin(&judgement.expect, NULL, NULL, &err), &err, "expectations");
    drift__outcome_begin_run(judgement.outcome, 1, 2, "many");
    judgement.before = step.before;
    judgement.after = step.after;
    bench_must(drift__ledger_judge(&step, &err), &err, "the data check");
    const int64_t matched = matched_in(judgement.outcome);
    drift__expect_free(judgement.expect);
    drift__outcome_abandon(judgement.outcome);
    drift_connection_close(step.after);
    drift_connection_close(step.before);
    return matched;
}
