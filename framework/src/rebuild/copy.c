/* copy.c — what is copied into the new table: by column name, never by position. */
#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/rebuild.h"
#include "sql/affinity.h"
#include "sql/quote.h"

/* --- where a column's value comes from --- */

static const drift_column_transform *transform_of(const drift__rebuild_request *request, const char *name)
{
    for (const drift_column_transform *t = request->transforms; t && t->column; t++)
        if (drift__same_name(t->column->name, name)) return t;
    return NULL;
}

static bool is_new(const drift__rebuild_request *request, const char *name)
{
    for (const drift_column *const *c = request->new_columns; c && *c; c++)
        if (drift__same_name((*c)->name, name)) return true;
    return false;
}

/* The old column that is copied as it is, or NULL. */
static const drift__live_column *copied(const drift__rebuild *r, const char *name)
{
    if (transform_of(r->request, name) || is_new(r->request, name)) return NULL;
    return drift__live_column_find(&r->old_table, name);
}

/* Whether a new INTEGER PRIMARY KEY without a value of its own takes over the old rowids. */
static bool takes_rowid(const drift__rebuild *r, const drift__live_column *column)
{
    return column == r->new_table.integer_key && !transform_of(r->request, column->name) && !copied(r, column->name) &&
           drift__live_rowid(&r->old_table);
}

/* --- what the request must say --- */

static int require_column(const drift__rebuild *r, const drift__live_column *column, drift_error *err)
{
    const char *table = r->new_table.name;
    if (column->generated || transform_of(r->request, column->name) || copied(r, column->name)) return DRIFT_OK;
    if (!is_new(r->request, column->name)) {
        drift__error(err, DRIFT_MIGRATION,
                     "the old table \"%s\" has no column \"%s\", and it is not among the new ones", table,
                     column->name);
        drift__error_hint(err, "name it in new_columns, or give it a transform");
        return DRIFT_MIGRATION;
    }
    if (drift__live_column_find(&r->old_table, column->name))
        return drift__error(err, DRIFT_MISUSE, "the old table \"%s\" has the column \"%s\" already: it is not new",
                            table, column->name);
    if (!column->not_null || column->has_default || takes_rowid(r, column) || column == r->new_table.integer_key)
        return DRIFT_OK;
    drift__error(err, DRIFT_MIGRATION,
                 "the new column \"%s\" of \"%s\" is NOT NULL and has neither a default nor a transform", column->name,
                 table);
    drift__error_hint(err, "give it a transform, or a default in the schema");
    return DRIFT_MIGRATION;
}

static int require_known(const drift__rebuild *r, const char *name, const char *what, drift_error *err)
{
    const drift__live_column *column = drift__live_column_find(&r->new_table, name);
    if (column && !column->generated) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "%s is for the column \"%s\", %s \"%s\"", what, name,
                        column ? "which is generated in the new table" : "which is not in the new table",
                        r->new_table.name);
}

static int require_request(const drift__rebuild *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (const drift_column_transform *t = r->request->transforms; rc == DRIFT_OK && t && t->column; t++)
        rc = require_known(r, t->column->name, "a transform", err);
    for (size_t i = 0; rc == DRIFT_OK && i < r->new_table.column_count; i++)
        rc = require_column(r, &r->new_table.columns[i], err);
    return rc;
}

/* --- values that would change --- */

/* "ANY" in a STRICT table converts nothing (https://www.sqlite.org/stricttables.html, section 2). */
static drift__affinity affinity_of(const drift__live_table *table, const drift__live_column *column)
{
    if (table->strict && drift__same_name(column->type, "ANY")) return DRIFT__AFFINITY_BLOB;
    return drift__affinity_of(column->type);
}

static bool is_numeric(drift__affinity affinity)
{
    return affinity == DRIFT__AFFINITY_NUMERIC || affinity == DRIFT__AFFINITY_INTEGER;
}

/*
 * Which values of column %1 an affinity converts (https://www.sqlite.org/datatype3.html, section 3). A text that "looks
 * like a number" is one that equals itself as a number, since a comparison with a NUMERIC operand applies NUMERIC
 * affinity to the other one (section 4.2).
 */
static const char *converted(drift__affinity affinity)
{
    switch (affinity) {
    case DRIFT__AFFINITY_BLOB: break;
    case DRIFT__AFFINITY_TEXT: return "typeof(%1) IN ('integer', 'real')";
    case DRIFT__AFFINITY_NUMERIC:
    case DRIFT__AFFINITY_INTEGER:
        return "typeof(%1) = 'text' AND %1 = CAST(%1 AS NUMERIC) OR typeof(%1) = 'real' AND %1 = CAST(%1 AS INTEGER)";
    case DRIFT__AFFINITY_REAL: return "typeof(%1) = 'integer' OR typeof(%1) = 'text' AND %1 = CAST(%1 AS NUMERIC)";
    }
    return NULL;
}

/* Writes a pattern with a quoted name for every %1. */
static void put_pattern(drift__str *s, const char *pattern, const char *name)
{
    for (; *pattern; pattern++) {
        if (pattern[0] == '%' && pattern[1] == '1') {
            drift__put_quoted(s, name);
            pattern++;
        } else {
            drift__str_putc(s, *pattern);
        }
    }
}

/* A column whose affinity changes. */
typedef struct change {
    const drift__rebuild *rebuild;
    const char *column;
    drift__affinity from, to;
} change;

static int tell_change(drift_statement *row, void *payload, drift_error *err)
{
    const change *c = payload;
    drift__error(err, DRIFT_MIGRATION, "column \"%s.%s\" changes from %s to %s affinity, and the value %s would change",
                 c->rebuild->old_table.name, c->column, drift__affinity_name(c->from), drift__affinity_name(c->to),
                 drift_column_text(row, 0, NULL));
    drift__error_hint(err, "say that it is meant by a transform, as CAST(%s AS %s)", c->column,
                      drift__affinity_name(c->to));
    return DRIFT_MIGRATION;
}

static int require_unchanged(const drift__rebuild *r, const drift__live_column *column, drift_error *err)
{
    const drift__live_column *old = copied(r, column->name);
    if (!old || column->generated) return DRIFT_OK;
    change c = {r, column->name, affinity_of(&r->old_table, old), affinity_of(&r->new_table, column)};
    const char *pattern = converted(c.to);
    drift__str s = DRIFT__STR_INIT;
    if (c.from == c.to || (is_numeric(c.from) && is_numeric(c.to)) || !pattern) return DRIFT_OK;
    put_pattern(&s, "SELECT quote(%1) FROM main.", old->name);
    drift__put_quoted(&s, r->old_table.name);
    drift__str_puts(&s, " WHERE ");
    put_pattern(&s, pattern, old->name);
    drift__str_puts(&s, " LIMIT 1");
    const int rc = s.failed ? drift__no_memory(err) : drift_query(r->connection, s.text, NULL, 0, tell_change, &c, err);
    drift__str_dispose(&s);
    return rc;
}

/* --- the lists --- */

typedef struct lists {
    drift__str targets, sources;
} lists;

static void put_pair(lists *l, const char *target, const char *source, bool is_expression)
{
    if (l->targets.length) drift__str_puts(&l->targets, ", ");
    if (l->sources.length) drift__str_puts(&l->sources, ", ");
    drift__put_quoted(&l->targets, target);
    if (is_expression)
        drift__str_printf(&l->sources, "(%s\n)", source); /* a comment at its end must not hide the parenthesis */
    else
        drift__put_quoted(&l->sources, source);
}

/* A rowid table without INTEGER PRIMARY KEY keeps its rowids: external-content FTS and bookmarks depend on them. */
static int put_rowid(const drift__rebuild *r, lists *l, drift_error *err)
{
    const char *from = drift__live_rowid(&r->old_table), *to = drift__live_rowid(&r->new_table);
    if (r->old_table.without_rowid || r->new_table.without_rowid || r->new_table.integer_key) return DRIFT_OK;
    if (!from || !to)
        return drift__error(
            err, DRIFT_MIGRATION,
            "the rowids of \"%s\" cannot be copied: columns of the %s table are named rowid, _rowid_ and "
            "oid",
            r->old_table.name, from ? "new" : "old");
    put_pair(l, to, from, false);
    return DRIFT_OK;
}

static void put_columns(const drift__rebuild *r, lists *l)
{
    for (size_t i = 0; i < r->new_table.column_count; i++) {
        const drift__live_column *column = &r->new_table.columns[i];
        const drift_column_transform *transform = transform_of(r->request, column->name);
        const drift__live_column *old = copied(r, column->name);
        if (column->generated) continue;
        if (transform)
            put_pair(l, column->name, transform->sql, true);
        else if (old)
            put_pair(l, column->name, old->name, false);
        else if (takes_rowid(r, column))
            put_pair(l, column->name, drift__live_rowid(&r->old_table), false);
    }
}

static int put_lists(drift__rebuild *r, drift_error *err)
{
    lists l = {DRIFT__STR_INIT, DRIFT__STR_INIT};
    int rc = put_rowid(r, &l, err);
    put_columns(r, &l);
    if (rc == DRIFT_OK && (l.targets.failed || l.sources.failed)) rc = drift__no_memory(err);
    if (rc == DRIFT_OK && !l.targets.length)
        rc = drift__error(err, DRIFT_MIGRATION, "no column of the new table \"%s\" gets a value from the old one",
                          r->new_table.name);
    r->targets = drift__arena_strdup(&r->arena, drift__str_text(&l.targets));
    r->sources = drift__arena_strdup(&r->arena, drift__str_text(&l.sources));
    drift__str_dispose(&l.targets);
    drift__str_dispose(&l.sources);
    return rc < 0 || !r->arena.failed ? rc : drift__no_memory(err);
}

int drift__rebuild_plan_copy(drift__rebuild *r, drift_error *err)
{
    int rc = require_request(r, err);
    if (rc == DRIFT_OK) rc = put_lists(r, err);
    for (size_t i = 0; rc == DRIFT_OK && i < r->new_table.column_count; i++)
        rc = require_unchanged(r, &r->new_table.columns[i], err);
    return rc;
}
