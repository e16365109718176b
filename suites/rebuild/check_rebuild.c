/* check_rebuild.c — CREATE statements changed by tokens: nothing but the name or the column differs afterwards. */
#include "base/alloc.h"
#include "drift/connection.h"
#include "rebuild/foreign_key.h"
#include "rebuild/setting.h"
#include "rebuild/text.h"
#include "support/suite.h"

/* --- placing --- */

typedef struct placing {
    const char *sql, *database, *name, *expected;
} placing;

static const placing placings[] = {
    {"CREATE TABLE t(a)", "main", "new \"t", "CREATE TABLE main.\"new \"\"t\"(a)"},
    {"create temporary table if not exists main . [t] (a)", "main", NULL, "CREATE table main.[t] (a)"},
    {"CREATE TABLE if(a)", "main", "x", "CREATE TABLE main.\"x\"(a)"},
    {"CREATE UNIQUE INDEX \"i j\" ON t(a) -- end", "main", NULL, "CREATE UNIQUE INDEX main.\"i j\" ON t(a) -- end"},
    {"CREATE TRIGGER 'tr' AFTER INSERT ON t BEGIN SELECT 1; END", "temp", NULL,
     "CREATE TRIGGER temp.'tr' AFTER INSERT ON t BEGIN SELECT 1; END"},
    {"/* c */ CREATE /* d */ VIEW v(a) AS SELECT 1", "main", NULL, "CREATE VIEW main.v(a) AS SELECT 1"},
    {"CREATE VIRTUAL TABLE IF NOT EXISTS f USING fts5(a)", "main", NULL, "CREATE VIRTUAL TABLE main.f USING fts5(a)"},
};

START_TEST(a_statement_is_placed_and_keeps_the_rest)
{
    drift_error err = {0};
    char *out = NULL;
    ck_assert_drift(drift__text_place(&out, placings[_i].sql, placings[_i].database, placings[_i].name, &err));
    ck_assert_str_eq(out, placings[_i].expected);
    drift__free(out);
}
END_TEST

START_TEST(a_text_that_creates_nothing_is_told)
{
    static const char *const texts[] = {"", "DROP TABLE t", "CREATE", "CREATE TABLE"};
    drift_error err = {0};
    char *out = NULL;
    ck_assert_drift_fails(drift__text_place(&out, texts[_i], "main", NULL, &err), DRIFT_SYNTAX);
}
END_TEST

/* --- adding a column --- */

typedef struct addition {
    const char *sql, *expected;
} addition;

static const addition additions[] = {
    {"CREATE TABLE t(a)", "CREATE TABLE t(a, n INT)"},
    {"CREATE TABLE t(a -- (\n)", "CREATE TABLE t(a, n INT -- (\n)"},
    {"CREATE TABLE t(a DEFAULT (1), \"check\" TEXT)", "CREATE TABLE t(a DEFAULT (1), \"check\" TEXT, n INT)"},
    {"CREATE TABLE t(a, b CHECK (b > 0), PRIMARY KEY (a, b)) WITHOUT ROWID",
     "CREATE TABLE t(a, b CHECK (b > 0), n INT, PRIMARY KEY (a, b)) WITHOUT ROWID"},
    {"CREATE TABLE t(a, b, constraint c CHECK (a) UNIQUE (b)) STRICT",
     "CREATE TABLE t(a, b, n INT, constraint c CHECK (a) UNIQUE (b)) STRICT"},
    {"CREATE TABLE t(a, FOREIGN KEY (a) REFERENCES p)", "CREATE TABLE t(a, n INT, FOREIGN KEY (a) REFERENCES p)"},
};

START_TEST(a_column_is_put_behind_the_last_and_before_the_constraints)
{
    drift_error err = {0};
    drift_connection *scratch = NULL;
    char *out = NULL;
    ck_assert_drift(drift__text_add_column(&out, additions[_i].sql, "n INT", &err));
    ck_assert_str_eq(out, additions[_i].expected);
    ck_assert_drift(drift_connection_memory(&scratch, NULL, &err));
    ck_assert_int_ne(drift_exec(scratch, out, NULL), DRIFT_SYNTAX);
    drift_connection_close(scratch);
    drift__free(out);
}
END_TEST

START_TEST(a_table_without_columns_takes_none)
{
    static const char *const texts[] = {"CREATE TABLE t AS SELECT 1", "CREATE TABLE t(a", "SELECT 1"};
    drift_error err = {0};
    char *out = NULL;
    ck_assert_drift_fails(drift__text_add_column(&out, texts[_i], "n INT", &err), DRIFT_SYNTAX);
}
END_TEST

/* --- names --- */

START_TEST(names_are_found_in_any_quotes_and_case_and_not_inside_others)
{
    ck_assert(drift__text_names("SELECT * FROM Todos", "todos"));
    ck_assert(drift__text_names("SELECT * FROM [todos]", "todos"));
    ck_assert(drift__text_names("SELECT * FROM `to``dos`", "to`dos"));
    ck_assert(drift__text_names("SELECT * FROM \"to\"\"dos\"", "to\"dos"));
    ck_assert(drift__text_names("SELECT * FROM 'todos'", "TODOS"));
    ck_assert(!drift__text_names("SELECT todos_x, 'all todos', /* todos */ xtodos -- todos", "todos"));
    ck_assert(!drift__text_names("SELECT \"todo\", \"todos2\"", "todos"));
    ck_assert(drift__text_qualifies("CHECK (\"t\" . a > 0)", "t"));
    ck_assert(!drift__text_qualifies("CHECK (t > 0), x.t", "t"));
}
END_TEST

START_TEST(a_triggers_event_and_columns_are_read)
{
    static const char sql[] = "CREATE TRIGGER tr INSTEAD OF UPDATE OF a, \"b c\" ON v BEGIN SELECT 1; END";
    drift__cursor c = {0};
    ck_assert_str_eq(drift__text_event(sql), "UPDATE");
    ck_assert(drift__text_next_column(&c, sql) && drift__text_means(&c.token, "A"));
    ck_assert(drift__text_next_column(&c, sql) && drift__text_means(&c.token, "b c"));
    ck_assert(!drift__text_next_column(&c, sql));
    ck_assert_str_eq(drift__text_event("CREATE TRIGGER before DELETE ON t BEGIN SELECT 1; END"), "DELETE");
    ck_assert_str_eq(drift__text_event("CREATE TRIGGER x AFTER insert ON t BEGIN SELECT 1; END"), "INSERT");
    ck_assert_ptr_null(drift__text_event("CREATE TABLE t(a)"));
    ck_assert_ptr_null(drift__text_event("nothing"));
}
END_TEST

/* --- settings and foreign keys --- */

START_TEST(foreign_keys_are_set_inside_a_transaction_too)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    bool on = true;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, "PRAGMA foreign_keys = ON; BEGIN", &err));
    ck_assert_drift(drift__setting_set(connection, DRIFT__SETTING_FOREIGN_KEYS, false, &err));
    ck_assert_drift(drift__setting_get(&on, connection, DRIFT__SETTING_FOREIGN_KEYS, &err));
    ck_assert(!on);
    drift_connection_close(connection);
}
END_TEST

START_TEST(foreign_keys_are_read_with_all_their_columns)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__foreign_keys keys;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection,
                               "CREATE TABLE p(a, b, PRIMARY KEY (a, b)); CREATE TABLE plain(references_nothing);"
                               "CREATE TABLE c(x, y, z references p, FOREIGN KEY (x, y) REFERENCES P(a, b))",
                               &err));
    ck_assert_drift(drift__foreign_keys_read(&keys, connection, &err));
    ck_assert_uint_eq(keys.count, 2);
    ck_assert_str_eq(keys.items[0].table, "c");
    ck_assert_str_eq(keys.items[0].parent, "P");
    ck_assert_uint_eq(keys.items[0].column_count, 2);
    ck_assert_str_eq(keys.items[0].from[1], "y");
    ck_assert_str_eq(keys.items[0].to[1], "b");
    ck_assert_uint_eq(keys.items[1].column_count, 1);
    ck_assert_ptr_null(keys.items[1].to[0]);
    drift__foreign_keys_dispose(&keys);
    drift_connection_close(connection);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

int main(void)
{
    Suite *suite = suite_create("rebuild");
    TCase *text = suite_case("text"), *keys = suite_case("keys");
    tcase_add_loop_test(text, a_statement_is_placed_and_keeps_the_rest, 0, COUNT(placings));
    tcase_add_loop_test(text, a_text_that_creates_nothing_is_told, 0, 4);
    tcase_add_loop_test(text, a_column_is_put_behind_the_last_and_before_the_constraints, 0, COUNT(additions));
    tcase_add_loop_test(text, a_table_without_columns_takes_none, 0, 3);
    tcase_add_test(text, names_are_found_in_any_quotes_and_case_and_not_inside_others);
    tcase_add_test(text, a_triggers_event_and_columns_are_read);
    tcase_add_test(keys, foreign_keys_are_set_inside_a_transaction_too);
    tcase_add_test(keys, foreign_keys_are_read_with_all_their_columns);
    suite_add_tcase(suite, text);
    suite_add_tcase(suite, keys);
    return suite_run(suite);
}
