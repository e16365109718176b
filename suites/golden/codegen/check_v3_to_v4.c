/* check_v3_to_v4.c — the upgrade from version 3 to 4. Written once by drift; it is yours, and never written again.
 *
 * Link it with drift::kit, Check, the generated code and what defines todos_database. Rows of your own:
 * drift_verifier_test_with_data_integrity, the functions of schema_v3.h to write them, of schema_v4.h to read them. */
#include <check.h>
#include <drift/kit.h>
#include <stdlib.h>

#include "schema_versions.h"

/* What the application opens its database with. */
extern const drift_database_definition todos_database;

START_TEST(the_application_is_at_version_4)
{
    ck_assert_int_ge(todos_database.schema_version, 4);
}
END_TEST

START_TEST(the_schema_becomes_that_of_version_4)
{
    drift_error err = {0};
    drift_verifier *verifier = NULL;
    drift_initialized_schema *old = NULL;
    char *differences = NULL;
    const drift_validate_options options = {.differences = &differences};
    int rc = drift_verifier_new(&verifier, &todos_provider, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_verifier_schema_at(&old, verifier, 3, &err);
    if (rc == DRIFT_OK)
        rc = drift_verifier_migrate_and_validate(verifier, old, &todos_database, 4, &options, &err);
    drift_initialized_schema_free(old);
    drift_verifier_free(verifier);
    ck_assert_msg(rc == DRIFT_OK, "%s\n%s", err.text, differences ? differences : err.hint);
    drift_free(differences);
}
END_TEST

/* What the step means to change in rows, for example
 *     {.from = 3, .to = 4, .kind = DRIFT_EXPECT_TRANSFORM, .table = "notes",
 *      .column = "rating", .value = "CAST(rating AS INTEGER)"},
 * <drift/kit/expect.h> lists the kinds. The entry {0} is the end. */
static const drift_expectation meant[] = {
    {0},
};

START_TEST(a_row_of_every_table_survives)
{
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    char *report = NULL;
    const drift_migration_source source = {.definition = &todos_database};
    const drift_expectations expect = {.items = meant, .count = sizeof meant / sizeof *meant - 1};
    const drift_verify_options options = {
        .from = 3, .to = 4, .levels = 1u << DRIFT_DATA_ONE, .expect = &expect};
    int rc = drift_verify_migrations(&outcome, &todos_provider, &source, &options, &err);
    if (rc == DRIFT_OK) rc = drift_reporter_named("text")->print(&report, outcome, NULL, &err);
    ck_assert_msg(rc == DRIFT_OK, "%s\n%s", err.text, err.hint);
    ck_assert_msg(outcome->summary.passed == outcome->summary.runs, "%s", report);
    drift_free(report);
    drift_outcome_free(outcome);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("version 3 to 4");
    TCase *tcase = tcase_create("upgrade");
    tcase_add_test(tcase, the_application_is_at_version_4);
    tcase_add_test(tcase, the_schema_becomes_that_of_version_4);
    tcase_add_test(tcase, a_row_of_every_table_survives);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
