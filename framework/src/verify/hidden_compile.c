/* hidden_compile.c — every view and every trigger still compiles.
 *
 * SQLite looks into a view or a trigger only when it is used: what it names may be gone long before, and
 * integrity_check says ok. A name in double quotes that is no column any more is even taken for a string
 * (https://www.sqlite.org/quirks.html#dblquote), and the view then answers with its own text.
 */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "sql/quote.h"
#include "verify/hidden.h"
#include "verify/world.h"

/* How well it is to compile: as well as before. A new text need only compile, its strings may stand in double quotes.
 */
static int wanted_soundness(drift__soundness *out, const drift__hidden *hidden, const drift__object *object,
                            drift_error *err)
{
    const drift__object *old = drift__hidden_object(&hidden->before, object->kind, object->database, object->name);
    drift_error why = {0};
    *out = DRIFT__LOOSE;
    if (!old) return DRIFT_OK;
    const int rc = drift__object_soundness(out, &why, hidden->judgement->before, old, err);
    if (rc == DRIFT_OK && *out == DRIFT__SOUND && strcmp(old->sql, object->sql) != 0) *out = DRIFT__LOOSE;
    return rc;
}

static int drop_trigger(drift_connection *connection, const drift__object *object, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "DROP TRIGGER %s.", object->database);
    drift__put_quoted(&sql, object->name);
    const int rc = sql.failed ? drift__no_memory(err) : drift_exec(connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}

/* Compiling a statement compiles every trigger that it fires, and what these fire in turn. */
typedef struct alone {
    const drift__hidden *hidden;
    const drift__object *object;
    bool compiles;
    drift_error why;
} alone;

static int compile_alone(drift_connection *connection, void *payload, drift_error *err)
{
    alone *a = payload;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < a->hidden->after.count; i++) {
        const drift__object *other = &a->hidden->after.items[i];
        if (other->kind == DRIFT__OBJECT_TRIGGER && other != a->object) rc = drop_trigger(connection, other, err);
    }
    return rc == DRIFT_OK ? drift__object_compiles(&a->compiles, &a->why, connection, a->object, err) : rc;
}

/* A trigger on a view that does not compile is as broken as the view, which is told. */
static int view_is_broken(bool *out, const drift__hidden *hidden, const drift__object *trigger, drift_error *err)
{
    drift_error why = {0};
    bool compiles = true;
    const drift__object *view =
        drift__hidden_object(&hidden->after, DRIFT__OBJECT_VIEW, trigger->database, trigger->table);
    const int rc = view ? drift__object_compiles(&compiles, &why, hidden->judgement->after, view, err) : DRIFT_OK;
    *out = !compiles;
    return rc;
}

/* Whether the fault is this trigger's own. */
static int is_culprit(bool *out, drift_error *why, const drift__hidden *hidden, const drift__object *trigger,
                      drift_error *err)
{
    alone a = {.hidden = hidden, .object = trigger};
    bool tried = false, broken = false;
    *out = false;
    int rc = view_is_broken(&broken, hidden, trigger, err);
    if (rc != DRIFT_OK || broken) return rc;
    drift_error unasked = {0};
    rc = drift__try(&tried, &unasked, hidden->judgement->after, compile_alone, &a, err);
    if (!tried) return rc;
    /* Where the others cannot be dropped nothing is known but that it does not compile. */
    *out = rc != DRIFT_OK || !a.compiles;
    if (rc == DRIFT_OK && !a.compiles) *why = a.why;
    return DRIFT_OK;
}

static void tell(const drift__hidden *hidden, const drift__object *object, drift__soundness now, drift_error *why)
{
    const bool view = object->kind == DRIFT__OBJECT_VIEW;
    drift__world_hint(why, hidden->judgement->options);
    drift__judgement_find(hidden->judgement, view ? DRIFT_FINDING_HIDDEN_VIEW : DRIFT_FINDING_HIDDEN_TRIGGER,
                          object->name, NULL, NULL, "%s %s: %s%s%s", drift__object_word(object->kind),
                          now == DRIFT__LOOSE ? "takes for a string what was a column before" : "does not compile",
                          why->text, why->hint[0] ? "; hint: " : "", why->hint);
}

static int judge_object(bool *sound, const drift__hidden *hidden, const drift__object *object, drift_error *err)
{
    drift__soundness now = DRIFT__SOUND, wanted = DRIFT__SOUND;
    drift_error why = {0};
    bool culprit = true;
    int rc = drift__object_soundness(&now, &why, hidden->judgement->after, object, err);
    if (rc != DRIFT_OK || now == DRIFT__SOUND) return rc;
    *sound = false;
    rc = wanted_soundness(&wanted, hidden, object, err);
    if (rc != DRIFT_OK || now >= wanted) return rc;
    if (object->kind == DRIFT__OBJECT_TRIGGER && now == DRIFT__BROKEN)
        rc = is_culprit(&culprit, &why, hidden, object, err);
    if (rc == DRIFT_OK && culprit) tell(hidden, object, now, &why);
    return rc;
}

/* Whether a view or a trigger compiles the definitions decide. */
int drift__hidden_compile(drift__hidden *hidden, drift_error *err)
{
    int rc = DRIFT_OK;
    bool sound = true;
    if (hidden->known->compiles) return DRIFT_OK;
    for (int kind = DRIFT__OBJECT_VIEW; kind <= DRIFT__OBJECT_TRIGGER; kind++) {
        for (size_t i = 0; rc == DRIFT_OK && i < hidden->after.count; i++) {
            if ((int)hidden->after.items[i].kind == kind)
                rc = judge_object(&sound, hidden, &hidden->after.items[i], err);
        }
    }
    hidden->known->compiles = rc == DRIFT_OK && sound;
    return rc;
}
