/* walk_program.c — views and triggers: parts of a statement, of which those that differ are told. */
#include <stdlib.h>

#include "base/fold.h"
#include "compare/describe.h"
#include "compare/expression.h"
#include "compare/text.h"
#include "compare/walk.h"
#include "sql/quote.h"

typedef struct part {
    const char *written;   /* SQL, or NULL */
    const char *canonical; /* or NULL */
} part;

enum { MOST_PARTS = 3 };

typedef struct parts {
    part items[MOST_PARTS];
    size_t count;
} parts;

static void tell_parts(drift__walk *walk, drift__pair pair, drift_facet facet, const parts *expected,
                       const parts *actual)
{
    drift__str want = DRIFT__STR_INIT, got = DRIFT__STR_INIT;
    bool differ = false;
    for (size_t i = 0; i < expected->count; i++) {
        const part *x = &expected->items[i], *y = &actual->items[i];
        if (drift__same_text(x->canonical, y->canonical)) continue;
        differ = true;
        if (want.length && x->written) drift__str_putc(&want, ' ');
        if (got.length && y->written) drift__str_putc(&got, ' ');
        if (x->written) drift__text_put_sql(&want, x->written);
        if (y->written) drift__text_put_sql(&got, y->written);
    }
    if (differ)
        drift__answer_add(walk->answer, facet, pair, NULL, drift__walk_told(walk, &want, pair.expected),
                          drift__walk_told(walk, &got, pair.actual));
    drift__str_dispose(&want);
    drift__str_dispose(&got);
}

static int add_sql(parts *out, const char *sql, drift__catalog *catalog, drift__arena *arena)
{
    drift__scope scope;
    part *next = &out->items[out->count++];
    *next = (part){sql, NULL};
    if (!sql) return 0;
    if (drift__catalog_scope(&scope, catalog, sql) != 0) return -1;
    next->canonical = drift__expression_canonical(arena, sql, &scope);
    return next->canonical ? 0 : -1;
}

static const char *names_text(const char *const *names, size_t count, drift__arena *arena)
{
    drift__str text = DRIFT__STR_INIT;
    if (!count) return NULL;
    drift__describe_names(&text, names, count);
    return drift__text_take(arena, &text);
}

static int view_parts(parts *out, const drift_view *view, drift__catalog *catalog, drift__arena *arena)
{
    *out = (parts){.count = 1};
    out->items[0].written = names_text(view->columns, view->column_count, arena);
    out->items[0].canonical = drift__text_folded(arena, out->items[0].written);
    return add_sql(out, view->select, catalog, arena) != 0 || arena->failed ? -1 : 0;
}

int drift__walk_view(drift__walk *walk, drift__pair pair)
{
    parts expected, actual;
    if (view_parts(&expected, pair.expected->as.view, &walk->expected, &walk->scratch) != 0 ||
        view_parts(&actual, pair.actual->as.view, &walk->actual, &walk->scratch) != 0)
        return -1;
    tell_parts(walk, pair, DRIFT_FACET_VIEW_SQL, &expected, &actual);
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return drift__fold_compare(*(const char *const *)a, *(const char *const *)b);
}

/* UPDATE OF lists a set of columns: order and repetition say nothing. */
static void put_update_columns(drift__str *out, const drift_trigger *trigger, drift__arena *arena)
{
    const size_t count = trigger->column_count;
    const char **names = drift__arena_copy(arena, trigger->columns, count, sizeof *names);
    if (!names || !count) return;
    qsort(names, count, sizeof *names, compare_names);
    drift__str_puts(out, " of");
    for (size_t i = 0; i < count; i++) {
        if (i && drift__same_name(names[i], names[i - 1])) continue;
        drift__str_putc(out, ' ');
        drift__put_quoted(out, names[i]);
    }
}

/* BEFORE is what stands for no time, and FOR EACH ROW is the only kind there is
 * (https://www.sqlite.org/lang_createtrigger.html). */
static const char *trigger_header(const drift_trigger *trigger, drift__arena *arena)
{
    static const char *const times[] = {"BEFORE", "AFTER", "INSTEAD OF"};
    static const char *const events[] = {"DELETE", "INSERT", "UPDATE"};
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "%s %s", times[trigger->time], events[trigger->event]);
    for (size_t i = 0; i < trigger->column_count; i++) {
        drift__str_puts(&text, i ? ", " : " OF ");
        drift__put_name(&text, trigger->columns[i]);
    }
    drift__str_puts(&text, " ON ");
    drift__put_name(&text, trigger->table);
    return drift__text_take(arena, &text);
}

static const char *trigger_meaning(const drift_trigger *trigger, drift__arena *arena)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "%d %d", trigger->time, trigger->event);
    put_update_columns(&text, trigger, arena);
    drift__str_puts(&text, " on ");
    drift__put_quoted(&text, trigger->table);
    const char *meaning = drift__text_take(arena, &text);
    return meaning ? drift__text_folded(arena, meaning) : NULL;
}

static int trigger_parts(parts *out, const drift_trigger *trigger, drift__catalog *catalog, drift__arena *arena)
{
    *out = (parts){.count = 1};
    out->items[0].written = trigger_header(trigger, arena);
    out->items[0].canonical = trigger_meaning(trigger, arena);
    if (add_sql(out, trigger->when, catalog, arena) != 0 || add_sql(out, trigger->body, catalog, arena) != 0) return -1;
    if (trigger->when) {
        const char *when = drift__arena_printf(arena, "WHEN %s", trigger->when);
        out->items[1].written = when;
    }
    return arena->failed ? -1 : 0;
}

int drift__walk_trigger(drift__walk *walk, drift__pair pair)
{
    parts expected, actual;
    if (trigger_parts(&expected, pair.expected->as.trigger, &walk->expected, &walk->scratch) != 0 ||
        trigger_parts(&actual, pair.actual->as.trigger, &walk->actual, &walk->scratch) != 0)
        return -1;
    tell_parts(walk, pair, DRIFT_FACET_TRIGGER_SQL, &expected, &actual);
    return 0;
}
