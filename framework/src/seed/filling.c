/* filling.c */
#include "seed/filling.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fold.h"
#include "runtime/value.h"
#include "seed/values.h"

enum { MOST_CANDIDATES = 400 };

/* A row that has what the column would have anyway shows nothing: a column that a migration empties looks the same. */
static bool is_default(const drift__seed_column *column, const drift_value *value)
{
    const char *text = column->default_value;
    const size_t length = strlen(text);
    if (value->kind == DRIFT_INTEGER) {
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)value->integer);
        return strcmp(text, number) == 0 || (value->integer == 1 && drift__same_name(text, "true")) ||
               (value->integer == 0 && drift__same_name(text, "false"));
    }
    return value->kind == DRIFT_TEXT && length == value->length + 2 && text[0] == '\'' &&
           (!value->length || memcmp(text + 1, value->bytes, value->length) == 0);
}

void drift__filling_add(drift__filling *f, drift_value value)
{
    drift__seed_class *c = f->into;
    if (!drift__seed_allows(c->domain, &value)) return;
    if (!f->defaults && is_default(f->column, &value)) return;
    for (size_t i = 0; i < c->count; i++) {
        if (drift__value_same(&c->candidates[i], &value)) return;
    }
    if (c->count >= MOST_CANDIDATES) return;
    if (drift__reserve((void **)&c->candidates, &c->capacity, c->count + 1, sizeof *c->candidates) != 0) {
        f->failed = 1;
        return;
    }
    c->candidates[c->count++] = value;
}

void drift__filling_add_integer(drift__filling *f, int64_t integer)
{
    drift__filling_add(f, (drift_value){.kind = DRIFT_INTEGER, .integer = integer});
}

void drift__filling_add_real(drift__filling *f, double real)
{
    drift__filling_add(f, (drift_value){.kind = DRIFT_REAL, .real = real});
}

void drift__filling_add_bytes(drift__filling *f, drift_value_kind kind, const char *bytes, size_t length)
{
    if (bytes) drift__filling_add(f, (drift_value){.kind = kind, .bytes = bytes, .length = length});
}

void drift__filling_add_text(drift__filling *f, const char *text)
{
    if (text) drift__filling_add_bytes(f, DRIFT_TEXT, text, strlen(text));
}

char *drift__filling_repeated(drift__filling *f, char c, size_t length)
{
    char *text = drift__arena_alloc(&f->graph->arena, length + 1);
    if (text) memset(text, c, length);
    return text;
}
