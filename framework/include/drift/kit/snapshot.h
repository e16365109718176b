/* snapshot.h (kit) — reading and writing drift_schema_vN.json.
 *
 * The format is Drift's (drift_dev schema dump, https://drift.simonbinder.eu/migrations/exports/): versions
 * 0.1.0-dev-preview to 1.3.0 are read, 1.3.0 is written.
 */
#ifndef DRIFT_KIT_SNAPSHOT_H
#define DRIFT_KIT_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/** Something in a snapshot that only Dart could evaluate. Everything else in the file is still read. */
typedef struct drift_unknown {
    const char *entity;
    const char *column;
    const char *what;       /**< "default", "check", "generated": the key of an overrides file */
    const char *expression; /**< the Dart source */
} drift_unknown;

typedef struct drift_snapshot_options {
    int version; /**< the schema's version; 0: taken from a file name drift_schema_vN.json or moor_schema_vN.json, else
                    unknown */
    /** The path of an overrides file, or NULL: {"table.column": {"default": "SQL", "check": "SQL", "generated":
     * "SQL"}}. It supplies what is unknown, and nothing else. One file may serve all versions: an entry that a snapshot
     * has no use for is no error. A wrong shape is (FORMAT, with the JSON path). */
    const char *overrides;
    bool entities_only; /**< build the DDL from `entities` even where `fixed_sql` is present */
} drift_snapshot_options;

typedef struct drift_snapshot {
    /** Entities in the order in which they can be created: what one refers to comes before it, otherwise the file's
     * order stays. Tables that refer to one another by foreign keys are no error: SQLite looks for a parent only when
     * rows are written. A special query is an entity of kind QUERY with an empty name. */
    drift_schema schema;
    const char *format; /**< _meta.version as it stands in the file */
    bool dates_as_text;
    const drift_unknown
        *unknowns; /**< what could not be evaluated; a schema with unknowns lacks these parts and must not be built */
    size_t unknown_count;
} drift_snapshot;

/**
 * Reads a snapshot file of at most 64 MB, 64 levels and 1,000,000 values. `options` may be NULL.
 * Unknowns are no error here; drift_snapshot_require_known turns the first into one.
 * JSON is read with jansson, whose allocation functions are a setting of the whole process; the library never sets
 * them.
 * @return DRIFT_OK; NOT_FOUND, PERMISSION, IO, TOO_LARGE; FORMAT for text that is not JSON (line and column) or not a
 * snapshot (the error names the JSON path, as "$.entities[3].data.columns[0].moor_type"), which includes names that
 * occur twice, ids that nobody has and entities that refer to one another in a circle; UNSUPPORTED for a newer major
 * format; SYNTAX for SQL inside it that SQLite does not accept (the position is in the statement, and the source names
 * its entity); NO_MEMORY. The caller frees with drift_snapshot_free.
 */
DRIFT_API int drift_snapshot_read(drift_snapshot **out, const char *path, const drift_snapshot_options *options,
                                  drift_error *err);

/** As drift_snapshot_read, from memory; `name` is what errors call it. */
DRIFT_API int drift_snapshot_parse(drift_snapshot **out, const char *json, size_t length, const char *name,
                                   const drift_snapshot_options *options, drift_error *err);

DRIFT_API void drift_snapshot_free(drift_snapshot *snapshot); /**< accepts NULL */

/** UNSUPPORTED if the snapshot has unknowns: the error names file, entity, column and expression, and says how to
 * supply it. */
DRIFT_API int drift_snapshot_require_known(const drift_snapshot *snapshot, const char *name, drift_error *err);

/**
 * Writes a schema as format 1.3.0 with `fixed_sql`, byte-stably: keys in Drift's order, indented by two spaces, a final
 * newline. Statements are written as SQLite keeps them (without IF NOT EXISTS and the database's name), and everything
 * else follows from them alone: the dump of a database that was built from a dump is that dump. So a column's
 * `moor_type` is the nearest by affinity, whatever its logical type. Parents of foreign keys are written before their
 * children; in a circle the reference that closes it is left out of `references`.
 * @param out the text; free it with drift_free.
 * @param length its length, or NULL.
 * @return DRIFT_OK; FORMAT if a name or a statement is not UTF-8, or if an index or a trigger stands on what the schema
 * does not have; NO_MEMORY.
 */
DRIFT_API int drift_snapshot_print(char **out, size_t *length, const drift_schema *schema, drift_error *err);

/** A folder's snapshots, by version. */
typedef struct drift_snapshot_file {
    int version;
    const char *path;
} drift_snapshot_file;

typedef struct drift_snapshot_folder {
    const drift_snapshot_file *files; /**< ascending by version */
    size_t count;
} drift_snapshot_folder;

/**
 * Lists a folder's files drift_schema_vN.json (and moor_schema_vN.json), N from 1 to 2147483647 without leading zeros.
 * NOT_FOUND if there is no such folder or no snapshot in it; FORMAT if two files have one version, or if the number in
 * a snapshot's name is no version (drift_schema_v01.json). Other files are ignored. The caller frees.
 */
DRIFT_API int drift_snapshot_folder_read(drift_snapshot_folder **out, const char *path, drift_error *err);
DRIFT_API void drift_snapshot_folder_free(drift_snapshot_folder *folder); /**< accepts NULL */

DRIFT_END_DECLS

#endif
