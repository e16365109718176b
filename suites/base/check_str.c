/* check_str.c — the sticky string builder. */
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cases.h"
#include "base/str.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(pieces_become_one_text)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    drift__str_puts(&s, "CREATE");
    drift__str_putc(&s, ' ');
    drift__str_putn(&s, "TABLE todos", 5);
    drift__str_printf(&s, " %s (%d)", "t", 12);
    ck_assert_str_eq(drift__str_text(&s), "CREATE TABLE t (12)");
    ck_assert_uint_eq(s.length, strlen("CREATE TABLE t (12)"));
    ck_assert_drift(drift__str_take(&text, &s, &err));
    ck_assert_str_eq(text, "CREATE TABLE t (12)");
    ck_assert_ptr_null(s.text);
    drift__free(text);
}
END_TEST

START_TEST(embedded_nul_is_kept)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_putn(&s, "a\0b", 3);
    drift__str_putc(&s, '\0');
    ck_assert_uint_eq(s.length, 4);
    ck_assert_mem_eq(s.text, "a\0b\0", 5);
    drift__str_dispose(&s);
}
END_TEST

START_TEST(nothing_written_is_an_empty_text)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    ck_assert_str_eq(drift__str_text(&s), "");
    ck_assert_drift(drift__str_take(&text, &s, &err));
    ck_assert_str_eq(text, "");
    drift__free(text);
}
END_TEST

START_TEST(a_text_is_cut_but_never_grown)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_truncate(&s, 0);
    drift__str_puts(&s, "a, b, ");
    drift__str_truncate(&s, 100);
    ck_assert_str_eq(drift__str_text(&s), "a, b, ");
    drift__str_truncate(&s, 4);
    ck_assert_str_eq(drift__str_text(&s), "a, b");
    ck_assert_uint_eq(s.length, 4);
    drift__str_dispose(&s);
}
END_TEST

START_TEST(a_long_text_is_printed_whole)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s, "%5000d|", 7);
    ck_assert_uint_eq(s.length, 5001);
    ck_assert_str_eq(s.text + 4998, " 7|");
    drift__str_dispose(&s);
}
END_TEST

START_TEST(a_length_that_overflows_fails)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    drift__str_putc(&s, 'a');
    drift__str_putn(&s, "", SIZE_MAX - 1);
    ck_assert_drift_fails(drift__str_take(&text, &s, &err), DRIFT_NO_MEMORY);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(a_short_text_stays_in_the_room_it_was_started_in)
{
    drift_error err = {0};
    char room[8] = "", *text = NULL;
    drift__str s = DRIFT__STR_IN(room);
    ck_assert_str_eq(drift__str_text(&s), "");
    drift__str_puts(&s, "1234567");
    ck_assert_ptr_eq(s.text, room);
    drift__str_truncate(&s, 3);
    ck_assert_str_eq(room, "123");
    ck_assert_drift(drift__str_take(&text, &s, &err));
    ck_assert_ptr_ne(text, room);
    ck_assert_str_eq(text, "123");
    drift__free(text);
}
END_TEST

START_TEST(a_text_that_outgrows_its_room_is_kept_whole)
{
    drift_error err = {0};
    char room[8] = "", *text = NULL;
    drift__str s = DRIFT__STR_IN(room);
    drift__str_puts(&s, "1234567");
    drift__str_putc(&s, '8');
    drift__str_put_folded(&s, "ABC");
    ck_assert_str_eq(drift__str_text(&s), "12345678abc");
    ck_assert_drift(drift__str_take(&text, &s, &err));
    ck_assert_str_eq(text, "12345678abc");
    drift__free(text);
}
END_TEST

static int write_in_room(void)
{
    char room[16] = "", *text = NULL;
    drift__str s = DRIFT__STR_IN(room), left = DRIFT__STR_IN(room);
    drift__str_dispose(&left);
    for (int i = 0; i < 50; i++) drift__str_puts(&s, "text");
    const int rc = drift__str_take(&text, &s, NULL);
    ck_assert((text != NULL) == (rc == DRIFT_OK));
    drift__free(text);
    return rc;
}

static int take_from_room(void)
{
    char room[16] = "", *text = NULL;
    drift__str s = DRIFT__STR_IN(room);
    drift__str_puts(&s, "text");
    const int rc = drift__str_take(&text, &s, NULL);
    ck_assert((text != NULL) == (rc == DRIFT_OK));
    drift__free(text);
    return rc;
}

static int write_all_ways(void)
{
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    for (int i = 0; i < 50; i++) {
        drift__str_puts(&s, "text");
        drift__str_putc(&s, ',');
        drift__str_printf(&s, "%d", i);
    }
    drift__str_truncate(&s, 1);
    const int rc = drift__str_take(&text, &s, NULL);
    ck_assert((text != NULL) == (rc == DRIFT_OK));
    drift__free(text);
    return rc;
}

START_TEST(a_failure_on_the_way_is_told_at_the_end)
{
    suite_memory_sweep(write_all_ways);
    suite_memory_sweep(write_in_room);
    suite_memory_sweep(take_from_room);
}
END_TEST

TCase *base_str_case(void)
{
    TCase *tcase = suite_case("str");
    tcase_add_test(tcase, pieces_become_one_text);
    tcase_add_test(tcase, embedded_nul_is_kept);
    tcase_add_test(tcase, nothing_written_is_an_empty_text);
    tcase_add_test(tcase, a_text_is_cut_but_never_grown);
    tcase_add_test(tcase, a_long_text_is_printed_whole);
    tcase_add_test(tcase, a_length_that_overflows_fails);
    tcase_add_test(tcase, a_short_text_stays_in_the_room_it_was_started_in);
    tcase_add_test(tcase, a_text_that_outgrows_its_room_is_kept_whole);
    tcase_add_test(tcase, a_failure_on_the_way_is_told_at_the_end);
    return tcase;
}
