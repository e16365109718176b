/* check_literal.c — texts as C. That they compile to the same bytes is shown by codegen.round_trip. */
#include <string.h>

#include "base/alloc.h"
#include "codegen/cases.h"
#include "codegen/literal.h"
#include "support/suite.h"

static void assert_literal(const char *text, const char *literal)
{
    drift__str s = DRIFT__STR_INIT;
    drift__put_literal(&s, text, 2);
    ck_assert_str_eq(drift__str_text(&s), literal);
    drift__str_dispose(&s);
}

START_TEST(plain_text_stays_as_it_is)
{
    assert_literal("", "\"\"");
    assert_literal("CREATE TABLE t (a TEXT DEFAULT '')", "\"CREATE TABLE t (a TEXT DEFAULT '')\"");
    assert_literal("*/ // %n %s", "\"*/ // %n %s\"");
}
END_TEST

START_TEST(quotes_backslashes_and_question_marks_are_escaped)
{
    assert_literal("\"", "\"\\\"\"");
    assert_literal("\\n", "\"\\\\n\"");
    assert_literal("?\?/?", "\"\\077\\077/\\077\"");
}
END_TEST

START_TEST(octal_escapes_have_three_digits)
{
    assert_literal("\x01"
                   "1\x7f"
                   "7\xc3\xbc"
                   "9",
                   "\"\\0011\\1777\\303\\2749\"");
    assert_literal("\t\r", "\"\\011\\015\"");
}
END_TEST

START_TEST(each_line_is_a_literal_of_its_own)
{
    assert_literal("a\nb\n", "\"a\\n\"\n  \"b\\n\"");
}
END_TEST

START_TEST(no_line_gets_long)
{
    drift__str s = DRIFT__STR_INIT;
    char text[1001];
    size_t longest = 0;
    memset(text, '\\', 1000);
    text[1000] = '\0';
    drift__put_literal(&s, text, 2);
    for (const char *at = drift__str_text(&s); *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strcspn(at, "\n") > longest) longest = strcspn(at, "\n");
    ck_assert_uint_gt(longest, 80);
    ck_assert_uint_lt(longest, 110);
    drift__str_dispose(&s);
}
END_TEST

START_TEST(what_is_too_long_for_a_literal_is_told)
{
    char text[4096];
    memset(text, 'x', sizeof text);
    text[4095] = '\0';
    ck_assert(drift__literal_is_long(text));
    text[4094] = '\0';
    ck_assert(!drift__literal_is_long(text));
}
END_TEST

START_TEST(an_array_of_characters_ends_with_nul)
{
    drift__str s = DRIFT__STR_INIT;
    drift__put_characters(&s, "a'\"\\?\n\xff");
    ck_assert_str_eq(drift__str_text(&s), "{\n    'a', '\\'', '\"', '\\\\', '\\077', '\\n', '\\377', '\\0'}");
    drift__str_dispose(&s);
}
END_TEST

TCase *literal_case(void)
{
    TCase *test = suite_case("literal");
    tcase_add_test(test, plain_text_stays_as_it_is);
    tcase_add_test(test, quotes_backslashes_and_question_marks_are_escaped);
    tcase_add_test(test, octal_escapes_have_three_digits);
    tcase_add_test(test, each_line_is_a_literal_of_its_own);
    tcase_add_test(test, no_line_gets_long);
    tcase_add_test(test, what_is_too_long_for_a_literal_is_told);
    tcase_add_test(test, an_array_of_characters_ends_with_nul);
    return test;
}
