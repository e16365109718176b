/* super_journal.h — taking the name of another file out of the copy of a rollback journal. */
#ifndef DRIFT_RUNTIME_SUPER_JOURNAL_H
#define DRIFT_RUNTIME_SUPER_JOURNAL_H

#include "drift/error.h"

/**
 * A journal of a transaction over several files names a super-journal: it counts only while that file exists, and after
 * rolling back SQLite *deletes* that file if nobody else needs it (https://www.sqlite.org/atomiccommit.html, section
 * 5). A file of unknown origin could so name any file. The copy is made to mean the same without a name: cut off if the
 * file exists, and the journal removed if it does not. No effect if there is no journal.
 */
int drift__super_journal_resolve(const char *journal, drift_error *err);

#endif
