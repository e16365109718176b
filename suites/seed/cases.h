/* cases.h — the parts of the suite, and what they share. */
#ifndef DRIFT_SUITES_SEED_CASES_H
#define DRIFT_SUITES_SEED_CASES_H

#include <check.h>

#include "drift/connection.h"
#include "drift/kit/seed.h"

/* A database in memory with this schema. */
drift_connection *with_schema(const char *sql);

/* Seeds, and asserts that every table was filled and holds a row. */
void seed_all(drift_connection *connection, const drift_seed_options *options);

/* Level `one`. */
void seed_one(drift_connection *connection, int64_t seed);

/* Asserts integrity_check, and that no foreign key whose parent exists is violated. */
void assert_sound(drift_connection *connection);

TCase *case_levels(void);
TCase *case_many(void);
TCase *case_property(void);
TCase *case_transaction(void);

#endif
