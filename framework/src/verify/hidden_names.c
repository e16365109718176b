/* hidden_names.c — what a table or a column is called after the migration: as before, but for what expectations say of
 * the steps between. */
#include "verify/hidden.h"

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

const char *drift__hidden_new_table(const drift__hidden *hidden, const char *table)
{
    int from = 0, to = 0;
    for (names n = first_step(hidden); next_step(&from, &to, &n);)
        table = drift__expect_new_table(hidden->judgement->expect, from, to, table);
    return table;
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
