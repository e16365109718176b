/* fresh_rows.h — what a fresh database of the target's version makes of the rows that a migration left.
 *
 * An upgraded database and a fresh install of one version have one schema; a row of the one has to be a row of the
 * other. It need not be where a step wrote into sqlite_schema, or switched checks off: what was stored before stays as
 * it was, though nobody could store it now.
 */
#ifndef DRIFT_VERIFY_FRESH_ROWS_H
#define DRIFT_VERIFY_FRESH_ROWS_H

#include "verify/judge.h"

/**
 * path.data: each table is created anew out of the target's schema, and the rows that the migration left are inserted
 * into it, with their rowids, without triggers and foreign keys. A row that is refused is told, and a value that comes
 * out otherwise, a generated one as well.
 *
 * Nothing is compared where the database before holds no row. Left out are tables of which another finding tells
 * already; tables that are defined as before and whose rows the ledger found again as they were, since the old
 * definition took them; virtual tables, whose content is whatever they were given (what they make of it is hidden.fts);
 * and of a table all rows behind the first DRIFT__WORLD_ROWS_IN_MEMORY. To be called when everything else has been
 * judged.
 */
int drift__judge_fresh_rows(drift__judgement *judgement, drift_error *err);

/** Whether a finding's object is the table of this name ("t") or one of its columns ("t.c"). */
bool drift__is_of(const char *object, const char *table);

#endif
