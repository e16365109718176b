/* glob.h — the patterns of an ignore list. */
#ifndef DRIFT_COMPARE_GLOB_H
#define DRIFT_COMPARE_GLOB_H

#include <stdbool.h>

/** Whether a text matches a pattern: * is any run of bytes, ? one character, all else itself, ASCII case aside. */
bool drift__glob_matches(const char *pattern, const char *text);

#endif
