/* match_sql.h — the parts of which the matching's statements are made. In all of them `o` is a row before and `n` one
 * after, with the rowid `r`, the columns `c0`, `c1`, … of the match, before also what is expected (`e0`) and what CAST
 * makes of a value (`f0`), and `d`, whether the row may go or come. */
#ifndef DRIFT_VERIFY_MATCH_SQL_H
#define DRIFT_VERIFY_MATCH_SQL_H

#include "base/str.h"
#include "verify/match.h"

/** A side's table. */
void drift__put_table(drift__str *sql, const drift__match *match, bool of_old);

/** A side's rows as a table, the database's or the temporary copy, called o or n. */
void drift__put_side(drift__str *sql, const drift__match *match, bool of_old);

/** The statements that make a side's copy. */
void drift__put_stage(drift__str *sql, const drift__match *match, bool of_old);

/** What a column should be now. */
void drift__put_expected(drift__str *sql, const drift__match *match, size_t column);

/** A condition that a column is as it should be; 1 or 0, never NULL. */
void drift__put_accepted(drift__str *sql, const drift__match *match, size_t column);

/** A condition that all columns are. */
void drift__put_all_accepted(drift__str *sql, const drift__match *match);

/** Whether a column of a pair needs more than drift__same of old and new. One that may hold anything needs nothing. */
bool drift__is_special(const drift__match_column *column);

/** Whether any does. */
bool drift__has_special(const drift__match *match);

/** Ways to look at a row, for drift__put_digest. */
typedef enum drift__view_of {
    DRIFT__OF_OLD,      /**< what is expected of it */
    DRIFT__OF_OLD_CAST, /**< the same, cast where CAST is as good */
    DRIFT__OF_NEW
} drift__view_of;

/** The values of a row's key, or of all columns that have an old value, each behind a comma; where they are more than
 * a function takes, the digests of parts. */
void drift__put_values(drift__str *sql, const drift__match *match, drift__view_of view, bool of_key);

/** A condition that all values of the key are there; "0" without a key. */
void drift__put_has_key(drift__str *sql, const drift__match *match, bool of_old);

/** Rows are told apart by whether their key is there. */
typedef enum drift__rows_of { DRIFT__WITH_KEY, DRIFT__WITHOUT_KEY } drift__rows_of;

/** A condition that a row is one of these, with `before` in front; nothing where no row has a key. */
void drift__put_rows_of(drift__str *sql, const drift__match *match, drift__rows_of rows, bool of_old,
                        const char *before);

/** Whether any column of the key, or any column at all, may be cast. */
bool drift__has_cast(const drift__match *match, bool of_key);

/** A condition that both have the same key, with `before` in front. */
void drift__put_same_key(drift__str *sql, const drift__match *match, const char *before);

/** A condition that joins old and new by key, or without a key by rowid. */
void drift__put_join(drift__str *sql, const drift__match *match);

/** Whether what says which row it is are the values of its key: there is no rowid. */
bool drift__is_named_by_key(const drift__match *match);

/** What is NULL where an old row has no partner; a rowid where there is one. */
void drift__put_partner(drift__str *sql, const drift__match *match);

/** What the tally is handed of a column. */
drift__tally_kind drift__tally_kind_of(const drift__match_column *column);

/** The calls that count all columns, each behind a comma, with the tally as the first parameter.
 * @param view what stands for the new values: they themselves, or what is known to be equal to them, where n is needed
 * for its rowid only. */
void drift__put_tally(drift__str *sql, const drift__match *match, drift__view_of view);

/** Whether drift__put_tally writes anything for columns that hold what this view of the old row says. */
bool drift__has_counted(const drift__match *match, drift__view_of view);

#endif
