/* test.c — the test of an upgrade, as a person would begin it. */
#include "base/error.h"
#include "codegen/codegen.h"
#include "codegen/files.h"

static void put_beginning(drift__str *s, int from, int to, const char *prefix)
{
    drift__str_printf(
        s,
        "/* check_v%d_to_v%d.c — the upgrade from version %d to %d. Written once by drift; it is yours, "
        "and never written again.\n *\n"
        " * Link it with drift::kit, Check, the generated code and what defines %s_database. Rows of your "
        "own:\n * drift_verifier_test_with_data_integrity, the functions of schema_v%d.h to write them, "
        "of schema_v%d.h to read them. */\n",
        from, to, from, to, prefix, from, to);
    drift__str_printf(s,
                      "#include <check.h>\n#include <drift/kit.h>\n#include <stdlib.h>\n\n"
                      "#include \"schema_versions.h\"\n\n"
                      "/* What the application opens its database with. */\n"
                      "extern const drift_database_definition %s_database;\n",
                      prefix);
}

static void put_definition_test(drift__str *s, int to, const char *prefix)
{
    drift__str_printf(s,
                      "\nSTART_TEST(the_application_is_at_version_%d)\n{\n"
                      "    ck_assert_int_ge(%s_database.schema_version, %d);\n}\nEND_TEST\n",
                      to, prefix, to);
}

static void put_schema_test(drift__str *s, int from, int to, const char *prefix)
{
    drift__str_printf(s,
                      "\nSTART_TEST(the_schema_becomes_that_of_version_%d)\n{\n"
                      "    drift_error err = {0};\n"
                      "    drift_verifier *verifier = NULL;\n"
                      "    drift_initialized_schema *old = NULL;\n"
                      "    char *differences = NULL;\n"
                      "    const drift_validate_options options = {.differences = &differences};\n",
                      to);
    drift__str_printf(s,
                      "    int rc = drift_verifier_new(&verifier, &%s_provider, NULL, &err);\n"
                      "    if (rc == DRIFT_OK) rc = drift_verifier_schema_at(&old, verifier, %d, &err);\n"
                      "    if (rc == DRIFT_OK)\n"
                      "        rc = drift_verifier_migrate_and_validate(verifier, old, &%s_database, %d, &options, "
                      "&err);\n",
                      prefix, from, prefix, to);
    drift__str_puts(s,
                    "    drift_initialized_schema_free(old);\n"
                    "    drift_verifier_free(verifier);\n"
                    "    ck_assert_msg(rc == DRIFT_OK, \"%s\\n%s\", err.text, differences ? differences : err.hint);\n"
                    "    drift_free(differences);\n}\nEND_TEST\n");
}

/* An array of C holds at least one entry: the last one is none. */
static void put_expectations(drift__str *s, int from, int to)
{
    drift__str_printf(s,
                      "\n/* What the step means to change in rows, for example\n"
                      " *     {.from = %d, .to = %d, .kind = DRIFT_EXPECT_TRANSFORM, .table = \"notes\",\n"
                      " *      .column = \"rating\", .value = \"CAST(rating AS INTEGER)\"},\n"
                      " * <drift/kit/expect.h> lists the kinds. The entry {0} is the end. */\n"
                      "static const drift_expectation meant[] = {\n    {0},\n};\n",
                      from, to);
}

static void put_rows_test(drift__str *s, int from, int to, const char *prefix)
{
    drift__str_printf(s,
                      "\nSTART_TEST(a_row_of_every_table_survives)\n{\n"
                      "    drift_error err = {0};\n"
                      "    drift_outcome *outcome = NULL;\n"
                      "    char *report = NULL;\n"
                      "    const drift_migration_source source = {.definition = &%s_database};\n"
                      "    const drift_expectations expect = {.items = meant, .count = sizeof meant / sizeof *meant - "
                      "1};\n"
                      "    const drift_verify_options options = {\n"
                      "        .from = %d, .to = %d, .levels = 1u << DRIFT_DATA_ONE, .expect = &expect};\n"
                      "    int rc = drift_verify_migrations(&outcome, &%s_provider, &source, &options, &err);\n",
                      prefix, from, to, prefix);
    drift__str_puts(
        s, "    if (rc == DRIFT_OK) rc = drift_reporter_named(\"text\")->print(&report, outcome, NULL, &err);\n"
           "    ck_assert_msg(rc == DRIFT_OK, \"%s\\n%s\", err.text, err.hint);\n"
           "    ck_assert_msg(outcome->summary.passed == outcome->summary.runs, \"%s\", report);\n"
           "    drift_free(report);\n"
           "    drift_outcome_free(outcome);\n}\nEND_TEST\n");
}

static void put_main(drift__str *s, int from, int to)
{
    drift__str_printf(s,
                      "\nint main(void)\n{\n"
                      "    Suite *suite = suite_create(\"version %d to %d\");\n"
                      "    TCase *tcase = tcase_create(\"upgrade\");\n"
                      "    tcase_add_test(tcase, the_application_is_at_version_%d);\n"
                      "    tcase_add_test(tcase, the_schema_becomes_that_of_version_%d);\n"
                      "    tcase_add_test(tcase, a_row_of_every_table_survives);\n",
                      from, to, to, to);
    drift__str_puts(s, "    suite_add_tcase(suite, tcase);\n"
                       "    SRunner *runner = srunner_create(suite);\n"
                       "    srunner_run_all(runner, CK_NORMAL);\n"
                       "    const int failed = srunner_ntests_failed(runner);\n"
                       "    srunner_free(runner);\n"
                       "    return failed ? EXIT_FAILURE : EXIT_SUCCESS;\n}\n");
}

int drift__codegen_test(drift__codegen *out, int from, int to, const char *prefix, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    *out = (drift__codegen){.arena = DRIFT__ARENA_INIT};
    const int rc = drift__codegen_check_prefix(prefix, err);
    if (rc != DRIFT_OK) return rc;
    if (from < 1 || to <= from)
        return drift__error(err, DRIFT_MISUSE, "expected two ascending versions, found %d and %d", from, to);
    put_beginning(&text, from, to, prefix);
    put_definition_test(&text, to, prefix);
    put_schema_test(&text, from, to, prefix);
    put_expectations(&text, from, to);
    put_rows_test(&text, from, to, prefix);
    put_main(&text, from, to);
    return drift__codegen_put(out, &text, err, "check_v%d_to_v%d.c", from, to);
}
