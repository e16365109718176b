/* check_test.c — the test that an upgrade begins with. That it compiles, fails and passes is shown by house.grow_*. */
#include "codegen/cases.h"
#include "codegen/codegen.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(an_upgrade_begins_with_a_test)
{
    drift_error err = {0};
    drift__codegen code;
    ck_assert_drift(drift__codegen_test(&code, 3, 4, "todos", &err));
    ck_assert_uint_eq(code.file_count, 1);
    ck_assert_str_eq(code.files[0].name, "check_v3_to_v4.c");
    suite_golden("codegen/check_v3_to_v4.c", code.files[0].text);
    drift__codegen_dispose(&code);
}
END_TEST

static void assert_refused(int from, int to, const char *prefix, const char *text)
{
    drift_error err = {0};
    drift__codegen code;
    ck_assert_drift_fails(drift__codegen_test(&code, from, to, prefix, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, text);
    drift__codegen_dispose(&code);
}

START_TEST(bad_versions_and_prefixes_are_refused)
{
    assert_refused(2, 2, "app", "expected two ascending versions, found 2 and 2");
    assert_refused(0, 1, "app", "expected two ascending versions, found 0 and 1");
    assert_refused(1, 2, "int", "expected a prefix for names in C, found \"int\"");
}
END_TEST

static int make_test(void)
{
    drift_error err = {0};
    drift__codegen code;
    const int rc = drift__codegen_test(&code, 1, 2, "app", &err);
    drift__codegen_dispose(&code);
    return rc;
}

START_TEST(every_allocation_may_fail)
{
    suite_memory_sweep(make_test);
}
END_TEST

TCase *test_case(void)
{
    TCase *test = suite_case("test");
    tcase_add_test(test, an_upgrade_begins_with_a_test);
    tcase_add_test(test, bad_versions_and_prefixes_are_refused);
    tcase_add_test(test, every_allocation_may_fail);
    return test;
}
