/* check_identifier.c — the spellings that identifier.h promises. */
#include <string.h>

#include "codegen/cases.h"
#include "codegen/codegen.h"
#include "codegen/identifier.h"
#include "support/suite.h"

static drift__arena arena;

static void teardown(void)
{
    drift__arena_dispose(&arena);
}

static void assert_spelt(const char *name, const char *spelling)
{
    ck_assert_str_eq(drift__identifier_of(&arena, name), spelling);
}

START_TEST(letters_become_small_and_words_are_parted)
{
    assert_spelt("title", "title");
    assert_spelt("dueDate", "due_date");
    assert_spelt("DueDate2Next", "due_date2_next");
    assert_spelt("URL", "url");
    assert_spelt("HTMLText", "htmltext");
    assert_spelt("due_Date", "due_date");
}
END_TEST

START_TEST(what_c_does_not_take_becomes_one_underscore_inside_and_none_at_the_ends)
{
    assert_spelt("due date", "due_date");
    assert_spelt("a -- b", "a_b");
    assert_spelt("__a__b__", "a_b");
    assert_spelt("*/ int x; /*", "int_x");
    assert_spelt("a\"'`]\\\n\r\t%b", "a_b");
    assert_spelt("", "unnamed");
    assert_spelt("_", "unnamed");
    assert_spelt(" ?\?/ ", "unnamed");
}
END_TEST

START_TEST(a_digit_does_not_come_first)
{
    assert_spelt("2fa", "n2fa");
    assert_spelt("_2fa", "n2fa");
    assert_spelt("007", "n007");
}
END_TEST

START_TEST(characters_beyond_ascii_are_their_code_points)
{
    assert_spelt("gr\xc3\xb6\xc3\x9f"
                 "e",
                 "gru00f6u00dfe");
    assert_spelt("\xe2\x82\xac", "u20ac");
    assert_spelt("\xf0\x9f\x98\x80", "u1f600");
    assert_spelt("\xff"
                 "a\xc3",
                 "xffaxc3");
}
END_TEST

START_TEST(long_names_keep_their_beginning_and_a_hash)
{
    char name[1001], other[1001];
    memset(name, 'x', 1000);
    name[1000] = '\0';
    memcpy(other, name, sizeof other);
    other[999] = 'y';
    const char *spelling = drift__identifier_of(&arena, name);
    ck_assert_uint_eq(strlen(spelling), 57);
    ck_assert_int_eq(strncmp(spelling, name, 48), 0);
    ck_assert_int_eq(spelling[48], '_');
    ck_assert_str_ne(spelling, drift__identifier_of(&arena, other));
    /* The spelling is a promise. */
    ck_assert_str_eq(spelling + 49, "3134d2c5");
}
END_TEST

START_TEST(words_of_languages_macros_and_ours_get_an_underscore)
{
    static const char *const words[] = {
        "alignas", "and",       "auto",     "bool",     "case",     "char8_t", "class",  "const_cast",    "co_yield",
        "default", "do",        "errno",    "far",      "final",    "for",     "if",     "int",           "int64_t",
        "linux",   "namespace", "new",      "not_eq",   "or",       "or_eq",   "public", "restrict",      "s_addr",
        "sizeof",  "size_t",    "small",    "stdin",    "stdout",   "stderr",  "struct", "static_assert", "this",
        "true",    "typeof",    "unix",     "void",     "wchar_t",  "while",   "xor",    "xor_eq",        "drift_text",
        "drift_x", "assert",    "offsetof", "register", "requires",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *spelling = drift__identifier_of(&arena, words[i]);
        ck_assert_msg(strncmp(spelling, words[i], strlen(words[i])) == 0 &&
                          strcmp(spelling + strlen(words[i]), "_") == 0,
                      "%s is spelt %s", words[i], spelling);
    }
    assert_spelt("INT", "int_");
    assert_spelt("_Bool", "bool_");
    assert_spelt("__FILE__", "file");
    assert_spelt("NULL", "null");
    assert_spelt("interior", "interior");
}
END_TEST

START_TEST(prefixes_are_identifiers_that_names_can_begin_with)
{
    static const char *const good[] = {"app", "a", "my_app2", "todos"};
    static const char *const bad[] = {"",    "2a",       "_a",  "a_",    "a__b",
                                      "App", "a-b",      "a b", "drift", "drift_x",
                                      "int", "\xc3\xbc", "\"",  "a\n",   "abcdefghijklmnopqrstuvwxyzabcdefg"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) ck_assert(drift__identifier_is_prefix(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!drift__identifier_is_prefix(bad[i]), "\"%s\" is taken", bad[i]);
}
END_TEST

START_TEST(a_folder_gives_the_prefix)
{
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "drift_schemas/todos"), "todos");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "drift_schemas/MyApp//"), "my_app");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "drift_schemas"), "app");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "."), "app");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "schemas/.."), "app");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "/"), "app");
    ck_assert_str_eq(drift__codegen_default_prefix(&arena, "while"), "app");
}
END_TEST

/* ---- scopes ---- */

static void settle(drift__spelling *names, size_t count)
{
    static const char *const taken[] = {"schema"};
    static const char *const derived[] = {"_insert"};
    for (size_t i = 0; i < count; i++) names[i].want = drift__identifier_of(&arena, names[i].name);
    ck_assert_int_eq(drift__identifiers_settle(&arena, names, count, taken, 1, derived, 1), 0);
}

START_TEST(the_name_that_is_written_so_keeps_its_spelling)
{
    drift__spelling names[] = {{.name = "_id"}, {.name = "ID"}, {.name = "id"}};
    settle(names, 3);
    ck_assert_str_eq(names[0].got, "id_xb90e");
    ck_assert_str_eq(names[1].got, "id_x0924");
    ck_assert_str_eq(names[2].got, "id");
}
END_TEST

START_TEST(spellings_do_not_depend_on_the_order)
{
    drift__spelling one[] = {{.name = "a b"}, {.name = "a-b"}, {.name = "A_B"}, {.name = "aB"}};
    drift__spelling two[] = {{.name = "aB"}, {.name = "A_B"}, {.name = "a-b"}, {.name = "a b"}};
    settle(one, 4);
    settle(two, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(one[i].got, two[3 - i].got);
        for (size_t k = 0; k < i; k++) ck_assert_str_ne(one[i].got, one[k].got);
    }
    /* None is written so: the first in the order of bytes is. */
    ck_assert_str_eq(one[2].got, "a_b");
}
END_TEST

START_TEST(taken_and_derived_names_are_not_used)
{
    drift__spelling names[] = {{.name = "schema"}, {.name = "todo"}, {.name = "todo_insert"}};
    settle(names, 3);
    ck_assert_str_ne(names[0].got, "schema");
    ck_assert_int_eq(strncmp(names[0].got, "schema_x", 8), 0);
    ck_assert_str_eq(names[1].got, "todo");
    ck_assert_int_eq(strncmp(names[2].got, "todo_insert_x", 13), 0);
}
END_TEST

START_TEST(names_that_are_equal_are_told_apart)
{
    drift__spelling names[] = {{.name = "same"}, {.name = "same"}, {.name = "same"}, {.name = "same"},
                               {.name = "same"}, {.name = "same"}, {.name = "same"}};
    settle(names, 7);
    for (size_t i = 0; i < 7; i++)
        for (size_t k = 0; k < i; k++) ck_assert_str_ne(names[i].got, names[k].got);
}
END_TEST

TCase *identifier_case(void)
{
    TCase *test = suite_case("identifier");
    tcase_add_checked_fixture(test, NULL, teardown);
    tcase_add_test(test, letters_become_small_and_words_are_parted);
    tcase_add_test(test, what_c_does_not_take_becomes_one_underscore_inside_and_none_at_the_ends);
    tcase_add_test(test, a_digit_does_not_come_first);
    tcase_add_test(test, characters_beyond_ascii_are_their_code_points);
    tcase_add_test(test, long_names_keep_their_beginning_and_a_hash);
    tcase_add_test(test, words_of_languages_macros_and_ours_get_an_underscore);
    tcase_add_test(test, prefixes_are_identifiers_that_names_can_begin_with);
    tcase_add_test(test, a_folder_gives_the_prefix);
    tcase_add_test(test, the_name_that_is_written_so_keeps_its_spelling);
    tcase_add_test(test, spellings_do_not_depend_on_the_order);
    tcase_add_test(test, taken_and_derived_names_are_not_used);
    tcase_add_test(test, names_that_are_equal_are_told_apart);
    return test;
}
