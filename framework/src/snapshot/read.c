/* read.c — drift_schema_vN.json to a schema. The steps, in their order:
 *   the limits, then the JSON (load.c); format and options; the entities' ids, kinds and names (item.c); `fixed_sql`
 *   (fixed.c); every statement, parsed (entity.c), which where `fixed_sql` is absent is written out of the data first
 *   (item_sql.c, column_sql.c, dart.c); the order of creation (order.c).
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "drift/kit/snapshot.h"
#include "snapshot/dart.h"
#include "snapshot/item.h"
#include "snapshot/load.h"
#include "snapshot/name.h"

/* What drift_snapshot_free frees; the public part comes first. */
typedef struct holder {
    drift_snapshot shown;
    drift__arena arena;
} holder;

enum { FORMAT_MAJOR = 1 };

/* "1.3.0", "0.1.0-dev-preview" (https://semver.org): a later minor version only adds keys. */
static int check_format(const drift__node *meta, const char **format, drift_error *err)
{
    drift__node version;
    const int rc = drift__node_get(&version, meta, "version", DRIFT__JSON_STRING, err);
    if (rc != DRIFT_OK) return rc;
    *format = json_string_value(version.json);
    const size_t digits = strspn(*format, "0123456789");
    if (digits == 0 || (*format)[digits] != '.')
        return drift__node_error(err, &version, "expected a version like \"1.3.0\", found \"%s\"", *format);
    if (digits == 1 && (*format)[0] <= '0' + FORMAT_MAJOR) return DRIFT_OK;
    drift__error_at(err, DRIFT_UNSUPPORTED, version.source, 0, 0, 0,
                    "$._meta.version: expected a snapshot of format %d, found \"%s\"", FORMAT_MAJOR, *format);
    drift__error_hint(err, "a newer release of this program may read it");
    return DRIFT_UNSUPPORTED;
}

/* Drift 3 writes one object per dialect, and keeps dates as text where nothing else is said. */
static int read_dialects(bool *dates_as_text, const drift__node *list, drift_error *err)
{
    drift__node dialect;
    const char *name = NULL;
    int rc = DRIFT_OK;
    for (size_t i = 0; i < drift__node_count(list) && rc == DRIFT_OK; i++) {
        rc = drift__node_at(&dialect, list, i, DRIFT__JSON_OBJECT, err);
        if (rc == DRIFT_OK) rc = drift__node_string(&name, &dialect, "dialect", err);
        if (rc == DRIFT_OK && strcmp(name, "sqlite") == 0)
            rc = drift__node_bool(dates_as_text, &dialect, "store_date_times_as_text", true, err);
    }
    return rc;
}

static int read_options(drift__reading *r, drift_error *err)
{
    drift__node options;
    const int rc =
        drift__node_find(&options, &r->root, "options", DRIFT__JSON_OBJECT | DRIFT__JSON_ARRAY | DRIFT__JSON_NULL, err);
    if (rc != DRIFT_OK || !options.json || json_is_null(options.json)) return rc;
    if (json_is_array(options.json)) return read_dialects(&r->dates_as_text, &options, err);
    return drift__node_bool(&r->dates_as_text, &options, "store_date_time_values_as_text", false, err);
}

static int read_top(drift__reading *r, const char **format, drift_error *err)
{
    drift__node meta;
    if (!json_is_object(r->root.json))
        return drift__node_error(err, &r->root, "expected an object with the keys \"_meta\" and \"entities\"");
    int rc = drift__node_get(&meta, &r->root, "_meta", DRIFT__JSON_OBJECT, err);
    if (rc != DRIFT_OK || (rc = check_format(&meta, format, err)) != DRIFT_OK ||
        (rc = read_options(r, err)) != DRIFT_OK ||
        (rc = drift__node_get(&r->entities, &r->root, "entities", DRIFT__JSON_ARRAY, err)) != DRIFT_OK)
        return rc;
    return drift__node_find(&r->fixed, &r->root, "fixed_sql", DRIFT__JSON_ARRAY | DRIFT__JSON_NULL, err);
}

static int add_unknown(drift__reading *r, const char *table, const char *column, const char *what,
                       const char *expression, drift_error *err)
{
    void *grown = r->unknowns;
    if (drift__reserve(&grown, &r->unknown_capacity, r->unknown_count + 1, sizeof *r->unknowns) != 0)
        return drift__no_memory(err);
    r->unknowns = grown;
    const drift_unknown unknown = {drift__arena_strdup(r->arena, table), drift__arena_strdup(r->arena, column), what,
                                   drift__arena_strdup(r->arena, expression)};
    if (r->arena->failed) return drift__no_memory(err);
    r->unknowns[r->unknown_count++] = unknown;
    return DRIFT_OK;
}

int drift__reading_evaluate(const char **out, drift__reading *r, const char *table, const char *column,
                            const char *what, const char *expression, const drift__dart_scope *scope, drift_error *err)
{
    *out = NULL;
    if (r->checking) return DRIFT_OK;
    const int rc = drift__dart_to_sql(out, r->arena, expression, scope, err);
    if (rc != DRIFT_OK || *out) return rc;
    *out = drift__overrides_find(&r->overrides, table, column, what);
    return *out ? DRIFT_OK : add_unknown(r, table, column, what, expression, err);
}

static int fill(holder *h, drift__reading *r, drift_error *err)
{
    const char *format = NULL;
    int rc = read_top(r, &format, err);
    if (rc != DRIFT_OK || (rc = drift__items_read(r, err)) != DRIFT_OK ||
        (rc = drift__fixed_read(r, err)) != DRIFT_OK || (rc = drift__entities_read(r, err)) != DRIFT_OK ||
        (rc = drift__items_order(&h->shown.schema.entities, r, err)) != DRIFT_OK)
        return rc;
    h->shown.schema.entity_count = r->count;
    h->shown.dates_as_text = r->dates_as_text;
    h->shown.format = drift__arena_strdup(&h->arena, format);
    h->shown.unknowns = drift__arena_copy(&h->arena, r->unknowns, r->unknown_count, sizeof *r->unknowns);
    h->shown.unknown_count = r->unknown_count;
    return h->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int check_version(const drift_snapshot_options *options, drift_error *err)
{
    if (options->version >= 0) return DRIFT_OK;
    return drift__error(err, DRIFT_MISUSE, "expected a version from 1 to 2147483647, found %d", options->version);
}

int drift_snapshot_parse(drift_snapshot **out, const char *json, size_t length, const char *name,
                         const drift_snapshot_options *options, drift_error *err)
{
    static const drift_snapshot_options defaults = {0, NULL, false};
    json_t *tree = NULL;
    holder *h = NULL;
    *out = NULL;
    if (!options) options = &defaults;
    drift__reading r = {.source = name, .entities_only = options->entities_only};
    int rc = check_version(options, err);
    if (rc != DRIFT_OK) return rc;
    if (!(h = drift__calloc(1, sizeof *h))) {
        rc = drift__no_memory(err);
        goto done;
    }
    h->arena = (drift__arena)DRIFT__ARENA_INIT;
    h->shown.schema.version = options->version ? options->version : drift__snapshot_version(name);
    r.arena = &h->arena;
    if ((options->overrides && (rc = drift__overrides_read(&r.overrides, options->overrides, err)) != DRIFT_OK) ||
        (rc = drift__json_load(&tree, json, length, name, err)) != DRIFT_OK)
        goto done;
    r.root = drift__node_root(tree, name);
    rc = fill(h, &r, err);
done:
    json_decref(tree);
    drift__free(r.unknowns);
    drift__overrides_dispose(&r.overrides);
    if (rc == DRIFT_OK)
        *out = &h->shown;
    else
        drift_snapshot_free(h ? &h->shown : NULL);
    return rc;
}

int drift_snapshot_read(drift_snapshot **out, const char *path, const drift_snapshot_options *options, drift_error *err)
{
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    int rc = drift__file_read(&text, &length, path, err);
    if (rc == DRIFT_OK) rc = drift_snapshot_parse(out, text, length, path, options, err);
    drift__free(text);
    return rc;
}

void drift_snapshot_free(drift_snapshot *snapshot)
{
    if (!snapshot) return;
    holder *h = (holder *)snapshot;
    drift__arena_dispose(&h->arena);
    drift__free(h);
}

int drift_snapshot_require_known(const drift_snapshot *snapshot, const char *name, drift_error *err)
{
    if (snapshot->unknown_count == 0) return DRIFT_OK;
    const drift_unknown *u = &snapshot->unknowns[0];
    drift__error_at(err, DRIFT_UNSUPPORTED, name, 0, 0, 0, "%s.%s: only Dart can evaluate its %s: %s", u->entity,
                    u->column, u->what, u->expression);
    drift__error_hint(err, "supply the SQL in an overrides file: {\"%s.%s\": {\"%s\": \"SQL\"}}", u->entity, u->column,
                      u->what);
    return DRIFT_UNSUPPORTED;
}
