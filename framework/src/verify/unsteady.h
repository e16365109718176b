/* unsteady.h — expressions that give another value each time. */
#ifndef DRIFT_VERIFY_UNSTEADY_H
#define DRIFT_VERIFY_UNSTEADY_H

#include <stdbool.h>

/** Whether an expression reads the clock or draws at random, by SQLite's own words: CURRENT_TIMESTAMP and its like,
 * 'now', a date or time function without a time, random(), randomblob(). */
bool drift__is_unsteady(const char *expression);

#endif
