/* match_sql.h — the parts of which the matching's statements are made. In all of them `o` is a row before and `n` one
 * after, with the rowid `r`, the columns `c0`, `c1`, … of the match, before also what is expected (`e0`) and what CAST
 * makes of a value (`f0`), and `d`, whether the row may go or come. */
#ifndef DRIFT_VERIFY_MATCH_SQL_H
#define DRIFT_VERIFY_MATCH_SQL_H

#include "base/str.h"
#include "verify/match.h"

/** A side's rows as a table: the database's, or the temporary copy. */
void drift__put_old_rows(drift__str *sql, const drift__match *match);
void drift__put_new_rows(drift__str *sql, const drift__match *match);

/** The statements that make a side's copy. */
void drift__put_stage(drift__str *sql, const drift__match *match, bool of_old);

/** What a column should be now. */
void drift__put_expected(drift__str *sql, const drift__match *match, size_t column);

/** A condition that a column is as it should be; 1 or 0, never NULL. */
void drift__put_accepted(drift__str *sql, const drift__match *match, size_t column);

/** Whether a column needs more than drift__same of old and new. */
bool drift__is_special(const drift__match_column *column);

/** Ways to look at a row, for drift__put_digest. */
typedef enum drift__view_of {
    DRIFT__OF_OLD,      /**< what is expected of it */
    DRIFT__OF_OLD_CAST, /**< the same, cast where CAST is as good */
    DRIFT__OF_NEW
} drift__view_of;

/** The digest of a row's key, or of all columns that have an old value. */
void drift__put_digest(drift__str *sql, const drift__match *match, drift__view_of view, bool of_key);

/** A condition that all values of the key are there; "0" without a key. */
void drift__put_has_key(drift__str *sql, const drift__match *match, bool of_old);

/** Whether any column of the key, or any column at all, may be cast. */
bool drift__has_cast(const drift__match *match, bool of_key);

/** A condition that joins old and new by key, or without a key by rowid. */
void drift__put_join(drift__str *sql, const drift__match *match);

/** drift__same over all plain columns, as select-list entries that count the rows in which they differ. `*count` is the
 * number of entries. */
void drift__put_plain_differences(drift__str *sql, size_t *count, const drift__match *match);

#endif
