/* digest.h — everything that a database holds, as a text: two databases are the same if their texts are. */
#ifndef DRIFT_SUITES_SUPPORT_DIGEST_H
#define DRIFT_SUITES_SUPPORT_DIGEST_H

#include "drift/connection.h"

/**
 * The version, the schema, and of every table the rows in the order of their rowids or keys: rowid, storage classes and
 * values. sqlite_sequence and sqlite_stat1 are tables like others. Asserts that it can be read.
 * @param except tables whose rows and whose entries of the schema (their indexes and triggers included) are left out,
 * ended by NULL; may be NULL.
 * @return free it with drift_free.
 */
char *suite_digest(drift_connection *connection, const char *const *except);

/** Asserts that two texts are equal, and tells the first line that differs. Frees both. */
void suite_same_digest(char *before, char *after);

/** The first column of the first row as text ("NULL" for NULL); asserts that there is one. Free it
 * with drift_free. */
char *suite_value(drift_connection *connection, const char *sql);

/** Asserts what suite_value gives. */
#define ck_assert_value(connection, sql, expected)            \
    do {                                                      \
        char *found_value = suite_value((connection), (sql)); \
        ck_assert_str_eq(found_value, (expected));            \
        drift_free(found_value);                              \
    } while (0)

#endif
