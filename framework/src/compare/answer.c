/* answer.c */
#include "compare/answer.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "compare/glob.h"

bool drift__answer_ignores(const drift__answer *answer, const char *object)
{
    for (const char *const *glob = answer->options.ignore; glob && *glob; glob++) {
        if (drift__glob_matches(*glob, object)) return true;
    }
    return false;
}

const char *drift__answer_text(drift__answer *answer, drift__str *text)
{
    const char *copy = drift__arena_strdup(&answer->arena, drift__str_text(text));
    if (text->failed || !copy) answer->failed = 1;
    drift__str_dispose(text);
    return copy;
}

static const char *object_path(drift__answer *answer, const char *entity, const char *column)
{
    const char *path = column ? drift__arena_printf(&answer->arena, "%s.%s", entity, column)
                              : drift__arena_strdup(&answer->arena, entity);
    if (!path) answer->failed = 1;
    return path;
}

void drift__answer_add(drift__answer *answer, drift_facet facet, drift__pair pair, const char *column,
                       drift__told expected, drift__told actual)
{
    const drift_entity *named = pair.expected ? pair.expected : pair.actual;
    const char *object = object_path(answer, named->name, column);
    if (!object || drift__answer_ignores(answer, object)) return;
    const size_t count = answer->diff.count;
    if (drift__reserve((void **)&answer->differences, &answer->difference_capacity, count + 1,
                       sizeof *answer->differences) != 0) {
        answer->failed = 1;
        return;
    }
    answer->differences[count] = (drift_difference){
        .facet = facet,
        .kind = named->kind,
        .object = object,
        .entity_name = named->name,
        .column_name = column,
        .expected = expected.text,
        .actual = actual.text,
        .expected_entity = pair.expected,
        .actual_entity = pair.actual,
        .expected_span = expected.span,
        .actual_span = actual.span,
    };
    answer->diff.count++;
}

void drift__answer_note(drift__answer *answer, drift__pair pair, const char *column, const char *text)
{
    const char *object = object_path(answer, pair.expected->name, column);
    if (!object || !text || drift__answer_ignores(answer, object)) return;
    const size_t count = answer->diff.note_count;
    if (drift__reserve((void **)&answer->notes, &answer->note_capacity, count + 1, sizeof *answer->notes) != 0) {
        answer->failed = 1;
        return;
    }
    answer->notes[count] = (drift_diff_note){.object = object, .text = text};
    answer->diff.note_count++;
}

void drift_diff_free(drift_diff *diff)
{
    if (!diff) return;
    drift__answer *answer = (drift__answer *)diff;
    drift__free(answer->differences);
    drift__free(answer->notes);
    drift__arena_dispose(&answer->arena);
    drift__free(answer);
}
