/* describe.h — what is expected and what was found, as short SQL. */
#ifndef DRIFT_COMPARE_DESCRIBE_H
#define DRIFT_COMPARE_DESCRIBE_H

#include <stdbool.h>

#include "base/str.h"
#include "compare/normalise.h"

/** Writes a table's rule as it would stand behind the columns; under `strict` with its name, and where it was written.
 */
void drift__describe_rule(drift__str *out, const drift__rule *rule, bool strict);

/** Writes a facet of a column; nothing where the column has none. */
void drift__describe_column(drift__str *out, drift_facet facet, const drift__column_facts *facts, bool strict,
                            drift__arena *arena);

/** Writes (a, b COLLATE x DESC). */
void drift__describe_indexed(drift__str *out, const drift_indexed_column *columns, size_t count, bool order);

/** Writes (a, b). */
void drift__describe_names(drift__str *out, const char *const *names, size_t count);

#endif
