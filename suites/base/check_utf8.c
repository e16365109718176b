/* check_utf8.c — validity of UTF-8, and cutting at a character. */
#include <string.h>

#include "base/cases.h"
#include "base/utf8.h"
#include "support/suite.h"

/* Writes a code point as RFC 3629 does, surrogates and all; gives its length. */
static size_t encode(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length; i-- > 1; code >>= 6) out[i] = (char)(0x80u | (code & 0x3fu));
    out[0] = (char)((0xf00u >> length & 0xffu) | code);
    return length;
}

/* Check writes a file at each assertion: of a million code points only a wrong one is worth it. */
START_TEST(every_code_point_but_surrogates_is_valid)
{
    for (unsigned code = 0; code <= 0x110100; code++) {
        char text[5] = "";
        const size_t length = encode(text, code);
        const bool lawful = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        const bool valid = drift__utf8_valid(text, length);
        const size_t next = drift__utf8_next(text, text + length);
        if (valid != lawful || next != (lawful ? length : 1))
            ck_abort_msg("U+%04X: expected %d, found %d and a length of %zu", code, lawful, valid, next);
    }
}
END_TEST

START_TEST(what_steers_its_reader_is_a_control_and_nothing_else)
{
    for (unsigned code = 1; code <= 0x10ffff; code++) {
        char text[5] = "";
        const size_t length = encode(text, code);
        const bool expected = code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x2028 && code <= 0x202e) ||
                              (code >= 0x2066 && code <= 0x2069);
        unsigned found = 0;
        if (code >= 0xd800 && code <= 0xdfff) continue;
        if (drift__utf8_is_control(&found, text, length) != expected || found != (expected ? code : 0))
            ck_abort_msg("U+%04X: expected %d, found U+%04X", code, expected, found);
    }
    unsigned untouched = 7;
    ck_assert(!drift__utf8_is_control(&untouched, "\x9b", 1));
    ck_assert_uint_eq(untouched, 7);
}
END_TEST

START_TEST(a_character_that_is_cut_off_is_invalid)
{
    const char text[] = "\xf0\x9f\x98\x80";
    for (size_t length = 1; length < 4; length++) {
        ck_assert(!drift__utf8_valid(text, length));
        ck_assert_uint_eq(drift__utf8_next(text, text + length), 1);
    }
    ck_assert(!drift__utf8_valid("\xc3"
                                 "a",
                                 2));
    ck_assert(!drift__utf8_valid("\xe2\x82"
                                 "a",
                                 3));
}
END_TEST

START_TEST(overlong_forms_are_invalid)
{
    ck_assert(!drift__utf8_valid("\xc0\x80", 2));
    ck_assert(!drift__utf8_valid("\xc1\xbf", 2));
    ck_assert(!drift__utf8_valid("\xe0\x9f\xbf", 3));
    ck_assert(!drift__utf8_valid("\xf0\x8f\xbf\xbf", 4));
}
END_TEST

START_TEST(bytes_that_begin_nothing_are_invalid)
{
    ck_assert(!drift__utf8_valid("\x80", 1));
    ck_assert(!drift__utf8_valid("a\xff", 2));
    ck_assert(!drift__utf8_valid("\xf5\x80\x80\x80", 4));
}
END_TEST

START_TEST(the_end_has_no_character)
{
    const char text[] = "a";
    ck_assert_uint_eq(drift__utf8_next(text + 1, text + 1), 0);
    ck_assert(drift__utf8_valid("", 0));
    ck_assert(drift__utf8_valid("a\0b", 3));
}
END_TEST

START_TEST(a_full_buffer_is_cut_at_a_character)
{
    const struct {
        const char *full, *cut;
    } texts[] = {
        {"abcdefghijk", "abcdefgh\xe2\x80\xa6"},
        {"abcdefgh\xe2\x82\xac", "abcdefgh\xe2\x80\xa6"},
        {"abcdefg\xe2\x82\xacx", "abcdefg\xe2\x80\xa6"},
        {"abcdef\xf0\x9f\x98\x80x", "abcdef\xe2\x80\xa6"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char buffer[12];
        memcpy(buffer, texts[i].full, sizeof buffer);
        drift__utf8_ellipsis(buffer, sizeof buffer);
        ck_assert_str_eq(buffer, texts[i].cut);
    }
}
END_TEST

TCase *base_utf8_case(void)
{
    TCase *tcase = suite_case("utf8");
    tcase_add_test(tcase, every_code_point_but_surrogates_is_valid);
    tcase_add_test(tcase, what_steers_its_reader_is_a_control_and_nothing_else);
    tcase_add_test(tcase, a_character_that_is_cut_off_is_invalid);
    tcase_add_test(tcase, overlong_forms_are_invalid);
    tcase_add_test(tcase, bytes_that_begin_nothing_are_invalid);
    tcase_add_test(tcase, the_end_has_no_character);
    tcase_add_test(tcase, a_full_buffer_is_cut_at_a_character);
    return tcase;
}
