/* quote.h — writing names and strings into SQL, and reading them back. */
#ifndef DRIFT_SQL_QUOTE_H
#define DRIFT_SQL_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/** Writes a name in double quotes, those inside doubled. */
void drift__put_quoted(drift__str *s, const char *name);

/** Writes a name bare if it can only be read as a name (letters, digits, _; no keyword), else in double quotes. */
void drift__put_name(drift__str *s, const char *name);

/** Writes a string literal in single quotes, those inside doubled. `text` must hold no NUL. */
void drift__put_string(drift__str *s, const char *text);

/**
 * The name that a token means: quotes of any kind ("x", 'x', `x`, [x]) removed and doubled ones made single, a bare
 * word as it is. In the arena; NULL if there is no memory.
 */
char *drift__unquote(drift__arena *arena, const char *text, size_t length);

#endif
