/* pragma.h — the pragmas that the project reads and sets, each once: X(NAME, the pragma in SQL). Names never come from
 * outside, values are integers or words out of a list: nothing can be injected. */
#ifndef DRIFT_RUNTIME_PRAGMA_H
#define DRIFT_RUNTIME_PRAGMA_H

#include "drift/connection.h"

/** Pragmas with integer values. Those of a database are the main one's. */
#define DRIFT__PRAGMA_MAP(X)                                \
    X(APPLICATION_ID, "main.application_id")                \
    X(AUTO_VACUUM, "main.auto_vacuum")                      \
    X(CELL_SIZE_CHECK, "cell_size_check")                   \
    X(DATA_VERSION, "main.data_version")                    \
    X(DEFER_FOREIGN_KEYS, "defer_foreign_keys")             \
    X(FOREIGN_KEYS, "foreign_keys")                         \
    X(FREELIST_COUNT, "main.freelist_count")                \
    X(IGNORE_CHECK_CONSTRAINTS, "ignore_check_constraints") \
    X(LEGACY_ALTER_TABLE, "legacy_alter_table")             \
    X(PAGE_COUNT, "main.page_count")                        \
    X(PAGE_SIZE, "main.page_size")                          \
    X(QUERY_ONLY, "query_only")                             \
    X(RECURSIVE_TRIGGERS, "recursive_triggers")             \
    X(SCHEMA_VERSION, "main.schema_version")                \
    X(SYNCHRONOUS, "main.synchronous")                      \
    X(USER_VERSION, "main.user_version")

typedef enum drift__pragma {
#define DRIFT__PRAGMA_ENUM(name, sql) DRIFT__PRAGMA_##name,
    DRIFT__PRAGMA_MAP(DRIFT__PRAGMA_ENUM)
#undef DRIFT__PRAGMA_ENUM
} drift__pragma;

/** PRAGMA synchronous (https://www.sqlite.org/pragma.html#pragma_synchronous). */
typedef enum drift__synchronous {
    DRIFT__SYNCHRONOUS_OFF = 0,
    DRIFT__SYNCHRONOUS_NORMAL,
    DRIFT__SYNCHRONOUS_FULL,
    DRIFT__SYNCHRONOUS_EXTRA
} drift__synchronous;

/** The journal modes, once: X(NAME, the word). */
#define DRIFT__JOURNAL_MAP(X) \
    X(DELETE, "delete")       \
    X(TRUNCATE, "truncate")   \
    X(PERSIST, "persist")     \
    X(MEMORY, "memory")       \
    X(WAL, "wal")             \
    X(OFF, "off")

typedef enum drift__journal {
#define DRIFT__JOURNAL_ENUM(name, word) DRIFT__JOURNAL_##name,
    DRIFT__JOURNAL_MAP(DRIFT__JOURNAL_ENUM)
#undef DRIFT__JOURNAL_ENUM
} drift__journal;

/** Reads a pragma. */
int drift__pragma_get(int64_t *out, drift_connection *connection, drift__pragma pragma, drift_error *err);

/**
 * Sets a pragma and reads it back: SQLite ignores some settings without a word where they have no effect, as
 * foreign_keys inside a transaction (https://www.sqlite.org/pragma.html#pragma_foreign_keys).
 * @return DRIFT_OK; SQL if it has another value afterwards; whatever running it gives.
 */
int drift__pragma_set(drift_connection *connection, drift__pragma pragma, int64_t value, drift_error *err);

/** The main database's journal mode. */
int drift__journal_get(drift__journal *out, drift_connection *connection, drift_error *err);

/**
 * Changes it and reads it back. While others use the database it is tried again until `timeout_ms` have passed: SQLite
 * does not ask its busy handler everywhere on this way.
 * @return DRIFT_OK; BUSY; SQL if it stays another, as inside a transaction or in memory.
 */
int drift__journal_set(drift_connection *connection, drift__journal journal, int timeout_ms, drift_error *err);

/** The word of a journal mode. Static. */
const char *drift__journal_word(drift__journal journal);

#endif
