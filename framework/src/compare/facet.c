/* facet.c — the rows of DRIFT_FACET_MAP. */
#include "drift/kit/diff.h"

typedef struct facet_row {
    const char *code;
    const char *word;
} facet_row;

#define FACET_ROW(name, code, word) {code, word},
static const facet_row rows[] = {DRIFT_FACET_MAP(FACET_ROW)};
#undef FACET_ROW

static const facet_row *row(drift_facet facet)
{
    return (size_t)facet < sizeof rows / sizeof *rows ? &rows[facet] : NULL;
}

const char *drift_facet_code(drift_facet facet)
{
    return row(facet) ? row(facet)->code : NULL;
}

const char *drift_facet_word(drift_facet facet)
{
    return row(facet) ? row(facet)->word : NULL;
}
