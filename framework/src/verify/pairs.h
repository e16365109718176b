/* pairs.h — finding the partners of rows that no index finds: by the digest of their key, or of all their values, and
 * then by their rowid.
 *
 * Each side's digests are sorted, and the two are read side by side; equal ones pair in the order of their rowids. No
 * row is held in memory, and none is sorted.
 */
#ifndef DRIFT_VERIFY_PAIRS_H
#define DRIFT_VERIFY_PAIRS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "verify/match.h"

/**
 * Pairs all rows, and counts what became of the pairs' columns in the match's tally, but for the rows without a key
 * that are right where they were (`match->in_place`), and those that found an equal one where no column needs more than
 * to be equal. Rows without a partner are in the temporary tables drift__lost (r INTEGER PRIMARY KEY)    the old ones
 *     drift__extra (r INTEGER PRIMARY KEY)   the new ones
 * @param written whether there are any, and so these tables.
 * @param before how many old rows there are.
 * @param after how many new ones.
 */
int drift__pairs_find(bool *written, const drift__match *match, int64_t before, int64_t after, drift_error *err);

/** Drops what it left. */
int drift__pairs_end(const drift__match *match, drift_error *err);

/** Registers drift__gather(pairing, side, rowid, value, …), an aggregate that notes the digests of rows. `wide`: the
 * databases hold UTF-16. */
int drift__pairs_register(sqlite3 *handle, bool wide, drift_error *err);

#endif
