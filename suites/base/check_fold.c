/* check_fold.c — names as SQLite matches them. The oracle is SQLite itself. */
#include <sqlite3.h>
#include <string.h>

#include "base/cases.h"
#include "base/fold.h"
#include "support/suite.h"

START_TEST(only_ascii_letters_fold)
{
    for (int c = 0; c < 256; c++) {
        const char folded = drift__fold_char((char)c);
        ck_assert_int_eq(folded, c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c);
    }
}
END_TEST

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

START_TEST(names_compare_as_sqlite_compares_them)
{
    static const char *const names[] = {"",       "a", "A",        "ab",       "Ab",    "b",           "_",
                                        "[",      "z", "\xc3\xa4", "\xc3\x84", "todos", "TODOS",       "todo",
                                        "Todos ", "@", "`",        "{",        "\xff",  "tod\xc3\xb6s"};
    const size_t count = sizeof names / sizeof *names;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            const int expected = sign(sqlite3_stricmp(names[i], names[j]));
            ck_assert_int_eq(sign(drift__fold_compare(names[i], names[j])), expected);
            ck_assert_int_eq(drift__same_name(names[i], names[j]), expected == 0);
        }
    }
}
END_TEST

START_TEST(a_word_is_matched_whole)
{
    ck_assert(drift__same_word("Create table", 6, "CREATE"));
    ck_assert(!drift__same_word("Create table", 5, "CREATE"));
    ck_assert(!drift__same_word("Create table", 7, "CREATE"));
    ck_assert(drift__same_word("", 0, ""));
    ck_assert(!drift__same_word("a\0b", 3, "a"));
}
END_TEST

/* Every byte that a name may hold, at every place of words of every length that keywords have. */
START_TEST(a_keyword_is_matched_as_a_word_is_by_each_of_its_bytes)
{
    const char *const word = "CURRENT_TIMESTAMPS", *const letters = "aZ09_$\x80\xa0\xdf\xff";
    for (size_t length = 1; length <= strlen(word); length++) {
        ck_assert(drift__same_keyword("current_TIMESTAMPs", word, length));
        for (size_t at = 0; at < length; at++) {
            for (const char *c = letters; *c; c++) {
                char name[] = "current_TIMEstamps";
                name[at] = *c;
                ck_assert_int_eq(drift__same_keyword(name, word, length), drift__same_bytes(name, word, length));
            }
        }
    }
}
END_TEST

START_TEST(equal_names_have_equal_hashes)
{
    ck_assert_uint_eq(drift__fold_hash("Todos", 5), drift__fold_hash("tODOS", 5));
    ck_assert_uint_ne(drift__fold_hash("\xc3\xa4", 2), drift__fold_hash("\xc3\x84", 2));
    ck_assert_uint_ne(drift__fold_hash("ab", 2), drift__fold_hash("ba", 2));
    ck_assert_uint_eq(drift__fold_hash("todos", 4), drift__fold_hash("todo", 4));
}
END_TEST

TCase *base_fold_case(void)
{
    TCase *tcase = suite_case("fold");
    tcase_add_test(tcase, only_ascii_letters_fold);
    tcase_add_test(tcase, names_compare_as_sqlite_compares_them);
    tcase_add_test(tcase, a_word_is_matched_whole);
    tcase_add_test(tcase, a_keyword_is_matched_as_a_word_is_by_each_of_its_bytes);
    tcase_add_test(tcase, equal_names_have_equal_hashes);
    return tcase;
}
