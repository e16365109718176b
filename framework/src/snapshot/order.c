/* order.c — entities into an order in which they can be created: what an entity refers to comes before it, and
 * otherwise the file's order stays.
 *
 * A circle is an error, with one exception. Tables may refer to one another by foreign keys: SQLite looks for the
 * parent only when rows are written (https://www.sqlite.org/foreignkeys.html, section 2), and Drift allows it too
 * (https://github.com/simolus3/drift/pull/3822). A circle is therefore cut at a table that has such a key. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "snapshot/item.h"

typedef enum mark { UNSEEN = 0, OPEN, DONE } mark;

/* An entity whose references are being followed, and how far. No recursion: a hostile chain may be as long as the file.
 */
typedef struct frame {
    const drift__item *item;
    bool owner_seen;
    size_t next;
} frame;

typedef struct ordering {
    const drift__reading *r;
    unsigned char *marks; /* by the item's index */
    frame *stack;
    size_t depth;
    drift_entity *out;
    size_t placed;
} ordering;

static size_t index_of(const ordering *o, const drift__item *item)
{
    return (size_t)(item - o->r->items);
}

static bool refers_to(const drift_constraint *constraints, size_t count, const char *table)
{
    for (size_t i = 0; i < count; i++)
        if (constraints[i].reference && drift__same_name(constraints[i].reference->table, table)) return true;
    return false;
}

static bool has_foreign_key(const drift_entity *child, const char *parent)
{
    const drift_table *table = child->as.table;
    if (!table) return false;
    if (refers_to(table->constraints, table->constraint_count, parent)) return true;
    for (size_t i = 0; i < table->column_count; i++)
        if (refers_to(table->columns[i].constraints, table->columns[i].constraint_count, parent)) return true;
    return false;
}

/* "3 -> 5 -> 3", from where the circle closes. */
static int tell_circle(const ordering *o, const drift__item *again, drift_error *err)
{
    drift__str ids = DRIFT__STR_INIT;
    size_t start = 0;
    while (o->stack[start].item != again) start++;
    for (size_t i = start; i < o->depth && i < start + 16; i++)
        drift__str_printf(&ids, "%lld -> ", (long long)o->stack[i].item->id);
    if (o->depth > start + 16) drift__str_puts(&ids, "... -> ");
    drift__str_printf(&ids, "%lld", (long long)again->id);
    const int rc = ids.failed
                       ? drift__no_memory(err)
                       : drift__node_error(err, &o->stack[o->depth - 1].item->references,
                                           "entities refer to one another in a circle: %s", drift__str_text(&ids));
    drift__str_dispose(&ids);
    return rc;
}

static void open_item(ordering *o, const drift__item *item)
{
    o->marks[index_of(o, item)] = OPEN;
    o->stack[o->depth++] = (frame){item, false, 0};
}

static int follow(ordering *o, const drift__item *from, const drift__item *to, drift_error *err)
{
    const mark seen = (mark)o->marks[index_of(o, to)];
    if (seen == UNSEEN) open_item(o, to);
    if (seen == OPEN && !has_foreign_key(&from->entity, to->name)) return tell_circle(o, to, err);
    return DRIFT_OK;
}

static int follow_next(ordering *o, frame *top, drift_error *err)
{
    drift__node id;
    drift__item *referred = NULL;
    int rc = drift__node_at(&id, &top->item->references, top->next++, DRIFT__JSON_INTEGER, err);
    if (rc == DRIFT_OK) rc = drift__item_by_id(&referred, o->r, &id, err);
    return rc == DRIFT_OK ? follow(o, top->item, referred, err) : rc;
}

/* What an index or a trigger stands on comes first, whether or not `references` repeats it. */
static int follow_owner(ordering *o, frame *top, drift_error *err)
{
    top->owner_seen = true;
    return top->item->owner ? follow(o, top->item, top->item->owner, err) : DRIFT_OK;
}

static int place(ordering *o, const drift__item *first, drift_error *err)
{
    int rc = DRIFT_OK;
    open_item(o, first);
    while (o->depth && rc == DRIFT_OK) {
        frame *top = &o->stack[o->depth - 1];
        if (!top->owner_seen) {
            rc = follow_owner(o, top, err);
            continue;
        }
        if (top->next < drift__node_count(&top->item->references)) {
            rc = follow_next(o, top, err);
            continue;
        }
        o->marks[index_of(o, top->item)] = DONE;
        o->out[o->placed++] = top->item->entity;
        o->depth--;
    }
    return rc;
}

int drift__items_order(const drift_entity **out, drift__reading *r, drift_error *err)
{
    ordering o = {.r = r};
    o.out = drift__arena_array(r->arena, r->count, sizeof *o.out);
    o.marks = drift__calloc(r->count, sizeof *o.marks);
    o.stack = drift__calloc(r->count, sizeof *o.stack);
    int rc = o.out && o.marks && o.stack ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; i < r->count && rc == DRIFT_OK; i++)
        if (o.marks[i] == UNSEEN) rc = place(&o, &r->items[i], err);
    drift__free(o.marks);
    drift__free(o.stack);
    *out = o.out;
    return rc;
}
