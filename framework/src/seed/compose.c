/* compose.c — texts that several conditions ask for together: a length, a beginning, a character at a place, and that
 * all others are of one class.
 *
 *   CHECK (length(id) = 11 AND substr(id, 1, 4) = 'job_' AND substr(id, 5) NOT GLOB '*[^0-9a-f]*')
 */
#include <string.h>

#include "seed/candidate.h"
#include "sql/cursor.h"
#include "sql/quote.h"

static void add_mark(drift__seed_marks *marks, size_t at, const char *text, size_t length)
{
    if (!text || !length || marks->count == DRIFT__SEED_MOST_MARKS) return;
    marks->marks[marks->count++] = (drift__seed_mark){at, text, length};
    if (at + length > marks->end) marks->end = at + length;
}

static size_t number_of(const drift__lexeme *token)
{
    size_t number = 0;
    for (size_t i = 0; i < token->length && number < 100000; i++) {
        if (token->text[i] < '0' || token->text[i] > '9') return 0;
        number = number * 10 + (size_t)(token->text[i] - '0');
    }
    return number;
}

/* substr(name, 5, 1) = '-': the cursor stands behind the word. */
static void mark_part(drift__seed_marks *marks, drift__arena *arena, drift__cursor c)
{
    if (!drift__cursor_take_kind(&c, DRIFT__TOKEN_OPEN)) return;
    drift__cursor_next(&c);
    if (!drift__cursor_take_kind(&c, DRIFT__TOKEN_COMMA)) return;
    const size_t from = number_of(&c.token);
    while (c.token.kind == DRIFT__TOKEN_INTEGER || c.token.kind == DRIFT__TOKEN_COMMA) drift__cursor_next(&c);
    if (!from || !drift__cursor_take_kind(&c, DRIFT__TOKEN_CLOSE)) return;
    if (!drift__cursor_take(&c, "IS") && c.token.kind == DRIFT__TOKEN_OPERATOR && *c.token.text == '=')
        drift__cursor_next(&c);
    if (c.token.kind != DRIFT__TOKEN_STRING) return;
    const char *text = drift__unquote(arena, c.token.text, c.token.length);
    add_mark(marks, from - 1, text, text ? strlen(text) : 0);
}

/* LIKE 'job%', GLOB 'job*': what stands before the first wildcard. The cursor stands at the pattern. */
static void mark_beginning(drift__seed_marks *marks, drift__arena *arena, const drift__cursor *c, bool glob)
{
    if (c->token.kind != DRIFT__TOKEN_STRING) return;
    const char *pattern = drift__unquote(arena, c->token.text, c->token.length);
    if (pattern) add_mark(marks, 0, pattern, strcspn(pattern, glob ? "*?[" : "%_"));
}

void drift__seed_marks_read(drift__seed_marks *marks, drift__arena *arena, const char *text, size_t length)
{
    bool negated = false;
    *marks = (drift__seed_marks){.count = 0};
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END;) {
        const bool part = drift__cursor_is(&c, "substr") || drift__cursor_is(&c, "substring");
        const bool glob = drift__cursor_is(&c, "GLOB"), like = drift__cursor_is(&c, "LIKE");
        const bool negates = drift__cursor_is(&c, "NOT");
        drift__cursor_next(&c);
        if (part) mark_part(marks, arena, c);
        if ((glob || like) && !negated) mark_beginning(marks, arena, &c, glob);
        negated = negates;
    }
}

char *drift__seed_marked(drift__arena *arena, const drift__seed_marks *marks, char fill, size_t length)
{
    char *text = marks->count && marks->end <= length ? drift__arena_alloc(arena, length + 1) : NULL;
    if (!text) return NULL;
    memset(text, fill, length);
    for (size_t i = 0; i < marks->count; i++)
        memcpy(text + marks->marks[i].at, marks->marks[i].text, marks->marks[i].length);
    return text;
}
