/* hidden_accept.h — what a schema accepts, asked of a database that holds nothing but what it is told to. */
#ifndef DRIFT_VERIFY_HIDDEN_ACCEPT_H
#define DRIFT_VERIFY_HIDDEN_ACCEPT_H

#include "digest/digest.h"
#include "rebuild/live.h"
#include "verify/hidden.h"

/** A valid row of a table of the main database: the columns that can be written, and their values. In an arena. */
typedef struct drift__sample {
    const char *table;
    bool is_virtual;
    const char **columns;
    drift_value *values;
    size_t count;
} drift__sample;

/** The first row of every table. `items` is freed with drift__free, also on error. */
typedef struct drift__samples {
    drift__sample *items;
    size_t count, capacity;
} drift__samples;

/** Reads them; tables without a row, and those that cannot be read, are left out. */
int drift__samples_read(drift__samples *out, drift__arena *arena, drift_connection *connection, drift_error *err);

/** What a schema that is built afresh accepts. */
typedef struct drift__valid {
    const drift_schema *schema;
    drift__arena arena;
    drift__samples samples; /**< none if the schema cannot be built or seeded */
    drift__objects objects;
    drift__digest *accepted; /**< definitions of tables that accepted their sample */
    size_t accepted_count, accepted_capacity;
} drift__valid;

/** All that were asked for; all zero starts it. */
typedef struct drift__valid_rows {
    drift__valid **items;
    size_t count, capacity;
} drift__valid_rows;

/** What a schema accepts, found out the first time. Borrowed from `rows`, and borrows the schema. */
int drift__valid_rows_of(drift__valid **out, drift__valid_rows *rows, const drift_schema *schema,
                         const drift_verify_options *options, drift_error *err);
void drift__valid_rows_dispose(drift__valid_rows *rows);

/** Whether no setting of the connection forbids writing, or lets everything in. */
int drift__writes_freely(bool *out, drift_connection *connection, drift_error *err);

/** Which tables hold rows: what the others accept, their definitions decide. */
typedef struct drift__full {
    const drift__objects *objects;
    bool known;    /**< nothing else decides: nothing temporary, no setting */
    bool *holds;   /**< of each object */
    int64_t marks; /**< AUTOINCREMENT's */
} drift__full;

int drift__full_find(drift__full *out, drift__arena *arena, const drift__objects *objects, drift_connection *connection,
                     drift_error *err);

/** The definitions that decide whether a sample is accepted; false if rows decide too. */
bool drift__acceptance_digest(drift__digest *out, const drift__full *full, const drift__sample *sample);

/** Whether these definitions have accepted their sample before. */
bool drift__accepted_before(const drift__valid *valid, drift__digest definitions);
int drift__accepted_add(drift__valid *valid, drift__digest definitions, drift_error *err);

/** Inserts a sample, without the columns that the table does not have and without `omitted`, which may be NULL.
 * NOT_FOUND if there is no such table. */
int drift__sample_insert(drift_connection *connection, const drift__sample *sample, const char *omitted,
                         drift_error *err);

/** The same into a table that was read. */
int drift__sample_insert_into(drift_connection *connection, const drift__live_table *table, const drift__sample *sample,
                              const char *omitted, drift_error *err);

/** The statement that drift__sample_insert_into runs. The caller frees it with drift__free. */
int drift__sample_write(char **out, const drift__live_table *table, const drift__sample *sample, const char *omitted,
                        drift_error *err);

/** A database with a schema's tables, views and indexes and the samples in them, and no trigger. */
typedef struct drift__hollow {
    drift_connection *connection;
    const drift__objects *objects; /**< borrowed: the schema, whose triggers are created for a trial */
} drift__hollow;

/** Builds it. What cannot be created or inserted is not there. Dispose also after a failure. */
int drift__hollow_build(drift__hollow *out, const drift__objects *objects, const drift__samples *samples,
                        const drift_verify_options *options, drift_error *err);
void drift__hollow_dispose(drift__hollow *hollow);

/**
 * Whether the schema accepts a sample in a table that is empty while the others hold theirs, triggers firing.
 * @param why if not, SQLite's reason; may not be NULL.
 */
int drift__hollow_accepts(bool *out, drift_error *why, drift__hollow *hollow, const drift__sample *sample,
                          drift_error *err);

#endif
