/* referee_world.c */
#include "verify/referee_world.h"

#include <check.h>
#include <string.h>

#include "base/str.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "support/suite.h"
#include "verify/ledger.h"
#include "verify/world.h"

static const drift_schema *both[2];

static int hand_out_versions(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    static const int list[] = {1, 2};
    (void)payload;
    (void)err;
    *versions = list;
    *count = 2;
    return DRIFT_OK;
}

static int hand_out_schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    (void)payload;
    (void)err;
    *out = both[version - 1];
    return DRIFT_OK;
}

/* Judges, and gives the outcome of the one run. */
static drift_outcome *judge(const judged *j)
{
    static const drift_verify_options defaults = {0};
    const drift_verify_options *options = j->options ? j->options : &defaults;
    const drift_schema_provider schemas = {"schemas", hand_out_versions, hand_out_schema, NULL};
    const drift_expectations expectations = {"test", j->expect, j->expect_count};
    drift_error err = {0};
    drift_connection *before = NULL, *after = NULL;
    drift_schema *old = NULL, *new = NULL;
    drift__outcome_builder *builder = NULL;
    drift__expect *expect = NULL;
    drift_outcome *outcome = NULL;
    ck_assert_drift(drift__world_open(&before, options, &err));
    ck_assert_drift(drift_exec(before, j->before, &err));
    ck_assert_drift(drift__world_clone(&after, before, options, &err));
    ck_assert_drift(drift_exec(after, j->change, &err));
    ck_assert_drift(drift_introspect(&old, before, &err));
    ck_assert_drift(drift_introspect(&new, after, &err));
    both[0] = old;
    both[1] = new;
    ck_assert_drift(drift__outcome_begin(&builder, "schemas", "steps", "drift", 0, &err));
    ck_assert_drift(drift__expect_begin(&expect, &expectations, &schemas, &err));
    drift__outcome_begin_run(builder, 1, 2, "boundary");
    drift__outcome_set_rows(builder, 1);
    drift__judgement judgement = {
        .outcome = builder, .before = before, .after = after, .target = new, .options = options, .expect = expect};
    drift__ledger_step step = {
        .judgement = &judgement, .before = before, .after = after, .target = new, .from = 1, .to = 2};
    ck_assert_drift(drift__ledger_judge(&step, &err));
    drift__outcome_end_run(builder, 0);
    ck_assert_drift(drift__expect_finish(expect, builder, options, &err));
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 2, 1, &err));
    drift__expect_free(expect);
    drift_schema_free(old);
    drift_schema_free(new);
    drift_connection_close(after);
    drift_connection_close(before);
    return outcome;
}

static char *take(drift__str *text, drift_outcome *outcome)
{
    drift_error err = {0};
    char *out = NULL;
    drift_outcome_free(outcome);
    ck_assert_drift(drift__str_take(&out, text, &err));
    return out;
}

char *judge_findings(const judged *j)
{
    drift__str text = DRIFT__STR_INIT;
    drift_outcome *outcome = judge(j);
    for (size_t i = 0; i < outcome->runs[0].finding_count; i++) {
        const drift_finding *finding = &outcome->runs[0].findings[i];
        drift__str_printf(&text, "%s %s: %s\n", drift_finding_code_name(finding->code), finding->object,
                          finding->message);
    }
    return take(&text, outcome);
}

static void put_entry(drift__str *text, const drift_ledger_entry *entry)
{
    drift__str_printf(text, "%s%s%s %s %lld>%lld matched %lld lost %lld extra %lld", entry->table,
                      entry->renamed ? "->" : "", entry->renamed ? entry->renamed : "",
                      drift_ledger_kind_name(entry->kind), (long long)entry->rows_in, (long long)entry->rows_out,
                      (long long)entry->matched, (long long)entry->lost, (long long)entry->extra);
    for (size_t i = 0; i < entry->column_count; i++) {
        const drift_ledger_column *column = &entry->columns[i];
        drift__str_printf(text, "%s%s%s%s %s", i ? ", " : " | ", column->column, column->renamed ? "->" : "",
                          column->renamed ? column->renamed : "", drift_ledger_kind_name(column->kind));
        if (column->changed) drift__str_printf(text, " %lld", (long long)column->changed);
    }
    drift__str_putc(text, '\n');
}

char *judge_ledger(const judged *j)
{
    drift__str text = DRIFT__STR_INIT;
    drift_outcome *outcome = judge(j);
    for (size_t i = 0; i < outcome->runs[0].ledger_count; i++) put_entry(&text, &outcome->runs[0].ledger[i]);
    return take(&text, outcome);
}

void assert_findings_are(const judged *j, const char *expected)
{
    char *found = judge_findings(j);
    ck_assert_str_eq(found, expected);
    drift_free(found);
}

void assert_ledger_is(const judged *j, const char *expected)
{
    char *found = judge_ledger(j);
    ck_assert_str_eq(found, expected);
    drift_free(found);
}
