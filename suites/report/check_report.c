/* check_report.c — the forms of report, whole. */
#include <check.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "drift/kit/report.h"
#include "report/cases.h"
#include "report/report.h"
#include "support/memory.h"
#include "support/suite.h"

static const drift_finding of_1_to_2[] = {
    {DRIFT_FINDING_SCHEMA_MISSING, "todos_by_due", "1->2", NULL, NULL, "index missing"},
    {DRIFT_FINDING_SCHEMA_COLUMN_TYPE, "todos.category", "1->2", "INTEGER", "TEXT",
     "column type: expected INTEGER, found TEXT"},
};
static const drift_finding of_1_to_3[] = {
    {DRIFT_FINDING_SCHEMA_MISSING, "todos_by_due", "1->2", NULL, NULL, "index missing"},
    {DRIFT_FINDING_DATA_CHANGED, "to\"do\ts.\xff", NULL, "'it''s'", "CAST(x'00' AS TEXT)", "changed \x1b[31m"},
};
static const drift_finding of_2_to_3[] = {
    {DRIFT_FINDING_ERROR_SEED, "posts", NULL, NULL, NULL, "no row could be put into posts: CHECK failed"},
};

static const drift_ledger_column of_todos[] = {
    {"id", NULL, DRIFT_LEDGER_IDENTITY, 0},
    {"body", "content", DRIFT_LEDGER_RENAMED, 0},
    {"category", NULL, DRIFT_LEDGER_TRANSFORMED, 2},
    {"due", NULL, DRIFT_LEDGER_FILLED, 1},
    {"ti\tle", "t\xc3\xaftle", DRIFT_LEDGER_TRANSFORMED, 4},
    {"note", NULL, DRIFT_LEDGER_DROPPED, 0},
    {"created", NULL, DRIFT_LEDGER_ADDED, 0},
};
static const drift_ledger_entry ledger_of_1_to_3[] = {
    {1, 2, "todos", "tasks", DRIFT_LEDGER_RENAMED, 4, 5, 3, 1, 2, of_todos, 7},
    {1, 2, "old", NULL, DRIFT_LEDGER_DROPPED, 2, 0, 0, 0, 0, NULL, 0},
    {2, 3, "a table with quite \"a\" long name", NULL, DRIFT_LEDGER_ADDED, 0, 12345678901, 0, 0, 0, NULL, 0},
};

static const drift_run_step steps_of_1_to_3[] = {{1, 2}, {2, 3}};

#define RUN(from_, to_, started, level, status_, us, rows_, list, number)                            \
    {                                                                                                \
        .from = (from_), .to = (to_), .started_at = (started), .data = (level), .status = (status_), \
        .duration_us = (us), .rows = (rows_), .findings = (list), .finding_count = (number)          \
    }

static const drift_run runs[] = {
    RUN(1, 2, 1, "empty", DRIFT_RUN_PASSED, 1005, 0, NULL, 0),
    RUN(1, 2, 1, "one", DRIFT_RUN_FAILED, 20, 4, of_1_to_2, 2),
    RUN(1, 3, 1, "empty", DRIFT_RUN_PASSED, 3100, 0, NULL, 0),
    {1, 3, 1, "one", DRIFT_RUN_FAILED, 3000000, 4, of_1_to_3, 2, ledger_of_1_to_3, 3, steps_of_1_to_3, 2, false},
    RUN(2, 3, 2, "empty", DRIFT_RUN_PASSED, 0, 0, NULL, 0),
    RUN(2, 3, 0, "one", DRIFT_RUN_ERROR, 7, 0, of_2_to_3, 1),
};

static const drift_empty_table empty_tables[] = {{1, "labels"}, {1, "ta\tgs"}, {2, "labels"}};

static const drift_outcome outcome = {.schemas = "drift_schemas/todos",
                                      .migrations = "migrations",
                                      .runner = "drift",
                                      .seed = 42,
                                      .runs = runs,
                                      .run_count = 6,
                                      .summary = {3, 3, 6, 3, 2, 1, 5, 0},
                                      .empty_tables = empty_tables,
                                      .empty_table_count = 3,
                                      .expectations = "expect.json"};

static const drift_evidence evidence[] = {
    {1, 2, "transform", "todos.category", "CAST(category AS INTEGER)", true, false, true, NULL, 0, 0},
    {2, 3, "touches", "lo\"gs", NULL, false, false, false, "version 2 has no table lo\"gs", 0, 0},
    {2, 3, "drop_rows", "todos", "gone()", true, false, false, "no such function: gone", 1, 3},
};

static const drift_part part = {2, 3, "00ff", "", "pairs all from 0 to 0, data by default, rows 0", evidence, 3};
static const drift_outcome shard = {.schemas = "schemas",
                                    .migrations = "app",
                                    .runner = "drift",
                                    .seed = -1,
                                    .runs = runs,
                                    .run_count = 2,
                                    .summary = {3, 1, 2, 1, 1, 0, 2, 0},
                                    .part = &part};
static const drift_outcome empty_shard = {
    .schemas = "schemas", .migrations = "app", .runner = "drift", .summary = {.versions = 3}, .part = &part};

/* The version of SQLite differs from machine to machine. */
static char *without_sqlite_version(char *text)
{
    const char *version = sqlite3_libversion();
    const char *at = strstr(text, version);
    drift_error err = {0};
    drift__str masked = DRIFT__STR_INIT;
    char *out = NULL;
    ck_assert_ptr_nonnull(at);
    drift__str_putn(&masked, text, (size_t)(at - text));
    drift__str_puts(&masked, "SQLITE");
    drift__str_puts(&masked, at + strlen(version));
    ck_assert_drift(drift__str_take(&out, &masked, &err));
    drift_free(text);
    return out;
}

static char *print_with(const char *format, const drift_outcome *of, const drift_report_options *options)
{
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_reporter_named(format)->print(&text, of, options, &err));
    return without_sqlite_version(text);
}

static char *print(const char *format, const drift_outcome *of, bool colour)
{
    return print_with(format, of, &(drift_report_options){.colour = colour});
}

START_TEST(text_is_a_matrix_and_the_findings)
{
    char *text = print("text", &outcome, false);
    suite_golden("report/outcome.txt", text);
    drift_free(text);
}
END_TEST

START_TEST(the_ledger_is_told_on_request)
{
    char *text = print_with("text", &outcome, &(drift_report_options){.ledger = true});
    suite_golden("report/ledger.txt", text);
    drift_free(text);
}
END_TEST

START_TEST(how_many_runs_were_stepped_is_told_on_request)
{
    drift_outcome some = outcome;
    char *text = print("text", &outcome, false), *json = print("json", &outcome, false);
    ck_assert_ptr_null(strstr(text, "stepped"));
    ck_assert_ptr_null(strstr(json, "stepped"));
    drift_free(text);
    drift_free(json);
    drift_run run = outcome.runs[0];
    run.stepped = true;
    some.runs = &run;
    some.run_count = 1;
    some.summary.stepped = 4;
    text = print("text", &some, false);
    ck_assert_ptr_null(strstr(text, "stepped"));
    drift_free(text);
    text = print_with("text", &some, &(drift_report_options){.ledger = true});
    json = print("json", &some, false);
    ck_assert_ptr_nonnull(strstr(text, "\nstepped     4 of 6 runs, each on from where another ended\n"));
    ck_assert_ptr_nonnull(strstr(json, "\"rows\": 0, \"stepped\": true,\n"));
    drift_free(text);
    drift_free(json);
}
END_TEST

START_TEST(colour_adds_only_escape_sequences)
{
    char *plain = print("text", &outcome, false), *coloured = print("text", &outcome, true);
    char *to = coloured;
    ck_assert_ptr_nonnull(strstr(coloured, "\x1b[31mFAIL\x1b[0m"));
    for (const char *at = coloured; *at;) {
        if (*at == '\x1b')
            at += strcspn(at, "m") + 1;
        else
            *to++ = *at++;
    }
    *to = '\0';
    ck_assert_str_eq(coloured, plain);
    drift_free(plain);
    drift_free(coloured);
}
END_TEST

START_TEST(a_control_character_does_not_reach_the_terminal)
{
    char *text = print_with("text", &outcome, &(drift_report_options){.ledger = true});
    for (const char *at = text; *at; at++) ck_assert(*at == '\n' || (unsigned char)*at >= 0x20);
    drift_free(text);
}
END_TEST

/* C1 (CSI is U+009B), a line separator, an override and an isolate, and half a C1 that is no UTF-8. */
START_TEST(no_form_of_report_lets_a_name_steer_its_reader)
{
    static const drift_finding odd = {DRIFT_FINDING_DATA_LOST_ROWS,
                                      "a\xc2\x9b"
                                      "31m",
                                      "1->2",
                                      NULL,
                                      NULL,
                                      "\xe2\x80\xa8\xe2\x80\xae\xe2\x81\xa6\x9b\xc3\xa9\xe2\x80\xa6"};
    static const drift_run run = RUN(1, 2, 1, "one", DRIFT_RUN_FAILED, 0, 1, &odd, 1);
    const drift_outcome one = {.schemas = "s", .migrations = "m", .runner = "plain", .runs = &run, .run_count = 1};
    static const char seen[] = "\\u2028\\u202e\\u2066\xef\xbf\xbd\xc3\xa9\xe2\x80\xa6";
    static const char escaped[] = "\\u2028\\u202e\\u2066\\ufffd\xc3\xa9\xe2\x80\xa6";
    for (const drift_reporter *const *at = drift_reporters(); *at; at++) {
        const bool quotes = strcmp((*at)->name, "json") == 0 || strcmp((*at)->name, "tap") == 0;
        drift_error err = {0};
        char *text = NULL;
        ck_assert_drift((*at)->print(&text, &one, NULL, &err));
        ck_assert_msg(strstr(text, "a\\u009b31m"), "%s: %s", (*at)->name, text);
        ck_assert_msg(strstr(text, quotes ? escaped : seen), "%s: %s", (*at)->name, text);
        drift_free(text);
    }
}
END_TEST

START_TEST(json_is_format_1)
{
    char *text = print("json", &outcome, false);
    suite_golden("report/outcome.json", text);
    drift_free(text);
}
END_TEST

START_TEST(a_shard_says_that_it_is_one)
{
    char *json = print("json", &shard, false), *text = print("text", &shard, false);
    suite_golden("report/shard.json", json);
    suite_golden("report/shard.txt", text);
    drift_free(text);
    text = print("text", &empty_shard, false);
    suite_golden("report/shard_without_runs.txt", text);
    drift_free(text);
    drift_free(json);
}
END_TEST

START_TEST(json_is_read_by_a_parser_of_json)
{
    char *text = print("json", &outcome, false);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(root != NULL, "%d:%d: %s", error.line, error.column, error.text);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "format")), 1);
    const json_t *run = json_array_get(json_object_get(root, "runs"), 3);
    const json_t *finding = json_array_get(json_object_get(run, "findings"), 1);
    ck_assert_str_eq(json_string_value(json_object_get(finding, "object")), "to\"do\ts.\xef\xbf\xbd");
    ck_assert_int_eq(json_is_null(json_object_get(finding, "step")), 1);
    json_decref(root);
    drift_free(text);
}
END_TEST

START_TEST(many_versions_make_several_matrices)
{
    static drift_run many[190];
    size_t count = 0;
    for (int from = 1; from < 20; from++) {
        for (int to = from + 1; to <= 20; to++)
            many[count++] = (drift_run)RUN(from, to, from, "empty", DRIFT_RUN_PASSED, 0, 0, NULL, 0);
    }
    const drift_outcome wide = {.schemas = "schemas",
                                .migrations = "migrations",
                                .runner = "plain",
                                .seed = 1,
                                .runs = many,
                                .run_count = count,
                                .summary = {20, 190, 190, 190, 0, 0, 0, 0}};
    char *text = print("text", &wide, false);
    suite_golden("report/many_versions.txt", text);
    drift_free(text);
}
END_TEST

START_TEST(every_form_has_a_name_and_a_summary)
{
    size_t count = 0;
    for (const drift_reporter *const *at = drift_reporters(); *at; at++, count++) {
        ck_assert_ptr_eq(drift_reporter_named((*at)->name), *at);
        ck_assert_uint_gt(strlen((*at)->summary), 0);
    }
    ck_assert_uint_eq(count, 5);
    ck_assert_ptr_null(drift_reporter_named("xml"));
}
END_TEST

/* It is not told which SQLite it was. */
static char *print_plain(const char *format, const drift_report_options *options)
{
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_reporter_named(format)->print(&text, &outcome, options, &err));
    return text;
}

START_TEST(junit_is_a_suite_for_each_level_and_a_case_for_each_pair)
{
    char *text = print_plain("junit", NULL);
    suite_golden("report/outcome.xml", text);
    drift_free(text);
}
END_TEST

START_TEST(tap_is_a_line_for_each_run)
{
    char *text = print_plain("tap", NULL);
    suite_golden("report/outcome.tap", text);
    drift_free(text);
}
END_TEST

START_TEST(html_is_a_page_with_the_matrix_and_the_findings)
{
    char *text = print("html", &outcome, false);
    suite_golden("report/outcome.html", text);
    drift_free(text);
}
END_TEST

START_TEST(html_shows_the_ledger_on_request)
{
    char *text = print_with("html", &outcome, &(drift_report_options){.ledger = true});
    suite_golden("report/ledger.html", text);
    drift_free(text);
}
END_TEST

/* XML 1.0, section 2.2: what may stand in a document. */
START_TEST(markup_holds_no_character_that_xml_forbids)
{
    static const drift_finding odd = {
        DRIFT_FINDING_DATA_CHANGED,
        "<&>\"'",
        NULL,
        NULL,
        NULL,
        "\x01\xc0\x80\xed\xa0\x80\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\xf0\x9f\x98\x80\x7f"};
    static const drift_run run = RUN(1, 2, 1, "one", DRIFT_RUN_FAILED, 0, 1, &odd, 1);
    const drift_outcome one = {.schemas = "a&b", .migrations = "m", .runner = "plain", .runs = &run, .run_count = 1};
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_reporter_named("junit")->print(&text, &one, NULL, &err));
    ck_assert_ptr_nonnull(strstr(text, "classname=\"a&amp;b\""));
    ck_assert_ptr_nonnull(strstr(text, ">data.changed &lt;&amp;&gt;&quot;&#39;: \\x01\xef\xbf\xbd"));
    ck_assert_ptr_nonnull(strstr(text, "\xef\xbf\xbd\xf0\x9f\x98\x80\\x7f</failure>"));
    ck_assert_ptr_null(strstr(text, "\xef\xbf\xbe"));
    drift_free(text);
}
END_TEST

static int print_as(const char *format)
{
    const drift_report_options whole = {.ledger = true};
    drift_error err = {0};
    char *text = NULL;
    const int rc = drift_reporter_named(format)->print(&text, &outcome, &whole, &err);
    drift_free(text);
    return rc;
}

static int attempt_text(void)
{
    return print_as("text");
}

static int attempt_json(void)
{
    return print_as("json");
}

static int attempt_junit(void)
{
    return print_as("junit");
}

static int attempt_html(void)
{
    return print_as("html");
}

static int attempt_tap(void)
{
    return print_as("tap");
}

START_TEST(a_report_without_memory_is_an_error)
{
    suite_memory_sweep(attempt_text);
    suite_memory_sweep(attempt_json);
    suite_memory_sweep(attempt_junit);
    suite_memory_sweep(attempt_html);
    suite_memory_sweep(attempt_tap);
}
END_TEST

int main(void)
{
    suite_memory_install();
    json_set_alloc_funcs(drift__malloc, drift__free); /* so that the sweep reaches it */
    Suite *suite = suite_create("report");
    TCase *tcase = suite_case("report");
    tcase_add_test(tcase, text_is_a_matrix_and_the_findings);
    tcase_add_test(tcase, the_ledger_is_told_on_request);
    tcase_add_test(tcase, how_many_runs_were_stepped_is_told_on_request);
    tcase_add_test(tcase, colour_adds_only_escape_sequences);
    tcase_add_test(tcase, a_control_character_does_not_reach_the_terminal);
    tcase_add_test(tcase, no_form_of_report_lets_a_name_steer_its_reader);
    tcase_add_test(tcase, json_is_format_1);
    tcase_add_test(tcase, json_is_read_by_a_parser_of_json);
    tcase_add_test(tcase, a_shard_says_that_it_is_one);
    tcase_add_test(tcase, many_versions_make_several_matrices);
    tcase_add_test(tcase, junit_is_a_suite_for_each_level_and_a_case_for_each_pair);
    tcase_add_test(tcase, tap_is_a_line_for_each_run);
    tcase_add_test(tcase, html_is_a_page_with_the_matrix_and_the_findings);
    tcase_add_test(tcase, html_shows_the_ledger_on_request);
    tcase_add_test(tcase, markup_holds_no_character_that_xml_forbids);
    tcase_add_test(tcase, every_form_has_a_name_and_a_summary);
    tcase_add_test(tcase, a_report_without_memory_is_an_error);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_read());
    return suite_run(suite);
}
