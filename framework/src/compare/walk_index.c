/* walk_index.c — indexes. */
#include "base/fold.h"
#include "compare/describe.h"
#include "compare/expression.h"
#include "compare/text.h"
#include "compare/walk.h"
#include "sql/quote.h"

typedef struct index_facts {
    const char *columns; /* canonical, the table first */
    const char *where;
} index_facts;

static int index_facts_init(index_facts *out, const drift_index *index, const drift__catalog *catalog,
                            drift__arena *arena)
{
    drift__columns columns;
    char room[256] = "";
    drift__str text = DRIFT__STR_IN(room);
    int rc = drift__columns_init(&columns, drift__catalog_table(catalog, index->table));
    if (rc == 0) {
        const drift__scope scope = {.columns = columns.table ? &columns : NULL, .table = index->table};
        for (size_t i = 0; i < index->column_count; i++) {
            if (i) drift__str_puts(&text, ", ");
            drift__put_indexed(&text, &index->columns[i], &columns, true, arena);
        }
        out->columns = drift__text_take(arena, &text);
        out->where = index->where ? drift__expression_canonical(arena, index->where, &scope) : NULL;
    }
    drift__columns_dispose(&columns);
    return rc != 0 || arena->failed ? -1 : 0;
}

/* The columns; the table before them only where it differs. */
static drift__told told_columns(drift__walk *walk, const drift_entity *entity, bool with_table)
{
    const drift_index *index = entity->as.index;
    drift__str text = DRIFT__STR_INIT;
    if (with_table) {
        drift__str_puts(&text, "ON ");
        drift__put_name(&text, index->table);
        drift__str_putc(&text, ' ');
    }
    drift__describe_indexed(&text, index->columns, index->column_count, true);
    return drift__walk_told(walk, &text, entity);
}

int drift__walk_index(drift__walk *walk, drift__pair pair)
{
    const drift_index *expected = pair.expected->as.index, *actual = pair.actual->as.index;
    index_facts want = {NULL, NULL}, got = {NULL, NULL};
    if (index_facts_init(&want, expected, &walk->expected, &walk->scratch) != 0 ||
        index_facts_init(&got, actual, &walk->actual, &walk->scratch) != 0)
        return -1;
    const bool moved = !drift__same_name(expected->table, actual->table);
    if (moved || !drift__same_text(want.columns, got.columns))
        drift__answer_add(walk->answer, DRIFT_FACET_INDEX_COLUMNS, pair, NULL, told_columns(walk, pair.expected, moved),
                          told_columns(walk, pair.actual, moved));
    if (expected->unique != actual->unique)
        drift__answer_add(walk->answer, DRIFT_FACET_INDEX_UNIQUE, pair, NULL,
                          drift__walk_told_sql(walk, pair.expected, expected->unique ? "UNIQUE" : NULL),
                          drift__walk_told_sql(walk, pair.actual, actual->unique ? "UNIQUE" : NULL));
    if (!drift__same_text(want.where, got.where))
        drift__answer_add(walk->answer, DRIFT_FACET_INDEX_WHERE, pair, NULL,
                          drift__walk_told_sql(walk, pair.expected, expected->where),
                          drift__walk_told_sql(walk, pair.actual, actual->where));
    return 0;
}
