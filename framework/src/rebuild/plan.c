/* plan.c — what the new table is, read from a scratch database that holds it, and whether it can be. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/rebuild.h"
#include "rebuild/scratch.h"
#include "rebuild/text.h"
#include "sql/quote.h"

bool drift__name_listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (drift__same_name(*names, name)) return true;
    return false;
}

/* The new table as SQLite understands it. */
static int read_new_table(drift__rebuild *r, drift_error *err)
{
    drift_connection *scratch = NULL;
    int64_t sequence = 0;
    int rc = drift__scratch_open(&scratch, err);
    if (rc == DRIFT_OK) rc = drift__scratch_run(scratch, r->request->sql, err);
    if (rc == DRIFT_OK) rc = drift__live_table_read(&r->new_table, &r->arena, scratch, r->request->name, err);
    if (rc == DRIFT_OK) /* SQLite makes sqlite_sequence with the first AUTOINCREMENT */
        rc = drift_query_int64(&sequence, scratch, "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'",
                               NULL, 0, err);
    r->autoincrement = sequence > 0;
    drift_connection_close(scratch);
    if (rc < 0) drift__error_source(err, r->request->name);
    return rc;
}

static int require_kind(const drift__rebuild *r, drift_error *err)
{
    if (!r->old_table.is_virtual) return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "\"%s\" is a virtual table, and only ordinary ones can be rebuilt",
                        r->old_table.name);
}

/* --- collations --- */

/* Whether the connection knows a collation: it is asked for by compiling a comparison, so that a collation that the
 * application supplies when it is needed is supplied. */
static int require_collation(drift_connection *connection, const char *collation, const char *table, drift_error *err)
{
    drift_error inner = {0};
    drift_statement *statement = NULL;
    drift__str s = DRIFT__STR_INIT;
    drift__str_puts(&s, "SELECT '' = '' COLLATE ");
    drift__put_quoted(&s, collation);
    int rc = s.failed ? drift__no_memory(&inner) : drift_statement_prepare(&statement, connection, s.text, &inner);
    drift_statement_free(statement);
    drift__str_dispose(&s);
    if (rc == DRIFT_SQL)
        return drift__error(err, rc, "table \"%s\" needs the collation \"%s\", which the connection does not know",
                            table, collation);
    if (rc < 0 && err && !err->code) *err = inner;
    return rc;
}

/* A collation that is missing fails CREATE and ORDER BY, but not DROP TABLE: without this the old table would be gone
 * when the index cannot be made. */
typedef struct collations {
    drift_connection *connection;
    const char *table;
} collations;

static int check_collation(drift_statement *row, void *payload, drift_error *err)
{
    const collations *c = payload;
    const char *name = drift_column_text(row, 0, NULL);
    return name ? require_collation(c->connection, name, c->table, err) : DRIFT_OK;
}

static int require_collations(const drift__rebuild *r, drift_error *err)
{
    collations c = {r->connection, r->old_table.name};
    const drift_value bind[] = {DRIFT_BIND_TEXT(r->old_table.name, strlen(r->old_table.name))};
    return drift_query(r->connection,
                       "SELECT DISTINCT x.coll FROM pragma_index_list(?1, 'main') AS l, pragma_index_xinfo(l.name, "
                       "'main') AS x WHERE x.coll IS NOT NULL",
                       bind, 1, check_collation, &c, err);
}

/* The new table's own collations are named in its text; it is compiled by the live connection, which knows them or not:
 * EXPLAIN, so that nothing is made. */
static int require_compiles(const drift__rebuild *r, drift_error *err)
{
    drift_statement *statement = NULL;
    drift__str s = DRIFT__STR_INIT;
    char *create = NULL;
    int rc = drift__text_place(&create, r->request->sql, "main", r->temporary, err);
    drift__str_printf(&s, "EXPLAIN %s", create ? create : "");
    if (rc == DRIFT_OK && s.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK && !drift__text_qualifies(r->request->sql, r->request->name))
        rc = drift_statement_prepare(&statement, r->connection, s.text, err);
    drift_statement_free(statement);
    drift__str_dispose(&s);
    drift__free(create);
    return rc;
}

int drift__rebuild_plan(drift__rebuild *out, drift_connection *connection, const drift__rebuild_request *request,
                        drift_error *err)
{
    int rc;
    *out = (drift__rebuild){.request = request, .connection = connection};
    if ((rc = drift__live_table_read(&out->old_table, &out->arena, connection, request->table, err)) < 0 ||
        (rc = require_kind(out, err)) < 0 || (rc = read_new_table(out, err)) < 0 ||
        (rc = drift__free_name(&out->temporary, &out->arena, connection, "rebuild", err)) < 0 ||
        (rc = drift__rebuild_plan_copy(out, err)) < 0 || (rc = require_compiles(out, err)) < 0 ||
        (rc = require_collations(out, err)) < 0)
        return rc;
    return drift__rebuild_plan_dependents(out, err);
}

int drift__rebuild_require_dependents(drift_connection *connection, const drift__rebuild_request *request,
                                      drift_error *err)
{
    drift__rebuild r = {.request = request, .connection = connection};
    int rc = drift__live_table_read(&r.old_table, &r.arena, connection, request->table, err);
    if (rc == DRIFT_OK) rc = read_new_table(&r, err);
    if (rc == DRIFT_OK) rc = drift__rebuild_plan_dependents(&r, err);
    drift__rebuild_dispose(&r);
    return rc;
}

void drift__rebuild_dispose(drift__rebuild *rebuild)
{
    drift__free(rebuild->objects.items);
    drift__free(rebuild->dependents);
    drift__map_dispose(&rebuild->named);
    drift__arena_dispose(&rebuild->arena);
    *rebuild = (drift__rebuild){0};
}
