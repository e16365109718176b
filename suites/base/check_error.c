/* check_error.c — statuses and errors. */
#include <errno.h>
#include <string.h>

#include "base/cases.h"
#include "base/error.h"
#include "base/utf8.h"
#include "support/suite.h"

START_TEST(every_status_has_a_name_a_text_and_an_exit)
{
#define EXPECT(name, value, exit_status, text)                      \
    ck_assert_int_eq(DRIFT_##name, value);                          \
    ck_assert_str_eq(drift_status_name(DRIFT_##name), #name);       \
    ck_assert_str_eq(drift_status_text(DRIFT_##name), text);        \
    ck_assert_int_eq(drift_status_exit(DRIFT_##name), exit_status); \
    ck_assert_int_ge(exit_status, 0);                               \
    ck_assert_int_le(exit_status, 4);
    DRIFT_STATUS_MAP(EXPECT)
#undef EXPECT
    ck_assert_int_eq(drift_status_exit(DRIFT_OK), 0);
}
END_TEST

START_TEST(a_status_that_does_not_exist_is_the_environments)
{
    ck_assert_ptr_null(drift_status_name(1));
    ck_assert_ptr_null(drift_status_text(-1000));
    ck_assert_int_eq(drift_status_exit(-1000), 4);
}
END_TEST

START_TEST(the_first_error_stands)
{
    drift_error err = {0};
    ck_assert_int_eq(drift__error(&err, DRIFT_SYNTAX, "expected %s", "a name"), DRIFT_SYNTAX);
    ck_assert_int_eq(drift__error(&err, DRIFT_IO, "later"), DRIFT_IO);
    ck_assert_int_eq(drift__error_at(&err, DRIFT_IO, "file", 1, 2, 3, "later"), DRIFT_IO);
    ck_assert_int_eq(drift__error_in(&err, DRIFT_IO, "file", "text", 1, "later"), DRIFT_IO);
    ck_assert_int_eq(err.code, DRIFT_SYNTAX);
    ck_assert_str_eq(err.text, "expected a name");
    ck_assert_str_eq(err.source, "");
    ck_assert_int_eq(err.line, 0);
}
END_TEST

START_TEST(nobody_needs_to_listen)
{
    ck_assert_int_eq(drift__error(NULL, DRIFT_IO, "x"), DRIFT_IO);
    ck_assert_int_eq(drift__error_at(NULL, DRIFT_IO, NULL, 0, 0, 0, "x"), DRIFT_IO);
    ck_assert_int_eq(drift__error_in(NULL, DRIFT_IO, NULL, "", 0, "x"), DRIFT_IO);
    ck_assert_int_eq(drift__error_errno(NULL, ENOENT, "read", "x"), DRIFT_NOT_FOUND);
    ck_assert_int_eq(drift__no_memory(NULL), DRIFT_NO_MEMORY);
    drift__error_source(NULL, "x");
    drift__error_hint(NULL, "x");
}
END_TEST

START_TEST(an_error_has_a_place)
{
    drift_error err = {0};
    drift__error_at(&err, DRIFT_FORMAT, "a.json", 3, 7, 40, "expected %d", 1);
    ck_assert_str_eq(err.source, "a.json");
    ck_assert_int_eq(err.line, 3);
    ck_assert_int_eq(err.column, 7);
    ck_assert_uint_eq(err.offset, 40);
    err = (drift_error){0};
    drift__error_at(&err, DRIFT_FORMAT, NULL, 0, 0, 0, "nowhere");
    ck_assert_str_eq(err.source, "");
}
END_TEST

START_TEST(a_place_in_a_text_is_counted_in_characters)
{
    drift_error err = {0};
    const char text[] = "CREATE\n  \xc3\xa4\xe2\x82\xac x";
    drift__error_in(&err, DRIFT_SYNTAX, "a.sql", text, strlen(text) - 1, "x");
    ck_assert_int_eq(err.line, 2);
    ck_assert_int_eq(err.column, 6);
    ck_assert_uint_eq(err.offset, strlen(text) - 1);
    ck_assert_str_eq(err.source, "a.sql");
}
END_TEST

START_TEST(a_position_beyond_the_end_is_the_end)
{
    int line = 0, column = 0;
    drift__position(&line, &column, "ab\nc", 100);
    ck_assert_int_eq(line, 2);
    ck_assert_int_eq(column, 2);
    drift__position(&line, &column, "", 0);
    ck_assert_int_eq(line, 1);
    ck_assert_int_eq(column, 1);
}
END_TEST

START_TEST(a_long_text_is_cut_at_a_character_and_marked)
{
    drift_error err = {0};
    char longer[3000] = "";
    for (size_t i = 0; i + 3 < sizeof longer; i += 3) memcpy(longer + i, "\xe2\x82\xac", 4);
    drift__error(&err, DRIFT_IO, "%s", longer);
    drift__error_source(&err, longer);
    drift__error_hint(&err, "%s", longer);
    const char *texts[] = {err.text, err.source, err.hint};
    const size_t sizes[] = {sizeof err.text, sizeof err.source, sizeof err.hint};
    for (int i = 0; i < 3; i++) {
        const size_t length = strlen(texts[i]);
        ck_assert_uint_lt(length, sizes[i]);
        ck_assert_uint_gt(length, sizes[i] - 8);
        ck_assert(drift__utf8_valid(texts[i], length));
        ck_assert_str_eq(texts[i] + length - 3, "\xe2\x80\xa6");
    }
}
END_TEST

START_TEST(an_error_is_one_line_of_utf8_whatever_it_quotes)
{
    drift_error err = {0};
    drift__error(&err, DRIFT_IO, "a\nb\r\tc\x7f \xff\xc3 \xc3\xa4");
    ck_assert_str_eq(err.text, "a b  c  ?? \xc3\xa4");
    err = (drift_error){0};
    drift__error(&err, DRIFT_IO,
                 "a\xc2\x9b"
                 "b\xe2\x80\xae"
                 "c\xc2\xa0\xe2\x80\xa6");
    ck_assert_str_eq(err.text, "a  b   c\xc2\xa0\xe2\x80\xa6");
}
END_TEST

START_TEST(a_source_is_named_once_and_only_for_an_error)
{
    drift_error err = {0};
    drift__error_source(&err, "early");
    ck_assert_str_eq(err.source, "");
    drift__error(&err, DRIFT_IO, "x");
    drift__error_source(&err, "first");
    drift__error_source(&err, "second");
    ck_assert_str_eq(err.source, "first");
}
END_TEST

START_TEST(a_hint_is_given_once_and_only_for_an_error)
{
    drift_error err = {0};
    drift__error_hint(&err, "early");
    ck_assert_str_eq(err.hint, "");
    drift__error(&err, DRIFT_IO, "x");
    drift__error_hint(&err, "use %s", "--force");
    drift__error_hint(&err, "later");
    ck_assert_str_eq(err.hint, "use --force");
}
END_TEST

START_TEST(system_errors_keep_their_kind)
{
    const struct {
        int errno_value, status;
    } kinds[] = {
        {ENOENT, DRIFT_NOT_FOUND}, {ENOTDIR, DRIFT_NOT_FOUND}, {EACCES, DRIFT_PERMISSION}, {EPERM, DRIFT_PERMISSION},
        {EROFS, DRIFT_PERMISSION}, {ENOSPC, DRIFT_FULL},       {EDQUOT, DRIFT_FULL},       {ENOMEM, DRIFT_NO_MEMORY},
        {EIO, DRIFT_IO},           {ELOOP, DRIFT_IO},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        drift_error err = {0};
        ck_assert_int_eq(drift__error_errno(&err, kinds[i].errno_value, "read", "a.db"), kinds[i].status);
        ck_assert_int_eq(err.code, kinds[i].status);
        ck_assert_msg(strncmp(err.text, "cannot read a.db: ", 18) == 0 && strlen(err.text) > 18, "found \"%s\"",
                      err.text);
    }
}
END_TEST

START_TEST(no_memory_has_its_text)
{
    drift_error err = {0};
    ck_assert_int_eq(drift__no_memory(&err), DRIFT_NO_MEMORY);
    ck_assert_str_eq(err.text, "out of memory");
}
END_TEST

TCase *base_error_case(void)
{
    TCase *tcase = suite_case("error");
    tcase_add_test(tcase, every_status_has_a_name_a_text_and_an_exit);
    tcase_add_test(tcase, a_status_that_does_not_exist_is_the_environments);
    tcase_add_test(tcase, the_first_error_stands);
    tcase_add_test(tcase, nobody_needs_to_listen);
    tcase_add_test(tcase, an_error_has_a_place);
    tcase_add_test(tcase, a_place_in_a_text_is_counted_in_characters);
    tcase_add_test(tcase, a_position_beyond_the_end_is_the_end);
    tcase_add_test(tcase, a_long_text_is_cut_at_a_character_and_marked);
    tcase_add_test(tcase, an_error_is_one_line_of_utf8_whatever_it_quotes);
    tcase_add_test(tcase, a_source_is_named_once_and_only_for_an_error);
    tcase_add_test(tcase, a_hint_is_given_once_and_only_for_an_error);
    tcase_add_test(tcase, system_errors_keep_their_kind);
    tcase_add_test(tcase, no_memory_has_its_text);
    return tcase;
}
