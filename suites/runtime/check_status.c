/* check_status.c — SQLite's result codes as statuses. */
#include <sqlite3.h>

#include "runtime/cases.h"
#include "runtime/sqlite_error.h"
#include "support/suite.h"

START_TEST(every_primary_code_has_its_status)
{
    static const struct {
        int code, status;
    } rows[] = {
        {SQLITE_ERROR, DRIFT_SQL},
        {SQLITE_INTERNAL, DRIFT_SQL},
        {SQLITE_PERM, DRIFT_PERMISSION},
        {SQLITE_ABORT, DRIFT_INTERRUPTED},
        {SQLITE_BUSY, DRIFT_BUSY},
        {SQLITE_LOCKED, DRIFT_SQL},
        {SQLITE_NOMEM, DRIFT_NO_MEMORY},
        {SQLITE_READONLY, DRIFT_PERMISSION},
        {SQLITE_INTERRUPT, DRIFT_INTERRUPTED},
        {SQLITE_IOERR, DRIFT_IO},
        {SQLITE_CORRUPT, DRIFT_NOT_A_DATABASE},
        {SQLITE_NOTFOUND, DRIFT_UNSUPPORTED},
        {SQLITE_FULL, DRIFT_FULL},
        {SQLITE_CANTOPEN, DRIFT_IO},
        {SQLITE_PROTOCOL, DRIFT_BUSY},
        {SQLITE_SCHEMA, DRIFT_SQL},
        {SQLITE_TOOBIG, DRIFT_TOO_LARGE},
        {SQLITE_CONSTRAINT, DRIFT_CONSTRAINT},
        {SQLITE_MISMATCH, DRIFT_CONSTRAINT},
        {SQLITE_MISUSE, DRIFT_MISUSE},
        {SQLITE_NOLFS, DRIFT_UNSUPPORTED},
        {SQLITE_AUTH, DRIFT_PERMISSION},
        {SQLITE_RANGE, DRIFT_MISUSE},
        {SQLITE_NOTADB, DRIFT_NOT_A_DATABASE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(drift__sqlite_status(rows[i].code, "message"), rows[i].status);
}
END_TEST

START_TEST(extended_codes_follow_their_primary_code_unless_they_mean_something_else)
{
    ck_assert_int_eq(drift__sqlite_status(SQLITE_BUSY_SNAPSHOT, ""), DRIFT_BUSY);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_CONSTRAINT_UNIQUE, ""), DRIFT_CONSTRAINT);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_CONSTRAINT_FOREIGNKEY, ""), DRIFT_FOREIGN_KEY);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_IOERR_FSYNC, ""), DRIFT_IO);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_IOERR_NOMEM, ""), DRIFT_NO_MEMORY);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_LOCKED_SHAREDCACHE, ""), DRIFT_BUSY);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ABORT_ROLLBACK, ""), DRIFT_TRANSACTION);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_READONLY_DBMOVED, ""), DRIFT_PERMISSION);
}
END_TEST

START_TEST(a_text_that_is_no_sql_is_told_from_a_statement_that_cannot_run)
{
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ERROR, "near \"FRM\": syntax error"), DRIFT_SYNTAX);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ERROR, "unrecognized token: \"@\""), DRIFT_SYNTAX);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ERROR, "incomplete input"), DRIFT_SYNTAX);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ERROR, "no such table: incomplete input"), DRIFT_SQL);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_ERROR, NULL), DRIFT_SQL);
    ck_assert_int_eq(drift__sqlite_status(SQLITE_SCHEMA, "syntax error"), DRIFT_SQL);
}
END_TEST

START_TEST(a_statement_starts_behind_white_space_comments_and_semicolons)
{
    static const char text[] = "\xef\xbb\xbf ;; -- one\n/* two ; */\t/**/SELECT 1";
    ck_assert_uint_eq(drift__statement_start(text, 0), sizeof text - sizeof "SELECT 1");
    ck_assert_uint_eq(drift__statement_start("x", 0), 0);
    ck_assert_uint_eq(drift__statement_start("-- no end", 0), 9);
    ck_assert_uint_eq(drift__statement_start("/* no end", 0), 9);
    ck_assert_uint_eq(drift__statement_start("a; b", 1), 3);
}
END_TEST

TCase *status_case(void)
{
    TCase *tcase = suite_case("status");
    tcase_add_test(tcase, every_primary_code_has_its_status);
    tcase_add_test(tcase, extended_codes_follow_their_primary_code_unless_they_mean_something_else);
    tcase_add_test(tcase, a_text_that_is_no_sql_is_told_from_a_statement_that_cannot_run);
    tcase_add_test(tcase, a_statement_starts_behind_white_space_comments_and_semicolons);
    return tcase;
}
