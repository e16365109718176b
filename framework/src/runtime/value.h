/* value.h — comparing and keeping values. */
#ifndef DRIFT_RUNTIME_VALUE_H
#define DRIFT_RUNTIME_VALUE_H

#include <stdbool.h>

#include "base/arena.h"
#include "drift/connection.h"

/** Whether two values have the same storage class and the same bytes: 1 and 1.0 differ, and so do 0.0 and -0.0. */
bool drift__value_same(const drift_value *a, const drift_value *b);

/** A value whose bytes are in the arena; `arena->failed` tells that there was no memory. */
drift_value drift__value_copy(drift__arena *arena, const drift_value *value);

#endif
