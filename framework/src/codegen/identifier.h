/* identifier.h — names from a schema as C identifiers.
 *
 * The spelling is a promise: it depends on the names of one scope alone, not on their order, so that generated code
 * stays the same.
 *  1. ASCII letters become small; before a capital that follows a small letter or a digit stands '_' (dueDate:
 *     due_date).
 *  2. A character beyond ASCII becomes 'u' and its code point in at least four hexadecimal digits (ü: u00fc), a byte
 *     that is not UTF-8 'x' and two digits; everything else that is no letter or digit becomes '_'.
 *  3. '_' stands neither first nor last nor twice in a row (C and C++ reserve such names). Nothing left: "unnamed".
 *  4. A digit first: 'n' before it.
 *  5. More than 48 characters: the first 48, '_' and eight hexadecimal digits of a hash of the whole name.
 *  6. A word of C or C++, a macro of common headers, a name of ours (drift_…): '_' behind it.
 *  7. Two names of one scope with one spelling: the one that is written exactly so keeps it, else the first in order of
 *     bytes; each other one gets "_x" and four or more hexadecimal digits of its hash.
 */
#ifndef DRIFT_CODEGEN_IDENTIFIER_H
#define DRIFT_CODEGEN_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/** Rules 1 to 5. In the arena; NULL if there is no memory. */
char *drift__identifier_fold(drift__arena *arena, const char *name);

/** Rule 6: whether this spelling cannot be used by itself. */
bool drift__identifier_is_reserved(const char *spelling);

/** Rules 1 to 6. */
char *drift__identifier_of(drift__arena *arena, const char *name);

/** Whether a person's prefix can be used: [a-z][a-z0-9_]*, at most 32 characters, none of rules 3 and 6 against it. */
bool drift__identifier_is_prefix(const char *prefix);

/** A name that is to be spelt. */
typedef struct drift__spelling {
    const char *name; /* as the schema has it */
    const char *want; /* its spelling if nothing else has it */
    const char *got;  /* the answer */
} drift__spelling;

/**
 * Rule 7 for all names of a scope.
 * @param taken spellings that the scope has already.
 * @param derived suffixes, each beginning with '_', with which a name also stands ("_insert"); none of those may be
 * another name's either.
 * @return 0, or -1 if there is no memory.
 */
int drift__identifiers_settle(drift__arena *arena, drift__spelling *names, size_t count, const char *const *taken,
                              size_t taken_count, const char *const *derived, size_t derived_count);

#endif
