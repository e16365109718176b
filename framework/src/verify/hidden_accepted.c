/* hidden_accepted.c — what was accepted once is not tried again.
 *
 * Whether a table without rows accepts a row follows from the definitions alone: the table's and its indexes', and,
 * where a trigger fires, from all of them, if no table holds rows. Most versions are reached from many others with the
 * same definitions. Only that a row is accepted is remembered: what is refused is asked, and told, each time.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "runtime/pragma.h"
#include "sql/quote.h"
#include "verify/hidden_accept.h"

/* ---- tables that hold nothing ---- */

/* Where no table is AUTOINCREMENT there is nothing to count. */
static int count_marks(int64_t *out, drift_connection *connection, drift_error *err)
{
    *out = 0;
    const int rc = drift_query_int64(out, connection, "SELECT count(*) FROM main.sqlite_sequence", NULL, 0, NULL);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static bool is_table(const drift__object *object)
{
    return object->kind == DRIFT__OBJECT_TABLE || object->kind == DRIFT__OBJECT_VIRTUAL_TABLE;
}

static int take_rows(drift_statement *row, void *payload, drift_error *err)
{
    bool *holds = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) holds[i] = drift_column_int64(row, i) != 0;
    return DRIFT_OK;
}

/* Of every object whether it is a table with rows. What cannot be asked (a database of more tables than a statement has
 * columns) counts as full. */
static int find_rows(drift__full *full, const drift__objects *objects, drift_connection *connection, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT");
    for (size_t i = 0; i < objects->count; i++) {
        drift__str_puts(&sql, i ? ", " : " ");
        if (is_table(&objects->items[i])) {
            drift__str_puts(&sql, "EXISTS (SELECT 1 FROM main.");
            drift__put_quoted(&sql, objects->items[i].name);
            drift__str_putc(&sql, ')');
        } else {
            drift__str_putc(&sql, '0');
        }
    }
    int rc = sql.failed ? DRIFT_NO_MEMORY : drift_query(connection, sql.text, NULL, 0, take_rows, full->holds, NULL);
    drift__str_dispose(&sql);
    full->known = rc == DRIFT_OK;
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static bool has_temporary(const drift__objects *objects)
{
    for (size_t i = 0; i < objects->count; i++) {
        if (strcmp(objects->items[i].database, "temp") == 0) return true;
    }
    return false;
}

int drift__writes_freely(bool *out, drift_connection *connection, drift_error *err)
{
    int64_t read_only = 0, unchecked = 0;
    int rc = drift__pragma_get(&read_only, connection, DRIFT__PRAGMA_QUERY_ONLY, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&unchecked, connection, DRIFT__PRAGMA_IGNORE_CHECK_CONSTRAINTS, err);
    *out = !read_only && !unchecked;
    return rc;
}

/* What else decides about a row: a temporary trigger, settings that a migration left. */
int drift__full_find(drift__full *out, drift__arena *arena, const drift__objects *objects, drift_connection *connection,
                     drift_error *err)
{
    bool freely = false;
    *out = (drift__full){.objects = objects};
    if (!objects->count || has_temporary(objects)) return DRIFT_OK;
    int rc = drift__writes_freely(&freely, connection, err);
    if (rc != DRIFT_OK || !freely) return rc;
    out->holds = drift__arena_array(arena, objects->count, sizeof *out->holds);
    if (!out->holds) return drift__no_memory(err);
    rc = count_marks(&out->marks, connection, err);
    return rc == DRIFT_OK ? find_rows(out, objects, connection, err) : rc;
}

/* ---- the definitions ---- */

static bool is_on(const drift__object *object, const char *table)
{
    return strcmp(object->database, "main") == 0 && drift__same_name(object->table, table);
}

/* A trigger may write anywhere, and a virtual table's module read anything. */
static bool needs_all(const drift__objects *objects, const drift__sample *sample)
{
    for (size_t i = 0; i < objects->count; i++) {
        if (objects->items[i].kind == DRIFT__OBJECT_TRIGGER && is_on(&objects->items[i], sample->table)) return true;
    }
    return sample->is_virtual;
}

static void digest_text(drift__digest_state *state, const char *text)
{
    const size_t length = strlen(text);
    drift__digest_number(state, length);
    drift__digest_bytes(state, text, length);
}

bool drift__acceptance_digest(drift__digest *out, const drift__full *full, const drift__sample *sample)
{
    drift__digest_state state;
    const drift__objects *objects = full->objects;
    if (!full->known) return false;
    const bool all = needs_all(objects, sample);
    drift__digest_begin(&state);
    digest_text(&state, sample->table);
    for (size_t i = 0; i < objects->count; i++) {
        const drift__object *object = &objects->items[i];
        if (!all && !is_on(object, sample->table)) continue;
        if (full->holds[i] || (full->marks && is_table(object) && drift__hidden_is_autoincrement(object))) return false;
        digest_text(&state, object->sql);
    }
    *out = drift__digest_end(&state);
    return true;
}

/* ---- what is remembered ---- */

bool drift__accepted_before(const drift__valid *valid, drift__digest definitions)
{
    for (size_t i = 0; i < valid->accepted_count; i++) {
        if (drift__digest_same(valid->accepted[i], definitions)) return true;
    }
    return false;
}

int drift__accepted_add(drift__valid *valid, drift__digest definitions, drift_error *err)
{
    if (drift__reserve((void **)&valid->accepted, &valid->accepted_capacity, valid->accepted_count + 1,
                       sizeof *valid->accepted) != 0)
        return drift__no_memory(err);
    valid->accepted[valid->accepted_count++] = definitions;
    return DRIFT_OK;
}
