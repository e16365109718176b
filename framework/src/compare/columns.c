/* columns.c */
#include "compare/columns.h"

#include <stdint.h>

#include "base/fold.h"

/* Most tables have fewer columns: their names are compared sooner than they are hashed. */
enum { FEW = 16 };

int drift__columns_init(drift__columns *columns, const drift_table *table)
{
    *columns = (drift__columns){.table = table};
    if (!table || table->column_count <= FEW) return 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (drift__map_put(&columns->map, table->columns[i].name, &table->columns[i], NULL) != 0) return -1;
    }
    return 0;
}

void drift__columns_dispose(drift__columns *columns)
{
    drift__map_dispose(&columns->map);
}

/* The last of the first `count` columns that has this name. The first letter settles nearly all. */
static const drift_column *last_called(const drift_column *columns, size_t count, const char *name)
{
    const char first = drift__fold_char(*name);
    while (count--) {
        const char *each = columns[count].name;
        if (drift__fold_char(*each) == first && drift__same_name(each, name)) return &columns[count];
    }
    return NULL;
}

const drift_column *drift__columns_find(const drift__columns *columns, const char *name)
{
    if (!columns->table) return NULL;
    if (columns->map.count) return drift__map_get(&columns->map, name);
    return last_called(columns->table->columns, columns->table->column_count, name);
}

/* A name can only stand before if one with the same two first letters does. */
static unsigned two_letters(const char *name)
{
    const unsigned char first = (unsigned char)drift__fold_char(name[0]);
    const unsigned char second = first ? (unsigned char)drift__fold_char(name[1]) : 0;
    return (first * 31u + second) % 64u;
}

bool drift__columns_repeat(const drift__columns *columns)
{
    const drift_table *table = columns->table;
    uint64_t before = 0;
    if (!table) return false;
    if (columns->map.count) return columns->map.count < table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        const uint64_t bit = UINT64_C(1) << two_letters(table->columns[i].name);
        if (before & bit && last_called(table->columns, i, table->columns[i].name)) return true;
        before |= bit;
    }
    return false;
}
