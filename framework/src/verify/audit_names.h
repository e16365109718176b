/* audit_names.h — the tables that statements name. */
#ifndef DRIFT_VERIFY_AUDIT_NAMES_H
#define DRIFT_VERIFY_AUDIT_NAMES_H

#include <stddef.h>

#include "base/arena.h"
#include "base/map.h"
#include "drift/error.h"

/** Adds every name in a text of statements to `names`, outside of the bodies of triggers. What is no table's name does
 * no harm there. The map borrows from the arena. */
int drift__audit_add_names(drift__map *names, drift__arena *arena, const char *sql, size_t length, drift_error *err);

#endif
