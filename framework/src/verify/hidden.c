/* hidden.c — the order of the checks, and the file's own integrity. */
#include "verify/hidden.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "rebuild/setting.h"
#include "runtime/pragma.h"
#include "sql/cursor.h"
#include "sql/quote.h"
#include "stand_in/text.h"

bool drift__is_answer(int status)
{
    switch (status) {
    case DRIFT_OK:
    case DRIFT_CONSTRAINT:
    case DRIFT_FOREIGN_KEY:
    case DRIFT_SYNTAX:
    case DRIFT_SQL:
    case DRIFT_NOT_A_DATABASE:
    case DRIFT_UNSUPPORTED:
    case DRIFT_FULL:
    case DRIFT_PERMISSION:
    case DRIFT_TOO_LARGE: return true;
    default: return false;
    }
}

const drift__object *drift__hidden_object(const drift__objects *objects, drift__object_kind kind, const char *database,
                                          const char *name)
{
    for (size_t i = 0; i < objects->count; i++) {
        const drift__object *object = &objects->items[i];
        if (object->kind == kind && strcmp(object->database, database) == 0 && drift__same_name(object->name, name))
            return object;
    }
    return NULL;
}

const char *drift__module_of(drift__arena *arena, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, "USING")) drift__cursor_next(&c);
    if (!drift__cursor_take(&c, "USING")) return NULL;
    return drift__unquote(arena, c.token.text, c.token.length);
}

int drift__try(bool *tried, drift_error *why, drift_connection *connection, drift__trial_fn trial, void *payload,
               drift_error *err)
{
    *tried = false;
    *why = (drift_error){0};
    int rc = drift_exec(connection, "SAVEPOINT drift__trial", err);
    if (rc != DRIFT_OK) return rc;
    const int answer = trial(connection, payload, why);
    /* RAISE(ROLLBACK) and ON CONFLICT ROLLBACK have undone it already. */
    if (drift_in_transaction(connection))
        rc = drift_exec(connection, "ROLLBACK TO drift__trial; RELEASE drift__trial", err);
    if (rc != DRIFT_OK) return rc;
    *tried = drift__is_answer(answer) || answer == DRIFT_TRANSACTION;
    if (!*tried && err && !err->code) *err = *why;
    return answer;
}

/* ---- integrity ---- */

/* From this size on indexes are not compared with their tables, which costs a search for every row. */
enum { LARGE_PAGES = 100000 };

typedef struct complaint {
    drift__arena *arena;
    const char *first;
    size_t count;
} complaint;

static int take_complaint(drift_statement *row, void *payload, drift_error *err)
{
    complaint *c = payload;
    const char *text = drift_column_text(row, 0, NULL);
    if (!text) return drift__no_memory(err);
    if (strcmp(text, "ok") == 0) return DRIFT_OK;
    if (c->count++) return DRIFT_OK;
    c->first = drift__arena_strdup(c->arena, text);
    return c->first ? DRIFT_OK : drift__no_memory(err);
}

/* A check that cannot be run to its end is a complaint as well. */
static int check_integrity(complaint *out, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    int64_t pages = 0;
    drift_error why = {0};
    *out = (complaint){.arena = arena};
    int rc = drift__pragma_get(&pages, connection, DRIFT__PRAGMA_PAGE_COUNT, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_query(connection, pages < LARGE_PAGES ? "PRAGMA main.integrity_check" : "PRAGMA main.quick_check", NULL,
                     0, take_complaint, out, &why);
    if (rc == DRIFT_OK) return DRIFT_OK;
    if (rc == DRIFT_SQL || rc == DRIFT_NOT_A_DATABASE) {
        out->count++;
        if (!out->first) out->first = drift__arena_strdup(arena, why.text);
        return out->first ? DRIFT_OK : drift__no_memory(err);
    }
    if (err && !err->code) *err = why;
    return rc;
}

static int judge_integrity(drift__hidden *hidden, drift_error *err)
{
    drift__judgement *judgement = hidden->judgement;
    complaint now, was;
    int rc = check_integrity(&now, &hidden->arena, judgement->after, err);
    if (rc != DRIFT_OK || !now.count) return rc;
    rc = check_integrity(&was, &hidden->arena, judgement->before, err);
    if (rc != DRIFT_OK || was.count) return rc;
    if (now.count == 1)
        drift__judgement_find(judgement, DRIFT_FINDING_HIDDEN_INTEGRITY, NULL, NULL, NULL, "integrity_check: %s",
                              now.first);
    else
        drift__judgement_find(judgement, DRIFT_FINDING_HIDDEN_INTEGRITY, NULL, NULL, NULL,
                              "integrity_check finds %zu faults, the first: %s", now.count, now.first);
    return DRIFT_OK;
}

/* ---- */

/* Foreign keys are off while it is judged: what violates them is told as fk.*. */
typedef struct keys_off {
    drift_connection *connection; /* NULL: they were off */
} keys_off;

static int suspend(keys_off *keys, drift_connection *connection, drift_error *err)
{
    bool on = false;
    int rc = drift__setting_get(&on, connection, DRIFT__SETTING_FOREIGN_KEYS, err);
    if (rc == DRIFT_OK && on) rc = drift__setting_set(connection, DRIFT__SETTING_FOREIGN_KEYS, false, err);
    if (rc == DRIFT_OK && on) keys->connection = connection;
    return rc;
}

static int resume(const keys_off *keys, drift_error *err)
{
    return keys->connection ? drift__setting_set(keys->connection, DRIFT__SETTING_FOREIGN_KEYS, true, err) : DRIFT_OK;
}

static int judge(drift__hidden *hidden, drift_error *err)
{
    static int (*const checks[])(drift__hidden * hidden, drift_error * err) = {
        drift__hidden_rowid,  drift__hidden_sequence, drift__hidden_index, drift__hidden_compile,
        drift__hidden_insert, drift__hidden_temp,     judge_integrity};
    const drift__judgement *judgement = hidden->judgement;
    const drift__objects *before = NULL;
    int rc = drift__facts_objects(&before, judgement->facts ? judgement->facts : &hidden->own, err);
    if (rc == DRIFT_OK)
        rc = drift__facts_known(&hidden->known, judgement->now ? judgement->now : &hidden->own_now, err);
    if (rc != DRIFT_OK) return rc;
    hidden->before = *before;
    hidden->after = hidden->known->objects;
    for (size_t i = 0; rc == DRIFT_OK && i < sizeof checks / sizeof checks[0]; i++) rc = checks[i](hidden, err);
    return rc == DRIFT_OK ? drift__hidden_note_rows(hidden, err) : rc;
}

int drift__judge_hidden(drift__judgement *judgement, drift_error *err)
{
    drift__hidden hidden = {.judgement = judgement,
                            .arena = DRIFT__ARENA_INIT,
                            .own = {.connection = judgement->before},
                            .own_now = {.connection = judgement->after}};
    keys_off before = {0}, after = {0};
    drift_error why = {0};
    int rc = suspend(&before, judgement->before, &why);
    if (rc == DRIFT_OK) rc = suspend(&after, judgement->after, &why);
    /* What a definition's own code created may call functions that no text has named so far. */
    if (rc == DRIFT_OK && judgement->options->stub_functions) rc = drift__stand_ins_install(judgement->after, &why);
    if (rc == DRIFT_OK) rc = judge(&hidden, &why);
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    const int resumed = resume(&before, rc == DRIFT_OK ? err : NULL);
    const int resumed_too = resume(&after, rc == DRIFT_OK ? err : NULL);
    drift__facts_dispose(&hidden.own);
    drift__facts_dispose(&hidden.own_now);
    drift__arena_dispose(&hidden.arena);
    if (rc != DRIFT_OK) return rc;
    return resumed != DRIFT_OK ? resumed : resumed_too;
}
