/* scenario.h — what the scenarios share: the library application with a verifier, and queries told as text. */
#ifndef DRIFT_SUITES_SCENARIO_H
#define DRIFT_SUITES_SCENARIO_H

#include <check.h>
#include <drift/drift.h>
#include <drift/kit.h>

#include "library/app.h"
#include "schema_versions.h"

enum { WORLDS = DRIFT_WORLD_WAL + 1 };

/** A verifier of the library's schemas, whose databases live in `world` (a Check loop's _i). The caller frees. */
drift_verifier *scenario_verifier(int world);

/** The rows of a query, a line each, values as `sqlite3` shows them, joined by '|'. Freed with drift_free. */
char *scenario_rows(drift_connection *db, const char *sql);

/** Asserts what scenario_rows gives. */
#define assert_rows(db, sql, expected) scenario_assert_rows((db), (sql), (expected), __FILE__, __LINE__)
void scenario_assert_rows(drift_connection *db, const char *sql, const char *expected, const char *file, int line);

/** A drift_body_fn that runs the SQL text in its payload. */
int scenario_exec(drift_connection *db, void *sql, drift_error *err);

TCase *library_cases(void);
TCase *todos_cases(void);
TCase *typed_cases(void);
TCase *mistake_cases(void);
TCase *verifier_cases(void);
TCase *validate_cases(void);
TCase *guide_cases(void);

#endif
