/* sql_schemas.h — a provider of schemas that are written in a test as SQL, version 1 first. */
#ifndef DRIFT_SUITES_SCENARIO_SQL_SCHEMAS_H
#define DRIFT_SUITES_SCENARIO_SQL_SCHEMAS_H

#include <drift/kit.h>

enum { SQL_SCHEMAS_MOST = 4 };

typedef struct sql_schemas {
    drift_schema_provider provider;
    drift_schema *schemas[SQL_SCHEMAS_MOST];
    int versions[SQL_SCHEMAS_MOST];
    size_t count;
} sql_schemas;

/** Parses `count` texts. The struct must not move afterwards. */
void sql_schemas_begin(sql_schemas *out, const char *const *sql, size_t count);
void sql_schemas_end(sql_schemas *schemas);

#endif
