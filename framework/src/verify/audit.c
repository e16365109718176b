/* audit.c — one step after the other; in each, the tables that it may write though it does not name them. */
#include "verify/audit.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/map.h"
#include "digest/table.h"
#include "sql/cursor.h"
#include "verify/audit_names.h"
#include "verify/expect.h"

/* How much of a statement is told, and how often a table is read to find which of several statements it was. */
enum { SHOWN = 160, MOST_READINGS = 16 };

/* A table that the running step may write though it does not name it. */
typedef struct reached {
    const char *table;
    drift__table_digest before;
    const char *statement, *trigger; /* the last that may have done it; once `settled`, the one that did */
    uint64_t text;                   /* the statement's text, hashed */
    bool settled;
    int readings;
} reached;

/* What SQLite's authorizer tells of the statement that is looked at. */
typedef struct effect {
    const char *table, *trigger;
} effect;

typedef enum mode {
    MODE_OFF,      /* no step runs, or the audit's own statements do */
    MODE_WATCHING, /* a step runs */
    MODE_LOOKING   /* a statement is prepared once more, to learn what it writes */
} mode;

struct drift__audit {
    drift_connection *connection;
    sqlite3 *handle; /* NULL once it is left alone */
    drift__expect *expect;
    bool veto;
    drift__arena arena;
    mode mode;
    int from, to;
    bool named_ahead; /* the step's names are known before it runs */
    bool suspect;     /* something in the step writes what it did not name so far */
    uint64_t last;    /* the text of the last statement that writes, hashed */
    drift__map names;
    reached *reached;
    size_t reached_count, reached_capacity;
    effect *effects;
    size_t effect_count, effect_capacity;
    drift__collateral *found;
    size_t found_count, found_capacity;
    const char *vetoed;
    drift_error why; /* what failed inside a callback, which cannot tell it */
};

/* ---- what a statement writes ---- */

static bool is_watched(const drift__audit *audit, const char *table, const char *database)
{
    if (!table || !database || strcmp(database, "main") != 0) return false;
    if (strlen(table) >= 7 && drift__same_word(table, 7, "sqlite_")) return false;
    return !drift__map_get(&audit->names, table);
}

static void note_effect(drift__audit *audit, const char *table, const char *trigger)
{
    for (size_t i = 0; i < audit->effect_count; i++) {
        if (drift__same_name(audit->effects[i].table, table)) return;
    }
    if (drift__reserve((void **)&audit->effects, &audit->effect_capacity, audit->effect_count + 1,
                       sizeof *audit->effects) != 0) {
        drift__no_memory(&audit->why);
        return;
    }
    audit->effects[audit->effect_count++] =
        (effect){drift__arena_strdup(&audit->arena, table), drift__arena_strdup(&audit->arena, trigger)};
}

/* Is asked while a statement is prepared, the programs of its triggers and of foreign keys' actions included. */
static int authorize(void *payload, int action, const char *table, const char *column, const char *database,
                     const char *trigger)
{
    drift__audit *audit = payload;
    (void)column;
    if (action != SQLITE_INSERT && action != SQLITE_UPDATE && action != SQLITE_DELETE) return SQLITE_OK;
    if (audit->mode == MODE_OFF || !is_watched(audit, table, database)) return SQLITE_OK;
    audit->suspect = true;
    if (audit->mode == MODE_LOOKING) note_effect(audit, table, trigger);
    return SQLITE_OK;
}

/* ---- the tables that it reaches ---- */

/* Whether the rows of a table are its own: of no shadow table, whose rows are a virtual table's, and of no full-text
 * index over another table's content or over none, which has no table <name>_content
 * (https://www.sqlite.org/fts5.html#external_content_and_contentless_tables). */
static int has_rows_of_its_own(bool *out, const drift__audit *audit, const char *table, drift_error *err)
{
    static const char query[] =
        "SELECT count(*) FROM pragma_table_list l JOIN main.sqlite_schema s ON s.name = l.name AND s.type = 'table'"
        " WHERE l.schema = 'main' AND l.name = ?1 COLLATE NOCASE AND l.type IN ('table', 'virtual') AND (l.type ="
        " 'table' OR s.sql NOT LIKE '%USING%fts_%(%' OR EXISTS (SELECT 1 FROM pragma_table_list c WHERE"
        " c.schema = 'main' AND c.type = 'shadow' AND c.name = l.name || '_content'))";
    const drift_value bind = DRIFT_BIND_TEXT(table, strlen(table));
    int64_t count = 0;
    const int rc = drift_query_int64(&count, audit->connection, query, &bind, 1, err);
    *out = count > 0;
    return rc;
}

static reached *find_reached(const drift__audit *audit, const char *table)
{
    for (size_t i = 0; i < audit->reached_count; i++) {
        if (drift__same_name(audit->reached[i].table, table)) return &audit->reached[i];
    }
    return NULL;
}

/* A statement on one line, its comments left out, cut at a token. */
static const char *shorten(drift__arena *arena, const char *sql)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    const char *short_text = "";
    for (size_t length = 0; short_text && c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const bool apart = length && c.token.text != c.previous_end;
        length += c.token.length + apart;
        if (length > SHOWN) return drift__arena_printf(arena, "%s …", short_text);
        short_text =
            drift__arena_printf(arena, "%s%s%.*s", short_text, apart ? " " : "", (int)c.token.length, c.token.text);
    }
    return short_text;
}

static bool is_readable_error(int rc)
{
    return rc != DRIFT_NO_MEMORY && rc != DRIFT_INTERRUPTED;
}

/* What cannot be read cannot be digested: a virtual table whose module refuses it, a column whose function is missing.
 * The comparison of the rows tells that. */
static int digest(bool *readable, drift__table_digest *out, const drift__audit *audit, const char *table,
                  drift_error *err)
{
    drift_error why = {0};
    const int rc = drift__table_digest_take(out, audit->connection, table, DRIFT__ROW_AS_STORED, &why);
    *readable = rc == DRIFT_OK;
    if (rc == DRIFT_OK || is_readable_error(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

static void blame(drift__audit *audit, reached *r, const effect *e, const char *sql)
{
    r->statement = shorten(&audit->arena, sql);
    r->trigger = e->trigger;
    r->text = drift__fold_hash(sql, strlen(sql));
}

static int reach_first(drift__audit *audit, const effect *e, const char *sql, drift_error *err)
{
    bool own = false, readable = false;
    reached r = {.table = e->table};
    int rc = has_rows_of_its_own(&own, audit, e->table, err);
    if (rc == DRIFT_OK && own) rc = digest(&readable, &r.before, audit, e->table, err);
    if (rc != DRIFT_OK || !readable) return rc;
    if (drift__reserve((void **)&audit->reached, &audit->reached_capacity, audit->reached_count + 1,
                       sizeof *audit->reached) != 0)
        return drift__no_memory(err);
    blame(audit, &r, e, sql);
    audit->reached[audit->reached_count++] = r;
    return DRIFT_OK;
}

/* Another statement may write the table too. If its rows are still as they were, it was none of those before. */
static int reach_again(drift__audit *audit, reached *r, const effect *e, const char *sql, drift_error *err)
{
    drift__table_digest now;
    bool readable = false;
    if (r->settled || r->text == drift__fold_hash(sql, strlen(sql)) || r->readings == MOST_READINGS) return DRIFT_OK;
    r->readings++;
    const int rc = digest(&readable, &now, audit, r->table, err);
    if (rc != DRIFT_OK || !readable) return rc;
    r->settled = !drift__table_digest_same(&r->before, &now);
    if (!r->settled) blame(audit, r, e, sql);
    return DRIFT_OK;
}

/* The version up to which the next entries of the running step reach: a definition's migration may span several steps
 * that expectations know, a step file is one. */
static int next_cut(const drift__audit *audit, int at)
{
    return audit->named_ahead ? audit->to : drift__expect_next_cut(audit->expect, at, audit->to);
}

static bool is_declared(const drift__audit *audit, const char *table)
{
    for (int at = audit->from; audit->expect && at < audit->to;) {
        const int cut = next_cut(audit, at);
        if (drift__expect_find(audit->expect, at, cut, DRIFT_EXPECT_TOUCHES, table, NULL)) return true;
        at = cut;
    }
    return false;
}

/* As is_declared; each entry has taken effect. */
static bool takes_effect(const drift__audit *audit, const char *table)
{
    bool declared = false;
    for (int at = audit->from; audit->expect && at < audit->to;) {
        const int cut = next_cut(audit, at);
        declared |= drift__expect_touches(audit->expect, at, cut, table);
        at = cut;
    }
    return declared;
}

/* https://www.sqlite.org/c3ref/interrupt.html: the statement that begins ends before it reads or writes a row, and the
 * transaction that it stands in is rolled back. */
static void refuse(drift__audit *audit, const reached *r)
{
    audit->vetoed = drift__arena_printf(&audit->arena,
                                        "the audit refused a statement that may change rows of %s, which the step does "
                                        "not name, through %s%s: %s",
                                        r->table, r->trigger ? "the trigger " : "a foreign key",
                                        r->trigger ? r->trigger : "", r->statement ? r->statement : "");
    sqlite3_interrupt(audit->handle);
}

static int reach(drift__audit *audit, const effect *e, const char *sql, drift_error *err)
{
    if (!e->table) return drift__no_memory(err);
    reached *known = find_reached(audit, e->table);
    const size_t before = audit->reached_count;
    const int rc = known ? reach_again(audit, known, e, sql, err) : reach_first(audit, e, sql, err);
    if (rc == DRIFT_OK && audit->veto && audit->reached_count > before && !is_declared(audit, e->table))
        refuse(audit, &audit->reached[before]);
    return rc;
}

/* ---- a statement begins to run ---- */

/* Only these change rows; anything else would be prepared for nothing, and some pragmas act when they are prepared. */
static bool changes_rows(const char *sql)
{
    static const char *const words[] = {"INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "DROP"};
    const drift__cursor c = drift__cursor_at(sql, strlen(sql));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (drift__cursor_is(&c, words[i])) return true;
    }
    return false;
}

static int look_at(drift__audit *audit, const char *sql, drift_error *err)
{
    sqlite3_stmt *again = NULL;
    audit->effect_count = 0;
    audit->mode = MODE_LOOKING;
    const int code = sqlite3_prepare_v2(audit->handle, sql, -1, &again, NULL);
    audit->mode = MODE_OFF;
    sqlite3_finalize(again);
    int rc = code == SQLITE_NOMEM ? drift__no_memory(err) : audit->why.code;
    for (size_t i = 0; rc == DRIFT_OK && i < audit->effect_count; i++) rc = reach(audit, &audit->effects[i], sql, err);
    return rc;
}

/* A statement that runs again and again is looked at once: what it writes changes only with a schema, which another
 * statement would have to change. */
static int watch_statement(drift__audit *audit, sqlite3_stmt *statement, const char *sql, drift_error *err)
{
    int rc = DRIFT_OK;
    if (sqlite3_stmt_readonly(statement) || sqlite3_stmt_isexplain(statement)) return DRIFT_OK;
    const uint64_t text = drift__fold_hash(sql, strlen(sql));
    if (text == audit->last) return DRIFT_OK;
    audit->last = text;
    if (!audit->named_ahead) rc = drift__audit_add_names(&audit->names, &audit->arena, sql, strlen(sql), err);
    return rc == DRIFT_OK && audit->suspect && changes_rows(sql) ? look_at(audit, sql, err) : rc;
}

/* Another text than the statement's own is a comment that tells a trigger's program, or a statement that runs inside of
 * another (of a virtual table). */
static int statement_begins(unsigned event, void *payload, void *statement, void *text)
{
    drift__audit *audit = payload;
    const char *sql = sqlite3_sql(statement);
    (void)event;
    if (audit->mode != MODE_WATCHING || audit->why.code || audit->vetoed) return 0;
    if (!sql || strcmp(text, sql) != 0) return 0;
    audit->mode = MODE_OFF;
    watch_statement(audit, statement, sql, &audit->why);
    audit->mode = MODE_WATCHING;
    return 0;
}

/* ---- steps ---- */

int drift__audit_new(drift__audit **out, drift_connection *connection, drift__expect *expect, bool veto,
                     drift_error *err)
{
    drift__audit *audit = *out = drift__calloc(1, sizeof *audit);
    if (!audit) return drift__no_memory(err);
    audit->connection = connection;
    audit->handle = drift_connection_handle(connection);
    audit->expect = expect;
    audit->veto = veto;
    sqlite3_set_authorizer(audit->handle, authorize, audit);
    sqlite3_trace_v2(audit->handle, SQLITE_TRACE_STMT, statement_begins, audit);
    return DRIFT_OK;
}

int drift__audit_begin(drift__audit *audit, int from, int to, const char *sql, size_t length, drift_error *err)
{
    drift__map_dispose(&audit->names);
    audit->from = from;
    audit->to = to;
    audit->named_ahead = sql != NULL;
    audit->suspect = false;
    audit->last = 0;
    audit->reached_count = 0;
    audit->mode = MODE_WATCHING;
    return sql ? drift__audit_add_names(&audit->names, &audit->arena, sql, length, err) : DRIFT_OK;
}

static int conclude(drift__audit *audit, const reached *r, drift_error *err)
{
    drift__table_digest now;
    bool own = false, readable = false;
    if (drift__map_get(&audit->names, r->table)) return DRIFT_OK; /* named since */
    int rc = has_rows_of_its_own(&own, audit, r->table, err);
    if (rc == DRIFT_OK && own) rc = digest(&readable, &now, audit, r->table, err);
    if (rc != DRIFT_OK || !readable || drift__table_digest_same(&r->before, &now)) return rc;
    if (takes_effect(audit, r->table)) return DRIFT_OK;
    if (!r->statement || drift__reserve((void **)&audit->found, &audit->found_capacity, audit->found_count + 1,
                                        sizeof *audit->found) != 0)
        return drift__no_memory(err);
    audit->found[audit->found_count++] =
        (drift__collateral){r->table, audit->from, audit->to, r->statement, r->trigger, r->before.count, now.count};
    return DRIFT_OK;
}

int drift__audit_end(drift__audit *audit, drift_error *err)
{
    int rc = audit->why.code;
    audit->mode = MODE_OFF;
    if (rc != DRIFT_OK && err && !err->code) *err = audit->why;
    for (size_t i = 0; rc == DRIFT_OK && i < audit->reached_count; i++) rc = conclude(audit, &audit->reached[i], err);
    return rc == DRIFT_OK && audit->arena.failed ? drift__no_memory(err) : rc;
}

const char *drift__audit_vetoed(const drift__audit *audit)
{
    return audit->vetoed;
}

const drift__collateral *drift__audit_found(const drift__audit *audit, size_t *count)
{
    *count = audit->found_count;
    return audit->found;
}

void drift__audit_release(drift__audit *audit)
{
    if (!audit || !audit->handle) return;
    sqlite3_set_authorizer(audit->handle, NULL, NULL);
    sqlite3_trace_v2(audit->handle, 0, NULL, NULL);
    audit->handle = NULL;
}

void drift__audit_free(drift__audit *audit)
{
    if (!audit) return;
    drift__audit_release(audit);
    drift__map_dispose(&audit->names);
    drift__arena_dispose(&audit->arena);
    drift__free(audit->reached);
    drift__free(audit->effects);
    drift__free(audit->found);
    drift__free(audit);
}
