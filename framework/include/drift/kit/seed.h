/* seed.h (kit) — rows for a database of any schema: valid ones, and such as nobody expected.
 *
 * Every row satisfies NOT NULL, UNIQUE and keys, CHECK, foreign keys, STRICT types and what triggers demand: what a
 * value may be is guessed from the schema's text and tried against SQLite, which alone decides. Everything follows from
 * the schema, the level and one seed: the same again gives the same rows.
 *
 * Threads: a call uses its connection and what it makes, nothing else.
 */
#ifndef DRIFT_KIT_SEED_H
#define DRIFT_KIT_SEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"
#include "drift/error.h"
#include "drift/export.h"

DRIFT_BEGIN_DECLS

/** Levels of data, once: X(NAME, word, what it does). */
#define DRIFT_DATA_LEVEL_MAP(X)                                                     \
    X(EMPTY, "empty", "no rows")                                                    \
    X(ONE, "one", "a valid row in every table")                                     \
    X(BOUNDARY, "boundary", "values at the edges of what each column takes")        \
    X(HOSTILE, "hostile", "values that a column takes though nobody expected them") \
    X(MANY, "many", "as many rows a table as --rows says")

typedef enum drift_data_level {
#define DRIFT_DATA_LEVEL_ENUM(name, word, text) DRIFT_DATA_##name,
    DRIFT_DATA_LEVEL_MAP(DRIFT_DATA_LEVEL_ENUM)
#undef DRIFT_DATA_LEVEL_ENUM
} drift_data_level;

/** The word for a level ("boundary"), or NULL if there is no such level. Static. */
DRIFT_API const char *drift_data_level_name(drift_data_level level);

/**
 * Restricts the values that are bound to a column to a storage class; those that foreign keys join to it are restricted
 * with it. What SQLite's affinity makes of a value stays as it is: an integer in a TEXT column is stored as text that
 * looks like one. NULL stays where the column takes it.
 */
typedef struct drift_seed_domain {
    const char *table;
    const char *column; /**< a column that the schema does not have is no error */
    const char *domain; /**< "integer", "real", "text" (that looks like no number), "blob", "null", "numeric" (an
                           integer or a real, or text that looks like one) or "json" (text that json_valid takes) */
} drift_seed_domain;

/** All zero: level empty, seed 0. */
typedef struct drift_seed_options {
    drift_data_level level;
    int64_t seed;
    int64_t rows; /**< of level many, in each table; 0: 1000. A table whose constraints let in fewer gets fewer */
    bool orphans; /**< also children whose parent is missing */
    const drift_seed_domain *domains;
    size_t domain_count;
} drift_seed_options;

/** A table, and what became of it. */
typedef struct drift_seeded_table {
    const char *table;
    int64_t rows;       /**< that it holds now */
    const char *reason; /**< why it could not be filled, naming the constraint; NULL if it was */
} drift_seeded_table;

/** Borrowed texts belong to the report. */
typedef struct drift_seed_report {
    const drift_seeded_table *tables; /**< every table that can be written, virtual ones included, by name */
    size_t count;
    int64_t rows; /**< in all of them */
} drift_seed_report;

/**
 * Fills every table of the main database, virtual tables included, in one transaction: all of it, or none after an
 * error. Only where a schema's text says ROLLBACK each row is a transaction of its own, for a row that is refused may
 * end it (ON CONFLICT ROLLBACK, RAISE(ROLLBACK)); after an error rows may then be there. Foreign keys are not enforced
 * meanwhile, but satisfied at the end (without `orphans`); the connection's setting is as before afterwards. Rows that
 * are there already stay. Level `many` needs memory for a few thousand rows, whatever `rows` is; the file and
 * SQLite's cache aside.
 * @param out the caller frees it with drift_seed_report_free; tables that could not be filled are no error. May be
 * NULL.
 * @return DRIFT_OK; MISUSE inside a transaction or for a domain that is none; UNSUPPORTED for level `many` on a
 * connection without a SQLite handle of its own; errors of SQLite that no row explains.
 */
DRIFT_API int drift_seed_database(drift_seed_report **out, drift_connection *connection,
                                  const drift_seed_options *options, drift_error *err);

DRIFT_API void drift_seed_report_free(drift_seed_report *report); /**< accepts NULL */

DRIFT_END_DECLS

#endif
