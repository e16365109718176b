/* number.h — numeric literals by their value, exactly: no rounding takes part. */
#ifndef DRIFT_COMPARE_NUMBER_H
#define DRIFT_COMPARE_NUMBER_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/**
 * A decimal or hexadecimal integer as decimal digits without leading zeros. Hexadecimal ones are 64 bits in two's
 * complement (https://www.sqlite.org/lang_expr.html, "Hexadecimal integer literals"). NULL if it has more than 64 bits
 * or there is no memory.
 */
const char *drift__number_integer(drift__arena *arena, const char *text, size_t length);

/** A floating point literal as "<digits>e<exponent>", without zeros at either end of the digits ("15e-1", "0e0"). */
const char *drift__number_real(drift__arena *arena, const char *text, size_t length);

/** The number with its sign turned; zero as an integer stays. */
const char *drift__number_negate(drift__arena *arena, const char *number);

/** Writes an integer; one that does not fit into 64 bits is a real number to SQLite and is written as one. */
void drift__number_put_integer(drift__str *out, const char *number);

#endif
