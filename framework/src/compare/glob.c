/* glob.c */
#include "compare/glob.h"

#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"

/* Only the last '*' is ever gone back to: an earlier one cannot help where a later one does not, so that the work is
 * at most the product of the two lengths. */
bool drift__glob_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *resume = NULL;
    const char *end = text + strlen(text);
    while (text < end) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?') {
            pattern++;
            text += drift__utf8_next(text, end);
        } else if (*pattern && drift__fold_char(*pattern) == drift__fold_char(*text)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}
