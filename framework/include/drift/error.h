/* error.h — statuses, and the error that a call tells its caller.
 *
 * Every function that can fail returns a status, DRIFT_OK (0) or a negative code, and takes a `drift_error *` last.
 * The error belongs to the caller, needs no freeing, and may be NULL. The first error stands: a call never overwrites
 * an error that is already set, so an inner cause is never masked by an outer one.
 */
#ifndef DRIFT_ERROR_H
#define DRIFT_ERROR_H

#include <stddef.h>

#include "drift/export.h"

DRIFT_BEGIN_DECLS

/**
 * Every status, once: X(NAME, value, exit status of the program, text).
 * Exit statuses: 1 a difference or finding, 2 wrong usage, 3 an input is not what it should be, 4 the environment
 * failed.
 */
#define DRIFT_STATUS_MAP(X)                                                     \
    X(OK, 0, 0, "no error")                                                     \
    X(MISMATCH, -1, 1, "the schema differs from its reference")                 \
    X(CONSTRAINT, -2, 1, "a constraint was violated")                           \
    X(FOREIGN_KEY, -3, 1, "a foreign key was violated")                         \
    X(MIGRATION, -4, 1, "a migration failed")                                   \
    X(MISUSE, -5, 2, "a call or an option was used wrongly")                    \
    X(SYNTAX, -6, 3, "a text is not valid SQL")                                 \
    X(SQL, -7, 3, "a statement failed")                                         \
    X(FORMAT, -8, 3, "a file is not what it should be")                         \
    X(NOT_FOUND, -9, 3, "something that was named does not exist")              \
    X(NOT_A_DATABASE, -10, 3, "a file is not a SQLite database, or is corrupt") \
    X(UNSUPPORTED, -11, 3, "something is not supported")                        \
    X(NEWER, -12, 3, "the database is newer than the code")                     \
    X(NO_MEMORY, -13, 4, "out of memory")                                       \
    X(IO, -14, 4, "reading or writing failed")                                  \
    X(FULL, -15, 4, "the disk or the database is full")                         \
    X(PERMISSION, -16, 4, "access was denied, or the file is read-only")        \
    X(BUSY, -17, 4, "the database is locked by another connection")             \
    X(INTERRUPTED, -18, 4, "the work was cancelled")                            \
    X(TRANSACTION, -19, 4, "SQLite ended the transaction by itself")            \
    X(TOO_LARGE, -20, 3, "an input is larger than the limit")                   \
    X(CHILD, -21, 4, "a command could not be started or ended abnormally")      \
    X(CLOSED, -22, 4, "the client or its executor was closed")

typedef enum drift_status {
#define DRIFT_STATUS_ENUM(name, value, exit_status, text) DRIFT_##name = value,
    DRIFT_STATUS_MAP(DRIFT_STATUS_ENUM)
#undef DRIFT_STATUS_ENUM
} drift_status;

/**
 * What went wrong, and where. `drift_error err = {0}` starts it. Texts are UTF-8, one line, cut at a character and then
 * marked with "…"; nothing is to be freed.
 */
typedef struct drift_error {
    int code;         /**< a drift_status; 0 while nothing went wrong */
    int line;         /**< 1-based line in `source`; 0 if there is none */
    int column;       /**< 1-based column in characters (UTF-8 code points); 0 if there is none */
    size_t offset;    /**< offset in bytes from the start of the text; meaningful if line > 0 */
    char source[128]; /**< what the position refers to: a file's name, a statement's name; "" if there is none */
    char text[1024];  /**< what is wrong: what was expected and what was found */
    char hint[256];   /**< what to do about it, or "" */
} drift_error;

/** The name of a status as it stands in the header without its prefix ("NO_MEMORY"), or NULL if there is no such
 * status. Static. */
DRIFT_API const char *drift_status_name(int status);

/** What a status means, as a short English text, or NULL if there is no such status. Static. */
DRIFT_API const char *drift_status_text(int status);

/** The exit status with which a program reports this status: 0 for DRIFT_OK, else 1 to 4; 4 for a status that does not
 * exist. */
DRIFT_API int drift_status_exit(int status);

/** Frees a text that a call handed out (never one that a call says is borrowed). Accepts NULL. */
DRIFT_API void drift_free(void *text);

DRIFT_END_DECLS

#endif
