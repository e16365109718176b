/* candidate.h — values that a column might take, the likeliest first. */
#ifndef DRIFT_SEED_CANDIDATE_H
#define DRIFT_SEED_CANDIDATE_H

#include "seed/graph.h"

/** Fills the candidates of every class. */
int drift__seed_candidates_fill(drift__seed_graph *graph, int64_t seed, drift_error *err);

/** The right side of LIKE or GLOB. */
typedef struct drift__seed_pattern {
    const char *text;
    bool glob;
    char escape; /* LIKE … ESCAPE: what makes the next character an ordinary one; 0: nothing does */
} drift__seed_pattern;

/** A text that matches a pattern, as long as `length` characters if the pattern can be stretched so far. In the arena.
 */
char *drift__seed_match(drift__arena *arena, const drift__seed_pattern *pattern, size_t length);

/** A text of `length` times a character that the pattern's negated class "[^…]" lets through, or NULL if it has none.
 */
char *drift__seed_allowed(drift__arena *arena, const char *pattern, size_t length);

/** What stands at a place of a text. */
typedef struct drift__seed_mark {
    size_t at;
    const char *text;
    size_t length;
} drift__seed_mark;

enum { DRIFT__SEED_MOST_MARKS = 12 };

/** What a CHECK says of parts of a text. */
typedef struct drift__seed_marks {
    drift__seed_mark marks[DRIFT__SEED_MOST_MARKS];
    size_t count;
    size_t end; /* the text is at least that long */
} drift__seed_marks;

/** Finds substr(…) = '…' and the beginnings of patterns. The marks' texts are in the arena, or borrowed. */
void drift__seed_marks_read(drift__seed_marks *marks, drift__arena *arena, const char *text, size_t length);

/** A text of one character, but for the marks; NULL if there are none or `length` is too short. In the arena. */
char *drift__seed_marked(drift__arena *arena, const drift__seed_marks *marks, char fill, size_t length);

/** A path of a JSON text ("$.a.b"), and what is to stand there, as JSON. */
typedef struct drift__seed_path {
    const char *path, *value;
} drift__seed_path;

/** A JSON object that has the values at the paths, of which there is at least one. Of several with the same first key
 * the first one counts. In the arena. */
char *drift__seed_json(drift__arena *arena, const drift__seed_path *paths, size_t count);

/** Whether a text is one JSON value (RFC 8259), of any kind and not too deep. `text` may be NULL if it is empty. */
bool drift__seed_is_json(const char *text, size_t length);

#endif
