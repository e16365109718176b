/* given.c */
#include "verify/given.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "drift/kit/parse.h"
#include "support/memory.h"
#include "support/suite.h"

static int hand_out_versions(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    const given *g = payload;
    (void)err;
    *versions = g->versions;
    *count = g->count;
    return DRIFT_OK;
}

static int hand_out_schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    const given *g = payload;
    (void)err;
    *out = g->schemas[version - 1];
    return DRIFT_OK;
}

static void add_schema(given *g, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_schema_parse(&g->schemas[g->count], sql, strlen(sql), &err));
    g->schemas[g->count]->version = (int)g->count + 1;
    g->versions[g->count] = (int)g->count + 1;
    g->count++;
}

void given_add(given *g, const char *schema, const char *step)
{
    static const char *const names[GIVEN_MOST - 1] = {"v1_to_v2.sql", "v2_to_v3.sql", "v3_to_v4.sql", "v4_to_v5.sql",
                                                      "v5_to_v6.sql", "v6_to_v7.sql", "v7_to_v8.sql"};
    const int from = (int)g->count;
    g->files[g->steps.count] = (drift_step_file){from, from + 1, names[from - 1], step, strlen(step)};
    g->steps.count++;
    add_schema(g, schema);
}

given given_pair(const char *v1, const char *v2, const char *step)
{
    given g = {.provider = {"schemas", hand_out_versions, hand_out_schema, NULL}, .steps = {.path = "steps"}};
    add_schema(&g, v1);
    given_add(&g, v2, step);
    return g;
}

void given_span(given *g, int from, int to, const char *name, const char *step)
{
    size_t at = g->steps.count++;
    for (; at && (g->files[at - 1].from > from || (g->files[at - 1].from == from && g->files[at - 1].to > to)); at--)
        g->files[at] = g->files[at - 1];
    g->files[at] = (drift_step_file){from, to, name, step, strlen(step)};
}

void given_done(given *g)
{
    for (size_t i = 0; i < g->count; i++) drift_schema_free(g->schemas[i]);
}

static int verify(drift_outcome **out, const given *g, const drift_verify_options *options, drift_error *err)
{
    drift_schema_provider provider = g->provider;
    drift_step_folder steps = g->steps;
    provider.payload = g;
    steps.files = g->files;
    return drift_verify_migrations(out, &provider, &(drift_migration_source){.steps = &steps}, options, err);
}

drift_outcome *given_verify(const given *g, const drift_verify_options *options)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    ck_assert_drift(verify(&outcome, g, options, &err));
    return outcome;
}

drift_outcome *given_verify_definition(const given *g, const drift_database_definition *definition,
                                       const drift_verify_options *options)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    drift_schema_provider provider = g->provider;
    provider.payload = g;
    ck_assert_drift(drift_verify_migrations(&outcome, &provider, &(drift_migration_source){.definition = definition},
                                            options, &err));
    return outcome;
}

static void put_findings(drift__str *text, const drift_outcome *outcome, bool with_messages)
{
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        for (size_t k = 0; k < run->finding_count; k++) {
            const drift_finding *finding = &run->findings[k];
            drift__str_printf(text, "%d->%d %s: %s %s", run->from, run->to, run->data,
                              drift_finding_code_name(finding->code), finding->object ? finding->object : "-");
            if (with_messages) drift__str_printf(text, ": %s", finding->message);
            drift__str_putc(text, '\n');
        }
    }
}

void assert_findings(drift_outcome *outcome, const char *expected)
{
    drift__str text = DRIFT__STR_INIT;
    put_findings(&text, outcome, true);
    ck_assert_str_eq(drift__str_text(&text), expected);
    drift__str_dispose(&text);
    drift_outcome_free(outcome);
}

/* All that a verification tells, its kept script included, without SQLite's messages: where there is no memory for one
 * it says "constraint failed" and no more. */
static void put_told(drift__str *text, const drift_outcome *outcome, const char *folder, const char *kept)
{
    drift_error err = {0};
    char path[512], *script = NULL;
    size_t length = 0;
    put_findings(text, outcome, false);
    if (!kept) return;
    snprintf(path, sizeof path, "%s/%s", folder, kept);
    ck_assert_drift(drift__file_read(&script, &length, path, &err));
    const char *body = strstr(script, "\n.headers on\n");
    drift__str_puts(text, body ? body : script);
    drift__free(script);
}

static bool verify_without(long nth, const given *g, const drift_verify_options *options, const char *kept,
                           const char *expected)
{
    drift_error err = {0};
    drift__str told = DRIFT__STR_INIT;
    drift_outcome *outcome = NULL;
    suite_memory_fail(nth, nth % 2 == 0);
    const int status = verify(&outcome, g, options, &err);
    const bool hit = suite_memory_restore();
    ck_assert_msg(status == DRIFT_OK || status == DRIFT_NO_MEMORY, "allocation %ld gave %d: %s", nth, status, err.text);
    if (status == DRIFT_OK) {
        put_told(&told, outcome, options->keep, kept);
        ck_assert_msg(strcmp(drift__str_text(&told), expected) == 0, "allocation %ld: expected\n%s\nfound\n%s", nth,
                      expected, drift__str_text(&told));
    }
    drift__str_dispose(&told);
    drift_outcome_free(outcome);
    return hit;
}

void assert_verified_without_memory(const given *g, const drift_verify_options *options, const char *kept, long step)
{
    drift__str expected = DRIFT__STR_INIT;
    drift_outcome *outcome = given_verify(g, options);
    put_told(&expected, outcome, options->keep, kept);
    drift_outcome_free(outcome);
    for (long nth = 1; verify_without(nth, g, options, kept, drift__str_text(&expected)); nth += step) continue;
    drift__str_dispose(&expected);
}

void assert_one(const char *v1, const char *v2, const char *step, const char *findings)
{
    given g = given_pair(v1, v2, step);
    assert_findings(given_verify(&g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7}), findings);
    given_done(&g);
}
