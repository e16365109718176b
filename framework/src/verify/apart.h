/* apart.h — whether SQL keeps to its database: it leaves nothing in the connection and in the transaction that runs it,
 * and depends on nothing that stands there. Then it makes no difference whether what follows it runs in the same
 * transaction, in one of its own, or in another connection. */
#ifndef DRIFT_VERIFY_APART_H
#define DRIFT_VERIFY_APART_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Whether a script does, as far as SQLite's own words tell: no temporary object, no other database, no transaction, no
 * pragma but harmless ones, none of the functions that tell of the connection. A statement that is not known to is
 * said not to. The clock and random values count as harmless: what they give is new each time anyway.
 * @param keys_matter PRAGMA foreign_keys has an effect: the script runs in no transaction.
 */
bool drift__script_keeps_apart(const char *sql, size_t length, bool keys_matter);

#endif
