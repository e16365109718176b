/* diffing.h — two texts of CREATE statements, held against each other in both directions. */
#ifndef DRIFT_SUITES_COMPARE_DIFFING_H
#define DRIFT_SUITES_COMPARE_DIFFING_H

#include "drift/kit/diff.h"
#include "drift/schema.h"

/** The schema of CREATE statements, which SQLite itself must take: the test fails if it does not. */
drift_schema *parsed(const char *sql);

/** Fails unless the two schemas are equal in both directions. */
void same(const char *a, const char *b);
void same_with(const char *a, const char *b, const drift_diff_options *options);

/**
 * Fails unless the difference of the two, told as text, is this text, and unless the other direction tells the same
 * with its sides exchanged. The closing line with the count is not part of `text`.
 */
void differ(const char *a, const char *b, const char *text);
void differ_with(const char *a, const char *b, const char *text, const drift_diff_options *options);

#endif
