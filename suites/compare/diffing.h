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

/* Tables of pairs: each row holds two writings of a part of a schema, which stand between `prefix` and `suffix`. What
 * is told of a pair is "code object", several in their order with commas between them. */

/** Each pair is equal. */
void same_pairs(const char *prefix, const char *suffix, const char *const (*pairs)[2], size_t count);

/** Of each pair exactly `told` is told. */
void differ_pairs(const char *prefix, const char *suffix, const char *const (*pairs)[2], size_t count,
                  const char *told);

/** Of each pair exactly the third text of its row is told. */
void differ_as_told(const char *prefix, const char *suffix, const char *const (*pairs)[3], size_t count);

#endif
