/* check_read.c — reading what the form "json" wrote. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "drift/kit/report.h"
#include "outcome/outcome.h"
#include "report/cases.h"
#include "support/memory.h"
#include "support/suite.h"

static const drift_run_step way[] = {{1, 2}, {2, 4}};
static const drift_ledger_column columns[] = {
    {"id", NULL, DRIFT_LEDGER_IDENTITY, 0},
    {"bo\"dy",
     "cont\x01"
     "ent",
     DRIFT_LEDGER_TRANSFORMED, INT64_MAX},
};
static const drift_evidence evidence[] = {
    {1, 2, "transform", "t.a", "'\n'", true, false, true, NULL, 0, 0},
    {2, 4, "touches", "t", NULL, false, true, false, "version 2 has no table t", 0, 0},
    {2, 4, "drop_rows", "t", "gone()", true, false, false, "no such function: gone", 1, 4},
};

static void add_runs(drift__outcome_builder *builder)
{
    drift__outcome_begin_run(builder, 1, 2, "empty");
    drift__outcome_set_started_at(builder, 1);
    drift__outcome_set_steps(builder, way, 1);
    drift__outcome_end_run(builder, 1005);
    drift__outcome_begin_run(builder, 1, 4, "one");
    drift__outcome_set_started_at(builder, 1);
    drift__outcome_set_rows(builder, 3);
    drift__outcome_set_steps(builder, way, 2);
    drift__outcome_find(builder, &(drift_finding){DRIFT_FINDING_DATA_CHANGED, "to\"do\ts.\xc3\xa4", NULL, "'it''s'",
                                                  "CAST(x'00' AS TEXT)", "changed \x1b[31m"});
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_SCHEMA_MISSING, .step = "1->2", .message = ""});
    drift__outcome_enter(builder,
                         &(drift_ledger_entry){1, 4, "t", "u", DRIFT_LEDGER_RENAMED, 3, 2, 1, 2, 1, columns, 2});
    drift__outcome_enter(builder,
                         &(drift_ledger_entry){1, 4, "labels", NULL, DRIFT_LEDGER_IDENTITY, 0, 0, 0, 0, 0, NULL, 0});
    drift__outcome_end_run(builder, 3999999999);
    drift__outcome_begin_run(builder, 2, 4, "one");
    drift__outcome_set_started_at(builder, -7);
    drift__outcome_find(builder, &(drift_finding){.code = DRIFT_FINDING_ERROR_SEED, .object = "t"});
    drift__outcome_end_run(builder, 0);
}

/* jansson 2.14 ends the program by an assertion where its buffer cannot grow in a number or behind an escape (load.c,
 * lex_unget_unsave, lex_scan_string): here it has grown once this was read. */
#define LONGEST "drift_schemas/of_an_application_whose_folder_has_a_longer_name_than_any_other_text"

static drift_outcome *make(bool is_part)
{
    const drift_part part = {2, 3, "00ff", "", "pairs all", NULL, 0};
    drift_error err = {0};
    drift__outcome_builder *builder = NULL;
    drift_outcome *outcome = NULL;
    ck_assert_drift(drift__outcome_begin(&builder, LONGEST, "app", "drift", INT64_MIN, &err));
    drift__outcome_set_tool(builder, "9.8.7", "3.99.0");
    if (is_part) {
        drift__outcome_set_part(builder, &part);
        drift__outcome_set_evidence(builder, evidence, 3);
        drift__outcome_set_expectations(builder, "expect.json");
    }
    add_runs(builder);
    ck_assert_drift(drift__outcome_finish(&outcome, builder, 3, 2, &err));
    return outcome;
}

static char *print(const drift_outcome *outcome, const char *format)
{
    drift_error err = {0};
    char *text = NULL;
    const drift_report_options all = {.ledger = true};
    ck_assert_drift(drift_reporter_named(format)->print(&text, outcome, &all, &err));
    return text;
}

static char *json_of(bool is_part)
{
    drift_outcome *outcome = make(is_part);
    char *json = print(outcome, "json");
    drift_outcome_free(outcome);
    return json;
}

/* Loop: a whole, a part. */
START_TEST(what_was_written_is_read_back)
{
    static const char *const formats[] = {"json", "text"};
    drift_error err = {0};
    drift_outcome *written = make(_i == 1), *read = NULL;
    char *json = print(written, "json");
    ck_assert_drift(drift_report_read(&read, json, strlen(json), "report.json", &err));
    for (int i = 0; i < 2; i++) {
        char *before = print(written, formats[i]), *after = print(read, formats[i]);
        ck_assert_str_eq(after, before);
        drift_free(before);
        drift_free(after);
    }
    drift_free(json);
    drift_outcome_free(read);
    drift_outcome_free(written);
}
END_TEST

START_TEST(another_layout_is_the_same_report)
{
    drift_error err = {0};
    drift_outcome *read = NULL;
    char *json = json_of(true), *again;
    drift__str spread = DRIFT__STR_INIT;
    for (const char *at = json; *at; at++) {
        if (*at != '\n') drift__str_putc(&spread, *at);
    }
    ck_assert_drift(drift_report_read(&read, drift__str_text(&spread), spread.length, "report.json", &err));
    again = print(read, "json");
    ck_assert_str_eq(again, json);
    drift_free(again);
    drift_free(json);
    drift_outcome_free(read);
    drift__str_dispose(&spread);
}
END_TEST

/* What is changed in the report of a part, and how that is refused. */
static const struct {
    const char *from, *to, *error;
} wrongs[] = {
    {"{\n  \"format\"", "[], {\n  \"format\"", "1:4: expected JSON: end of file expected near ','"},
    {"\"format\": 1", "\"format\": 2", "$.format: expected format 1, found 2"},
    {"\"format\": 1", "\"format\": 1.0", "$.format: expected an integer, found a number with a fraction"},
    {"\"format\": 1", "\"format\": \"1\"", "$.format: expected an integer, found a string"},
    {"\"format\": 1,", "\"form\": 1,", "$: expected the key \"format\", which is missing"},
    {"\"format\": 1,", "\"format\": 1, \"more\": 1,", "$.more: this key is not known"},
    {"\"format\": 1,", "\"format\": 1, \"format\": 1,", "2:24: expected JSON: duplicate object key near '\"format\"'"},
    {"\"name\": \"drift\"", "\"name\": \"other\"", "$.tool: expected a report of drift, found one of \"other\""},
    {"\"sqlite\": ", "\"postgres\": ", "$.tool.postgres: this key is not known"},
    {"\"runner\": \"drift\"", "\"runner\": null", "$.runner: expected a string, found null"},
    {"\"seed\": -9223372036854775808", "\"seed\": -9223372036854775809", "expected JSON: too big negative integer"},
    {"\"seed\": -9223372036854775808", "\"seed\": 1e3", "$.seed: expected an integer, found a number with a fraction"},
    {"\"index\": 2", "\"index\": 4", "$.shard.index: expected a number from 1 to 3, found 4"},
    {"\"of\": 3", "\"of\": 0", "$.shard.of: expected a number from 1 to 2147483647, found 0"},
    {"\"of\": 3", "\"of\": 2147483648", "$.shard.of: expected a number from 1 to 2147483647, found 2147483648"},
    {"\"step\": \"1->2\", \"kind\": \"transform\"", "\"step\": \"1-2\", \"kind\": \"transform\"",
     "$.shard.expectations[0].step: expected a step from a version to a later one, found \"1-2\""},
    {"\"ran\": true", "\"ran\": 1", "$.shard.expectations[0].ran: expected a bool, found an integer"},
    {"\"found_in\": \"1->4\"", "\"found_in\": \"4->1\"",
     "$.shard.expectations[2].found_in: expected a step from a version to a later one, found \"4->1\""},
    {"\"from\": 1, \"to\": 2", "\"from\": 0, \"to\": 2",
     "$.runs[0].from: expected a number from 1 to 2147483647, found 0"},
    {"\"from\": 1, \"to\": 2", "\"from\": 2, \"to\": 2", "$.runs[0]: expected a run to a later version, found 2->2"},
    {"\"from\": 2, \"to\": 4", "\"from\": 1, \"to\": 3",
     "$.runs[2]: expected runs ordered by from, to and level, found 1->3 one behind 1->4 one"},
    {"\"from\": 2, \"to\": 4", "\"from\": 1, \"to\": 4",
     "$.runs[2]: expected runs ordered by from, to and level, found 1->4 one behind 1->4 one"},
    {"\"data\": \"empty\"", "\"data\": \"\\u001b[31m\"", "$.runs[0].data: expected a known level, found"},
    {"\"step\": \"1->2\",\n         \"expected\"", "\"step\": \"\",\n         \"expected\"",
     "$.runs[1].findings[1].step: expected a step from a version to a later one, found \"\""},
    {"\"status\": \"error\"", "\"status\": \"passed\"",
     "$.runs[2]: expected the status \"error\", which follows from the findings, found \"passed\""},
    {"\"status\": \"error\"", "\"status\": \"lost\"", "$.runs[2].status: expected a known status, found \"lost\""},
    {"\"duration_ms\": 1.005", "\"duration_ms\": -1",
     "$.runs[0].duration_ms: expected milliseconds from 0 to 1000000000000"},
    {"\"duration_ms\": 1.005", "\"duration_ms\": 1e300",
     "$.runs[0].duration_ms: expected milliseconds from 0 to 1000000000000"},
    {"\"duration_ms\": 1.005", "\"duration_ms\": null",
     "$.runs[0].duration_ms: expected an integer or a number with a fraction, found null"},
    {"\"duration_ms\": 1.005", "\"duration_ms\": 1e999", "expected JSON: real number overflow"},
    {"\"rows\": 3", "\"rows\": -1", "$.runs[1].rows: expected a number from 0 to 9223372036854775807, found -1"},
    {"[\"1->2\", \"2->4\"]", "[\"1->2\", 24]", "$.runs[1].steps[1]: expected a string, found an integer"},
    {"[\"1->2\", \"2->4\"]", "[\"01->2\", \"2->4\"]",
     "$.runs[1].steps[0]: expected a step from a version to a later one, found \"01->2\""},
    {"[\"1->2\", \"2->4\"]", "[\"1->99999999999999999999\", \"2->4\"]",
     "$.runs[1].steps[0]: expected a step from a version to a later one, found \"1->99999999999999999999\""},
    {"data.changed", "data.eaten", "$.runs[1].findings[0].code: expected a known code, found \"data.eaten\""},
    {"\"message\": \"\"", "\"massage\": \"\"", "$.runs[1].findings[1].massage: this key is not known"},
    {"\"kind\": \"renamed\"", "\"kind\": \"gone\"", "$.runs[1].ledger[0].kind: expected a known kind, found \"gone\""},
    {"\"changed\": 9223372036854775807", "\"changed\": true",
     "$.runs[1].ledger[0].columns[1].changed: expected an integer, found a bool"},
    {"\"columns\": []", "\"columns\": {}", "$.runs[1].ledger[1].columns: expected an array, found an object"},
    {"\"empty_tables\": [{\"version\": 1", "\"empty_tables\": [{\"version\": 2",
     "$.empty_tables: expected the tables that the ledger has no rows of, found others"},
    {"\"failed\": 1", "\"failed\": 0", "$.summary.failed: expected 1, which follows from the runs, found 0"},
    {"\"findings\": 3}", "\"findings\": 18446744073709551619}", "expected JSON: too big integer"},
    {"\"versions\": 3", "\"versions\": -3",
     "$.summary.versions: expected a number from 0 to 9223372036854775807, found -3"},
    {LONGEST, "\\u0000", "expected JSON: \\u0000 is not allowed"},
    {LONGEST, "\xff", "expected JSON: unable to decode byte 0xff"},
};

static char *changed(const char *text, const char *from, const char *to)
{
    drift_error err = {0};
    drift__str out = DRIFT__STR_INIT;
    char *result = NULL;
    const size_t length = strlen(text), old = strlen(from);
    size_t before = 0;
    while (before < length && strncmp(text + before, from, old) != 0) before++;
    ck_assert_msg(before < length, "\"%s\" is not in the report", from);
    drift__str_putn(&out, text, before);
    drift__str_puts(&out, to);
    drift__str_puts(&out, text + before + old);
    ck_assert_drift(drift__str_take(&result, &out, &err));
    return result;
}

START_TEST(what_is_wrong_is_told_with_its_place)
{
    drift_error err = {0};
    drift_outcome *read = NULL;
    char told[1200], *json = json_of(true), *wrong = changed(json, wrongs[_i].from, wrongs[_i].to);
    ck_assert_drift_fails(drift_report_read(&read, wrong, strlen(wrong), "report.json", &err), DRIFT_FORMAT);
    ck_assert_ptr_null(read);
    ck_assert_str_eq(err.source, "report.json");
    if (err.line)
        snprintf(told, sizeof told, "%d:%d: %s", err.line, err.column, err.text);
    else
        snprintf(told, sizeof told, "%s", err.text);
    ck_assert_msg(strstr(told, wrongs[_i].error) != NULL, "expected \"%s\", found \"%s\"", wrongs[_i].error, told);
    drift_free(wrong);
    drift_free(json);
}
END_TEST

START_TEST(a_report_that_was_cut_is_refused_wherever)
{
    char *json = json_of(true);
    const size_t length = strlen(json);
    for (size_t cut = 0; cut + 1 < length; cut++) { /* the last byte is a line's end */
        drift_error err = {0};
        drift_outcome *read = NULL;
        if (drift_report_read(&read, json, cut, "report.json", &err) != DRIFT_FORMAT || read)
            ck_abort_msg("the first %zu bytes were read", cut);
    }
    drift_free(json);
}
END_TEST

START_TEST(a_report_is_read_up_to_a_limit)
{
    drift_error err = {0};
    drift_outcome *read = NULL;
    drift__str text = DRIFT__STR_INIT;
    drift__str_puts(&text, "[0");
    for (int i = 0; i < 10000000; i++) drift__str_puts(&text, ",0");
    drift__str_puts(&text, "]");
    ck_assert_drift_fails(drift_report_read(&read, drift__str_text(&text), text.length, "report.json", &err),
                          DRIFT_TOO_LARGE);
    ck_assert_str_eq(err.text, "JSON with more than 10000000 values");
    drift__str_dispose(&text);
}
END_TEST

static const char *swept;

static int attempt_to_read(void)
{
    drift_error err = {0};
    drift_outcome *read = NULL;
    const int rc = drift_report_read(&read, swept, strlen(swept), "report.json", &err);
    drift_outcome_free(read);
    return rc;
}

START_TEST(reading_without_memory_is_an_error)
{
    char *json = json_of(true);
    swept = json;
    suite_memory_sweep(attempt_to_read);
    drift_free(json);
}
END_TEST

TCase *case_read(void)
{
    TCase *tcase = suite_case("read");
    tcase_add_loop_test(tcase, what_was_written_is_read_back, 0, 2);
    tcase_add_test(tcase, another_layout_is_the_same_report);
    tcase_add_loop_test(tcase, what_is_wrong_is_told_with_its_place, 0, (int)(sizeof wrongs / sizeof wrongs[0]));
    tcase_add_test(tcase, a_report_that_was_cut_is_refused_wherever);
    tcase_add_test(tcase, a_report_is_read_up_to_a_limit);
    tcase_add_test(tcase, reading_without_memory_is_an_error);
    return tcase;
}
