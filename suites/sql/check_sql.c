/* check_sql.c — tokens, keywords, quoting and affinity, each against what SQLite itself does. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "sql/affinity.h"
#include "sql/cursor.h"
#include "sql/keyword.h"
#include "sql/quote.h"
#include "support/suite.h"

static const char *const kind_letters = ".sc"      /* END SPACE COMMENT */
                                        "wq'x"     /* WORD QUOTED STRING BLOB */
                                        "if?"      /* INTEGER FLOAT VARIABLE */
                                        "(),;do!"; /* OPEN CLOSE COMMA SEMICOLON DOT OPERATOR ILLEGAL */

/* "kind:length" of every token, in one line. */
static void tokens_of(char *out, size_t size, const char *text, size_t length)
{
    const char *end = text + length;
    size_t used = 0;
    out[0] = '\0';
    for (const char *at = text; at < end;) {
        drift__token_kind kind;
        const size_t n = drift__token(&kind, at, end);
        ck_assert_uint_gt(n, 0);
        used += (size_t)snprintf(out + used, size - used, "%s%c%zu", used ? " " : "", kind_letters[kind], n);
        at += n;
    }
}

static void assert_tokens(const char *text, const char *expected)
{
    char got[1024];
    tokens_of(got, sizeof got, text, strlen(text));
    ck_assert_msg(strcmp(got, expected) == 0, "%s: expected %s, got %s", text, expected, got);
}

START_TEST(every_lexical_form_has_its_kind_and_length)
{
    assert_tokens("CREATE table_1 $x a$b \xc3\xbc", "w6 s1 w7 s1 ?2 s1 w3 s1 w2");
    assert_tokens("\"a\"\"b\" `c` [d e] 'f''g'", "q6 s1 q3 s1 q5 s1 '6");
    assert_tokens("x'0F' X'' x y", "x5 s1 x3 s1 w1 s1 w1");
    assert_tokens("1 0x1F 1.5 .5 1e3 1.e-7 5.", "i1 s1 i4 s1 f3 s1 f2 s1 f3 s1 f5 s1 f2");
    assert_tokens("? ?12 :a @b #c $d::e(f)", "?1 s1 ?3 s1 ?2 s1 ?2 s1 ?2 s1 ?8");
    assert_tokens("a->b->>c||d|e<<f<=g<>h>>i>=j==k!=l",
                  "w1 o2 w1 o3 w1 o2 w1 o1 w1 o2 w1 o2 w1 o2 w1 o2 w1 o2 w1 o2 w1 o2 w1");
    assert_tokens("(a.b,c);+-*/%&~", "(1 w1 d1 w1 ,1 w1 )1 ;1 o1 o1 o1 o1 o1 o1 o1");
    assert_tokens("-- c\na/* d */b /* open", "c4 s1 w1 c7 w1 s1 c7");
    assert_tokens(" \t\r\n\fa", "s5 w1");
    assert_tokens(" \va \v\v\n", "s2 w1 s4");
    assert_tokens("\xef\xbb\xbf"
                  "SELECT",
                  "s3 w6");
}
END_TEST

START_TEST(what_sqlite_refuses_is_illegal)
{
    assert_tokens("'open", "!5");
    assert_tokens("\"open", "!5");
    assert_tokens("[open", "!5");
    assert_tokens("12ab 0x 1.5e", "!4 s1 !2 s1 !4");
    assert_tokens("x'0' x'zz'", "!4 s1 !5");
    assert_tokens("! \\ \x01", "!1 s1 !1 s1 !1");
    assert_tokens(": @", "!1 s1 !1");
}
END_TEST

/* SQLite refuses a text with "unrecognized token" exactly where a token is illegal. */
START_TEST(illegal_tokens_are_those_that_sqlite_does_not_recognise)
{
    static const char alphabet[] = "ax01.e'\"`[]?:@#$!|<>=-/*+ (),;~&%\\_\n\x7f\xc3";
    sqlite3 *db = NULL;
    unsigned state = 1;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (int round = 0; round < 20000; round++) {
        char text[32], sql[64], got[256];
        size_t n = 0;
        for (state = state * 1103515245u + 12345u; n < 1 + (state >> 16) % 7; n++) {
            state = state * 1103515245u + 12345u;
            text[n] = alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        text[n] = '\0';
        snprintf(sql, sizeof sql, "SELECT %s", text);
        tokens_of(got, sizeof got, sql, strlen(sql));
        sqlite3_stmt *statement = NULL;
        const int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
        const bool refused = rc != SQLITE_OK && strncmp(sqlite3_errmsg(db), "unrecognized token", 18) == 0;
        sqlite3_finalize(statement);
        /* SQLite stops at the first error of any kind: an illegal token behind a syntax error is not reached. */
        if (refused) ck_assert_msg(strchr(got, '!') != NULL, "SQLite does not recognise a token of: %s (%s)", sql, got);
        if (rc == SQLITE_OK && !strchr(sql, ';'))
            ck_assert_msg(strchr(got, '!') == NULL, "SQLite accepts: %s (%s)", sql, got);
    }
    sqlite3_close(db);
}
END_TEST

START_TEST(keywords_are_sqlites)
{
    for (int i = 0; i < sqlite3_keyword_count(); i++) {
        const char *word = NULL;
        int length = 0;
        ck_assert_int_eq(sqlite3_keyword_name(i, &word, &length), SQLITE_OK);
        ck_assert_msg(drift__is_keyword(word, (size_t)length), "%.*s is a keyword", length, word);
    }
    ck_assert(drift__is_keyword("select", 6));
    ck_assert(!drift__is_keyword("selec", 5));
    ck_assert(!drift__is_keyword("selects", 7));
    ck_assert(!drift__is_keyword("", 0));
}
END_TEST

START_TEST(reserved_words_are_those_that_sqlite_refuses_as_a_name)
{
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (int i = 0; i < sqlite3_keyword_count(); i++) {
        const char *word = NULL;
        int length = 0;
        char sql[128];
        sqlite3_keyword_name(i, &word, &length);
        snprintf(sql, sizeof sql, "CREATE TABLE t(%.*s); DROP TABLE t", length, word);
        const bool refused = sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK;
        ck_assert_msg(drift__is_reserved(word, (size_t)length) == refused, "%.*s", length, word);
    }
    sqlite3_close(db);
}
END_TEST

static void assert_name(const char *name, const char *written)
{
    drift__str s = DRIFT__STR_INIT;
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__put_name(&s, name);
    ck_assert_str_eq(drift__str_text(&s), written);
    ck_assert_str_eq(drift__unquote(&arena, s.text, s.length), name);
    drift__arena_dispose(&arena);
    drift__str_dispose(&s);
}

START_TEST(a_name_is_quoted_where_it_could_be_read_otherwise)
{
    assert_name("todos", "todos");
    assert_name("_a1", "_a1");
    assert_name("1a", "\"1a\"");
    assert_name("", "\"\"");
    assert_name("Order", "\"Order\"");
    assert_name("key", "\"key\"");
    assert_name("reply-to", "\"reply-to\"");
    assert_name("say \"x\"", "\"say \"\"x\"\"\"");
    assert_name("\xc3\xbc", "\"\xc3\xbc\"");
    assert_name("a$b", "\"a$b\"");
}
END_TEST

START_TEST(every_kind_of_quotes_is_taken_off)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_str_eq(drift__unquote(&arena, "'it''s'", 7), "it's");
    ck_assert_str_eq(drift__unquote(&arena, "`a``b`", 6), "a`b");
    ck_assert_str_eq(drift__unquote(&arena, "[a\"]", 4), "a\"");
    ck_assert_str_eq(drift__unquote(&arena, "\"\"", 2), "");
    ck_assert_str_eq(drift__unquote(&arena, "bare", 4), "bare");
    drift__arena_dispose(&arena);
}
END_TEST

/* The affinity SQLite gives a column shows in how it stores a text and a real. */
static drift__affinity affinity_by_sqlite(sqlite3 *db, const char *type)
{
    char sql[256];
    sqlite3_stmt *statement = NULL;
    snprintf(sql, sizeof sql, "CREATE TABLE t(a %s); INSERT INTO t VALUES('1'), (1), (1.5), ('9007199254740993.0');",
             type);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT group_concat(typeof(a), ' ') FROM t", -1, &statement, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    const char *types = (const char *)sqlite3_column_text(statement, 0);
    drift__affinity affinity = DRIFT__AFFINITY_NUMERIC;
    if (strncmp(types, "text text", 9) == 0) affinity = DRIFT__AFFINITY_TEXT;
    if (strncmp(types, "text integer", 12) == 0) affinity = DRIFT__AFFINITY_BLOB;
    if (strncmp(types, "real real", 9) == 0) affinity = DRIFT__AFFINITY_REAL;
    sqlite3_finalize(statement);
    /* INTEGER and NUMERIC differ only in CAST. */
    snprintf(sql, sizeof sql, "SELECT typeof(CAST('1.5' AS %s))", *type ? type : "BLOB");
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    if (affinity == DRIFT__AFFINITY_NUMERIC && strcmp((const char *)sqlite3_column_text(statement, 0), "integer") == 0)
        affinity = DRIFT__AFFINITY_INTEGER;
    sqlite3_finalize(statement);
    ck_assert_int_eq(sqlite3_exec(db, "DROP TABLE t", NULL, NULL, NULL), SQLITE_OK);
    return affinity;
}

START_TEST(affinities_are_sqlites)
{
    static const char *const types[] = {"",
                                        "INTEGER",
                                        "int",
                                        "BIGINT",
                                        "UNSIGNED BIG INT",
                                        "INT8",
                                        "POINT",
                                        "CHARACTER(20)",
                                        "VARCHAR(255)",
                                        "NCHAR(55)",
                                        "TEXT",
                                        "CLOB",
                                        "BLOB",
                                        "REAL",
                                        "DOUBLE",
                                        "DOUBLE PRECISION",
                                        "FLOAT",
                                        "NUMERIC",
                                        "DECIMAL(10,5)",
                                        "BOOLEAN",
                                        "DATE",
                                        "DATETIME",
                                        "STRING",
                                        "ieee ieee",
                                        "ANY",
                                        "CHARINT",
                                        "BLOBTEXT",
                                        "REALBLOB",
                                        "BLOBREAL",
                                        "FLOATING POINT",
                                        "DOUBCLOB",
                                        "TEXTBLOB",
                                        "xblobx",
                                        "JSON",
                                        "BLOBFLOA",
                                        "\"x\" TEXT",
                                        "'x' INT",
                                        "[TEXT] x",
                                        "`a``INT`",
                                        "TEXT \"INT\"",
                                        "\"\""};
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        ck_assert_msg(drift__affinity_of(types[i]) == affinity_by_sqlite(db, types[i]), "%s: %s", types[i],
                      drift__affinity_name(drift__affinity_of(types[i])));
    sqlite3_close(db);
}
END_TEST

START_TEST(a_cursor_walks_over_space_and_comments)
{
    static const char sql[] = " CREATE /* x */ Table -- y\n a ( b ( c ) ) d";
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    ck_assert(drift__cursor_take(&c, "create"));
    ck_assert(!drift__cursor_take(&c, "TABL"));
    ck_assert(drift__cursor_take(&c, "TABLE"));
    const drift__lexeme next = drift__cursor_peek(&c);
    ck_assert_int_eq(next.kind, DRIFT__TOKEN_OPEN);
    ck_assert(!drift__cursor_skip_balanced(&c));
    drift__cursor_next(&c);
    ck_assert(drift__cursor_skip_balanced(&c));
    ck_assert(drift__cursor_is(&c, "d"));
    ck_assert_uint_eq(drift__cursor_offset(&c), strlen(sql) - 1);
    drift__cursor_next(&c);
    ck_assert_int_eq(c.token.kind, DRIFT__TOKEN_END);
    drift__cursor open = drift__cursor_at("( a ( b )", 9);
    ck_assert(!drift__cursor_skip_balanced(&open));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sql");
    TCase *tcase = suite_case("sql");
    tcase_add_test(tcase, every_lexical_form_has_its_kind_and_length);
    tcase_add_test(tcase, what_sqlite_refuses_is_illegal);
    tcase_add_test(tcase, illegal_tokens_are_those_that_sqlite_does_not_recognise);
    tcase_add_test(tcase, keywords_are_sqlites);
    tcase_add_test(tcase, reserved_words_are_those_that_sqlite_refuses_as_a_name);
    tcase_add_test(tcase, a_name_is_quoted_where_it_could_be_read_otherwise);
    tcase_add_test(tcase, every_kind_of_quotes_is_taken_off);
    tcase_add_test(tcase, affinities_are_sqlites);
    tcase_add_test(tcase, a_cursor_walks_over_space_and_comments);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
