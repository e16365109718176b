/* same_schema.h — whether two schemas are the same data, span and source text left out. */
#ifndef DRIFT_SUITES_PARSE_SAME_SCHEMA_H
#define DRIFT_SUITES_PARSE_SAME_SCHEMA_H

#include <stdbool.h>

#include "drift/schema.h"

bool same_entity(const drift_entity *a, const drift_entity *b);

#endif
