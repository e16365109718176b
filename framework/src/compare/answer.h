/* answer.h — a drift_diff while it is being found. */
#ifndef DRIFT_COMPARE_ANSWER_H
#define DRIFT_COMPARE_ANSWER_H

#include "base/arena.h"
#include "base/str.h"
#include "drift/kit/diff.h"

typedef struct drift__answer {
    drift_diff diff; /* first: a drift_diff is its answer */
    drift__arena arena;
    drift_difference *differences;
    size_t difference_capacity;
    drift_diff_note *notes;
    size_t note_capacity;
    drift_diff_options options;
    int failed; /* no memory; told once, at the end */
} drift__answer;

/** Two entities that are held against each other; one is NULL where the other is missing or unexpected. */
typedef struct drift__pair {
    const drift_entity *expected;
    const drift_entity *actual;
} drift__pair;

/** What is told of one side of a difference. */
typedef struct drift__told {
    const char *text; /* in the answer's arena or static, or NULL */
    drift_span span;
} drift__told;

/**
 * Tells a difference, unless its object is ignored.
 * @param column the column's name, or NULL.
 */
void drift__answer_add(drift__answer *answer, drift_facet facet, drift__pair pair, const char *column,
                       drift__told expected, drift__told actual);

/** Tells a note on the expected entity, or on its column. */
void drift__answer_note(drift__answer *answer, drift__pair pair, const char *column, const char *text);

/** Takes a builder's text into the answer's arena and frees the builder. */
const char *drift__answer_text(drift__answer *answer, drift__str *text);

/** Whether a name or path is in the ignore list. */
bool drift__answer_ignores(const drift__answer *answer, const char *object);

#endif
