/* scenario.h — what the scenarios share: the library application with a verifier, and queries told as text. */
#ifndef DRIFT_SUITES_SCENARIO_H
#define DRIFT_SUITES_SCENARIO_H

#include <check.h>
#include <drift/drift.h>
#include <drift/kit.h>

#include "library/app.h"

enum { WORLDS = DRIFT_WORLD_WAL + 1 };

/** The application and a verifier of its schemas. */
typedef struct scenario {
    library_app *app;
    const drift_schema_provider *schemas;
    drift_verifier *verifier;
} scenario;

/** Loads the library, with a verifier whose databases live in `world` (a Check loop's _i). */
scenario scenario_begin(int world);
void scenario_end(scenario *s);

/** The rows of a query, a line each, values as `sqlite3` shows them, joined by '|'. Freed with drift_free. */
char *scenario_rows(drift_connection *db, const char *sql);

/** Asserts what scenario_rows gives. */
#define assert_rows(db, sql, expected) scenario_assert_rows((db), (sql), (expected), __FILE__, __LINE__)
void scenario_assert_rows(drift_connection *db, const char *sql, const char *expected, const char *file, int line);

/** A drift_body_fn that runs the SQL text in its payload. */
int scenario_exec(drift_connection *db, void *sql, drift_error *err);

TCase *library_cases(void);
TCase *todos_cases(void);
TCase *mistake_cases(void);
TCase *verifier_cases(void);
TCase *validate_cases(void);
TCase *guide_cases(void);

#endif
