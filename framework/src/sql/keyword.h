/* keyword.h — SQLite's keywords (https://www.sqlite.org/lang_keywords.html). */
#ifndef DRIFT_SQL_KEYWORD_H
#define DRIFT_SQL_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

/** Whether SQLite lists the word, an unquoted name, as a keyword, so that a name spelt like it is safest in quotes. */
bool drift__is_keyword(const char *word, size_t length);

/** Whether SQLite never takes the unquoted word for a name: a keyword without a fallback to one (src/parse.y, %fallback
 * ID). */
bool drift__is_reserved(const char *word, size_t length);

#endif
