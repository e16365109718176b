/* check_introspect.c — the schema of a live database. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "runtime/world.h"
#include "support/memory.h"
#include "support/suite.h"

/* "table t, index i": kinds and names in their order. */
static char *listing(const drift_schema *schema)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    char *text = NULL;
    for (size_t i = 0; i < schema->entity_count; i++)
        drift__str_printf(&s, "%s%s %s", i ? ", " : "", drift_entity_kind_name(schema->entities[i].kind),
                          schema->entities[i].name);
    ck_assert_drift(drift__str_take(&text, &s, &err));
    return text;
}

static drift_schema *introspect(drift_connection *connection)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_introspect(&schema, connection, &err));
    return schema;
}

static void assert_listing(drift_connection *connection, const char *expected)
{
    drift_schema *schema = introspect(connection);
    char *found = listing(schema);
    ck_assert_str_eq(found, expected);
    drift__free(found);
    drift_schema_free(schema);
}

START_TEST(everything_is_read_in_the_order_of_its_creation)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE b(id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE); CREATE INDEX j ON b(x);"
                             "CREATE VIEW v AS SELECT * FROM a; CREATE TABLE a(y PRIMARY KEY) WITHOUT ROWID;"
                             "CREATE TRIGGER g AFTER INSERT ON b BEGIN SELECT 1; END;"
                             "CREATE TRIGGER o INSTEAD OF INSERT ON v BEGIN SELECT 1; END;"
                             "INSERT INTO b(x) VALUES (1); ANALYZE; PRAGMA user_version = 7");
    assert_listing(w.connection, "table b, index j, view v, table a, trigger g, trigger o");
    drift_schema *schema = introspect(w.connection);
    ck_assert_int_eq(schema->version, 7);
    const drift_table *b = drift_schema_table(schema, "B");
    ck_assert_ptr_nonnull(b);
    ck_assert_uint_eq(b->column_count, 2);
    ck_assert_str_eq(b->columns[1].name, "x");
    ck_assert(drift_schema_table(schema, "a")->without_rowid);
    drift_schema_free(schema);
    world_close(&w);
}
END_TEST

START_TEST(an_empty_database_has_an_empty_schema)
{
    world w = world_open(_i);
    assert_listing(w.connection, "");
    drift_schema *schema = introspect(w.connection);
    ck_assert_int_eq(schema->version, 0);
    drift_schema_free(schema);
    world_close(&w);
}
END_TEST

START_TEST(a_stamp_that_is_no_version_is_none)
{
    world w = world_open(_i);
    world_exec(w.connection, "PRAGMA user_version = -3");
    drift_schema *schema = introspect(w.connection);
    ck_assert_int_eq(schema->version, 0);
    drift_schema_free(schema);
    world_close(&w);
}
END_TEST

START_TEST(texts_are_what_sqlite_stored)
{
    world w = world_open(_i);
    world_exec(w.connection, "create  temp table no(a); create table  if not exists main.t (a /* why */ int);"
                             "CREATE TABLE s AS SELECT 1 AS \"a b\"");
    drift_schema *schema = introspect(w.connection);
    ck_assert_uint_eq(schema->entity_count, 2);
    ck_assert_str_eq(schema->entities[0].sql, "CREATE TABLE t (a /* why */ int)");
    ck_assert_str_eq(schema->entities[1].sql, "CREATE TABLE s(\"a b\")");
    drift_schema_free(schema);
    world_close(&w);
}
END_TEST

START_TEST(shadow_tables_are_left_out_and_look_alikes_stay)
{
    world w = world_open(_i);
    world_exec(w.connection,
               "CREATE TABLE f_data_mine(a); CREATE VIRTUAL TABLE f USING fts5(x, content=''); CREATE TABLE g_data(a);"
               "CREATE VIRTUAL TABLE r USING rtree(id, lo, hi); CREATE TABLE android_metadata(locale);"
               "CREATE INDEX i ON g_data(a)");
    assert_listing(w.connection, "table f_data_mine, virtual table f, table g_data, virtual table r, index i");
    world_close(&w);
}
END_TEST

/* A broken view comes first in SQLite's own walk over the tables; a walk that stopped there would not know which tables
 * are shadows. */
START_TEST(broken_views_do_not_hide_shadow_tables)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE VIEW a AS SELECT * FROM nowhere; CREATE VIEW b AS SELECT nofn(1) COLLATE nocoll;"
                             "CREATE VIEW c AS SELECT * FROM d; CREATE VIEW d AS SELECT * FROM c;"
                             "CREATE VIRTUAL TABLE f USING fts5(x)");
    assert_listing(w.connection, "view a, view b, view c, view d, virtual table f");
    world_close(&w);
}
END_TEST

/* VACUUM writes tables first, virtual ones behind their shadows (vacuum.c). */
START_TEST(shadow_tables_are_known_after_a_vacuum)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE VIRTUAL TABLE f USING fts5(x); CREATE TABLE t(a); CREATE INDEX i ON t(a);"
                             "CREATE VIEW v AS SELECT a FROM t; VACUUM");
    assert_listing(w.connection, "table t, index i, virtual table f, view v");
    if (w.path) {
        drift_connection *again = world_connect(&w);
        assert_listing(again, "table t, index i, virtual table f, view v");
        drift_connection_close(again);
    }
    world_close(&w);
}
END_TEST

/* Rows as a file of unknown origin may hold them. */
static void store(world *w, const char *values)
{
    drift_error err = {0};
    char *sql = sqlite3_mprintf("PRAGMA writable_schema = ON;"
                                "INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES %s;"
                                "PRAGMA writable_schema = OFF",
                                values);
    sqlite3_db_config(drift_connection_handle(w->connection), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    ck_assert_drift(drift_exec(w->connection, sql, &err));
    sqlite3_free(sql);
    drift_connection_close(w->connection);
    ck_assert_drift(drift_connection_open(&w->connection, w->path, NULL, &err));
}

START_TEST(unknown_functions_collations_and_modules_are_read)
{
    world w = world_open(_i);
    world_exec(w.connection, "CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(x)");
    store(&w, "('view', 'v', 'v', 0, 'CREATE VIEW v AS SELECT nofn(a) COLLATE nocoll FROM nowhere'),"
              "('table', 'm', 'm', 0, 'CREATE VIRTUAL TABLE m USING nomodule(a, b)'),"
              "('trigger', 'g', 't', 0, 'CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT nofn(); END')");
    assert_listing(w.connection, "table t, virtual table f, view v, virtual table m, trigger g");
    drift_connection *inspected = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_connection_inspect(&inspected, w.path, NULL, &err));
    assert_listing(inspected, "table t, virtual table f, view v, virtual table m, trigger g");
    drift_connection_close(inspected);
    world_close(&w);
}
END_TEST

/* Why the order of sqlite_schema needs no sorting: SQLite reads no file in which it is another. */
START_TEST(a_trigger_that_is_stored_before_its_table_is_malformed)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_open(_i);
    store(&w, "('trigger', 'g', 't', 0, 'CREATE TRIGGER g INSTEAD OF INSERT ON t BEGIN SELECT 1; END'),"
              "('view', 't', 't', 0, 'CREATE VIEW t AS SELECT 1 AS a')");
    ck_assert_drift_fails(drift_introspect(&schema, w.connection, &err), DRIFT_NOT_A_DATABASE);
    world_close(&w);
}
END_TEST

START_TEST(a_row_of_an_unknown_type_is_malformed)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_open(_i);
    store(&w, "('strange', 's', 's', 0, 'CREATE VIEW s AS SELECT 1')");
    ck_assert_drift_fails(drift_introspect(&schema, w.connection, &err), DRIFT_NOT_A_DATABASE);
    world_close(&w);
}
END_TEST

START_TEST(a_malformed_schema_is_told)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_open(_i);
    store(&w, "('table', 't', 't', 99999, 'CREATE TABLE t(')");
    ck_assert_drift_fails(drift_introspect(&schema, w.connection, &err), DRIFT_NOT_A_DATABASE);
    ck_assert_ptr_null(schema);
    world_close(&w);
}
END_TEST

START_TEST(a_file_is_read_as_through_a_connection)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_open(_i);
    world_exec(w.connection,
               "CREATE TABLE t(a, b DEFAULT 1); CREATE INDEX i ON t(a); CREATE VIRTUAL TABLE f USING fts5(x);"
               "PRAGMA user_version = 3");
    ck_assert_drift(drift_introspect_file(&schema, w.path, NULL, &err));
    char *found = listing(schema);
    ck_assert_str_eq(found, "table t, index i, virtual table f");
    ck_assert_int_eq(schema->version, 3);
    ck_assert_str_eq(schema->entities[1].sql, "CREATE INDEX i ON t(a)");
    drift__free(found);
    drift_schema_free(schema);
    world_close(&w);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_told_by_its_path)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    world w = world_open(_i);
    ck_assert_drift_fails(drift_introspect_file(&schema, "no/such.db", NULL, &err), DRIFT_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.text, "no/such.db"));
    err = (drift_error){0};
    store(&w, "('table', 't', 't', 99999, 'CREATE TABLE t(')");
    ck_assert_drift_fails(drift_introspect_file(&schema, w.path, NULL, &err), DRIFT_NOT_A_DATABASE);
    ck_assert(strstr(err.text, w.path) || strstr(err.source, w.path));
    ck_assert_ptr_null(schema);
    world_close(&w);
}
END_TEST

/* A generator of its own, so that every run turns over the same bytes (Knuth, MMIX). */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void mutate(char *bytes, size_t length, uint64_t *state)
{
    for (uint64_t left = next_random(state) % 8 + 1; left > 0; left--) {
        const size_t range =
            next_random(state) % 4 == 0 ? 200 : length; /* the header and the schema's page more often */
        const size_t at = next_random(state) % range;
        if (next_random(state) % 2)
            bytes[at] = (char)next_random(state);
        else
            bytes[at] = (char)(bytes[at] ^ (1 << next_random(state) % 8));
    }
}

static void introspect_mutant(const char *path, const char *bytes, size_t length)
{
    drift_error err = {0}, found = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift__file_write(path, bytes, length, &err));
    const int rc = drift_introspect_file(&schema, path, NULL, &found);
    ck_assert_int_eq(rc, found.code);
    ck_assert((rc == DRIFT_OK) == (schema != NULL));
    ck_assert(rc == DRIFT_OK || found.text[0]);
    drift_schema_free(schema);
}

START_TEST(a_mutated_file_is_an_error_or_a_schema)
{
    drift_error err = {0};
    uint64_t state = 1;
    char *bytes = NULL;
    size_t length = 0;
    world w = world_open(WORLD_FILE);
    world_exec(w.connection, "PRAGMA page_size = 512; VACUUM; CREATE TABLE t(a, b CHECK (b > 0), c AS (a * 2));"
                             "CREATE INDEX i ON t(b) WHERE c > 1; CREATE VIEW v AS SELECT a FROM t;"
                             "CREATE TRIGGER g AFTER UPDATE OF b ON t BEGIN DELETE FROM t; END;"
                             "CREATE VIRTUAL TABLE f USING fts5(x)");
    ck_assert_drift(drift__file_read(&bytes, &length, w.path, &err));
    for (int i = 0; i < 1000; i++) {
        char *mutant = drift__strndup(bytes, length);
        ck_assert_ptr_nonnull(mutant);
        mutate(mutant, length, &state);
        introspect_mutant(w.path, mutant, length);
        drift__free(mutant);
    }
    drift__free(bytes);
    world_close(&w);
}
END_TEST

static void create_many(drift_connection *connection, int count)
{
    world_exec(connection, "BEGIN");
    for (int i = 0; i < count; i++) {
        char sql[400];
        sqlite3_snprintf(sizeof sql, sql,
                         "CREATE TABLE t%d(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b, c, d, e, f, g, h,"
                         " p REFERENCES t%d); CREATE INDEX i%d ON t%d(a); CREATE VIEW v%d AS SELECT * FROM none%d",
                         i, i, i, i, i, i);
        world_exec(connection, sql);
    }
    world_exec(connection, "COMMIT; CREATE VIRTUAL TABLE f USING fts5(x)");
}

static int64_t time_introspection(int count)
{
    world w = world_open(WORLD_MEMORY);
    create_many(w.connection, count);
    const clock_t start = clock(); /* the processor's: other programs' work does not count */
    drift_schema *schema = introspect(w.connection);
    const int64_t took = (int64_t)(clock() - start) * 1000000 / CLOCKS_PER_SEC;
    ck_assert_uint_eq(schema->entity_count, (size_t)count * 3 + 1);
    drift_schema_free(schema);
    world_close(&w);
    return took;
}

START_TEST(the_time_grows_with_the_schema_and_not_with_its_square)
{
    const int64_t small = time_introspection(500), large = time_introspection(5000);
    printf("introspect: 500 tables %lld us, 5000 tables %lld us\n", (long long)small, (long long)large);
    ck_assert_msg(large < small * 40 + 100000, "500 tables: %lld us, 5000 tables: %lld us", (long long)small,
                  (long long)large);
}
END_TEST

static world swept;

static int attempt_file(void)
{
    drift_schema *schema = NULL;
    const int rc = drift_introspect_file(&schema, swept.path, NULL, NULL);
    drift_schema_free(schema);
    return rc;
}

static int attempt(void)
{
    drift_schema *schema = NULL;
    drift_connection *connection = NULL;
    if (swept.path) return attempt_file();
    int rc = drift_connection_adopt(&connection, drift_connection_handle(swept.connection), NULL);
    if (rc == DRIFT_OK) rc = drift_introspect(&schema, connection, NULL);
    drift_schema_free(schema);
    drift_connection_close(connection);
    return rc;
}

START_TEST(introspection_survives_want_of_memory)
{
    swept = world_open(_i);
    world_exec(swept.connection, "CREATE TABLE t(a, b DEFAULT 1); CREATE INDEX i ON t(a); CREATE VIEW v AS SELECT 1");
    if (_i == WORLD_MEMORY) world_exec(swept.connection, "CREATE VIRTUAL TABLE f USING fts5(x)");
    bool hit = true;
    for (long nth = 1; hit; nth++) {
        suite_memory_fail(nth, nth % 2 == 0);
        const int rc = attempt();
        hit = suite_memory_restore();
        ck_assert_msg(rc == DRIFT_OK || (hit && rc == DRIFT_NO_MEMORY), "allocation %ld failing gave %s", nth,
                      drift_status_name(rc));
    }
    world_close(&swept);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("introspect");
    TCase *tcase = suite_case("introspect");
    tcase_add_loop_test(tcase, everything_is_read_in_the_order_of_its_creation, 0, WORLDS);
    tcase_add_loop_test(tcase, an_empty_database_has_an_empty_schema, 0, WORLDS);
    tcase_add_loop_test(tcase, a_stamp_that_is_no_version_is_none, 0, WORLDS);
    tcase_add_loop_test(tcase, texts_are_what_sqlite_stored, 0, WORLDS);
    tcase_add_loop_test(tcase, shadow_tables_are_left_out_and_look_alikes_stay, 0, WORLDS);
    tcase_add_loop_test(tcase, broken_views_do_not_hide_shadow_tables, 0, WORLDS);
    tcase_add_loop_test(tcase, shadow_tables_are_known_after_a_vacuum, 0, WORLDS);
    tcase_add_loop_test(tcase, unknown_functions_collations_and_modules_are_read, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_trigger_that_is_stored_before_its_table_is_malformed, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_row_of_an_unknown_type_is_malformed, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_malformed_schema_is_told, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_file_is_read_as_through_a_connection, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_loop_test(tcase, a_file_that_cannot_be_read_is_told_by_its_path, WORLD_FIRST_ON_DISK, WORLDS);
    tcase_add_test(tcase, a_mutated_file_is_an_error_or_a_schema);
    tcase_add_test(tcase, the_time_grows_with_the_schema_and_not_with_its_square);
    tcase_add_loop_test(tcase, introspection_survives_want_of_memory, 0, WORLD_WAL);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
