/* introspect.c — a live database to a schema: sqlite_schema's texts through the parser. The texts say everything, and
 * the pragmas do not: table_info strips the parentheses of defaults, index_xinfo gives no expressions, and nothing
 * gives CHECKs. */
#include "drift/kit/introspect.h"

#include "base/arena.h"
#include "base/error.h"
#include "drift/kit/parse.h"
#include "introspect/listing.h"
#include "parse/parse.h"
#include "runtime/pragma.h"

static int parse_all(drift_schema *schema, drift__arena *arena, const drift__listing *listing, drift_error *err)
{
    drift__arena scratch = DRIFT__ARENA_INIT;
    drift_entity *entities = drift__arena_array(arena, listing->count, sizeof *entities);
    int rc = entities ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < listing->count; i++) {
        const drift__listed *item = &listing->items[i];
        rc = drift__parse_entity_lenient(&entities[i], arena, &scratch, item->kind, item->name, item->sql,
                                         item->sql_length, err);
    }
    drift__arena_dispose(&scratch);
    schema->entities = entities;
    schema->entity_count = entities ? listing->count : 0;
    return rc;
}

/* While a statement is at a row SQLite reads one state of the file, so that version and entities belong together even
 * if another process migrates it meanwhile (https://www.sqlite.org/isolation.html). */
static int hold(drift_statement **out, drift_connection *connection, drift_error *err)
{
    bool row = false;
    const int rc = drift_statement_prepare(out, connection, "SELECT 0 FROM main.sqlite_schema UNION ALL SELECT 0", err);
    return rc == DRIFT_OK ? drift_statement_step(&row, *out, err) : rc;
}

/* A schema while it is made: first what SQLite knows is read, then it is parsed. */
typedef struct reading {
    drift_schema *schema;
    drift__arena *arena; /* the schema's */
    drift__listing listing;
} reading;

static int read_version(drift_schema *schema, drift_connection *connection, drift_error *err)
{
    int64_t version = 0;
    const int rc = drift__pragma_get(&version, connection, DRIFT__PRAGMA_USER_VERSION, err);
    schema->version = version > 0 ? (int)version : 0; /* a stamp is 32 bits, and may be negative */
    return rc;
}

static int read_all(reading *r, drift_connection *connection, drift_error *err)
{
    drift_statement *held = NULL;
    int rc = drift__schema_new(&r->schema, &r->arena, err);
    if (rc == DRIFT_OK) rc = hold(&held, connection, err);
    if (rc == DRIFT_OK) rc = read_version(r->schema, connection, err);
    if (rc == DRIFT_OK) rc = drift__listing_read(&r->listing, r->arena, connection, err);
    drift_statement_free(held);
    return rc;
}

/* Ends a reading that came as far as `rc` says. */
static int finish(drift_schema **out, reading *r, int rc, drift_error *err)
{
    if (rc == DRIFT_OK) rc = parse_all(r->schema, r->arena, &r->listing, err);
    drift__listing_dispose(&r->listing);
    if (rc == DRIFT_OK)
        *out = r->schema;
    else
        drift_schema_free(r->schema);
    return rc;
}

int drift_introspect(drift_schema **out, drift_connection *connection, drift_error *err)
{
    reading r = {0};
    *out = NULL;
    return finish(out, &r, read_all(&r, connection, err), err);
}

int drift_introspect_file(drift_schema **out, const char *path, const drift_connection_options *options,
                          drift_error *err)
{
    reading r = {0};
    drift_connection *connection = NULL;
    *out = NULL;
    int rc = drift_connection_inspect(&connection, path, options, err); /* its errors name the path */
    if (rc != DRIFT_OK) return rc;
    rc = read_all(&r, connection, err);
    drift_connection_close(connection);
    rc = finish(out, &r, rc, err);
    if (rc != DRIFT_OK) drift__error_source(err, path);
    return rc;
}
