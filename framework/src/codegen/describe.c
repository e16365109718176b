/* describe.c */
#include "codegen/describe.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "drift/render.h"
#include "runtime/stand_in.h"
#include "sql/quote.h"
#include "stand_in/text.h"

static int build_one(drift_connection *scratch, const drift_entity *entity, drift_error *err)
{
    char *rendered = NULL;
    int rc = entity->sql ? DRIFT_OK : drift_render_entity(&rendered, entity, err);
    const char *sql = entity->sql ? entity->sql : rendered; /* NULL if it could not be rendered */
    if (sql) rc = drift__stand_in_functions(scratch, sql, strlen(sql), err);
    if (sql && rc == DRIFT_OK) rc = drift_exec(scratch, sql, err);
    drift_free(rendered);
    return rc;
}

static int build_all(drift_connection *scratch, const drift_schema *schema, drift_error *err)
{
    for (size_t i = 0; i < schema->entity_count; i++) {
        drift_error refusal = {0};
        const drift_entity *entity = &schema->entities[i];
        if (entity->kind == DRIFT_ENTITY_QUERY) continue;
        if (build_one(scratch, entity, &refusal) == DRIFT_NO_MEMORY) return drift__no_memory(err);
    }
    return DRIFT_OK;
}

/* A snapshot may be anybody's: what it says reaches nothing but the scratch database. */
static int authorize(void *payload, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)payload;
    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return action == SQLITE_ATTACH || action == SQLITE_DETACH ? SQLITE_DENY : SQLITE_OK;
}

int drift__describe_open(drift_connection **out, const drift_schema *schema, drift_error *err)
{
    drift_connection *scratch = NULL;
    *out = NULL;
    int rc = drift_connection_memory(&scratch, NULL, err);
    if (rc == DRIFT_OK) rc = drift__stand_in_collations(scratch, err);
    if (rc == DRIFT_OK) {
        sqlite3_set_authorizer(drift_connection_handle(scratch), authorize, NULL);
        rc = build_all(scratch, schema, err);
    }
    if (rc == DRIFT_OK)
        *out = scratch;
    else
        drift_connection_close(scratch);
    return rc;
}

static int take_columns(drift__described_column **out, size_t *count, drift__arena *arena, sqlite3_stmt *statement,
                        drift_error *err)
{
    const int found = sqlite3_column_count(statement);
    drift__described_column *columns = drift__arena_array(arena, (size_t)found, sizeof *columns);
    for (int i = 0; columns && i < found; i++) {
        const char *name = sqlite3_column_name(statement, i);
        const char *type = sqlite3_column_decltype(statement, i);
        columns[i].name = name ? drift__arena_strdup(arena, name) : NULL;
        columns[i].type = drift__arena_strdup(arena, type ? type : "");
        if (!columns[i].name || !columns[i].type) return drift__no_memory(err);
    }
    *out = columns;
    *count = (size_t)found;
    return columns ? DRIFT_OK : drift__no_memory(err);
}

int drift__describe_columns(drift__described_column **out, size_t *count, drift__arena *arena,
                            drift_connection *scratch, const char *name, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    sqlite3_stmt *statement = NULL;
    char *text = NULL;
    sqlite3 *handle = drift_connection_handle(scratch);
    drift__str_puts(&sql, "SELECT * FROM ");
    drift__put_quoted(&sql, name);
    int rc = drift__str_take(&text, &sql, err);
    if (rc == DRIFT_OK && sqlite3_prepare_v2(handle, text, -1, &statement, NULL) != SQLITE_OK)
        rc = sqlite3_errcode(handle) == SQLITE_NOMEM ? drift__no_memory(err)
                                                     : drift__error(err, DRIFT_SQL, "%s", sqlite3_errmsg(handle));
    if (rc == DRIFT_OK) rc = take_columns(out, count, arena, statement, err);
    sqlite3_finalize(statement);
    drift__free(text);
    return rc;
}
