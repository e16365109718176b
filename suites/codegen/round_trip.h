/* round_trip.h — what the generated test program calls: rows read from one database, written through companions into
 * another, and read back equal. */
#ifndef DRIFT_SUITES_CODEGEN_ROUND_TRIP_H
#define DRIFT_SUITES_CODEGEN_ROUND_TRIP_H

#include "drift/typed.h"

/* A companion's field from a row's. */
void again_int64(drift_value_int64 *out, const int64_t *in);
void again_bool(drift_value_bool *out, const bool *in);
void again_double(drift_value_double *out, const double *in);
void again_text(drift_value_text *out, const drift_text *in);
void again_blob(drift_value_blob *out, const drift_blob *in);
void again_any(drift_value_any *out, const drift_value *in);
void again_nullable_int64(drift_value_int64 *out, const drift_nullable_int64 *in);
void again_nullable_bool(drift_value_bool *out, const drift_nullable_bool *in);
void again_nullable_double(drift_value_double *out, const drift_nullable_double *in);
void again_nullable_text(drift_value_text *out, const drift_nullable_text *in);
void again_nullable_blob(drift_value_blob *out, const drift_nullable_blob *in);

/* Whether two fields of rows hold the same, bit by bit. */
bool same_int64(const int64_t *a, const int64_t *b);
bool same_bool(const bool *a, const bool *b);
bool same_double(const double *a, const double *b);
bool same_text(const drift_text *a, const drift_text *b);
bool same_blob(const drift_blob *a, const drift_blob *b);
bool same_any(const drift_value *a, const drift_value *b);
bool same_nullable_int64(const drift_nullable_int64 *a, const drift_nullable_int64 *b);
bool same_nullable_bool(const drift_nullable_bool *a, const drift_nullable_bool *b);
bool same_nullable_double(const drift_nullable_double *a, const drift_nullable_double *b);
bool same_nullable_text(const drift_nullable_text *a, const drift_nullable_text *b);
bool same_nullable_blob(const drift_nullable_blob *a, const drift_nullable_blob *b);

/** What a table's function found. */
typedef enum round_trip_result {
    ROUND_TRIP_EQUAL,    /**< at least one row made the trip */
    ROUND_TRIP_NO_ROW,   /**< there was none to begin with */
    ROUND_TRIP_FAILED,   /**< `err` says why */
    ROUND_TRIP_DIFFERENT /**< the row came back otherwise */
} round_trip_result;

/** Generated for each table: reads all rows of `from`, inserts them into `to`, reads them back. */
typedef round_trip_result (*round_trip_fn)(drift_connection *from, drift_connection *to, drift_error *err);

typedef struct round_trip_table {
    const char *name;
    const char *prepare; /**< SQL that makes booleans of what a seeded row has in columns of booleans */
    round_trip_fn run;
} round_trip_table;

typedef struct round_trip_version {
    const char *text; /**< the file that holds schema_text of what the code was generated from */
    const drift_schema *schema;
    const round_trip_table *tables; /**< ended by a name of NULL */
} round_trip_version;

/** Runs all; prints what fails, and how many rows made the trip. @return main's status. */
int round_trip_run(const round_trip_version *versions, size_t count);

#endif
