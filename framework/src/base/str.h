/* str.h — a sticky string builder: writers never check; whoever takes the text checks once. */
#ifndef DRIFT_BASE_STR_H
#define DRIFT_BASE_STR_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "drift/error.h"

/** `drift__str s = DRIFT__STR_INIT` starts one. `text` is NULL while nothing was written, else it ends with NUL. */
typedef struct drift__str {
    char *text;
    size_t length;
    size_t capacity;
    int failed;   /**< an allocation failed: nothing more is written, and take tells it */
    int borrowed; /**< `text` is the room that the builder was started in */
} drift__str;

#define DRIFT__STR_INIT  \
    {                    \
        NULL, 0, 0, 0, 0 \
    }

/**
 * `char room[256] = ""; drift__str s = DRIFT__STR_IN(room)` starts one that allocates nothing before the room, which
 * must outlive it, is full: for short texts that are made often.
 */
#define DRIFT__STR_IN(room)        \
    {                              \
        room, 0, sizeof room, 0, 1 \
    }

void drift__str_putn(drift__str *s, const char *text, size_t length);

/** Inline, so that the length of a literal is known where it is written. */
static inline void drift__str_puts(drift__str *s, const char *text)
{
    drift__str_putn(s, text, strlen(text));
}

/** Appends a text with its control characters visible (drift__utf8_is_control): those of a name or a value must not
 * steer a terminal, nor turn what stands behind them. Bytes that are no UTF-8 become U+FFFD. */
void drift__str_put_visible(drift__str *str, const char *text);

/** The same for one character of `length` bytes. */
void drift__str_put_character(drift__str *str, const char *at, size_t length);

void drift__str_putc(drift__str *s, char c);

/** A text with A to Z in lower case. */
void drift__str_put_folded(drift__str *s, const char *text);
void drift__str_printf(drift__str *s, const char *format, ...) DRIFT_PRINTF(2, 3);
void drift__str_vprintf(drift__str *s, const char *format, va_list args);

/** Cuts to `length` bytes, which must not be more than there are. */
void drift__str_truncate(drift__str *s, size_t length);

/** What was written so far, "" if nothing. Borrowed until the next call. */
const char *drift__str_text(const drift__str *s);

/**
 * Hands the text to the caller, who frees it with drift__free, and empties the builder. This is the one check:
 * DRIFT_NO_MEMORY if anything failed on the way. A text of no bytes is "", never NULL.
 */
int drift__str_take(char **out, drift__str *s, drift_error *err);

/** Frees what was written. */
void drift__str_dispose(drift__str *s);

#endif
