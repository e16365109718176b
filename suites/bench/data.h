/* data.h — the data check of a verification by itself: two files, before and after a step, and nothing but their rows.
 */
#ifndef DRIFT_SUITES_BENCH_DATA_H
#define DRIFT_SUITES_BENCH_DATA_H

#include <stdint.h>

#include "drift/database.h"
#include "drift/schema.h"

/** What the ledger says of all tables together. */
typedef struct bench_data {
    int64_t before, after, matched, lost, extra;
    int64_t changed;  /**< values that are not what they were */
    int64_t findings; /**< of any kind */
} bench_data;

/** Compares the rows of all tables. Ends the program if it cannot. */
void bench_judge_data(bench_data *out, const char *before, const char *after, const drift_schema *target);

/** Migrates a file as a verification does one that it throws away. Ends the program if it cannot. */
void bench_migrate_thrown_away(const char *path, const drift_database_definition *definition);

/**
 * Compares the rows of all tables. Ends the program if it cannot.
 * @param target the schema of the database after the step.
 * @return how many rows were matched, negative if anything was found to complain of.
 */
int64_t bench_check_data(const char *before, const char *after, const drift_schema *target);

#endif
