/* check_match.c — random tables under random changes, judged by the verifier and by an oracle that holds all rows in
 * memory and compares each with each, as the rules are written. */
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

#include "drift/error.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/match_cases.h"
#include "verify/referee_world.h"

enum { COLUMNS = 3, MOST = 200, ROUNDS = 200 };

/* ---- the worlds: a table `t` of the columns a, b, c ---- */

typedef struct kind {
    const char *columns, *options;
    int key_count;  /* the first columns */
    bool has_rowid; /* one that is not the key */
} kind;

static const kind kinds[] = {
    {"a INTEGER PRIMARY KEY, b, c", "", 1, false},
    {"a PRIMARY KEY, b, c", "", 1, true},
    {"a COLLATE NOCASE PRIMARY KEY, b, c", "", 1, true},
    {"a, b, c, PRIMARY KEY (a, b)", "", 2, true},
    {"a, b, c, PRIMARY KEY (a, b)", "WITHOUT ROWID", 2, false},
    {"a COLLATE NOCASE PRIMARY KEY, b, c", "WITHOUT ROWID", 1, false},
    {"a, b, c", "", 0, true},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const char *const names[COLUMNS] = {"a", "b", "c"};

static unsigned roll(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static const char *any_value(unsigned *state)
{
    static const char *const literals[] = {"NULL", "0", "1", "2", "1.0", "'a'", "'A'", "'b'", "x'61'", "''"};
    return literals[roll(state, sizeof literals / sizeof literals[0])];
}

/* What the table does not take is left out: "IGNORE". */
static void put_rows(sqlite3_str *sql, unsigned *state, unsigned most)
{
    for (unsigned i = roll(state, most); i > 0; i--) {
        if (roll(state, 2))
            sqlite3_str_appendf(sql, "INSERT OR IGNORE INTO t (a, b, c) SELECT %u, %s, %s;", roll(state, 60),
                                any_value(state), any_value(state));
        else
            sqlite3_str_appendf(sql,
                                "INSERT OR IGNORE INTO t (a, b, c) SELECT v, %s, %s FROM (SELECT %s AS v)"
                                " WHERE (SELECT type FROM pragma_table_info('t') WHERE name = 'a') <> 'INTEGER';",
                                any_value(state), any_value(state), any_value(state));
    }
}

static void put_change(sqlite3_str *sql, const kind *k, unsigned *state)
{
    const unsigned column = roll(state, COLUMNS), by = roll(state, COLUMNS);
    const bool number = column == 0 && strstr(k->columns, "INTEGER");
    switch (roll(state, 6)) {
    case 0: sqlite3_str_appendf(sql, "DELETE FROM t WHERE %s IS %s;", names[by], any_value(state)); break;
    case 1: sqlite3_str_appendf(sql, "DELETE FROM t WHERE a %% 7 = %u;", roll(state, 7)); break;
    case 2: put_rows(sql, state, 6); break;
    case 3:
        if (k->has_rowid) sqlite3_str_appendf(sql, "UPDATE t SET rowid = rowid + %u;", 100 * roll(state, 4));
        break;
    case 4:
        sqlite3_str_appendf(sql,
                            "CREATE TABLE n (%s) %s; INSERT INTO n SELECT a, b, c FROM t ORDER BY %s DESC, a, b, c;"
                            "DROP TABLE t; ALTER TABLE n RENAME TO t;",
                            k->columns, k->options, names[column]);
        break;
    default:
        sqlite3_str_appendf(sql, "UPDATE OR IGNORE t SET %s = %s WHERE %s IS %s;", names[column],
                            number ? "a + 60" : any_value(state), names[by], any_value(state));
    }
}

/* ---- the oracle ---- */

typedef struct row {
    sqlite3_int64 rowid;
    char *values[COLUMNS]; /* as SQL literals: the same for the same type and bytes only */
    struct row *partner;
} row;

typedef struct side {
    row rows[MOST];
    int count;
} side;

#define LITERAL(v) "CASE typeof(" v ") WHEN 'blob' THEN 'x''' || lower(hex(" v ")) || '''' ELSE quote(" v ") END"

static void read_side(side *s, sqlite3 *db, const kind *k)
{
    static const char columns[] = LITERAL("a") ", " LITERAL("b") ", " LITERAL("c");
    sqlite3_stmt *rows = NULL;
    char *sql = sqlite3_mprintf("SELECT %s, %s FROM t NOT INDEXED %s", k->has_rowid ? "rowid" : "0", columns,
                                k->has_rowid ? "ORDER BY rowid" : "");
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
    s->count = 0;
    while (sqlite3_step(rows) == SQLITE_ROW) {
        ck_assert_int_lt(s->count, MOST);
        row *r = &s->rows[s->count++];
        *r = (row){.rowid = sqlite3_column_int64(rows, 0)};
        for (int i = 0; i < COLUMNS; i++)
            r->values[i] = sqlite3_mprintf("%s", (const char *)sqlite3_column_text(rows, i + 1));
    }
    sqlite3_finalize(rows);
    sqlite3_free(sql);
}

static void free_side(side *s)
{
    for (int i = 0; i < s->count; i++) {
        for (int c = 0; c < COLUMNS; c++) sqlite3_free(s->rows[i].values[c]);
    }
}

static bool has_key(const row *r, const kind *k)
{
    bool complete = k->key_count > 0;
    for (int i = 0; i < k->key_count; i++) complete = complete && strcmp(r->values[i], "NULL") != 0;
    return complete;
}

static bool same_values(const row *a, const row *b, int count)
{
    bool same = true;
    for (int i = 0; i < count; i++) same = same && strcmp(a->values[i], b->values[i]) == 0;
    return same;
}

typedef bool (*rule)(const row *, const row *, const kind *);

static bool by_key(const row *a, const row *b, const kind *k)
{
    return has_key(a, k) && has_key(b, k) && same_values(a, b, k->key_count);
}

static bool by_place(const row *a, const row *b, const kind *k)
{
    return !has_key(a, k) && !has_key(b, k) && a->rowid == b->rowid && same_values(a, b, COLUMNS);
}

static bool by_values(const row *a, const row *b, const kind *k)
{
    return !has_key(a, k) && !has_key(b, k) && same_values(a, b, COLUMNS);
}

static bool by_rowid(const row *a, const row *b, const kind *k)
{
    return !has_key(a, k) && !has_key(b, k) && a->rowid == b->rowid;
}

static void pair(side *old, side *new, const kind *k)
{
    static const rule rules[] = {by_key, by_place, by_values, by_rowid};
    for (size_t rule_at = 0; rule_at < sizeof rules / sizeof rules[0]; rule_at++) {
        for (int i = 0; i < old->count; i++) {
            for (int j = 0; j < new->count && !old->rows[i].partner; j++) {
                if (new->rows[j].partner || !rules[rule_at](&old->rows[i], &new->rows[j], k)) continue;
                old->rows[i].partner = &new->rows[j];
                new->rows[j].partner = &old->rows[i];
            }
        }
    }
}

static void put_name(sqlite3_str *out, const row *r, const kind *k)
{
    for (int i = 0; i < k->key_count && i < COLUMNS; i++)
        sqlite3_str_appendf(out, "%s%s = %s", i ? ", " : "", names[i], r->values[i]);
    if (!k->key_count) sqlite3_str_appendf(out, "rowid = %lld", r->rowid);
}

static int count_single(const row **first, const side *s)
{
    int count = 0;
    for (int i = 0; i < s->count; i++) {
        if (s->rows[i].partner) continue;
        if (count++ == 0) *first = &s->rows[i];
    }
    return count;
}

static void put_single(sqlite3_str *out, const side *s, const kind *k, const char *code, const char *what)
{
    const row *first = NULL;
    const int count = count_single(&first, s);
    if (!count) return;
    sqlite3_str_appendf(out, "%s t: %d of %d rows %s, the first: ", code, count, s->count, what);
    put_name(out, first, k);
    sqlite3_str_appendchar(out, 1, '\n');
}

static void put_wrong(sqlite3_str *out, const side *old, const kind *k, int column, bool nulled)
{
    const row *first = NULL;
    int count = 0;
    for (int i = 0; i < old->count; i++) {
        const row *r = &old->rows[i];
        if (!r->partner || strcmp(r->values[column], r->partner->values[column]) == 0) continue;
        if ((strcmp(r->partner->values[column], "NULL") == 0) != nulled) continue;
        if (count++ == 0) first = r;
    }
    if (!count) return;
    sqlite3_str_appendf(
        out, "%s t.%s: expected %s, found %s in %d of %d rows, the first: ", nulled ? "data.nulled" : "data.changed",
        names[column], first->values[column], first->partner->values[column], count, old->count);
    put_name(out, first, k);
    sqlite3_str_appendchar(out, 1, '\n');
}

static char *findings_of(const side *old, const side *new, const kind *k)
{
    sqlite3_str *out = sqlite3_str_new(NULL);
    put_single(out, old, k, "data.lost_rows", "lost");
    put_single(out, new, k, "data.extra_rows", "were not there before");
    for (int column = 0; column < COLUMNS; column++) {
        put_wrong(out, old, k, column, true);
        put_wrong(out, old, k, column, false);
    }
    char *text = sqlite3_str_finish(out);
    return text ? text : sqlite3_mprintf("");
}

static void put_column(sqlite3_str *out, const side *old, int column)
{
    int changed = 0, filled = 0;
    for (int i = 0; i < old->count; i++) {
        const row *r = &old->rows[i];
        if (!r->partner || strcmp(r->values[column], r->partner->values[column]) == 0) continue;
        changed++;
        filled += strcmp(r->values[column], "NULL") == 0;
    }
    sqlite3_str_appendf(out, "%s%s %s", column ? ", " : " | ", names[column],
                        !changed            ? "identity"
                        : changed == filled ? "filled"
                                            : "transformed");
    if (changed) sqlite3_str_appendf(out, " %d", changed);
}

static char *ledger_of(const side *old, const side *new, bool added)
{
    const row *first = NULL;
    const int lost = count_single(&first, old), extra = count_single(&first, new), matched = old->count - lost;
    sqlite3_str *out = sqlite3_str_new(NULL);
    sqlite3_str_appendf(out, "t identity %d>%d matched %d lost %d extra %d", old->count, new->count, matched, lost,
                        extra);
    for (int column = 0; column < COLUMNS; column++) put_column(out, old, column);
    if (added && matched) sqlite3_str_appendf(out, ", d filled %d", matched);
    if (added && !matched) sqlite3_str_appendall(out, ", d added");
    sqlite3_str_appendchar(out, 1, '\n');
    return sqlite3_str_finish(out);
}

/* ---- */

static void must(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &why) == SQLITE_OK, "%s\n%s", why, sql);
}

static void assert_as_the_oracle(const kind *k, const char *before, const char *change, bool added)
{
    static side old, new;
    sqlite3 *db = NULL;
    const judged j = {.before = before, .change = change};
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    must(db, before);
    read_side(&old, db, k);
    must(db, change);
    read_side(&new, db, k);
    pair(&old, &new, k);
    char *findings = findings_of(&old, &new, k), *ledger = ledger_of(&old, &new, added);
    char *found = judge_findings(&j), *entered = judge_ledger(&j);
    ck_assert_msg(strcmp(found, findings) == 0, "expected\n%sfound\n%sof %s\nafter %s", findings, found, before,
                  change);
    ck_assert_msg(strcmp(entered, ledger) == 0, "expected\n%sfound\n%sof %s\nafter %s", ledger, entered, before,
                  change);
    drift_free(found);
    drift_free(entered);
    sqlite3_free(findings);
    sqlite3_free(ledger);
    free_side(&old);
    free_side(&new);
    sqlite3_close(db);
}

START_TEST(any_change_is_told_as_the_rules_say)
{
    const kind *k = &kinds[_i];
    unsigned state = 4711u + (unsigned)_i;
    for (int round = 0; round < ROUNDS; round++) {
        sqlite3_str *before = sqlite3_str_new(NULL), *change = sqlite3_str_new(NULL);
        const bool added = roll(&state, 3) == 0;
        sqlite3_str_appendf(before, "CREATE TABLE t (%s) %s;", k->columns, k->options);
        put_rows(before, &state, 40);
        sqlite3_str_appendall(change, "SELECT 1;");
        for (unsigned i = roll(&state, 4); i > 0; i--) put_change(change, k, &state);
        if (added) sqlite3_str_appendall(change, "ALTER TABLE t ADD COLUMN d DEFAULT 7;");
        char *b = sqlite3_str_finish(before), *c = sqlite3_str_finish(change);
        assert_as_the_oracle(k, b, c, added);
        sqlite3_free(b);
        sqlite3_free(c);
    }
}
END_TEST

/* ---- rows without a key, where they were or not, while their table changes ---- */

/* Rows with the numbers 1 to 5, of which the last two are equal. What is asked of `a` goes for them as for any. */
static const struct {
    const char *columns, *select; /* of the new table */
    drift_expectation expect;     /* 0->0: none */
    const char *findings, *ledger;
} retyped[] = {
    {"a INT, b", "a, b", {0}, "", "a transformed 3, b identity"},
    {"a INT, b",
     "CAST(a AS INT), b",
     {0},
     "data.affinity t.a: expected 'x', found 0 in 1 of 5 rows, the first: rowid = 2\n",
     "a transformed 4, b identity"},
    {"a TEXT, b, c", "a, b, nullif(a, '2')", {0}, "", "a identity, b identity, c filled 2"},
    {"a TEXT, b",
     "a || '!', b",
     {1, 2, DRIFT_EXPECT_TRANSFORM, "t", "a", "a || '!'"},
     "",
     "a transformed 4, b identity"},
    {"a INT, b", "a * 2, b", {1, 2, DRIFT_EXPECT_TRANSFORM, "t", "a", "a * 2"}, "", "a transformed 4, b identity"},
    {"a TEXT, b",
     "coalesce(a, 'none'), b",
     {1, 2, DRIFT_EXPECT_FILL, "t", "a", "'none'"},
     "",
     "a filled 1, b identity"},
    {"a INT, b", "coalesce(a, 9), b", {1, 2, DRIFT_EXPECT_FILL, "t", "a", "9"}, "", "a transformed 4, b identity"},
    {"a INT, b",
     "CAST(coalesce(a, 9) AS INT), b",
     {1, 2, DRIFT_EXPECT_FILL, "t", "a", "9"},
     "data.changed t.a: expected 'x', found 0 in 1 of 5 rows, the first: rowid = 2\n",
     "a transformed 5, b identity"},
};

static void assert_retyped(int at, int moved)
{
    char change[512], ledger[256];
    sqlite3_snprintf((int)sizeof change, change,
                     "ALTER TABLE t RENAME TO o; CREATE TABLE t (%s); INSERT INTO t (rowid, a, b%s) SELECT rowid + %d,"
                     " %s FROM o; DROP TABLE o",
                     retyped[at].columns, strstr(retyped[at].columns, "c") ? ", c" : "", moved, retyped[at].select);
    sqlite3_snprintf((int)sizeof ledger, ledger, "t identity 5>5 matched 5 lost 0 extra 0 | %s\n", retyped[at].ledger);
    const judged j = {.before = "CREATE TABLE t (a TEXT, b); INSERT INTO t VALUES ('1', 'x'), ('x', 'y'), (NULL, 'z'),"
                                " ('2', 'x'), ('2', 'x')",
                      .change = change,
                      .expect = &retyped[at].expect,
                      .expect_count = retyped[at].expect.to > 0};
    assert_findings_are(&j, retyped[at].findings);
    assert_ledger_is(&j, ledger);
}

START_TEST(a_row_that_moved_is_told_as_one_that_stayed)
{
    assert_retyped(_i, 0);
    assert_retyped(_i, 2);
    assert_retyped(_i, 100);
}
END_TEST

/* What came and what went is no matched row's. */
START_TEST(values_of_new_columns_count_for_matched_rows_only)
{
    static const char *const tables[] = {"t (a PRIMARY KEY, b)", "t (a, b)", "t (a PRIMARY KEY, b) WITHOUT ROWID"};
    for (size_t i = 0; i < 3; i++) {
        char before[256];
        sqlite3_snprintf((int)sizeof before, before, "CREATE TABLE %s; INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)",
                         tables[i]);
        assert_ledger_is(&(judged){.before = before,
                                   .change = "ALTER TABLE t ADD COLUMN c; UPDATE t SET c = a WHERE a > 1;"
                                             "DELETE FROM t WHERE a = 3; INSERT INTO t VALUES (70, 80, 90), (71, 81,"
                                             " NULL), (72, 82, 92)"},
                         "t identity 3>5 matched 2 lost 1 extra 3 | a identity, b identity, c filled 1\n");
    }
}
END_TEST

/* ---- more rows than are held in memory ---- */

/* Each: the columns, the change, the findings. 70,000 rows, of which every other equals its neighbour. */
static const char *const large[][3] = {
    /* all rows moved to other rowids, in another order */
    {"a, b",
     "CREATE TABLE n (a, b); INSERT INTO n SELECT a, b FROM t ORDER BY b DESC; DROP TABLE t;"
     "ALTER TABLE n RENAME TO t",
     ""},
    /* of equal rows the last one is lost; what was not there is told by its new rowid */
    {"a, b", "DELETE FROM t WHERE rowid = 1; UPDATE t SET rowid = rowid + 100000; INSERT INTO t VALUES ('new', 1)",
     "data.lost_rows t: 1 of 70000 rows lost, the first: rowid = 2\n"
     "data.extra_rows t: 1 of 70000 rows were not there before, the first: rowid = 170001\n"},
    /* changed where they stood */
    {"a, b", "UPDATE t SET b = 'changed' WHERE rowid > 2",
     "data.changed t.b: expected 2, found 'changed' in 69998 of 70000 rows, the first: rowid = 3\n"},
    /* a key finds its row wherever it went */
    {"a, b, id INTEGER UNIQUE, PRIMARY KEY (a, id)",
     "UPDATE t SET rowid = rowid + 100000; UPDATE t SET b = NULL WHERE a = 'row 500'",
     "data.nulled t.b: expected 250, found NULL in 1 of 70000 rows, the first: a = 'row 500', id = 500\n"},
};

START_TEST(what_does_not_fit_into_memory_is_found_all_the_same)
{
    const bool keyed = strstr(large[_i][0], "PRIMARY KEY") != NULL;
    char before[512];
    sqlite3_snprintf((int)sizeof before, before,
                     "CREATE TABLE t (%s); WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i <"
                     " 70000) INSERT INTO t SELECT %s FROM s",
                     large[_i][0], keyed ? "'row ' || i, (i + 1) / 2, i" : "'row ' || (i + 1) / 2, (i + 1) / 2");
    assert_findings_are(&(judged){.before = before, .change = large[_i][1]}, large[_i][2]);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("match");
    TCase *tcase = suite_case("match");
    tcase_add_loop_test(tcase, any_change_is_told_as_the_rules_say, 0, KINDS);
    tcase_add_loop_test(tcase, a_row_that_moved_is_told_as_one_that_stayed, 0,
                        (int)(sizeof retyped / sizeof retyped[0]));
    tcase_add_test(tcase, values_of_new_columns_count_for_matched_rows_only);
    tcase_add_loop_test(tcase, what_does_not_fit_into_memory_is_found_all_the_same, 0,
                        (int)(sizeof large / sizeof large[0]));
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_pile());
    suite_add_tcase(suite, case_values());
    return suite_run(suite);
}
