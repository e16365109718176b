/* check_steps.c — the steps' files. That they run is shown by codegen.user_*. */
#include <string.h>

#include "codegen/cases.h"
#include "codegen/codegen.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(neighbouring_versions_get_a_callback_each)
{
    static const int versions[] = {1, 2, 5};
    drift_error err = {0};
    drift__codegen code;
    ck_assert_drift(drift__codegen_steps(&code, versions, 3, "schema_steps", "app", &err));
    ck_assert_uint_eq(code.file_count, 2);
    ck_assert_str_eq(code.files[0].name, "schema_steps.h");
    suite_golden("codegen/schema_steps.h", code.files[0].text);
    suite_golden("codegen/schema_steps.c", code.files[1].text);
    drift__codegen_dispose(&code);
}
END_TEST

START_TEST(a_single_version_has_no_steps)
{
    static const int versions[] = {3};
    drift_error err = {0};
    drift__codegen code;
    ck_assert_drift(drift__codegen_steps(&code, versions, 1, "single.steps-1", "app", &err));
    ck_assert_str_eq(code.files[1].name, "single.steps-1.c");
    suite_golden("codegen/schema_steps_single.c", code.files[1].text);
    drift__codegen_dispose(&code);
}
END_TEST

static void assert_refused(const int *versions, size_t count, const char *name, const char *prefix, const char *text)
{
    drift_error err = {0};
    drift__codegen code;
    ck_assert_drift_fails(drift__codegen_steps(&code, versions, count, name, prefix, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, text);
    drift__codegen_dispose(&code);
}

START_TEST(bad_names_prefixes_and_versions_are_refused)
{
    static const int versions[] = {2, 2};
    assert_refused(versions, 1, "s", "int", "expected a prefix for names in C, found \"int\"");
    assert_refused(versions, 1, "", "app", "expected a name for the files of the steps, found \"\"");
    assert_refused(versions, 1, "..", "app", "expected a name for the files of the steps, found \"..\"");
    assert_refused(versions, 1, "a\"b", "app", "expected a name for the files of the steps, found \"a\"b\"");
    assert_refused(versions, 2, "s", "app", "expected ascending versions, found version 2");
    assert_refused(versions, 0, "s", "app", "expected at least one version, found none");
}
END_TEST

static int make_steps(void)
{
    static const int versions[] = {1, 2};
    drift_error err = {0};
    drift__codegen code;
    const int rc = drift__codegen_steps(&code, versions, 2, "schema_steps", "app", &err);
    drift__codegen_dispose(&code);
    return rc;
}

START_TEST(every_allocation_may_fail)
{
    suite_memory_sweep(make_steps);
}
END_TEST

TCase *steps_case(void)
{
    TCase *test = suite_case("steps");
    tcase_add_test(test, neighbouring_versions_get_a_callback_each);
    tcase_add_test(test, a_single_version_has_no_steps);
    tcase_add_test(test, bad_names_prefixes_and_versions_are_refused);
    tcase_add_test(test, every_allocation_may_fail);
    return test;
}
