/* walk_opaque.c — entities of which only the text is known. */
#include <string.h>

#include "compare/expression.h"
#include "compare/walk.h"
#include "sql/cursor.h"

static drift_facet text_facet(drift_entity_kind kind)
{
    switch (kind) {
    case DRIFT_ENTITY_INDEX: return DRIFT_FACET_INDEX_COLUMNS;
    case DRIFT_ENTITY_VIEW: return DRIFT_FACET_VIEW_SQL;
    case DRIFT_ENTITY_TRIGGER: return DRIFT_FACET_TRIGGER_SQL;
    case DRIFT_ENTITY_VIRTUAL_TABLE: return DRIFT_FACET_VIRTUAL_SQL;
    default: return DRIFT_FACET_TABLE_SQL;
    }
}

/* Behind CREATE, TEMP, the kind and IF NOT EXISTS. UNIQUE stays: it means something. */
static const char *behind_create(const char *sql, bool *unique)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    drift__cursor_take(&c, "CREATE");
    if (!drift__cursor_take(&c, "TEMP")) drift__cursor_take(&c, "TEMPORARY");
    *unique = drift__cursor_take(&c, "UNIQUE");
    drift__cursor_take(&c, "VIRTUAL");
    drift__cursor_next(&c);
    if (drift__cursor_take(&c, "IF") && drift__cursor_take(&c, "NOT")) drift__cursor_take(&c, "EXISTS");
    return c.token.text;
}

static const char *canonical_text(const drift_entity *entity, drift__arena *arena)
{
    static const drift__scope any = {0};
    bool unique = false;
    const char *rest = behind_create(entity->sql ? entity->sql : "", &unique);
    const char *canonical = drift__expression_canonical(arena, rest, &any);
    return canonical ? drift__arena_printf(arena, "%s%s", unique ? "unique " : "", canonical) : NULL;
}

int drift__walk_opaque(drift__walk *walk, drift__pair pair)
{
    const char *want = canonical_text(pair.expected, &walk->scratch);
    const char *got = canonical_text(pair.actual, &walk->scratch);
    if (!want || !got) return -1;
    if (!drift__same_text(want, got))
        drift__answer_add(walk->answer, text_facet(pair.expected->kind), pair, NULL,
                          drift__walk_told_sql(walk, pair.expected, pair.expected->sql),
                          drift__walk_told_sql(walk, pair.actual, pair.actual->sql));
    return 0;
}
