/* hidden_names.c — what expectations say of the steps: what a table or a column is called after the migration, and
 * which hidden state was meant to change. */
#include <string.h>

#include "base/fold.h"
#include "verify/hidden.h"
#include "verify/live.h"

/* A walk over the steps. */
typedef struct names {
    const drift__judgement *judgement;
    int version;
    size_t step; /* of the path */
} names;

static bool next_step(int *from, int *to, names *n)
{
    const drift__attempt *attempt = n->judgement->attempt;
    if (!attempt || !n->judgement->expect || n->version >= attempt->to) return false;
    *from = n->version;
    *to = attempt->path ? attempt->path->steps[n->step]->to
                        : drift__expect_next_cut(n->judgement->expect, n->version, attempt->to);
    n->version = *to;
    n->step++;
    return true;
}

static names first_step(const drift__hidden *hidden)
{
    const drift__attempt *attempt = hidden->judgement->attempt;
    return (names){hidden->judgement, attempt ? attempt->from : 0, 0};
}

/* What a table is called at the end of the walk. */
static const char *last_name(names n, const char *table)
{
    int from = 0, to = 0;
    while (next_step(&from, &to, &n)) table = drift__expect_new_table(n.judgement->expect, from, to, table);
    return table;
}

const char *drift__hidden_new_table(const drift__hidden *hidden, const char *table)
{
    return last_name(first_step(hidden), table);
}

const char *drift__hidden_new_column(const drift__hidden *hidden, const char *table, const char *column)
{
    int from = 0, to = 0;
    for (names n = first_step(hidden); next_step(&from, &to, &n);) {
        column = drift__expect_new_column(hidden->judgement->expect, from, to, table, column);
        table = drift__expect_new_table(hidden->judgement->expect, from, to, table);
    }
    return column;
}

bool drift__hidden_is_rewritten(const drift__hidden *hidden, const char *table, const char *column)
{
    drift__expect *expect = hidden->judgement->expect;
    int from = 0, to = 0;
    for (names n = first_step(hidden); next_step(&from, &to, &n);) {
        if (drift__expect_find(expect, from, to, DRIFT_EXPECT_TRANSFORM, table, column)) return true;
        column = drift__expect_new_column(expect, from, to, table, column);
        table = drift__expect_new_table(expect, from, to, table);
        if (drift__expect_find(expect, from, to, DRIFT_EXPECT_FILL, table, column)) return true;
    }
    return false;
}

bool drift__hidden_is_meant(const drift__hidden *hidden, const char *what, const char *table)
{
    drift__expect *expect = hidden->judgement->expect;
    int from = 0, to = 0;
    for (names n = first_step(hidden); next_step(&from, &to, &n);) {
        const drift_expectation *entry = NULL;
        while ((entry = drift__expect_next(expect, from, to, DRIFT_EXPECT_HIDDEN, entry))) {
            if (strcmp(entry->value, what) != 0 || !drift__same_name(last_name(n, entry->table), table)) continue;
            drift__expect_note(expect, entry, true);
            return true;
        }
    }
    return false;
}

int drift__hidden_note_rows(const drift__hidden *hidden, drift_error *err)
{
    drift__expect *expect = hidden->judgement->expect;
    int from = 0, to = 0, rc = DRIFT_OK;
    for (names n = first_step(hidden); rc == DRIFT_OK && next_step(&from, &to, &n);) {
        const drift_expectation *entry = NULL;
        while (rc == DRIFT_OK && (entry = drift__expect_next(expect, from, to, DRIFT_EXPECT_HIDDEN, entry))) {
            const char *name = last_name(n, entry->table);
            const drift__object *object = drift__hidden_object(&hidden->after, DRIFT__OBJECT_TABLE, "main", name);
            bool has_rows = false;
            if (!object) object = drift__hidden_object(&hidden->after, DRIFT__OBJECT_VIRTUAL_TABLE, "main", name);
            if (object) rc = drift__live_has_rows(&has_rows, hidden->judgement->after, object->name, err);
            if (has_rows) drift__expect_note(expect, entry, false);
        }
    }
    return rc;
}
