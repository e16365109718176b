/* affinity.h — a declared type's affinity (https://www.sqlite.org/datatype3.html, section 3.1). */
#ifndef DRIFT_SQL_AFFINITY_H
#define DRIFT_SQL_AFFINITY_H

#include <stddef.h>

typedef enum drift__affinity {
    DRIFT__AFFINITY_BLOB = 0, /**< also of a column without a type */
    DRIFT__AFFINITY_TEXT,
    DRIFT__AFFINITY_NUMERIC,
    DRIFT__AFFINITY_INTEGER,
    DRIFT__AFFINITY_REAL
} drift__affinity;

/**
 * What SQLite keeps of a declared type, by which it takes it: all of it, or, if it begins with a quote, only what
 * stands inside that quote ("a b" TEXT is the type a b). Doubled quotes stay doubled.
 */
const char *drift__type_kept(size_t *length, const char *type);

/** The affinity of a declared type; `type` is "" for a column that has none. */
drift__affinity drift__affinity_of(const char *type);

/** The name of an affinity, in capitals as SQLite's documentation writes it. Static. */
const char *drift__affinity_name(drift__affinity affinity);

#endif
