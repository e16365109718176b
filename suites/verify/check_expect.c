/* check_expect.c — expectations: each kind right, wrong and stale; along a path of several steps; and the file. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "drift/kit/expect.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/expect.h"
#include "verify/given.h"
#include "verify/referee_world.h"
#include "verify/unsteady.h"

#define REBUILD(columns, select) \
    "CREATE TABLE n (" columns "); INSERT INTO n " select "; DROP TABLE t; ALTER TABLE n RENAME TO t"

/* Each: the old database, the change, one expectation of the step 1->2, the findings. */
typedef struct expected {
    const char *before, *change;
    drift_expectation entry;
    const char *findings;
} expected;

#define ENTRY(kind, table, column, value)                     \
    {                                                         \
        1, 2, DRIFT_EXPECT_##kind, (table), (column), (value) \
    }

static const char rows[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);"
                           "INSERT INTO t VALUES (1, '7', 10), (2, ' x ', NULL), (3, NULL, 30)";

static const expected cases[] = {
    /* transform: over the old row, as the new column stores it */
    {rows, "UPDATE t SET a = trim(a)", ENTRY(TRANSFORM, "t", "a", "trim(a) -- spaces"), ""},
    {rows, "UPDATE t SET a = trim(a)", ENTRY(TRANSFORM, "t", "a", "upper(a)"),
     "data.changed t.a: expected ' X ', found 'x' in 1 of 3 rows, the first: id = 2\n"
     "expect.stale t.a: transform: its step ran with rows in the table, and it never took effect\n"},
    {rows, "UPDATE t SET a = NULL", ENTRY(TRANSFORM, "t", "a", "trim(a)"),
     "data.nulled t.a: expected '7', found NULL in 2 of 3 rows, the first: id = 1\n"
     "expect.stale t.a: transform: its step ran with rows in the table, and it never took effect\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "t", "a", "a"),
     "expect.stale t.a: transform: its step ran with rows in the table, and it never took effect\n"},
    {rows, REBUILD("id INTEGER PRIMARY KEY, a REAL, b INT", "SELECT id, b * 2, b FROM t"),
     ENTRY(TRANSFORM, "t", "a", "b * 2"), ""},
    {rows, "UPDATE t SET a = (SELECT max(b) FROM t)", ENTRY(TRANSFORM, "t", "a", "(SELECT max(b) FROM t)"), ""},
    {rows, "UPDATE t SET id = id + 100", ENTRY(TRANSFORM, "t", "id", "id + 100"), ""},
    {rows, "UPDATE t SET id = id + 100", ENTRY(TRANSFORM, "t", "id", "id + 99"),
     "data.lost_rows t: 1 of 3 rows lost, the first: id = 1\n"
     "data.extra_rows t: 1 of 3 rows were not there before, the first: id = 103\n"
     "data.changed t.a: expected ' x ', found '7' in 2 of 3 rows, the first: id = 2\n"
     "data.nulled t.b: expected 30, found NULL in 1 of 3 rows, the first: id = 3\n"
     "data.changed t.b: expected NULL, found 10 in 1 of 3 rows, the first: id = 2\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "t", "a", "no_such_column"),
     "expect.stale t.a: transform: no such column: no_such_column\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "t", "a", "1 +"), "expect.stale t.a: transform: near \")\": syntax error\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "t", "a", "json(a)"), "expect.stale t.a: transform: malformed JSON\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "u", "a", "1"), "expect.stale u.a: transform: version 1 has no table u\n"},
    {rows, "SELECT 1", ENTRY(TRANSFORM, "t", "c", "1"),
     "expect.stale t.c: transform: table t of version 1 has no column c\n"},
    /* fill: where there was NULL, and in a new column */
    {rows, "UPDATE t SET b = id * 2 WHERE b IS NULL", ENTRY(FILL, "t", "b", "id * 2"), ""},
    {rows, "UPDATE t SET b = 5 WHERE b IS NULL", ENTRY(FILL, "t", "b", "6"),
     "data.changed t.b: expected 6, found 5 in 1 of 3 rows, the first: id = 2\n"
     "expect.stale t.b: fill: its step ran with rows in the table, and it never took effect\n"},
    {rows, "UPDATE t SET b = 6", ENTRY(FILL, "t", "b", "6"),
     "data.changed t.b: expected 10, found 6 in 2 of 3 rows, the first: id = 1\n"},
    {rows, "ALTER TABLE t ADD COLUMN c DEFAULT 'new'", ENTRY(FILL, "t", "c", "'new'"), ""},
    {rows, "ALTER TABLE t ADD COLUMN c DEFAULT 'other'", ENTRY(FILL, "t", "c", "'new'"),
     "data.changed t.c: expected 'new', found 'other' in 3 of 3 rows, the first: id = 1\n"
     "expect.stale t.c: fill: its step ran with rows in the table, and it never took effect\n"},
    {rows, REBUILD("id INTEGER PRIMARY KEY, a TEXT, b INT NOT NULL", "SELECT id, a, coalesce(b, 1) FROM t"),
     ENTRY(FILL, "t", "b", "0"),
     "data.changed t.b: expected 0, found 1 in 1 of 3 rows, the first: id = 2\n"
     "expect.stale t.b: fill: its step ran with rows in the table, and it never took effect\n"},
    /* renames: the rows and values are followed under the new name */
    {rows, "ALTER TABLE t RENAME TO u", ENTRY(RENAME_TABLE, "t", NULL, "u"), ""},
    {rows, "ALTER TABLE t RENAME TO u; DELETE FROM u WHERE id = 2", ENTRY(RENAME_TABLE, "t", NULL, "u"),
     "data.lost_rows t: 1 of 3 rows lost, the first: id = 2\n"},
    {rows, "ALTER TABLE t RENAME TO u", ENTRY(RENAME_TABLE, "t", NULL, "v"),
     "expect.stale t: rename_table: version 2 has no table v\n"},
    {rows, "ALTER TABLE t RENAME COLUMN a TO c", ENTRY(RENAME_COLUMN, "t", "a", "c"), ""},
    {rows, "ALTER TABLE t RENAME COLUMN a TO c; UPDATE t SET c = 'y' WHERE id = 1", ENTRY(RENAME_COLUMN, "t", "a", "c"),
     "data.changed t.a: expected '7', found 'y' in 1 of 3 rows, the first: id = 1\n"},
    {rows, "ALTER TABLE t RENAME COLUMN a TO c", ENTRY(RENAME_COLUMN, "t", "a", "d"),
     "expect.stale t.a: rename_column: table t of version 2 has no column d\n"},
    {rows, "ALTER TABLE t RENAME COLUMN id TO key", ENTRY(RENAME_COLUMN, "t", "id", "key"), ""},
    /* rows that go and rows that come */
    {rows, "DELETE FROM t WHERE b IS NULL", ENTRY(DROP_ROWS, "t", NULL, "b IS NULL"), ""},
    {rows, "DELETE FROM t", ENTRY(DROP_ROWS, "t", NULL, "b IS NULL"),
     "data.lost_rows t: 2 of 3 rows lost, the first: id = 1\n"},
    {rows, "SELECT 1", ENTRY(DROP_ROWS, "t", NULL, "b IS NULL"),
     "expect.stale t: drop_rows: its step ran with rows in the table, and it never took effect\n"},
    {rows, "INSERT INTO t VALUES (4, 'new', 1)", ENTRY(ADD_ROWS, "t", NULL, "a = 'new'"), ""},
    {rows, "INSERT INTO t VALUES (4, 'new', 1), (5, NULL, 1)", ENTRY(ADD_ROWS, "t", NULL, "a = 'new'"),
     "data.extra_rows t: 1 of 5 rows were not there before, the first: id = 5\n"},
    {rows, "SELECT 1", ENTRY(ADD_ROWS, "t", NULL, "1"),
     "expect.stale t: add_rows: its step ran with rows in the table, and it never took effect\n"},
    {rows, "SELECT 1", ENTRY(ADD_ROWS, "u", NULL, "1"), "expect.stale u: add_rows: version 2 has no table u\n"},
    /* a table without a key: what is expected is what is matched */
    {"CREATE TABLE t (a, b); INSERT INTO t VALUES ('1', 'x'), ('2', 'y')",
     "DELETE FROM t; INSERT INTO t (rowid, a, b) VALUES (10, 1, 'x'), (11, 2, 'y')",
     ENTRY(TRANSFORM, "t", "a", "CAST(a AS INTEGER)"), ""},
    /* what is to be touched is judged by who audits; nobody did here */
    {rows, "SELECT 1", ENTRY(TOUCHES, "t", NULL, NULL),
     "expect.stale t: touches: its step ran with rows in the table, and it never took effect\n"},
    {rows, "SELECT 1", ENTRY(TOUCHES, "u", NULL, NULL), "expect.stale u: touches: version 1 has no table u\n"},
    {rows, "SELECT 1", ENTRY(DOMAIN, "t", "c", "integer"),
     "expect.stale t.c: domain: table t of version 1 has no column c\n"},
};

START_TEST(an_expectation_is_checked)
{
    const expected *c = &cases[_i];
    assert_findings_are(&(judged){c->before, c->change, &c->entry, 1, NULL}, c->findings);
}
END_TEST

START_TEST(a_step_that_does_not_exist_is_stale)
{
    const drift_expectation entry = {2, 7, DRIFT_EXPECT_DROP_ROWS, "t", NULL, "1"};
    assert_findings_are(&(judged){rows, "SELECT 1", &entry, 1, NULL},
                        "expect.stale t: drop_rows: there is no version 7\n");
}
END_TEST

START_TEST(one_row_a_table_does_not_show_that_an_entry_is_stale)
{
    const drift_expectation entry = ENTRY(DROP_ROWS, "t", NULL, "b > 1000");
    const drift_verify_options one = {.levels = 1u << DRIFT_DATA_ONE};
    assert_findings_are(&(judged){rows, "SELECT 1", &entry, 1, &one}, "");
}
END_TEST

START_TEST(expectations_of_one_step_work_together)
{
    static const drift_expectation entries[] = {
        ENTRY(RENAME_TABLE, "t", NULL, "tasks"),         ENTRY(RENAME_COLUMN, "t", "a", "title"),
        ENTRY(TRANSFORM, "t", "a", "trim(a)"),           ENTRY(FILL, "tasks", "b", "0"),
        ENTRY(FILL, "tasks", "slug", "'s' || id"),       ENTRY(DROP_ROWS, "t", NULL, "a IS NULL"),
        ENTRY(ADD_ROWS, "tasks", NULL, "title = 'new'"),
    };
    const judged j = {rows,
                      "CREATE TABLE tasks (slug TEXT, title TEXT, b INT, id INTEGER PRIMARY KEY);"
                      "INSERT INTO tasks SELECT 's' || id, trim(a), coalesce(b, 0), id FROM t WHERE a IS NOT NULL;"
                      "INSERT INTO tasks VALUES ('-', 'new', 1, 99); DROP TABLE t",
                      entries, 7, NULL};
    assert_findings_are(&j, "");
    assert_ledger_is(&j,
                     "t->tasks renamed 3>3 matched 2 lost 1 extra 1 | id identity, a->title transformed 1, b filled 1,"
                     " slug filled 2\n");
}
END_TEST

/* ---- along a path ---- */

static const char v1[] = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL)";
static const char v2[] = "CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT NOT NULL)";
static const char v3[] = "CREATE TABLE u (id INTEGER PRIMARY KEY, c TEXT NOT NULL)";
static const char v4[] = "CREATE TABLE u (id INTEGER PRIMARY KEY, c INTEGER NOT NULL)";

static given given_chain(const char *last)
{
    given g = given_pair(v1, v2, "ALTER TABLE t RENAME TO u");
    given_add(&g, v3, "ALTER TABLE u RENAME COLUMN a TO c");
    given_add(&g, v4, last);
    return g;
}

static const char counts_letters[] = "CREATE TABLE n (id INTEGER PRIMARY KEY, c INTEGER NOT NULL);"
                                     "INSERT INTO n SELECT id, length(c) FROM u; DROP TABLE u;"
                                     "ALTER TABLE n RENAME TO u";

static const drift_expectation chain[] = {
    {1, 2, DRIFT_EXPECT_RENAME_TABLE, "t", NULL, "u"},
    {2, 3, DRIFT_EXPECT_RENAME_COLUMN, "u", "a", "c"},
    {3, 4, DRIFT_EXPECT_TRANSFORM, "u", "c", "length(c)"},
};
static const drift_expectations of_chain = {"chain", chain, 3};

START_TEST(expectations_compose_along_a_path)
{
    given g = given_chain(counts_letters);
    assert_findings(given_verify(&g, &(drift_verify_options){.expect = &of_chain, .no_paths = true}), "");
    given_done(&g);
}
END_TEST

START_TEST(on_a_path_the_step_that_breaks_an_expectation_is_named)
{
    static const char wrong[] = "CREATE TABLE n (id INTEGER PRIMARY KEY, c INTEGER NOT NULL);"
                                "INSERT INTO n SELECT id, length(c) + 1 FROM u; DROP TABLE u;"
                                "ALTER TABLE n RENAME TO u";
    given g = given_chain(wrong);
    drift_outcome *outcome = given_verify(
        &g, &(drift_verify_options){
                .expect = &of_chain, .no_paths = true, .from = 1, .to = 4, .levels = 1u << DRIFT_DATA_ONE, .seed = 7});
    ck_assert_uint_eq(outcome->runs[0].finding_count, 1);
    ck_assert_str_eq(outcome->runs[0].findings[0].step, "3->4");
    ck_assert_str_eq(outcome->runs[0].findings[0].object, "u.c");
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

START_TEST(on_a_path_the_ledger_tells_every_step)
{
    given g = given_chain(counts_letters);
    drift_outcome *outcome = given_verify(
        &g, &(drift_verify_options){
                .expect = &of_chain, .no_paths = true, .from = 1, .to = 4, .levels = 1u << DRIFT_DATA_ONE, .seed = 7});
    const drift_run *run = &outcome->runs[0];
    ck_assert_uint_eq(run->ledger_count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(run->ledger[i].from, (int)i + 1);
        ck_assert_int_eq(run->ledger[i].to, (int)i + 2);
        ck_assert_int_eq(run->ledger[i].matched, 1);
    }
    ck_assert_str_eq(run->ledger[0].renamed, "u");
    ck_assert_str_eq(run->ledger[1].columns[1].renamed, "c");
    ck_assert_int_eq(run->ledger[2].columns[1].kind, DRIFT_LEDGER_TRANSFORMED);
    drift_outcome_free(outcome);
    given_done(&g);
}
END_TEST

static const struct steadiness {
    const char *expression;
    bool unsteady;
} steadinesses[] = {
    {"CURRENT_TIMESTAMP", true},
    {"coalesce(a, current_date)", true},
    {"strftime('%s', 'NOW')", true},
    {"strftime('%s')", true},
    {"datetime ( )", true},
    {"unixepoch()", true},
    {"random() % 7", true},
    {"hex(randomblob(16))", true},
    {"a", false},
    {"\"CURRENT_TIMESTAMP\"", false},
    {"'CURRENT_TIMESTAMP'", false},
    {"random", false}, /* a column */
    {"date", false},
    {"date(a)", false},
    {"strftime('%s', a)", false},
    {"a || ' now'", false},
    {"1 -- 'now'", false},
    {"", false},
};

START_TEST(what_gives_another_value_each_time_is_known)
{
    ck_assert_int_eq(drift__is_unsteady(steadinesses[_i].expression), steadinesses[_i].unsteady);
}
END_TEST

START_TEST(a_domain_follows_its_column_to_earlier_versions)
{
    static const drift_expectation entries[] = {
        {1, 2, DRIFT_EXPECT_RENAME_TABLE, "t", NULL, "u"},
        {2, 3, DRIFT_EXPECT_RENAME_COLUMN, "u", "a", "c"},
        {3, 4, DRIFT_EXPECT_DOMAIN, "u", "c", "text"},
    };
    const drift_expectations list = {"domains", entries, 3};
    static const char *const names[][2] = {{"t", "a"}, {"u", "a"}, {"u", "c"}};
    given g = given_chain(counts_letters);
    drift_error err = {0};
    drift__expect *expect = NULL;
    ck_assert_drift(drift__expect_begin(&expect, &list, &g.provider, &err));
    for (int i = 0; i < 4; i++) {
        drift_seed_domain *domains = NULL;
        size_t count = 0;
        ck_assert_drift(drift__expect_domains(&domains, &count, expect, g.schemas[i], &err));
        ck_assert_uint_eq(count, i < 3 ? 1 : 0);
        if (i < 3) {
            ck_assert_str_eq(domains[0].table, names[i][0]);
            ck_assert_str_eq(domains[0].column, names[i][1]);
            ck_assert_str_eq(domains[0].domain, "text");
        }
        drift_free(domains);
    }
    drift__expect_free(expect);
    given_done(&g);
}
END_TEST

/* Steps that change what no value shows, the entry that says so, and what is left to tell. Without a WHERE SQLite would
 * copy the rowids along (src/insert.c, xferOptimization). */
static const struct {
    const char *v1, *v2, *step;
    drift_expectation entry;
    const char *findings;
} hidden_cases[] = {
#define WORDS "CREATE TABLE words (word TEXT PRIMARY KEY, uses INT)"
#define AGAIN(body)        \
    "CREATE TABLE n " body \
    "; INSERT INTO n SELECT * FROM words WHERE 1; DROP TABLE words; ALTER TABLE n RENAME TO words"
    {WORDS, WORDS, AGAIN("(word TEXT PRIMARY KEY, uses INT)"), ENTRY(HIDDEN, "words", NULL, "rowid"), ""},
    {WORDS, WORDS, AGAIN("(word TEXT PRIMARY KEY, uses INT)"), ENTRY(HIDDEN, "words", NULL, "sequence"),
     "1->2 empty: expect.stale words: hidden: its step ran with rows in the table, and it never took effect\n"
     "1->2 boundary: hidden.rowid words: 18 rows have another rowid, the first: 2000 is 3 now\n"
     "1->2 hostile: hidden.rowid words: 30 rows have another rowid, the first: 2000 is 3 now\n"},
    {WORDS, WORDS, "SELECT 1", ENTRY(HIDDEN, "words", NULL, "rowid"),
     "1->2 empty: expect.stale words: hidden: its step ran with rows in the table, and it never took effect\n"},
    {WORDS, WORDS, "SELECT 1", ENTRY(HIDDEN, "verbs", NULL, "rowid"),
     "1->2 empty: expect.stale verbs: hidden: version 2 has no table verbs\n"},
#define COUNTED "CREATE TABLE words (id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT)"
    {COUNTED, COUNTED, AGAIN("(id INTEGER PRIMARY KEY AUTOINCREMENT, word TEXT)"),
     ENTRY(HIDDEN, "words", NULL, "sequence"), ""},
#define NOTES "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, is_secret INT NOT NULL)"
#define FOUND "CREATE VIRTUAL TABLE found USING fts5 (body, content='notes', content_rowid='id')"
    {NOTES, NOTES ";" FOUND, FOUND "; INSERT INTO found (rowid, body) SELECT id, body FROM notes WHERE NOT is_secret",
     ENTRY(HIDDEN, "found", NULL, "fts"), ""},
#undef WORDS
#undef AGAIN
#undef COUNTED
#undef NOTES
#undef FOUND
};

START_TEST(hidden_state_that_a_step_means_to_change_is_no_finding)
{
    const drift_expectations list = {"hidden", &hidden_cases[_i].entry, 1};
    given g = given_pair(hidden_cases[_i].v1, hidden_cases[_i].v2, hidden_cases[_i].step);
    assert_findings(given_verify(&g, &(drift_verify_options){.expect = &list}), hidden_cases[_i].findings);
    given_done(&g);
}
END_TEST

/* Of two tags that become one the last stays, and is not the first with another rowid. */
START_TEST(a_row_that_is_transformed_into_another_is_not_taken_for_it)
{
    static const char *const tags = "CREATE TABLE tags (tag TEXT NOT NULL, kind INT NOT NULL CHECK (kind = 1))";
    static const drift_expectation entries[] = {
        {1, 2, DRIFT_EXPECT_DOMAIN, "tags", "tag", "text"},
        {1, 2, DRIFT_EXPECT_TRANSFORM, "tags", "tag", "trim(tag)"},
        {1, 2, DRIFT_EXPECT_DROP_ROWS, "tags", NULL, "rowid NOT IN (SELECT max(rowid) FROM tags GROUP BY trim(tag))"},
    };
    const drift_expectations list = {"tags", entries, 3};
    given g = given_pair(tags, tags,
                         "UPDATE tags SET tag = trim(tag);"
                         "DELETE FROM tags WHERE rowid NOT IN (SELECT max(rowid) FROM tags GROUP BY tag)");
    assert_findings(given_verify(&g, &(drift_verify_options){.expect = &list}), "");
    given_done(&g);
}
END_TEST

START_TEST(hidden_state_is_followed_under_its_tables_later_name)
{
    static const char *const words = "CREATE TABLE words (word TEXT PRIMARY KEY, uses INT)";
    static const char *const terms = "CREATE TABLE terms (word TEXT PRIMARY KEY, uses INT)";
    static const drift_expectation entries[] = {
        {1, 2, DRIFT_EXPECT_HIDDEN, "words", NULL, "rowid"},
        {2, 3, DRIFT_EXPECT_RENAME_TABLE, "words", NULL, "terms"},
    };
    const drift_expectations list = {"hidden", entries, 2};
    given g = given_pair(words, words,
                         "CREATE TABLE n (word TEXT PRIMARY KEY, uses INT); INSERT INTO n SELECT * FROM words WHERE 1;"
                         "DROP TABLE words; ALTER TABLE n RENAME TO words");
    given_add(&g, terms, "ALTER TABLE words RENAME TO terms");
    assert_findings(given_verify(&g, &(drift_verify_options){.expect = &list}), "");
    given_done(&g);
}
END_TEST

/* SQLite's functions refuse every other text: "malformed JSON". */
START_TEST(a_step_that_reads_json_is_given_json)
{
    static const char *const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, tags TEXT)";
    static const drift_expectation entries[] = {
        {1, 2, DRIFT_EXPECT_DOMAIN, "notes", "tags", "json"},
        {1, 2, DRIFT_EXPECT_TRANSFORM, "notes", "tags", "json_set(tags, '$.seen', 0)"},
    };
    const drift_expectations list = {"json", entries, 2};
    assert_one(notes, notes, "UPDATE notes SET tags = json_set(tags, '$.seen', 0)",
               "1->2 one: migration.failed -: v1_to_v2.sql:1:1: malformed JSON; in: UPDATE notes SET tags ="
               " json_set(tags, '$.seen', 0); hint: expect the \"domain\" \"json\" of a column that always holds"
               " JSON\n");
    given g = given_pair(notes, notes, "UPDATE notes SET tags = json_set(tags, '$.seen', 0)");
    assert_findings(given_verify(&g, &(drift_verify_options){.expect = &list}), "");
    given_done(&g);
}
END_TEST

TCase *case_expect(void)
{
    TCase *tcase = suite_case("expect");
    tcase_add_loop_test(tcase, an_expectation_is_checked, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tcase, a_step_that_does_not_exist_is_stale);
    tcase_add_test(tcase, one_row_a_table_does_not_show_that_an_entry_is_stale);
    tcase_add_test(tcase, expectations_of_one_step_work_together);
    tcase_add_test(tcase, expectations_compose_along_a_path);
    tcase_add_test(tcase, on_a_path_the_step_that_breaks_an_expectation_is_named);
    tcase_add_test(tcase, on_a_path_the_ledger_tells_every_step);
    tcase_add_loop_test(tcase, what_gives_another_value_each_time_is_known, 0,
                        (int)(sizeof steadinesses / sizeof *steadinesses));
    tcase_add_test(tcase, a_domain_follows_its_column_to_earlier_versions);
    tcase_add_test(tcase, a_step_that_reads_json_is_given_json);
    tcase_add_loop_test(tcase, hidden_state_that_a_step_means_to_change_is_no_finding, 0,
                        (int)(sizeof hidden_cases / sizeof hidden_cases[0]));
    tcase_add_test(tcase, a_row_that_is_transformed_into_another_is_not_taken_for_it);
    tcase_add_test(tcase, hidden_state_is_followed_under_its_tables_later_name);
    return tcase;
}

/* ---- the file ---- */

static int read_text(drift_expectations **out, const char *text, drift_error *err)
{
    char *folder = suite_folder(), *path = drift__path_join(folder, "expect.json");
    drift_error ok = {0};
    ck_assert_int_eq(drift__file_write(path, text, strlen(text), &ok), DRIFT_OK);
    const int rc = drift_expectations_read(out, path, err);
    drift_free(path);
    suite_folder_remove(folder);
    return rc;
}

START_TEST(every_kind_is_read)
{
    static const char text[] =
        "\xef\xbb\xbf{\"steps\": {\"3->4\": {\"transform\": {\"todos.category\": \"CAST(category AS INTEGER)\"},"
        "\"domain\": {\"todos.category\": \"integer\"}, \"fill\": {\"todos.created.at\": \"0\"},"
        "\"rename_table\": {\"todos\": \"tasks\"}, \"rename_column\": {\"\\\"a.b\\\".[c d]\": \"content\"},"
        "\"drop_rows\": {\"todos\": \"category IS NULL\"}, \"add_rows\": {\"[my.table]\": \"1\"},"
        "\"touches\": [\"audit_log\", \"b\"], \"hidden\": {\"a.b\": \"rowid\"}}, \"1->2147483647\": {}}}";
    static const char expected_list[] = "3->4 0 todos category CAST(category AS INTEGER)\n"
                                        "3->4 1 todos category integer\n"
                                        "3->4 2 todos created.at 0\n"
                                        "3->4 3 todos - tasks\n"
                                        "3->4 4 a.b c d content\n"
                                        "3->4 5 todos - category IS NULL\n"
                                        "3->4 6 my.table - 1\n"
                                        "3->4 7 audit_log - -\n"
                                        "3->4 7 b - -\n"
                                        "3->4 8 a.b - rowid\n";
    drift_error err = {0};
    drift_expectations *list = NULL;
    drift__str out = DRIFT__STR_INIT;
    ck_assert_drift(read_text(&list, text, &err));
    for (size_t i = 0; i < list->count; i++) {
        const drift_expectation *entry = &list->items[i];
        drift__str_printf(&out, "%d->%d %d %s %s %s\n", entry->from, entry->to, (int)entry->kind, entry->table,
                          entry->column ? entry->column : "-", entry->value ? entry->value : "-");
    }
    ck_assert_str_eq(drift__str_text(&out), expected_list);
    drift__str_dispose(&out);
    drift_expectations_free(list);
}
END_TEST

/* Each: a file, and what stands in the error. */
static const char *const faults[][2] = {
    {"", "expect.json:1:1: "},
    {"[]", "$: expected an object with the key \"steps\""},
    {"null", "$: expected an object with the key \"steps\""},
    {"\"steps\"", "$: expected an object with the key \"steps\""},
    {"{}", "$: expected the key \"steps\""},
    {"{\"steps\": {}, \"stesp\": {}}", "$.stesp: expected no key but \"steps\""},
    {"{\"steps\": []}", "$.steps: "},
    {"{\"steps\": {\"3-4\": {}}}", "$.steps.3-4: expected a step like \"3->4\""},
    {"{\"steps\": {\"4->3\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"3->3\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"03->4\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"3->4 \": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"3->\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"0->4\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"3->99999999999\": {}}}", "expected a step like \"3->4\""},
    {"{\"steps\": {\"3->4\": []}}", "expected an object of expectations"},
    {"{\"steps\": {\"3->4\": {\"transfrom\": {}}}}",
     "expected one of the keys \"transform\", \"domain\", \"fill\", \"rename_table\", \"rename_column\", \"drop_rows\","
     " \"add_rows\", \"touches\", \"hidden\""},
    {"{\"steps\": {\"3->4\": {\"transform\": []}}}", "expected an object of names and strings"},
    {"{\"steps\": {\"3->4\": {\"transform\": {\"category\": \"1\"}}}}", "expected a key \"table.column\""},
    {"{\"steps\": {\"3->4\": {\"transform\": {\".category\": \"1\"}}}}", "expected a key \"table.column\""},
    {"{\"steps\": {\"3->4\": {\"transform\": {\"todos.\": \"1\"}}}}", "expected a key \"table.column\""},
    {"{\"steps\": {\"3->4\": {\"transform\": {\"\\\"todos.a\": \"1\"}}}}", "expected a key \"table.column\""},
    {"{\"steps\": {\"3->4\": {\"transform\": {\"todos.a\": 1}}}}", "expected a string with an expression of SQL"},
    {"{\"steps\": {\"3->4\": {\"fill\": {\"todos.a\": \"\"}}}}",
     "expected an expression of SQL, found an empty string"},
    {"{\"steps\": {\"3->4\": {\"domain\": {\"todos.a\": \"int\"}}}}", "expected one of \"integer\", \"real\","},
    {"{\"steps\": {\"3->4\": {\"hidden\": {\"todos\": \"insert\"}}}}",
     "expected one of \"rowid\", \"sequence\", \"fts\", found \"insert\""},
    {"{\"steps\": {\"3->4\": {\"rename_table\": {\"todos\": null}}}}", "expected a string with the new name"},
    {"{\"steps\": {\"3->4\": {\"rename_table\": {\"\": \"x\"}}}}", "expected the name of a table"},
    {"{\"steps\": {\"3->4\": {\"touches\": {\"a\": \"b\"}}}}", "expected an array of names of tables"},
    {"{\"steps\": {\"3->4\": {\"touches\": [1]}}}",
     "$.steps[\"3->4\"].touches[0]: expected a string, found an integer"},
    {"{\"steps\": {\"3->4\": {}, \"3->4\": {}}}", "duplicate"},
    {"{\"steps\": {\"3->4\": {\"transform\": {\"a.b\": \"1\"}}}", "expect.json:1:"},
};

START_TEST(a_fault_in_the_file_is_told_with_its_place)
{
    drift_error err = {0};
    drift_expectations *list = NULL;
    char place[2048];
    ck_assert_drift_fails(read_text(&list, faults[_i][0], &err), DRIFT_FORMAT);
    ck_assert_ptr_null(list);
    snprintf(place, sizeof place, "%s:%d:%d: %s", strrchr(err.source, '/') + 1, err.line, err.column, err.text);
    ck_assert_msg(strstr(place, faults[_i][1]) != NULL, "expected %s in %s", faults[_i][1], place);
}
END_TEST

START_TEST(a_file_that_is_not_there_is_not_found)
{
    drift_error err = {0};
    drift_expectations *list = NULL;
    ck_assert_drift_fails(drift_expectations_read(&list, "/no/such/expect.json", &err), DRIFT_NOT_FOUND);
    drift_expectations_free(NULL);
}
END_TEST

static char *swept_path;

static int attempt_to_read(void)
{
    drift_error err = {0};
    drift_expectations *list = NULL;
    const int rc = drift_expectations_read(&list, swept_path, &err);
    drift_expectations_free(list);
    return rc;
}

START_TEST(reading_without_memory_is_an_error)
{
    static const char text[] = "{\"steps\": {\"3->4\": {\"fill\": {\"[a].b\": \"0\"}, \"touches\": [\"c\"]}}}";
    char *folder = suite_folder();
    drift_error err = {0};
    swept_path = drift__path_join(folder, "expect.json");
    ck_assert_drift(drift__file_write(swept_path, text, strlen(text), &err));
    suite_memory_sweep(attempt_to_read);
    drift_free(swept_path);
    suite_folder_remove(folder);
}
END_TEST

TCase *case_expect_file(void)
{
    TCase *tcase = suite_case("expect_file");
    tcase_add_test(tcase, every_kind_is_read);
    tcase_add_loop_test(tcase, a_fault_in_the_file_is_told_with_its_place, 0, (int)(sizeof faults / sizeof faults[0]));
    tcase_add_test(tcase, a_file_that_is_not_there_is_not_found);
    tcase_add_test(tcase, reading_without_memory_is_an_error);
    return tcase;
}
