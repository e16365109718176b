/* cases.h — the cases of the suite, and what they share. */
#ifndef DRIFT_SUITES_SNAPSHOT_CASES_H
#define DRIFT_SUITES_SNAPSHOT_CASES_H

#include "drift/kit/snapshot.h"
#include "support/suite.h"

TCase *dart_case(void);
TCase *error_case(void);
TCase *folder_case(void);
TCase *hostile_case(void);
TCase *order_case(void);
TCase *read_case(void);
TCase *write_case(void);

/** A snapshot of format 1.3.0 with these elements of `entities`; free it with drift_free. */
char *snapshot_with(const char *entities);

/** A table as an element of `entities`. @param references "" or "1, 2" */
char *table_element(int id, const char *references, const char *name, const char *columns, const char *more);

/** A column of no constraints. */
#define PLAIN_COLUMN(name, type)                                                                                \
    "{\"name\": \"" name "\", \"getter_name\": \"" name "\", \"moor_type\": \"" type "\", \"nullable\": true, " \
    "\"customConstraints\": null, \"default_dart\": null, \"default_client_dart\": null, \"dsl_features\": []}"

/** A column with a default in Dart, a getter of its own and features. */
#define DART_COLUMN(name, type, dart)                                                                            \
    "{\"name\": \"" name "\", \"getter_name\": \"" name "\", \"moor_type\": \"" type "\", \"nullable\": false, " \
    "\"customConstraints\": null, \"default_dart\": \"" dart "\", \"default_client_dart\": null, "               \
    "\"dsl_features\": []}"

/** Reads text as "test.json" and fails the test if that fails. */
drift_snapshot *snapshot_of(const char *json, const drift_snapshot_options *options);

/** All statements, each ended by ";\n"; free it with drift_free. */
char *statements_of(const drift_schema *schema);

#endif
