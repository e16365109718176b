/* given.h — a database as it is, a schema as it is to be, and a migrator between them. */
#ifndef DRIFT_SUITES_MIGRATE_GIVEN_H
#define DRIFT_SUITES_MIGRATE_GIVEN_H

#include <check.h>

#include "drift/kit/parse.h"
#include "drift/migrator.h"
#include "support/digest.h"
#include "support/suite.h"

/** Where the database lives. */
typedef enum given_world { GIVEN_MEMORY = 0, GIVEN_FILE, GIVEN_WAL, GIVEN_WORLDS } given_world;

typedef struct given {
    drift_connection *connection;
    drift_schema *schema;
    drift_migrator *migrator;
    char *folder;
} given;

/** Runs `sql` in a new database, and parses `schema`. Asserts both. */
given given_database(const char *sql, const char *schema);
given given_database_in(given_world world, const char *sql, const char *schema);
void given_end(given *g);

/** Runs statements; asserts that they succeed. */
void given_run(const given *g, const char *sql);

const drift_table *given_table(const given *g, const char *name);
const drift_column *given_column(const given *g, const char *table, const char *column);

/** Rebuilds a table without transforms or new columns. */
int given_rebuild(const given *g, const char *table, drift_error *err);

/** Asserts that `call` fails with `status`, that its error has every word of `words` (separated by '|'), and that the
 * database and foreign_keys and legacy_alter_table are as before. */
void given_refused(const given *g, int status, const char *words, int (*call)(const given *g, drift_error *err));

/** The cases of this suite, one a file. */
TCase *rebuild_case(void);
TCase *dependents_case(void);
TCase *foreign_keys_case(void);
TCase *column_case(void);
TCase *create_case(void);
TCase *step_case(void);
TCase *property_case(void);

#endif
