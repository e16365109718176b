/* settings.h — a connection's settings, kept over a migration. */
#ifndef DRIFT_OPENING_SETTINGS_H
#define DRIFT_OPENING_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "drift/connection.h"

/** Pragmas that a migration might leave changed, once. */
#define DRIFT__KEPT_MAP(X)                                    \
    X(SYNCHRONOUS, "main.synchronous")                        \
    X(RECURSIVE_TRIGGERS, "recursive_triggers")               \
    X(IGNORE_CHECK_CONSTRAINTS, "ignore_check_constraints")   \
    X(REVERSE_UNORDERED_SELECTS, "reverse_unordered_selects") \
    X(WRITABLE_SCHEMA, "writable_schema")                     \
    X(QUERY_ONLY, "query_only")                               \
    X(TRUSTED_SCHEMA, "trusted_schema")                       \
    X(CELL_SIZE_CHECK, "cell_size_check")                     \
    X(AUTOMATIC_INDEX, "automatic_index")                     \
    X(READ_UNCOMMITTED, "read_uncommitted")                   \
    X(SECURE_DELETE, "main.secure_delete")                    \
    X(CACHE_SIZE, "main.cache_size")

typedef enum drift__kept {
#define DRIFT__KEPT_ENUM(name, sql) DRIFT__KEPT_##name,
    DRIFT__KEPT_MAP(DRIFT__KEPT_ENUM)
#undef DRIFT__KEPT_ENUM
        DRIFT__KEPT_COUNT
} drift__kept;

/** All of them. */
#define DRIFT__KEPT_ALL ((1u << DRIFT__KEPT_COUNT) - 1)

typedef struct drift__settings {
    bool kept;      /**< whether there is anything to restore */
    unsigned which; /**< of `values` are: bits 1 << DRIFT__KEPT_… */
    bool foreign_keys;
    bool legacy_alter_table;
    int64_t values[DRIFT__KEPT_COUNT];
} drift__settings;

/** Reads the settings as they are: the switches, and `which` of the pragmas. */
int drift__settings_keep(drift__settings *out, drift_connection *connection, unsigned which, drift_error *err);

/** Raises `synchronous` so that what is acknowledged survives a power cut: to FULL with a WAL, to EXTRA with a rollback
 * journal (https://www.sqlite.org/pragma.html#pragma_synchronous). Never lowers it. It was kept. */
int drift__settings_raise(const drift__settings *settings, drift_connection *connection, bool wal, drift_error *err);

/** Sets everything back that has another value now. Everything is tried, also behind an error. */
int drift__settings_restore(const drift__settings *settings, drift_connection *connection, drift_error *err);

#endif
