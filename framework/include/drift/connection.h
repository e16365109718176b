/* connection.h — connections, statements, rows, transactions.
 *
 * A drift_connection is an operations table plus state, so that the same code runs over a direct connection to a file
 * and over a client of a background executor. It is minimal on purpose: no ORM.
 *
 * Threads: a connection and everything made from it belong to one thread at a time; drift does no locking of its own.
 * Text is UTF-8 and carries its length: BLOBs and texts with embedded NUL survive.
 */
#ifndef DRIFT_CONNECTION_H
#define DRIFT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/error.h"
#include "drift/export.h"

DRIFT_BEGIN_DECLS

struct sqlite3;
typedef struct drift_connection drift_connection;
typedef struct drift_statement drift_statement;

/** What a connection is to do when it is opened, before anything else: register functions and collations, set pragmas,
 * choose the journal (drift_connection_use_wal). It runs again at every opening, also in other processes at the same
 * time. */
typedef int (*drift_setup_fn)(drift_connection *connection, const void *payload, drift_error *err);

typedef enum drift_open_mode {
    DRIFT_OPEN_CREATE = 0, /**< read and write; the file is created if it does not exist */
    DRIFT_OPEN_EXISTING,   /**< read and write; NOT_FOUND if the file does not exist */
    DRIFT_OPEN_READ_ONLY   /**< read; NOT_FOUND if the file does not exist */
} drift_open_mode;

typedef struct drift_connection_options {
    drift_open_mode mode;
    int busy_timeout_ms;  /**< how long a locked database is waited for; 0: the default of 5000; negative: not at all */
    drift_setup_fn setup; /**< may be NULL */
    const void *setup_payload;
    const char *vfs; /**< the name of a registered VFS, or NULL for SQLite's default */
    bool unread;     /**< the file is not read while it is opened: the first statement tells whether it is a database */
} drift_connection_options;

/**
 * Opens a database file. `options` may be NULL. The path is taken as it is: "file:x" and ":memory:" are names of files.
 * The setup hook runs first, then the file's header is read.
 * @return DRIFT_OK; NOT_FOUND; PERMISSION, also for a file that can only be read unless the mode is READ_ONLY;
 * NOT_A_DATABASE if the file is none or is corrupt; BUSY, IO, NO_MEMORY; what the setup hook gives. The caller closes.
 */
DRIFT_API int drift_connection_open(drift_connection **out, const char *path, const drift_connection_options *options,
                                    drift_error *err);

/** Opens a database of its own in memory. `options` may be NULL; their `mode` means nothing here. */
DRIFT_API int drift_connection_memory(drift_connection **out, const drift_connection_options *options,
                                      drift_error *err);

/**
 * Uses a handle that stays its owner's and must outlive the connection: drift_connection_close neither closes it nor
 * rolls its transaction back, and its settings, the busy timeout included, are left as they are.
 */
DRIFT_API int drift_connection_adopt(drift_connection **out, struct sqlite3 *handle, drift_error *err);

/**
 * Opens a database file of unknown origin to look at it. The file and its folder are never written to: without a
 * journal beside it it is opened as immutable, with one (`-wal`, `-journal`) a private copy of all its files is read
 * (https://www.sqlite.org/uri.html#uriimmutable). Against hostile content
 * (https://www.sqlite.org/security.html#untrusted_sqlite_database_files) triggers, views, extensions and ATTACH are
 * off, limits hold, and once it is loaded the schema is not trusted (except where SQLite marks its own
 * JSON functions as unsafe by mistake, as 3.40 does). Of `options`, which may be NULL, `setup` is used; its functions
 * are registered before the schema is read, and what has side effects should be SQLITE_DIRECTONLY. `mode` and `vfs`
 * must be zero.
 * @return as drift_connection_open; PERMISSION for a symbolic link; BUSY if the file changes while it is copied.
 */
DRIFT_API int drift_connection_inspect(drift_connection **out, const char *path,
                                       const drift_connection_options *options, drift_error *err);

/**
 * Puts a file into journal mode WAL; the place for it is the setup hook. PRAGMA journal_mode = WAL may answer BUSY at
 * once, in spite of the busy timeout, while other processes open the same file, and where it has no effect it says
 * nothing: this tries again and reads the mode back. A database in memory stays as it is.
 * @param timeout_ms how long to try; 0: the default of 5000; negative: once.
 * @return DRIFT_OK, also if the mode was WAL already; MISUSE inside a transaction; BUSY; SQL if the mode did not
 * change.
 */
DRIFT_API int drift_connection_use_wal(drift_connection *connection, int timeout_ms, drift_error *err);

/** The SQLite handle, or NULL for a connection that has none of its own (a client). Borrowed. */
DRIFT_API struct sqlite3 *drift_connection_handle(drift_connection *connection);

/**
 * Closes; a transaction that is open is rolled back. Statements that were not freed are finalized and freed with it,
 * and must not be used again. Accepts NULL.
 */
DRIFT_API void drift_connection_close(drift_connection *connection);

/**
 * Ends the statement that runs now with INTERRUPTED, or with TRANSACTION if it was writing inside a transaction, which
 * SQLite then rolls back (https://www.sqlite.org/c3ref/interrupt.html); waiting for a lock ends too. No effect if none
 * runs. The one function that may be called from another thread, as long as the connection is not being closed.
 */
DRIFT_API void drift_connection_interrupt(drift_connection *connection);

/** Is asked now and then while a statement runs; false ends it as drift_connection_interrupt does. It must not use the
 * connection. */
typedef bool (*drift_progress_fn)(void *payload);

/**
 * Asks `progress` after about every `instructions` instructions of SQLite's virtual machine (10,000 are some tenths of
 * a millisecond); NULL stops asking. One at a time: a second call replaces the first. MISUSE if `instructions` is below
 * 1, UNSUPPORTED by a connection that runs its statements elsewhere.
 */
DRIFT_API int drift_connection_progress(drift_connection *connection, int instructions, drift_progress_fn progress,
                                        void *payload, drift_error *err);

/** A value: what is bound to a parameter, what a column holds. Text and blob are borrowed. */
typedef enum drift_value_kind { DRIFT_NULL = 0, DRIFT_INTEGER, DRIFT_REAL, DRIFT_TEXT, DRIFT_BLOB } drift_value_kind;
typedef struct drift_value {
    drift_value_kind kind;
    int64_t integer;
    double real;
    const void *bytes; /**< TEXT, BLOB */
    size_t length;     /**< of `bytes` */
} drift_value;

/** A value for a bind list. */
#define DRIFT_BIND_NULL             \
    {                               \
        DRIFT_NULL, 0, 0.0, NULL, 0 \
    }
#define DRIFT_BIND_INT64(v)              \
    {                                    \
        DRIFT_INTEGER, (v), 0.0, NULL, 0 \
    }
#define DRIFT_BIND_DOUBLE(v)        \
    {                               \
        DRIFT_REAL, 0, (v), NULL, 0 \
    }
#define DRIFT_BIND_TEXT(p, n)        \
    {                                \
        DRIFT_TEXT, 0, 0.0, (p), (n) \
    }
#define DRIFT_BIND_BLOB(p, n)        \
    {                                \
        DRIFT_BLOB, 0, 0.0, (p), (n) \
    }

/**
 * Runs all statements of a text, one after another; rows are ignored. On an error the statements before it stand (use a
 * transaction); the error's position is in `sql`.
 */
DRIFT_API int drift_exec(drift_connection *connection, const char *sql, drift_error *err);

/** Receives a row; the statement is at that row and must not be stepped or freed. Not DRIFT_OK ends the query with that
 * status. */
typedef int (*drift_row_fn)(drift_statement *row, void *payload, drift_error *err);

/**
 * Runs one statement with values for its parameters (`binds` may be NULL if `bind_count` is 0) and hands every row to
 * `row`, which may be NULL. MISUSE if the text holds more than one statement, or if there are not as many values as
 * parameters.
 */
DRIFT_API int drift_query(drift_connection *connection, const char *sql, const drift_value *binds, size_t bind_count,
                          drift_row_fn row, void *payload, drift_error *err);

/** The first column of the first row as an integer; NOT_FOUND if there is no row. */
DRIFT_API int drift_query_int64(int64_t *out, drift_connection *connection, const char *sql, const drift_value *binds,
                                size_t bind_count, drift_error *err);

/** Prepares the only statement of a text; SYNTAX if there is none, MISUSE if there are more. Statements are cached by
 * their text; one that is in use is never shared. The caller frees. */
DRIFT_API int drift_statement_prepare(drift_statement **out, drift_connection *connection, const char *sql,
                                      drift_error *err);

/** Gives the statement back to the connection's cache, without its binds. Accepts NULL. */
DRIFT_API void drift_statement_free(drift_statement *statement);

/**
 * Binds parameter `index` (from 1); parameters that are not bound are NULL. Text and blob are copied; they may be NULL
 * if their length is 0, and are then empty. NaN becomes NULL, as everywhere in SQLite. MISUSE if there is no such
 * parameter, or if the statement is running (reset it first); TOO_LARGE, NO_MEMORY.
 */
DRIFT_API int drift_statement_bind_null(drift_statement *statement, int index, drift_error *err);
DRIFT_API int drift_statement_bind_int64(drift_statement *statement, int index, int64_t value, drift_error *err);
DRIFT_API int drift_statement_bind_double(drift_statement *statement, int index, double value, drift_error *err);
DRIFT_API int drift_statement_bind_text(drift_statement *statement, int index, const char *text, size_t length,
                                        drift_error *err);
DRIFT_API int drift_statement_bind_blob(drift_statement *statement, int index, const void *bytes, size_t length,
                                        drift_error *err);
DRIFT_API int drift_statement_bind_value(drift_statement *statement, int index, const drift_value *value,
                                         drift_error *err);

/** Goes to the next row: `*row` is true, or false at the end, where it stays. After an error the statement must be
 * reset (else MISUSE). */
DRIFT_API int drift_statement_step(bool *row, drift_statement *statement, drift_error *err);

/** Runs a statement to its end, ignoring rows, and resets it; the binds stay. */
DRIFT_API int drift_statement_run(drift_statement *statement, drift_error *err);

/** Back to before the first row. Binds stay. */
DRIFT_API void drift_statement_reset(drift_statement *statement);

/**
 * The number of columns, and a column's name (from 0; NULL if there is no such column or no memory). Both are settled
 * by the first step: before it they may still tell the schema of an earlier use. Names are borrowed until the next
 * call for the same column.
 */
DRIFT_API int drift_column_count(const drift_statement *statement);
DRIFT_API const char *drift_column_name(drift_statement *statement, int column);

/**
 * Columns of the current row, from 0; NULL where there is no row or no such column. Texts and blobs are borrowed until
 * the next step, reset or free, or until the same column is read as another type. The typed readers convert as SQLite
 * does (https://www.sqlite.org/c3ref/column_blob.html). A text or blob that could not be had for want of memory has
 * `bytes` NULL.
 */
DRIFT_API drift_value drift_column_value(drift_statement *statement, int column);
DRIFT_API int64_t drift_column_int64(drift_statement *statement, int column);
DRIFT_API double drift_column_double(drift_statement *statement, int column);
/** The text, NUL-terminated; NULL if the value is NULL or there is no memory. `length` may be NULL. */
DRIFT_API const char *drift_column_text(drift_statement *statement, int column, size_t *length);

/** The rowid of the last INSERT on this connection. */
DRIFT_API int64_t drift_last_insert_rowid(drift_connection *connection);

/** Rows that the last INSERT, UPDATE or DELETE changed, without those of triggers and foreign keys. */
DRIFT_API int64_t drift_changes(drift_connection *connection);

/** Whether a transaction is open. */
DRIFT_API bool drift_in_transaction(drift_connection *connection);

/** The work of a transaction. Not DRIFT_OK rolls it back, and is what drift_transaction returns. */
typedef int (*drift_body_fn)(drift_connection *connection, void *payload, drift_error *err);

/**
 * Runs `body` in a transaction (BEGIN IMMEDIATE), or, inside one, in a savepoint. Exactly one of commit and rollback
 * happens; a COMMIT that is BUSY is retried within the busy timeout and then rolled back.
 *
 * DRIFT_TRANSACTION if SQLite ended the transaction by itself while the body ran
 * (https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction"): the statement that caused
 * it gives this status (NO_MEMORY if that was why), and every further one until the outermost call returns, so that
 * nothing runs outside the transaction that was meant to run inside. MISUSE if the body ended the transaction itself.
 */
DRIFT_API int drift_transaction(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err);

/** Runs `body` while nobody else uses the connection, without a transaction: for pragmas that do nothing inside one.
 * MISUSE inside a transaction. */
DRIFT_API int drift_exclusive(drift_connection *connection, drift_body_fn body, void *payload, drift_error *err);

/** Statements with their arguments, to be run in order and all or none. Each text is prepared once. */
typedef struct drift_batch drift_batch;

/** An empty batch. The caller frees. */
DRIFT_API int drift_batch_new(drift_batch **out, drift_error *err);

/** Adds one run of a statement. Text and values are copied; `binds` may be NULL if `bind_count` is 0. */
DRIFT_API int drift_batch_add(drift_batch *batch, const char *sql, const drift_value *binds, size_t bind_count,
                              drift_error *err);

/** Runs all of a batch in one transaction (a savepoint inside one), ignoring rows. On an error nothing of it stands.
 * The batch stays as it is and may be run again. */
DRIFT_API int drift_batch_run(drift_batch *batch, drift_connection *connection, drift_error *err);

DRIFT_API void drift_batch_free(drift_batch *batch); /**< accepts NULL */

DRIFT_END_DECLS

#endif
