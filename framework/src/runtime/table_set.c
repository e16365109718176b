/* table_set.c */
#include "runtime/table_set.h"

#include <string.h>

#include "base/alloc.h"

enum { WORD_BITS = 64 };

static uint64_t bit_of(size_t table)
{
    return UINT64_C(1) << (table % WORD_BITS);
}

/* Makes room for `count` words; without memory the set is that of all tables. */
static bool widen(drift__table_set *set, size_t count)
{
    if (count <= set->word_count) return true;
    uint64_t *words = drift__realloc(set->words, count * sizeof *words);
    if (!words) {
        set->all = true;
        return false;
    }
    memset(words + set->word_count, 0, (count - set->word_count) * sizeof *words);
    set->words = words;
    set->word_count = count;
    return true;
}

void drift__table_set_add(drift__table_set *set, size_t table)
{
    if (widen(set, table / WORD_BITS + 1)) set->words[table / WORD_BITS] |= bit_of(table);
}

void drift__table_set_merge(drift__table_set *into, const drift__table_set *from)
{
    if (from->all) into->all = true;
    if (!widen(into, from->word_count)) return;
    for (size_t i = 0; i < from->word_count; i++) into->words[i] |= from->words[i];
}

bool drift__table_set_has(const drift__table_set *set, size_t table)
{
    if (set->all) return true;
    return table / WORD_BITS < set->word_count && (set->words[table / WORD_BITS] & bit_of(table)) != 0;
}

bool drift__table_set_empty(const drift__table_set *set)
{
    if (set->all) return false;
    for (size_t i = 0; i < set->word_count; i++) {
        if (set->words[i]) return false;
    }
    return true;
}

bool drift__table_set_meets(const drift__table_set *a, const drift__table_set *b)
{
    if (a->all) return !drift__table_set_empty(b);
    if (b->all) return !drift__table_set_empty(a);
    const size_t count = a->word_count < b->word_count ? a->word_count : b->word_count;
    for (size_t i = 0; i < count; i++) {
        if (a->words[i] & b->words[i]) return true;
    }
    return false;
}

void drift__table_set_clear(drift__table_set *set)
{
    if (set->word_count) memset(set->words, 0, set->word_count * sizeof *set->words);
    set->all = false;
}

void drift__table_set_dispose(drift__table_set *set)
{
    drift__free(set->words);
    *set = (drift__table_set){0};
}
