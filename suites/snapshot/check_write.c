/* check_write.c — a schema to a snapshot. */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/str.h"
#include "drift/connection.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "snapshot/cases.h"
#include "snapshot/name.h"
#include "snapshot/statement.h"
#include "snapshot/type.h"

static drift_schema *parsed(const char *sql)
{
    drift_error err = {0};
    drift_schema *schema = NULL;
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    return schema;
}

static char *printed(const drift_schema *schema)
{
    drift_error err = {0};
    char *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift_snapshot_print(&text, &length, schema, &err));
    ck_assert_uint_eq(length, strlen(text));
    return text;
}

/* The schema of a database that holds what these statements make. */
static drift_schema *built(const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift_schema *schema = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, sql, &err));
    ck_assert_drift(drift_introspect(&schema, connection, &err));
    drift_connection_close(connection);
    return schema;
}

static const char every_kind[] =
    "CREATE TABLE IF NOT EXISTS main.\"order\" (\n"
    "    id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "    customer_id INT NOT NULL REFERENCES customers ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n"
    "    \"reply-to\" VARCHAR(20) DEFAULT 'it''s $5\\' COLLATE NOCASE, -- where to\n"
    "    total DECIMAL(10, 2) DEFAULT (1 + 2) CONSTRAINT positive CHECK (total > 0) UNIQUE,\n"
    "    label TEXT GENERATED ALWAYS AS (upper(\"reply-to\")) STORED,\n"
    "    untyped,\n"
    "    UNIQUE (total, label),\n"
    "    FOREIGN KEY (total) REFERENCES prices (amount) ON UPDATE SET NULL\n"
    ");\n"
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, favourite INTEGER REFERENCES \"order\" (id)) STRICT;\n"
    "CREATE TABLE prices (amount ANY, since TEXT NOT NULL, PRIMARY KEY (since DESC, amount)) WITHOUT ROWID, STRICT;\n"
    "CREATE UNIQUE INDEX IF NOT EXISTS main.by_label ON \"order\" (label COLLATE NOCASE DESC) WHERE label IS NOT NULL "
    "/* x */;\n"
    "CREATE VIEW open_orders(number, who) AS SELECT o.id, c.id FROM \"order\" o, customers c -- all\n;\n"
    "CREATE TRIGGER IF NOT EXISTS priced AFTER INSERT ON \"order\" BEGIN INSERT INTO prices VALUES (new.total, 'now'); "
    "END;\n"
    "CREATE TRIGGER customers INSTEAD OF UPDATE OF who ON open_orders BEGIN SELECT 1; END;\n"
    "CREATE VIRTUAL TABLE notes USING fts5(title, \"bo dy\" UNINDEXED, content='prices', tokenize = \"porter\");\n";

START_TEST(every_kind_of_entity_is_written_as_drift_writes_it)
{
    drift_schema *schema = parsed(every_kind);
    char *text = printed(schema);
    suite_golden("snapshot/every_kind.json", text);
    drift_free(text);
    drift_schema_free(schema);
}
END_TEST

START_TEST(a_file_of_sql_and_the_database_it_makes_are_written_alike)
{
    drift_schema *file = parsed(every_kind), *database = built(every_kind);
    char *of_file = printed(file), *of_database = printed(database);
    ck_assert_str_eq(of_file, of_database);
    drift_free(of_file);
    drift_free(of_database);
    drift_schema_free(file);
    drift_schema_free(database);
}
END_TEST

/* Twice around: read, build, dump. */
START_TEST(a_dump_of_a_rebuilt_database_is_the_dump_it_was_built_from)
{
    drift_schema *first = built(every_kind);
    char *dump = printed(first);
    drift_snapshot *snapshot = snapshot_of(dump, NULL);
    char *again = printed(&snapshot->schema), *sql = statements_of(&snapshot->schema);
    ck_assert_str_eq(again, dump);
    drift_schema *second = built(sql);
    char *rebuilt = printed(second);
    ck_assert_str_eq(rebuilt, dump);
    drift_free(rebuilt);
    drift_schema_free(second);
    drift_free(sql);
    drift_free(again);
    drift_snapshot_free(snapshot);
    drift_free(dump);
    drift_schema_free(first);
}
END_TEST

START_TEST(a_query_is_written_under_its_name_in_fixed_sql)
{
    char *json = snapshot_with("{\"id\": 1, \"references\": [], \"type\": \"special-query\", \"data\": {\"scenario\": "
                               "\"create\", \"sql\": \"INSERT INTO t VALUES (1); \"}}");
    drift_snapshot *snapshot = snapshot_of(json, NULL);
    char *text = printed(&snapshot->schema);
    ck_assert_ptr_nonnull(strstr(text, "\"scenario\": \"create\",\n        \"sql\": \"INSERT INTO t VALUES (1)\""));
    ck_assert_ptr_nonnull(strstr(text, "\"name\": \"$internal$\""));
    drift_free(text);
    drift_snapshot_free(snapshot);
    drift_free(json);
}
END_TEST

START_TEST(an_empty_schema_is_a_snapshot)
{
    const drift_schema empty = {0, NULL, 0};
    char *text = printed(&empty);
    ck_assert_str_eq(text,
                     "{\n  \"_meta\": {\n    \"description\": \"This file contains a serialized version of schema "
                     "entities for drift.\",\n    \"version\": \"1.3.0\"\n  },\n  \"options\": {\n    "
                     "\"store_date_time_values_as_text\": false\n  },\n  \"entities\": [],\n  \"fixed_sql\": []\n}\n");
    drift_free(text);
}
END_TEST

START_TEST(texts_are_escaped)
{
    drift_schema *schema = parsed("CREATE TABLE \"a\\\"\"\x01\t\xc3\xbc\" (\"?\" TEXT DEFAULT 'two\nlines\r')");
    char *text = printed(schema);
    ck_assert_ptr_nonnull(strstr(text, "\"name\": \"a\\\\\\\"\\u0001\\t\xc3\xbc\""));
    ck_assert_ptr_nonnull(strstr(text, "\"default_dart\": \"const CustomExpression('\\\\'two\\\\nlines\\\\r\\\\'')\""));
    drift_snapshot *snapshot = snapshot_of(text, &(drift_snapshot_options){.entities_only = true});
    ck_assert_str_eq(snapshot->schema.entities[0].name, "a\\\"\x01\t\xc3\xbc");
    drift_snapshot_free(snapshot);
    drift_free(text);
    drift_schema_free(schema);
}
END_TEST

START_TEST(what_json_cannot_hold_is_an_error)
{
    /* The second stands where only the statement as a whole holds it: in a type's name. */
    static const char *const statements[] = {"CREATE TABLE t (a DEFAULT '\xff')", "CREATE TABLE t (a INT\xff, b)"};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        drift_error err = {0};
        char *text = NULL;
        drift_schema *schema = parsed(statements[i]);
        ck_assert_drift_fails(drift_snapshot_print(&text, NULL, schema, &err), DRIFT_FORMAT);
        ck_assert_str_eq(err.text, "the statement of table t is not UTF-8, which JSON cannot hold");
        ck_assert_ptr_null(text);
        drift_schema_free(schema);
    }
}
END_TEST

START_TEST(an_index_on_nothing_is_an_error)
{
    drift_error err = {0};
    char *text = NULL;
    drift_schema *schema = parsed("CREATE INDEX i ON gone (a)");
    ck_assert_drift_fails(drift_snapshot_print(&text, NULL, schema, &err), DRIFT_FORMAT);
    ck_assert_str_eq(err.text, "index i stands on gone, which the schema does not have");
    drift_schema_free(schema);
}
END_TEST

/* The parser may one day not understand what SQLite accepts; the text alone must do. */
START_TEST(an_opaque_statement_is_written_by_its_text)
{
    const drift_entity entities[] = {
        {.kind = DRIFT_ENTITY_TABLE, .name = "t", .sql = "CREATE TABLE t(<?>)", .opaque = true},
        {.kind = DRIFT_ENTITY_INDEX, .name = "i", .sql = "CREATE INDEX i ON \"T\" (<?>)", .opaque = true},
        {.kind = DRIFT_ENTITY_VIEW, .name = "v", .sql = "CREATE VIEW v AS <?>", .opaque = true},
        {.kind = DRIFT_ENTITY_VIRTUAL_TABLE, .name = "f", .sql = "CREATE VIRTUAL TABLE f <?>", .opaque = true},
        {.kind = DRIFT_ENTITY_TRIGGER, .name = "g", .sql = "CREATE TRIGGER g ON v <?>", .opaque = true},
    };
    const drift_schema schema = {1, entities, sizeof entities / sizeof entities[0]};
    char *text = printed(&schema);
    suite_golden("snapshot/opaque.json", text);
    drift_free(text);
}
END_TEST

START_TEST(a_statement_is_written_as_sqlite_keeps_it)
{
    static const char *const pairs[][2] = {
        {"create table if not exists main . t(a) ;", "CREATE TABLE t(a)"},
        {"CREATE TEMPORARY TABLE \"t\" (a) -- x", "CREATE TEMP TABLE \"t\" (a)"},
        {"CREATE TABLE if(a)", "CREATE TABLE if(a)"},
        {"/* x */ CREATE /* y */ UNIQUE INDEX [i] ON t(a)\n;;", "CREATE UNIQUE INDEX [i] ON t(a)"},
        {"CREATE TRIGGER IF NOT EXISTS `g` DELETE ON t BEGIN SELECT 1; END;",
         "CREATE TRIGGER `g` DELETE ON t BEGIN SELECT 1; END"},
        {"CREATE VIRTUAL TABLE temp.f USING fts5(a)", "CREATE VIRTUAL TABLE f USING fts5(a)"},
        {"CREATE VIEW 'v' AS SELECT 1", "CREATE VIEW 'v' AS SELECT 1"},
        {"SELECT 1;", "SELECT 1;"},
        {"CREATE TABLE", "CREATE TABLE"},
        {"CREATE TABLE main.(a)", "CREATE TABLE main.(a)"},
        {"CREATE SEQUENCE s", "CREATE SEQUENCE s"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        drift__str s = DRIFT__STR_INIT;
        drift__statement_put(&s, pairs[i][0]);
        ck_assert_str_eq(drift__str_text(&s), pairs[i][1]);
        drift__str_dispose(&s);
    }
}
END_TEST

START_TEST(names_in_dart_are_in_camel_case)
{
    static const struct {
        const char *name, *camel, *pascal;
    } names[] = {
        {"due_date", "dueDate", "DueDate"},
        {"id", "id", "Id"},
        {"ID", "id", "Id"},
        {"createdAt", "createdAt", "CreatedAt"},
        {"userID", "userID", "UserID"},
        {"HTTP_PORT", "httpPort", "HttpPort"},
        {"reply-to", "replyTo", "ReplyTo"},
        {"table/with/slashes.csv", "tableWithSlashesCsv", "TableWithSlashesCsv"},
        {"_200_calories", "u200Calories", "U200Calories"},
        {"\xc3\xbc", "u", "U"},
        {"", "u", "U"},
    };
    drift__arena arena = DRIFT__ARENA_INIT;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ck_assert_str_eq(drift__dart_name(&arena, names[i].name, false), names[i].camel);
        ck_assert_str_eq(drift__dart_name(&arena, names[i].name, true), names[i].pascal);
    }
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(actions_of_foreign_keys_are_named_as_in_drift)
{
    drift_schema *schema =
        parsed("CREATE TABLE p (id INTEGER PRIMARY KEY);"
               "CREATE TABLE c (a REFERENCES p ON DELETE NO ACTION ON UPDATE SET DEFAULT,"
               " b REFERENCES p (id) ON DELETE SET NULL ON UPDATE RESTRICT, d REFERENCES gone (id))");
    char *text = printed(schema);
    ck_assert_ptr_nonnull(
        strstr(text, "\"on_update\": \"setDefault\",\n                  \"on_delete\": \"noAction\""));
    ck_assert_ptr_nonnull(strstr(text, "\"on_update\": \"restrict\",\n                  \"on_delete\": \"setNull\""));
    ck_assert_ptr_null(strstr(text, "\"table\": \"gone\""));
    drift_free(text);
    drift_schema_free(schema);
}
END_TEST

START_TEST(columns_of_a_module_that_is_no_full_text_index_are_not_known)
{
    drift_schema *schema = parsed("CREATE VIRTUAL TABLE area USING rtree(id, low, high);"
                                  "CREATE VIRTUAL TABLE words USING fts4(body TEXT, tokenize=porter)");
    char *text = printed(schema);
    ck_assert_ptr_nonnull(strstr(text, "\"columns\": [],\n        \"is_virtual\": true"));
    ck_assert_ptr_nonnull(strstr(text, "\"name\": \"body\""));
    ck_assert_ptr_null(strstr(text, "\"name\": \"tokenize\""));
    drift_free(text);
    drift_schema_free(schema);
}
END_TEST

START_TEST(columns_never_share_a_getter)
{
    drift_schema *schema = parsed("CREATE TABLE t (a_b, aB, \"a-b\", aB1)");
    char *text = printed(schema);
    const char *at = text;
    static const char *const getters[] = {"\"aB\"", "\"aB1\"", "\"aB2\"", "\"aB11\""};
    for (size_t i = 0; i < 4; i++) {
        at = strstr(at, "\"getter_name\": ");
        ck_assert_ptr_nonnull(at);
        at += strlen("\"getter_name\": ");
        ck_assert_msg(strncmp(at, getters[i], strlen(getters[i])) == 0, "%.10s", at);
    }
    drift_free(text);
    drift_schema_free(schema);
}
END_TEST

START_TEST(types_are_the_nearest_by_affinity)
{
    static const struct {
        const char *declared;
        bool strict;
        const char *type;
    } types[] = {
        {"INTEGER", false, "int"},
        {"BIGINT", false, "int"},
        {"VARCHAR(9)", false, "string"},
        {"CLOB", false, "string"},
        {"REAL", false, "double"},
        {"NUMERIC", false, "double"},
        {"DECIMAL(1,2)", false, "double"},
        {"", false, "blob"},
        {"BLOB", true, "blob"},
        {"ANY", true, "any"},
        {"ANY", false, "double"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        ck_assert_msg(strcmp(drift__moor_type(types[i].declared, types[i].strict), types[i].type) == 0, "%s",
                      types[i].declared);
}
END_TEST

TCase *write_case(void)
{
    TCase *c = suite_case("write");
    tcase_add_test(c, every_kind_of_entity_is_written_as_drift_writes_it);
    tcase_add_test(c, a_file_of_sql_and_the_database_it_makes_are_written_alike);
    tcase_add_test(c, a_dump_of_a_rebuilt_database_is_the_dump_it_was_built_from);
    tcase_add_test(c, a_query_is_written_under_its_name_in_fixed_sql);
    tcase_add_test(c, an_empty_schema_is_a_snapshot);
    tcase_add_test(c, texts_are_escaped);
    tcase_add_test(c, what_json_cannot_hold_is_an_error);
    tcase_add_test(c, an_index_on_nothing_is_an_error);
    tcase_add_test(c, an_opaque_statement_is_written_by_its_text);
    tcase_add_test(c, a_statement_is_written_as_sqlite_keeps_it);
    tcase_add_test(c, names_in_dart_are_in_camel_case);
    tcase_add_test(c, actions_of_foreign_keys_are_named_as_in_drift);
    tcase_add_test(c, columns_of_a_module_that_is_no_full_text_index_are_not_known);
    tcase_add_test(c, columns_never_share_a_getter);
    tcase_add_test(c, types_are_the_nearest_by_affinity);
    return c;
}
