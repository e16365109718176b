/* check_keep.c — what is kept of a failed case: a script that shows the failure to whoever runs it, with nothing in it
 * that is not needed. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "outcome/outcome.h"
#include "parse/parse.h"
#include "support/memory.h"
#include "support/program.h"
#include "support/suite.h"
#include "verify/given.h"
#include "verify/script.h"

/* ---- replaying ---- */

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *out = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const char *text = drift_column_text(row, i, NULL);
        drift__str_printf(out, "%s%s", i ? "|" : "", text ? text : "");
    }
    drift__str_puts(out, "\n");
    return DRIFT_OK;
}

/* As `sqlite3 :memory: < path` does with .bail on: what the queries answer, and the error that ended it. */
static char *replay(const char *path)
{
    drift_error err = {0};
    drift_connection *shell = NULL;
    drift__str out = DRIFT__STR_INIT;
    char *sql = NULL, *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift__script_read(&sql, &length, path, &err));
    ck_assert_drift(drift_connection_memory(&shell, NULL, &err));
    for (size_t at = 0, next = 0; at < length && !err.code; at += next) {
        drift_error blank = {0};
        const size_t statement = drift__statement_length(&next, sql + at, length - at);
        if (!next) break;
        char *one = drift__strndup(sql + at, statement);
        drift_statement *prepared = NULL;
        if (drift_statement_prepare(&prepared, shell, one, &blank) != DRIFT_SYNTAX || blank.line) {
            drift_statement_free(prepared);
            (void)drift_query(shell, one, NULL, 0, put_row, &out, &err);
        }
        drift_free(one);
    }
    if (err.code) drift__str_printf(&out, "error: %s\n", err.text);
    drift_connection_close(shell);
    drift_free(sql);
    err = (drift_error){0};
    ck_assert_drift(drift__str_take(&text, &out, &err));
    return text;
}

/* The shell itself, where there is one. */
static const char *find_shell(void)
{
    static const char *const places[] = {"/usr/bin/sqlite3", "/usr/local/bin/sqlite3", "/opt/homebrew/bin/sqlite3"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        if (access(places[i], X_OK) == 0) return places[i];
    }
    return NULL;
}

static char *replay_in_shell(const char *path)
{
    char *out = NULL, read[512];
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    snprintf(read, sizeof read, ".read '%s'", path);
    program_result result = program_run(find_shell(), (const char *const[]){":memory:", read, NULL});
    drift__str_puts(&text, result.out);
    drift__str_puts(&text, result.err);
    program_result_dispose(&result);
    ck_assert_drift(drift__str_take(&out, &text, &err));
    return out;
}

/* ---- a case ---- */

typedef struct story {
    const char *name;
    const char *before, *after, *step;
    drift_runner runner;
    drift_data_level level;
    const char *found; /* stands in the script's head */
    const char *shown; /* stands in what a replay answers */
    int inserts;       /* how many rows the script has, and indexes that it rebuilds */
} story;

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr(text, part)); text += strlen(part)) count++;
    return count;
}

/* Verifies one level and keeps what fails; gives the path of the script in the folder. */
static char *keep(const story *s, const char *folder)
{
    given g = given_pair(s->before, s->after, s->step);
    const drift_verify_options options = {
        .levels = 1u << s->level, .seed = 7, .runner = s->runner, .keep = folder, .no_paths = true};
    drift_outcome *outcome = given_verify(&g, &options);
    ck_assert_msg(outcome->summary.failed == 1, "%s: nothing was found", s->name);
    drift_outcome_free(outcome);
    given_done(&g);
    char name[64];
    snprintf(name, sizeof name, "v1_to_v2_%s/repro.sql", drift_data_level_name(s->level));
    return drift__path_join(folder, name);
}

static char *text_of(const char *path)
{
    drift_error err = {0};
    char *text = NULL;
    size_t length = 0;
    ck_assert_drift(drift__file_read(&text, &length, path, &err));
    return text;
}

static void assert_holds(const story *s, const char *what, const char *text, const char *part)
{
    ck_assert_msg(strstr(text, part) != NULL, "%s: expected \"%s\" in the %s:\n%s", s->name, part, what, text);
}

#define REBUILD(columns, select) \
    "CREATE TABLE n " columns "; INSERT INTO n " select " FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t"
#define T "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)"

static const story stories[] = {
    {"rows lost", T, T, "DELETE FROM t WHERE b IS NULL", DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY, "-- data.lost_rows",
     "\n1|0\n", 1},
    {"a value changed", T, T, "UPDATE t SET a = a || '!' WHERE a IS NOT NULL", DRIFT_RUNNER_DRIFT, DRIFT_DATA_HOSTILE,
     "-- data.changed", "''|'!'", 1},
    {"columns shifted", T, "CREATE TABLE t (id INTEGER PRIMARY KEY, b INT, a TEXT)",
     REBUILD("(id INTEGER PRIMARY KEY, b INT, a TEXT)", "SELECT *"), DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE,
     "-- data.changed", "'0'", 1},
    {"an affinity", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
     "UPDATE t SET a = CAST(CAST(a AS REAL) AS TEXT) WHERE a GLOB '[0-9]*'", DRIFT_RUNNER_DRIFT, DRIFT_DATA_HOSTILE,
     "-- data.changed", "'|'", 1},
    {"a statement that fails", T, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)",
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT NOT NULL, b INT)", "SELECT *"), DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY,
     "-- migration.failed", "NOT NULL constraint failed: n.a", 1},
    {"a cascade",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t ON"
     " DELETE CASCADE)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t ON"
     " DELETE CASCADE)",
     REBUILD("(id INTEGER PRIMARY KEY, a TEXT)", "SELECT *"), DRIFT_RUNNER_TRANSACTION, DRIFT_DATA_ONE,
     "-- data.lost_rows", "\n1|0\n", 2},
    {"a transaction left open", T, T, "BEGIN; DELETE FROM t", DRIFT_RUNNER_PLAIN, DRIFT_DATA_BOUNDARY,
     "-- migration.transaction", "cannot start a transaction within a transaction", 0},
    {"an orphan",
     "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, t INT REFERENCES t)",
     "UPDATE c SET t = -5", DRIFT_RUNNER_PLAIN, DRIFT_DATA_BOUNDARY, "-- fk.violation", "c|1|t|0", 1},
    {"a reference to nothing", "CREATE TABLE t (a)", "CREATE TABLE t (a); CREATE TABLE c (x REFERENCES nowhere)",
     "CREATE TABLE c (x REFERENCES nowhere)", DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE, "-- fk.dangling", "\nnowhere|\n", 0},
    {"a schema", T, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL)", "SELECT 1", DRIFT_RUNNER_DRIFT,
     DRIFT_DATA_ONE, "-- schema.column.type", "REAL|CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)", 0},
    {"rowids", "CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT)", REBUILD("(a TEXT)", "SELECT *"),
     DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY, "-- hidden.rowid", "|1\n", 1},
    {"a sequence", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "DELETE FROM sqlite_sequence", DRIFT_RUNNER_DRIFT,
     DRIFT_DATA_BOUNDARY, "-- hidden.sequence", "9007199254731000|0", 0},
    {"a full-text index",
     "CREATE TABLE d (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content = 'd', "
     "content_rowid"
     " = 'id')",
     "CREATE TABLE d (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content = 'd', "
     "content_rowid"
     " = 'id')",
     "INSERT INTO d (a) VALUES ('new words')", DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY, "-- hidden.fts",
     "database disk image is malformed", 1},
    {"a view", T ";CREATE TABLE u (x); CREATE VIEW v AS SELECT x FROM u", T ";CREATE VIEW v AS SELECT x FROM u",
     "DROP TABLE u", DRIFT_RUNNER_PLAIN, DRIFT_DATA_ONE, "-- hidden.view", "no such table: main.u", 0},
    {"a trigger",
     T ";CREATE TABLE u (x); CREATE TRIGGER r AFTER UPDATE OF b ON t BEGIN INSERT INTO u VALUES (new.b); END",
     T ";CREATE TRIGGER r AFTER UPDATE OF b ON t BEGIN INSERT INTO u VALUES (new.b); END", "DROP TABLE u",
     DRIFT_RUNNER_PLAIN, DRIFT_DATA_ONE, "-- hidden.trigger", "no such table: main.u", 0},
    {"a row that is refused", T, T, "CREATE TRIGGER r BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'read only'); END",
     DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY, "-- hidden.insert", "read only", 0},
    {"a TEMP table", T, T, "CREATE TEMP TABLE copy AS SELECT * FROM t", DRIFT_RUNNER_DRIFT, DRIFT_DATA_BOUNDARY,
     "-- hidden.temp", "table|copy", 0},
    {"integrity", "CREATE TABLE t (a TEXT)", "CREATE TABLE t (a TEXT NOT NULL)",
     "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t (a TEXT NOT NULL)' WHERE name = 't';"
     "PRAGMA writable_schema = RESET",
     DRIFT_RUNNER_PLAIN, DRIFT_DATA_BOUNDARY, "-- hidden.integrity", "NULL value in t.a", 1},
    {"an index that is gone", T, T "; CREATE INDEX i ON t (a)", "SELECT 1", DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE,
     "-- schema.missing", "CREATE INDEX i ON t (a)|\n", 0},
    {"full-text rows", "CREATE VIRTUAL TABLE f USING fts5 (a)", "CREATE VIRTUAL TABLE f USING fts5 (a)",
     "DELETE FROM f", DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE, "-- data.lost_rows", "\n1|0\n", 1},
    {"no key is left", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
     "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
     "UPDATE sqlite_sequence SET seq = 9223372036854775807", DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE, "-- hidden.insert",
     "database or disk is full", 0},
    {"names in need of quotes", "CREATE TABLE \"a \"\" b\" (\"x y\" TEXT, id INTEGER PRIMARY KEY)",
     "CREATE TABLE \"a \"\" b\" (\"x y\" TEXT, id INTEGER PRIMARY KEY)", "UPDATE \"a \"\" b\" SET \"x y\" = x'00'",
     DRIFT_RUNNER_DRIFT, DRIFT_DATA_ONE, "--   object:   a \" b.x y", "NULL|X'00'", 1},
    {"statements that end in a comment", "CREATE TABLE t (a TEXT -- the text\n)", "CREATE TABLE t (a TEXT)",
     "DELETE FROM t -- all of them", DRIFT_RUNNER_TRANSACTION, DRIFT_DATA_HOSTILE, "-- data.lost_rows", "\n1|0\n", 1},
};

START_TEST(a_replay_shows_what_was_found)
{
    const story *s = &stories[_i];
    char *folder = suite_folder(), *path = keep(s, folder), *script = text_of(path), *answer = replay(path);
    drift__str lines = DRIFT__STR_INIT;
    drift__str_printf(&lines, "\n%s", answer);
    assert_holds(s, "script", script, s->found);
    assert_holds(s, "answer", drift__str_text(&lines), s->shown);
    ck_assert_msg(count_of(script, "\nINSERT INTO \"") == s->inserts, "%s: expected %d rows in the script:\n%s",
                  s->name, s->inserts, script);
    drift__str_dispose(&lines);
    drift_free(answer);
    drift_free(script);
    drift_free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(the_shell_alone_replays_it)
{
    const story *s = &stories[_i];
    if (!find_shell()) return;
    char *folder = suite_folder(), *path = keep(s, folder), *answer = replay_in_shell(path);
    drift__str lines = DRIFT__STR_INIT;
    drift__str_printf(&lines, "\n%s", answer);
    assert_holds(s, "shell's answer", drift__str_text(&lines), s->shown);
    drift__str_dispose(&lines);
    drift_free(answer);
    drift_free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(the_same_case_gives_the_same_script)
{
    const story *s = &stories[1];
    char *scripts[2];
    for (int i = 0; i < 2; i++) {
        char *folder = suite_folder(), *path = keep(s, folder);
        scripts[i] = text_of(path);
        drift_free(path);
        suite_folder_remove(folder);
    }
    ck_assert_str_eq(scripts[0], scripts[1]);
    drift_free(scripts[0]);
    drift_free(scripts[1]);
}
END_TEST

START_TEST(a_whole_script_reads_like_this)
{
    const story *s = &stories[0];
    char *folder = suite_folder(), *path = keep(s, folder), *script = text_of(path);
    suite_golden("verify/repro.sql", script);
    drift_free(script);
    drift_free(path);
    suite_folder_remove(folder);
}
END_TEST

/* ---- several ways ---- */

/* Three versions, and the step over two of them where there is one. */
typedef struct ways_story {
    const char *name;
    const char *schemas[3], *steps[2], *span;
    drift_runner runner;
    drift_data_level level;
    int from, to;
    const char *found, *shown; /* stand in the head of the script, and in the shell's answer */
    int inserts;
} ways_story;

#define V1        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)"
#define V2        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)"
#define V3        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT, c INT)"
#define ADD_B     "ALTER TABLE t ADD COLUMN b INT; UPDATE t SET b = 1"
#define ADD_C     "ALTER TABLE t ADD COLUMN c INT; UPDATE t SET c = b + 1"
#define FAMILY    "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p ON DELETE SET NULL)"
#define MADE(sum) "CREATE TABLE t (a INT NOT NULL, g AS (a + " sum ") STORED)"
#define BY_HAND(sql)                                                                                        \
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '" sql "' WHERE type = 'table' AND name =" \
    " 't'; PRAGMA writable_schema = RESET"

static const ways_story ways_stories[] = {
    {"a step that spans versions fills otherwise",
     {V1, V2, V3},
     {ADD_B, ADD_C},
     "ALTER TABLE t ADD COLUMN b INT; ALTER TABLE t ADD COLUMN c INT; UPDATE t SET b = 1, c = 3",
     DRIFT_RUNNER_DRIFT,
     DRIFT_DATA_BOUNDARY,
     1,
     3,
     "-- path.data",
     "\ndirectly|1|1|NULL|1|3\nby_its_parts|1|1|NULL|1|2\n",
     2},
    {"a step that spans versions makes another schema",
     {V1, V2, V3},
     {ADD_B, ADD_C},
     "ALTER TABLE t ADD COLUMN b INT; ALTER TABLE t ADD COLUMN c INT; UPDATE t SET b = 1, c = 2; CREATE INDEX i ON t "
     "(b)",
     DRIFT_RUNNER_TRANSACTION,
     DRIFT_DATA_BOUNDARY,
     1,
     3,
     "-- path.schema",
     "\ndirectly|index|i|CREATE INDEX i ON t (b)\n",
     0},
    {"what a step leaves in its connection",
     {V1, V1, V1},
     {"CREATE TEMP TABLE memo (x)", "DROP TABLE memo"},
     NULL,
     DRIFT_RUNNER_DRIFT,
     DRIFT_DATA_BOUNDARY,
     1,
     3,
     "-- path.schema",
     "no such table: memo",
     0},
    {"a setting that reaches into the next step",
     {FAMILY, FAMILY, FAMILY},
     {"PRAGMA foreign_keys = ON", "DELETE FROM p WHERE id = (SELECT p FROM c)"},
     NULL,
     DRIFT_RUNNER_PLAIN,
     DRIFT_DATA_ONE,
     1,
     3,
     "-- path.data",
     "\ndirectly|1|NULL\nopened_anew|1|",
     4},
    {"a stored column that was computed otherwise",
     {MADE("1"), MADE("2"), MADE("2")},
     {BY_HAND(MADE("2")), "SELECT 1"},
     NULL,
     DRIFT_RUNNER_DRIFT,
     DRIFT_DATA_BOUNDARY,
     1,
     2,
     "-- path.data",
     "\ndirectly|1|0|1\nfresh|1|0|2\n",
     1},
    {"a row that a fresh database refuses",
     {"CREATE TABLE t (a INT)", "CREATE TABLE t (a INT CHECK (a > 0))", "CREATE TABLE t (a INT CHECK (a > 0))"},
     {"PRAGMA ignore_check_constraints = ON; CREATE TABLE n (a INT CHECK (a > 0)); INSERT INTO n (rowid, a) SELECT"
      " rowid, a FROM t; DROP TABLE t; ALTER TABLE n RENAME TO t",
      "SELECT 1"},
     NULL,
     DRIFT_RUNNER_PLAIN,
     DRIFT_DATA_BOUNDARY,
     1,
     2,
     "-- path.data",
     "CHECK constraint failed: a > 0",
     1},
};

static char *keep_ways(const ways_story *s, const char *folder)
{
    given g = given_pair(s->schemas[0], s->schemas[1], s->steps[0]);
    given_add(&g, s->schemas[2], s->steps[1]);
    if (s->span) given_span(&g, 1, 3, "v1_to_v3.sql", s->span);
    const drift_verify_options options = {
        .levels = 1u << s->level, .seed = 7, .runner = s->runner, .keep = folder, .from = s->from, .to = s->to};
    drift_outcome_free(given_verify(&g, &options));
    given_done(&g);
    char name[64];
    snprintf(name, sizeof name, "v%d_to_v%d_%s/repro.sql", s->from, s->to, drift_data_level_name(s->level));
    return drift__path_join(folder, name);
}

START_TEST(each_way_is_gone_in_the_shell_and_what_differs_is_printed)
{
    const ways_story *s = &ways_stories[_i];
    const story named = {.name = s->name};
    char *folder = suite_folder(), *path = keep_ways(s, folder), *script = text_of(path);
    assert_holds(&named, "script", script, s->found);
    ck_assert_msg(count_of(script, "\nINSERT INTO \"") == s->inserts, "%s: expected %d rows in the script:\n%s",
                  s->name, s->inserts, script);
    if (find_shell()) {
        char *answer = replay_in_shell(path);
        assert_holds(&named, "shell's answer", answer, s->shown);
        drift_free(answer);
    }
    drift_free(script);
    drift_free(path);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(a_script_of_two_ways_reads_like_this)
{
    char *folder = suite_folder(), *path = keep_ways(&ways_stories[0], folder), *script = text_of(path);
    suite_golden("verify/repro_ways.sql", script);
    drift_free(script);
    drift_free(path);
    suite_folder_remove(folder);
}
END_TEST

/* ---- what a script cannot hold ---- */

static int upgrade(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(migrator, payload, err);
}

START_TEST(a_definition_is_named_and_its_database_is_there)
{
    static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL)";
    const drift_database_definition definition = {
        .name = "app", .schema_version = 2, .strategy = {.on_upgrade = upgrade, .payload = "DELETE FROM t"}};
    char *folder = suite_folder();
    const drift_verify_options options = {
        .levels = 1u << DRIFT_DATA_BOUNDARY, .keep = folder, .no_paths = true, .seed = 7};
    given g = given_pair(schema, schema, "");
    drift_outcome_free(given_verify_definition(&g, &definition, &options));
    char *path = drift__path_join(folder, "v1_to_v2_boundary/repro.sql"), *script = text_of(path);
    ck_assert_str_eq(script, "-- From version 1 to 2, data boundary, seed 7: what was found, and all that it takes.\n"
                             "-- Replay it: sqlite3 :memory: < repro.sql\n"
                             "--\n"
                             "-- data.lost_rows\n"
                             "--   object:   t\n"
                             "--   expected: 1\n"
                             "--   actual:   0\n"
                             "--   1 of 1 rows lost, the first: id = 1\n"
                             "\n.bail on\n.headers on\n\n"
                             "PRAGMA foreign_keys = OFF;\n"
                             "BEGIN;\n"
                             "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL);\n"
                             "INSERT INTO \"t\" (\"id\", \"a\") VALUES (1, '');\n"
                             "PRAGMA user_version = 1;\n"
                             "COMMIT;\n"
                             "\n-- From here on it is the definition \"app\" that migrates, to version 2.\n");
    drift_free(script);
    drift_free(path);
    given_done(&g);
    suite_folder_remove(folder);
}
END_TEST

/* Keeps a case of level `one` under these options; gives its script. */
static char *script_of(const char *before, const char *after, const char *step, drift_verify_options options)
{
    char *folder = suite_folder();
    options.levels = 1u << DRIFT_DATA_ONE;
    options.keep = folder;
    options.no_paths = true;
    given g = given_pair(before, after, step);
    drift_outcome_free(given_verify(&g, &options));
    char *path = drift__path_join(folder, "v1_to_v2_one/repro.sql"), *script = text_of(path);
    drift_free(path);
    given_done(&g);
    suite_folder_remove(folder);
    return script;
}

START_TEST(what_only_the_application_has_is_named)
{
    static const char schema[] = "CREATE TABLE t (a TEXT CHECK (app_valid(a)))";
    char *script = script_of(schema, schema, "DELETE FROM t", (drift_verify_options){.stub_functions = true});
    ck_assert_ptr_nonnull(strstr(script, "-- It needs what only the application has (load it, or leave out what names"
                                         " it):\n--   no such function: app_valid"));
    drift_free(script);
}
END_TEST

START_TEST(the_setup_stands_before_the_database)
{
    static const char schema[] = "CREATE TABLE t (a TEXT)";
    char *script = script_of(schema, schema, "INSERT INTO seen VALUES (1); DELETE FROM t",
                             (drift_verify_options){.setup_sql = "CREATE TEMP TABLE seen (x)"});
    const char *setup = strstr(script, "\nCREATE TEMP TABLE seen (x);\n"), *table = strstr(script, "\nCREATE TABLE t");
    ck_assert_ptr_nonnull(setup);
    ck_assert_ptr_nonnull(table);
    ck_assert(setup < table);
    drift_free(script);
}
END_TEST

START_TEST(a_migration_that_takes_too_long_is_kept_without_what_it_does_not_need)
{
    static const char schema[] = "CREATE TABLE t (a TEXT)";
    char *script = script_of(schema, schema,
                             "WITH RECURSIVE n (i) AS (SELECT a FROM t UNION ALL SELECT i || 'a' FROM n) SELECT"
                             " count(*) FROM n",
                             (drift_verify_options){.time_limit_ms = 20});
    ck_assert_ptr_nonnull(strstr(script, "-- error.timeout\n"));
    ck_assert_ptr_nonnull(strstr(script, "\nINSERT INTO \"t\" (\"rowid\", \"a\") VALUES (1, NULL);"));
    ck_assert_ptr_nonnull(strstr(script, "\n-- v1_to_v2.sql\nWITH RECURSIVE"));
    drift_free(script);
}
END_TEST

/* A case that shrinks, one of several ways, and one that goes through both writers. */
static const struct {
    const char *before, *after, *step;
} short_of_memory[] = {
    {V1, V1, "UPDATE t SET a = a || '!' WHERE a IS NOT NULL; DELETE FROM t WHERE a IS NULL"},
    {MADE("1"), MADE("2"), BY_HAND(MADE("2"))},
};

START_TEST(without_memory_nothing_else_is_kept)
{
    char *folder = suite_folder();
    given g = given_pair(short_of_memory[_i].before, short_of_memory[_i].after, short_of_memory[_i].step);
    assert_verified_without_memory(&g,
                                   &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .keep = folder},
                                   "v1_to_v2_one/repro.sql", 263);
    given_done(&g);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(without_memory_nothing_else_is_kept_of_two_ways)
{
    const ways_story *s = &ways_stories[_i];
    char *folder = suite_folder();
    given g = given_pair(s->schemas[0], s->schemas[1], s->steps[0]);
    given_add(&g, s->schemas[2], s->steps[1]);
    if (s->span) given_span(&g, 1, 3, "v1_to_v3.sql", s->span);
    assert_verified_without_memory(
        &g, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 7, .keep = folder, .from = 1, .to = 3},
        "v1_to_v3_one/repro.sql", 1009);
    given_done(&g);
    suite_folder_remove(folder);
}
END_TEST

int main(void)
{
    suite_memory_install();
    const int count = (int)(sizeof stories / sizeof stories[0]);
    Suite *suite = suite_create("verify_keep");
    TCase *tcase = suite_case("keep");
    tcase_add_loop_test(tcase, a_replay_shows_what_was_found, 0, count);
    tcase_add_loop_test(tcase, the_shell_alone_replays_it, 0, count);
    tcase_add_loop_test(tcase, each_way_is_gone_in_the_shell_and_what_differs_is_printed, 0,
                        (int)(sizeof ways_stories / sizeof ways_stories[0]));
    tcase_add_test(tcase, a_script_of_two_ways_reads_like_this);
    tcase_add_test(tcase, the_same_case_gives_the_same_script);
    tcase_add_test(tcase, a_whole_script_reads_like_this);
    tcase_add_test(tcase, a_definition_is_named_and_its_database_is_there);
    tcase_add_test(tcase, what_only_the_application_has_is_named);
    tcase_add_test(tcase, the_setup_stands_before_the_database);
    tcase_add_test(tcase, a_migration_that_takes_too_long_is_kept_without_what_it_does_not_need);
    tcase_add_loop_test(tcase, without_memory_nothing_else_is_kept, 0, 2);
    tcase_add_loop_test(tcase, without_memory_nothing_else_is_kept_of_two_ways, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
