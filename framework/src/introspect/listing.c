/* listing.c */
#include "introspect/listing.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/map.h"

/* --- reading ---------------------------------------------------------------------------------------------------- */

typedef struct reader {
    drift__listing *listing;
    drift__arena *arena;
    bool has_virtual; /* only then can there be shadow tables */
} reader;

static bool starts_with_word(const char *text, const char *word)
{
    const size_t length = strlen(word);
    return strlen(text) >= length && drift__same_word(text, length, word);
}

/* sqlite_schema calls a virtual table a table; its text begins, as SQLite stores it, with CREATE VIRTUAL TABLE
 * (build.c, vtab.c: "CREATE VIRTUAL TABLE %T"). */
static bool is_virtual(const char *sql)
{
    return starts_with_word(sql, "CREATE VIRTUAL ");
}

static bool kind_of(drift_entity_kind *out, const char *type, const char *sql)
{
    if (strcmp(type, "table") == 0)
        *out = is_virtual(sql) ? DRIFT_ENTITY_VIRTUAL_TABLE : DRIFT_ENTITY_TABLE;
    else if (strcmp(type, "index") == 0)
        *out = DRIFT_ENTITY_INDEX;
    else if (strcmp(type, "view") == 0)
        *out = DRIFT_ENTITY_VIEW;
    else if (strcmp(type, "trigger") == 0)
        *out = DRIFT_ENTITY_TRIGGER;
    else
        return false;
    return true;
}

/* Names "that begin with "sqlite_" are reserved for internal use" (https://www.sqlite.org/lang_createtable.html).
 * android_metadata is made by Android's SQLiteDatabase in every file that it opens; drift_track_… is change tracking's,
 * which drift_track_verify looks after. */
static bool is_internal(const char *name)
{
    return starts_with_word(name, "sqlite_") || starts_with_word(name, "drift_track_") ||
           drift__same_name(name, "android_metadata");
}

static int add(reader *r, drift__listed item, drift_error *err)
{
    drift__listing *listing = r->listing;
    if (!item.name || !item.sql ||
        drift__reserve((void **)&listing->items, &listing->capacity, listing->count + 1, sizeof item) != 0)
        return drift__no_memory(err);
    listing->items[listing->count++] = item;
    r->has_virtual = r->has_virtual || item.kind == DRIFT_ENTITY_VIRTUAL_TABLE;
    return DRIFT_OK;
}

static int take_row(drift_statement *row, void *payload, drift_error *err)
{
    reader *r = payload;
    drift__listed item = {0};
    const char *type = drift_column_text(row, 0, NULL);
    const char *name = drift_column_text(row, 1, NULL);
    const char *sql = drift_column_text(row, 2, NULL);
    if (!type || !name || !sql) return drift__no_memory(err); /* none is NULL in the query */
    if (is_internal(name) || !kind_of(&item.kind, type, sql)) return DRIFT_OK;
    item.name = drift__arena_strdup(&r->listing->names, name);
    item.sql_length = strlen(sql); /* a NUL, which only a file edited by hand holds, ends the text for SQLite too */
    item.sql = drift__arena_strndup(r->arena, sql, item.sql_length);
    return add(r, item, err);
}

/* The rowids are in the order of creation, also after VACUUM. SQLite itself reads the rows in this order and calls a
 * file malformed in which an index or a trigger stands before its table (prepare.c, sqlite3InitOne), so what is read
 * can be created in it. Indexes that SQLite made for PRIMARY KEY and UNIQUE have no text. */
static int read_rows(reader *r, drift_connection *connection, drift_error *err)
{
    return drift_query(connection,
                       "SELECT type, name, sql FROM main.sqlite_schema "
                       "WHERE type IS NOT NULL AND name IS NOT NULL AND sql IS NOT NULL "
                       "ORDER BY rowid",
                       NULL, 0, take_row, r, err);
}

/* --- shadow tables ---------------------------------------------------------------------------------------------- */

typedef struct shadows {
    drift__arena *arena;
    drift__map names;
} shadows;

static int take_shadow(drift_statement *row, void *payload, drift_error *err)
{
    shadows *s = payload;
    const char *type = drift_column_text(row, 2, NULL);
    if (!type || strcmp(type, "shadow") != 0) return DRIFT_OK;
    const char *name = drift__arena_strdup(s->arena, drift_column_text(row, 1, NULL));
    return name && drift__map_put(&s->names, name, name, NULL) == 0 ? DRIFT_OK : drift__no_memory(err);
}

static void remove_named(drift__listing *listing, const drift__map *names)
{
    size_t kept = 0;
    for (size_t i = 0; i < listing->count; i++) {
        const drift__listed *item = &listing->items[i];
        const bool shadow = item->kind == DRIFT_ENTITY_TABLE && drift__map_get(names, item->name);
        if (!shadow) listing->items[kept++] = *item;
    }
    listing->count = kept;
}

/* SQLite knows a shadow table by asking the module of its virtual table
 * (https://www.sqlite.org/vtab.html#the_xshadowname_method); where that module is missing it is an ordinary table to
 * SQLite and so to us. The pragma is not run where there is no virtual table: it compiles every view. */
static int remove_shadows(drift__listing *listing, drift_connection *connection, drift_error *err)
{
    shadows s = {&listing->names, DRIFT__MAP_INIT};
    const int rc = drift_query(connection, "PRAGMA main.table_list", NULL, 0, take_shadow, &s, err);
    if (rc == DRIFT_OK) remove_named(listing, &s.names);
    drift__map_dispose(&s.names);
    return rc;
}

int drift__listing_read(drift__listing *out, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    reader r = {.listing = out, .arena = arena};
    int rc = read_rows(&r, connection, err);
    if (rc == DRIFT_OK && r.has_virtual) rc = remove_shadows(out, connection, err);
    return rc;
}

void drift__listing_dispose(drift__listing *listing)
{
    drift__free(listing->items);
    drift__arena_dispose(&listing->names);
    *listing = (drift__listing){0};
}
