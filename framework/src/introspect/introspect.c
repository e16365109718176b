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
    drift_entity *entities = drift__arena_array(arena, listing->count, sizeof *entities);
    if (!entities) return drift__no_memory(err);
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < listing->count; i++) {
        const drift__listed *item = &listing->items[i];
        rc = drift__parse_entity_lenient(&entities[i], arena, item->kind, item->name, item->sql, item->sql_length, err);
    }
    schema->entities = entities;
    schema->entity_count = listing->count;
    return rc;
}

static int read_all(drift_schema *schema, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    drift__arena texts = DRIFT__ARENA_INIT;
    drift__listing listing = {0};
    int64_t version = 0;
    int rc = drift__pragma_get(&version, connection, DRIFT__PRAGMA_USER_VERSION, err);
    if (rc == DRIFT_OK) rc = drift__listing_read(&listing, &texts, connection, err);
    if (rc == DRIFT_OK) rc = parse_all(schema, arena, &listing, err);
    schema->version = version > 0 ? (int)version : 0; /* a stamp is 32 bits, and may be negative */
    drift__listing_dispose(&listing);
    drift__arena_dispose(&texts);
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

int drift_introspect(drift_schema **out, drift_connection *connection, drift_error *err)
{
    drift_schema *schema = NULL;
    drift__arena *arena = NULL;
    drift_statement *held = NULL;
    *out = NULL;
    int rc = drift__schema_new(&schema, &arena, err);
    if (rc == DRIFT_OK) rc = hold(&held, connection, err);
    if (rc == DRIFT_OK) rc = read_all(schema, arena, connection, err);
    if (rc == DRIFT_OK)
        *out = schema;
    else
        drift_schema_free(schema);
    drift_statement_free(held);
    return rc;
}
