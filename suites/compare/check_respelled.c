/* check_respelled.c — random schemas, each written twice in random ways, must be equal; after one random change of what
 * it means, they must not be. The schema is data here, so that the test knows what was changed without asking the code
 * under test. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "compare/cases.h"
#include "compare/diffing.h"
#include "drift/kit/parse.h"
#include "support/suite.h"

enum { TABLES = 3, MOST_COLUMNS = 6, ROUNDS = 400 };

typedef enum key_kind { KEY_NONE, KEY_ROWID, KEY_COLUMN, KEY_PAIR, KEY_KINDS } key_kind;

typedef struct column {
    unsigned affinity; /* 0 to 4 */
    bool not_null;
    unsigned value; /* of DEFAULT; 0: none */
    unsigned collation;
    unsigned check; /* the number in CHECK; 0: none */
    bool unique;
    unsigned reference; /* 1 + ON DELETE's action; 0: none */
    bool generated;
} column;

typedef struct table {
    column columns[MOST_COLUMNS];
    unsigned count;
    key_kind key;
    bool autoincrement;
    bool pair_unique;
    bool without_rowid;
    bool descending, index_unique;
    unsigned where; /* the number in the index's predicate; 0: none */
    unsigned view;  /* the number in the view */
    bool after;     /* the trigger's time */
} table;

typedef struct schema {
    table tables[TABLES];
} schema;

/* -- Chance, the same in every run. -- */

static unsigned state;

static unsigned draw(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
}

static void fill_column(column *c)
{
    *c = (column){.affinity = draw(5), .not_null = draw(2), .value = draw(4), .collation = draw(3)};
    c->check = draw(3);
    c->unique = draw(4) == 0;
    c->reference = draw(3) == 0 ? 1 + draw(5) : 0;
    c->generated = draw(6) == 0;
}

static void fill_table(table *t)
{
    *t = (table){.count = 3 + draw(MOST_COLUMNS - 2), .key = (key_kind)draw(KEY_KINDS), .pair_unique = draw(2)};
    for (unsigned i = 0; i < t->count; i++) fill_column(&t->columns[i]);
    t->columns[0].generated = t->columns[1].generated = false; /* SQLite wants a key of stored columns */
    if (t->key == KEY_ROWID) t->columns[0].affinity = 0;
    t->autoincrement = t->key == KEY_ROWID && draw(2);
    t->without_rowid = t->key > KEY_ROWID && draw(2);
    t->descending = draw(2);
    t->index_unique = draw(2);
    t->where = draw(3);
    t->view = draw(9);
    t->after = draw(2);
}

/* -- Writing it, in one of many ways. -- */

static const char *const affinities[5][3] = {{"INTEGER", "INT", "BIGINT"},
                                             {"TEXT", "VARCHAR(42)", "clob"},
                                             {"REAL", "double precision", "FLOAT"},
                                             {"BLOB", "", "blob"},
                                             {"NUMERIC", "DECIMAL(10, 5)", "BOOLEAN"}};

static void space(drift__str *s)
{
    static const char *const spaces[] = {" ", " ", "  ", "\n", "\t", " /* c */ ", " -- c\n"};
    drift__str_puts(s, spaces[draw(7)]);
}

/* Words, each in a case of its own, with space between them. */
static void word(drift__str *s, const char *words)
{
    const bool low = draw(2);
    space(s);
    for (; *words; words++) {
        if (*words == ' ')
            space(s);
        else
            drift__str_putc(s, low && *words >= 'A' && *words <= 'Z' ? (char)(*words + 32) : *words);
    }
    space(s);
}

static void name(drift__str *s, char kind, unsigned number)
{
    static const char *const forms[] = {"%c%u", "\"%c%u\"", "[%c%u]", "`%c%u`"};
    char text[32];
    const char shown = draw(4) ? kind : (char)(kind - 32);
    switch (draw(4)) {
    case 0: snprintf(text, sizeof text, forms[0], shown, number); break;
    case 1: snprintf(text, sizeof text, forms[1], shown, number); break;
    case 2: snprintf(text, sizeof text, forms[2], shown, number); break;
    default: snprintf(text, sizeof text, forms[3], shown, number); break;
    }
    drift__str_puts(s, text);
}

static void number(drift__str *s, unsigned value)
{
    const unsigned form = draw(4);
    if (form == 0) drift__str_printf(s, "(%u)", value);
    if (form == 1) drift__str_printf(s, "+%u", value);
    if (form == 2) drift__str_printf(s, "0x%x", value);
    if (form == 3) drift__str_printf(s, "%u", value);
}

/* c > n, perhaps in parentheses. */
static void condition(drift__str *s, unsigned at, unsigned value)
{
    const bool around = draw(2), inside = draw(2);
    if (around) drift__str_putc(s, '(');
    if (inside) drift__str_putc(s, '(');
    name(s, 'c', at);
    if (inside) drift__str_putc(s, ')');
    drift__str_puts(s, draw(2) ? " > " : ">");
    number(s, value);
    word(s, "AND");
    name(s, 'c', at);
    word(s, draw(2) ? "IS NOT NULL" : "NOTNULL");
    if (around) drift__str_putc(s, ')');
}

static void put_default(drift__str *s, unsigned value)
{
    static const char *const forms[3][3] = {
        {"1", "TRUE", "(1)"}, {"'x'", "\"x\"", "('x')"}, {"-1.50", "(-1.5)", "-15e-1"}};
    if (!value) {
        if (draw(4) == 0) word(s, "DEFAULT NULL");
        return;
    }
    word(s, "DEFAULT");
    drift__str_puts(s, forms[value - 1][draw(3)]);
}

static void put_reference(drift__str *s, unsigned table_number, unsigned action)
{
    static const char *const actions[5][2] = {{"", "ON DELETE NO ACTION"},
                                              {"ON DELETE CASCADE", "ON DELETE CASCADE"},
                                              {"ON DELETE SET NULL", "ON DELETE SET NULL"},
                                              {"ON DELETE RESTRICT", "ON DELETE RESTRICT"},
                                              {"DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE INITIALLY DEFERRED"}};
    word(s, "REFERENCES");
    name(s, 't', (table_number + 1) % TABLES);
    drift__str_putc(s, '(');
    name(s, 'c', 1);
    drift__str_putc(s, ')');
    word(s, actions[action - 1][draw(2)]);
}

/* What may stand at a column or behind them all is put where chance has it. */
typedef struct writing {
    drift__str columns;
    drift__str behind;
} writing;

static drift__str *place(writing *w)
{
    if (draw(2)) return &w->columns;
    drift__str_putc(&w->behind, ',');
    return &w->behind;
}

static void put_column_key(writing *w, const table *t, unsigned at)
{
    if (at || (t->key != KEY_ROWID && t->key != KEY_COLUMN)) return;
    if (draw(2)) {
        word(&w->columns, "PRIMARY KEY");
        if (draw(2)) word(&w->columns, "ASC");
        if (t->autoincrement) word(&w->columns, "AUTOINCREMENT");
        return;
    }
    word(&w->behind, ", PRIMARY KEY (");
    name(&w->behind, 'c', 0);
    if (t->autoincrement) word(&w->behind, "AUTOINCREMENT");
    drift__str_putc(&w->behind, ')');
}

static void put_column_rules(writing *w, const column *c, unsigned table_number, unsigned at)
{
    if (c->check) {
        drift__str *s = place(w);
        word(s, "CHECK (");
        condition(s, at, c->check);
        drift__str_putc(s, ')');
    }
    if (c->unique) {
        drift__str *s = place(w);
        word(s, "UNIQUE");
        if (s == &w->behind) {
            drift__str_putc(s, '(');
            name(s, 'c', at);
            drift__str_putc(s, ')');
        }
    }
    if (c->reference) {
        drift__str *s = place(w);
        if (s == &w->behind) {
            word(s, "FOREIGN KEY (");
            name(s, 'c', at);
            drift__str_putc(s, ')');
        }
        put_reference(s, table_number, c->reference);
    }
}

static void put_column(writing *w, const table *t, unsigned table_number, unsigned at)
{
    static const char *const collations[] = {"BINARY", "NOCASE", "RTRIM"};
    const column *c = &t->columns[at];
    drift__str *s = &w->columns;
    const bool key = at == 0 && (t->key == KEY_ROWID || t->key == KEY_COLUMN);
    name(s, 'c', at);
    /* Of all integer types INTEGER alone makes a key the rowid. */
    word(s, affinities[c->affinity][!key ? draw(3) : t->key == KEY_ROWID ? 0 : 1 + draw(2)]);
    put_column_key(w, t, at);
    if (c->not_null) word(s, "NOT NULL");
    if (!c->not_null && draw(4) == 0) word(s, "NULL");
    if (!c->generated) put_default(s, c->value);
    if (c->collation || draw(3) == 0) {
        word(s, "COLLATE");
        drift__str_puts(s, collations[c->collation]);
    }
    put_column_rules(w, c, table_number, at);
    if (!c->generated) return;
    word(s, draw(2) ? "GENERATED ALWAYS AS (" : "AS (");
    condition(s, 1, c->value);
    drift__str_puts(s, ")");
    if (draw(2)) word(s, "VIRTUAL");
}

static void put_pairs(writing *w, const table *t)
{
    for (int unique = 0; unique < 2; unique++) {
        if (unique ? !t->pair_unique : t->key != KEY_PAIR) continue;
        word(&w->behind, unique ? ", UNIQUE (" : ", PRIMARY KEY (");
        name(&w->behind, 'c', unique ? 2 : 0);
        drift__str_putc(&w->behind, ',');
        name(&w->behind, 'c', 1);
        drift__str_putc(&w->behind, ')');
    }
}

/* The columns behind the first in any order: that is no difference. */
static void put_table(drift__str *out, const table *t, unsigned at)
{
    writing w = {DRIFT__STR_INIT, DRIFT__STR_INIT};
    const unsigned turn = draw(t->count);
    for (unsigned i = 0; i < t->count; i++) {
        if (i) drift__str_putc(&w.columns, ',');
        put_column(&w, t, at, (i + turn) % t->count);
    }
    put_pairs(&w, t);
    word(out, "CREATE TABLE");
    if (draw(3) == 0) word(out, "IF NOT EXISTS");
    name(out, 't', at);
    drift__str_printf(out, "(%s%s)", drift__str_text(&w.columns), drift__str_text(&w.behind));
    if (t->without_rowid) word(out, "WITHOUT ROWID");
    drift__str_puts(out, ";\n");
    drift__str_dispose(&w.columns);
    drift__str_dispose(&w.behind);
}

static void put_index(drift__str *out, const table *t, unsigned at)
{
    word(out, t->index_unique ? "CREATE UNIQUE INDEX" : "CREATE INDEX");
    name(out, 'i', at);
    word(out, "ON");
    name(out, 't', at);
    drift__str_putc(out, '(');
    name(out, 'c', 0);
    if (t->descending || draw(2)) word(out, t->descending ? "DESC" : "ASC");
    drift__str_putc(out, ',');
    name(out, 'c', 2);
    drift__str_putc(out, ')');
    if (t->where) {
        word(out, "WHERE");
        condition(out, 1, t->where);
    }
    drift__str_puts(out, ";\n");
}

static void put_view(drift__str *out, const table *t, unsigned at)
{
    word(out, "CREATE VIEW");
    name(out, 'v', at);
    word(out, "AS SELECT");
    name(out, 'c', 1);
    word(out, "FROM");
    name(out, 't', at);
    word(out, "WHERE");
    condition(out, 1, t->view);
    word(out, "ORDER BY");
    name(out, 'c', 1);
    if (draw(2)) word(out, "ASC");
    drift__str_puts(out, ";\n");
}

static void put_trigger(drift__str *out, const table *t, unsigned at)
{
    word(out, "CREATE TRIGGER");
    name(out, 'r', at);
    word(out, t->after ? "AFTER" : draw(2) ? "BEFORE" : "");
    word(out, "DELETE ON");
    name(out, 't', at);
    if (draw(2)) word(out, "FOR EACH ROW");
    word(out, "BEGIN SELECT");
    condition(out, 1, t->view + 1);
    word(out, "FROM");
    name(out, 't', at);
    drift__str_puts(out, "; END;\n");
}

static drift_schema *written(const schema *s)
{
    drift__str text = DRIFT__STR_INIT;
    for (unsigned i = 0; i < TABLES; i++) put_table(&text, &s->tables[i], i);
    for (unsigned i = 0; i < TABLES; i++) {
        put_index(&text, &s->tables[i], i);
        put_view(&text, &s->tables[i], i);
        put_trigger(&text, &s->tables[i], i);
    }
    drift_schema *result = parsed(drift__str_text(&text));
    drift__str_dispose(&text);
    return result;
}

/* -- One change of meaning. Returns false where it would change nothing. -- */

static bool change(schema *s)
{
    table *t = &s->tables[draw(TABLES)];
    const unsigned at = 1 + draw(t->count - 1);
    column *c = &t->columns[at];
    const bool in_key = at == 1 && t->key == KEY_PAIR;
    switch (draw(17)) {
    case 0: c->affinity = (c->affinity + 1) % 5; return true;
    case 1: c->not_null = !c->not_null; return !(in_key && t->without_rowid);
    case 2: c->value = (c->value + 1) % 4; return true;
    case 3: c->collation = (c->collation + 1) % 3; return true;
    case 4: c->check = (c->check + 1) % 3; return true;
    case 5: c->unique = !c->unique; return true;
    case 6: c->reference = (c->reference + 1) % 6; return true;
    case 7: t->pair_unique = !t->pair_unique; return true;
    case 8: t->descending = !t->descending; return true;
    case 9: t->index_unique = !t->index_unique; return true;
    case 10: t->where = (t->where + 1) % 3; return true;
    case 11: t->view++; return true;
    case 12: t->after = !t->after; return true;
    case 13: t->without_rowid = !t->without_rowid; return t->key > KEY_ROWID;
    case 14: t->autoincrement = !t->autoincrement; return t->key == KEY_ROWID;
    case 15: t->key = t->key == KEY_PAIR ? KEY_COLUMN : KEY_PAIR; return t->key != KEY_PAIR || !t->autoincrement;
    default: t->count = t->count == 3 ? 4 : t->count - 1; return t->count == 3 || t->columns[3].affinity < 5;
    }
}

static size_t count_differences(const drift_schema *a, const drift_schema *b)
{
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, a, b, NULL, &err));
    const size_t count = diff->count;
    drift_diff_free(diff);
    return count;
}

static void show_failure(const drift_schema *a, const drift_schema *b, const char *what)
{
    drift_diff *diff = NULL;
    drift_error err = {0};
    char *text = NULL;
    ck_assert_drift(drift_diff_schemas(&diff, a, b, NULL, &err));
    ck_assert_drift(drift_diff_print_text(&text, diff, &err));
    for (size_t i = 0; i < a->entity_count; i++) printf("%s\n%s\n", a->entities[i].sql, b->entities[i].sql);
    ck_abort_msg("%s: %s", what, text);
}

static void fill(schema *s)
{
    for (unsigned i = 0; i < TABLES; i++) fill_table(&s->tables[i]);
}

START_TEST(a_schema_written_in_another_way_is_equal)
{
    state = 1;
    for (int round = 0; round < ROUNDS; round++) {
        schema s;
        fill(&s);
        drift_schema *a = written(&s), *b = written(&s);
        if (count_differences(a, b) != 0) show_failure(a, b, "should be equal");
        if (count_differences(b, a) != 0) show_failure(b, a, "should be equal");
        drift_schema_free(a);
        drift_schema_free(b);
    }
}
END_TEST

START_TEST(one_change_of_meaning_is_found_in_any_writing)
{
    state = 2;
    for (int round = 0; round < ROUNDS; round++) {
        schema s, changed;
        fill(&s);
        do changed = s;
        while (!change(&changed));
        drift_schema *a = written(&s), *b = written(&changed);
        if (count_differences(a, b) == 0) show_failure(a, b, "should differ");
        if (count_differences(b, a) == 0) show_failure(b, a, "should differ");
        drift_schema_free(a);
        drift_schema_free(b);
    }
}
END_TEST

TCase *compare_respelled_case(void)
{
    TCase *tcase = suite_case("respelled");
    tcase_add_test(tcase, a_schema_written_in_another_way_is_equal);
    tcase_add_test(tcase, one_change_of_meaning_is_found_in_any_writing);
    return tcase;
}
