/* scan.h — one pass over JSON text that allocates nothing. */
#ifndef DRIFT_SNAPSHOT_SCAN_H
#define DRIFT_SNAPSHOT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum {
    DRIFT__JSON_DEPTH = 64,      /**< arrays and objects inside one another; the deepest published snapshot has 12 */
    DRIFT__JSON_VALUES = 1000000 /**< values and keys in a text that nothing else bounds */
};

typedef enum drift__json_verdict {
    DRIFT__JSON_VALID = 0, /**< as RFC 8259 has it; UTF-8 and the range of numbers are not looked at */
    DRIFT__JSON_INVALID,   /**< a parser can tell why */
    DRIFT__JSON_TOO_DEEP,
    DRIFT__JSON_TOO_MANY
} drift__json_verdict;

/** What a text holds. */
typedef struct drift__json_measure {
    size_t offset; /**< where a limit was passed, or where the text stops being JSON */
    size_t values; /**< values and keys */
    size_t bytes;  /**< of all strings and keys, escapes resolved, and digits of integers */
} drift__json_measure;

/** Judges and measures a text of at most so many values and keys. */
drift__json_verdict drift__json_scan(drift__json_measure *out, const char *text, size_t length, size_t most);

#endif
