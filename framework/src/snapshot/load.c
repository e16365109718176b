/* load.c — jansson builds a tree that can cost 77 times its text and walks it recursively, so that depth and size are
 * judged first. */
#include "snapshot/load.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "snapshot/scan.h"

/* An allocation that fails inside jansson is told as if the text were wrong ("invalid token", 2.14, src/load.c,
 * lex_scan_string), or not at all. Where the text is JSON, only what the scan does not look at can be wrong with it;
 * anything else was the memory. */
static bool lacked_memory(const json_error_t *fault, drift__json_verdict verdict)
{
    switch (json_error_code(fault)) {
    case json_error_duplicate_key:
    case json_error_invalid_utf8:
    case json_error_null_byte_in_key:
    case json_error_null_character:
    case json_error_numeric_overflow: return false;
    case json_error_out_of_memory: return true;
    default: return !fault->text[0] || (verdict == DRIFT__JSON_VALID && !strstr(fault->text, "Unicode"));
    }
}

static size_t digits_of(json_int_t number)
{
    size_t digits = 1;
    while (number /= 10) digits++;
    return digits;
}

/* Nor does it always tell: a string or a number can come out cut, because a buffer that could not grow is not noticed
 * (lex_save). So the tree is measured against the text. */
static void measure(drift__json_measure *m, const json_t *value)
{
    const char *key;
    json_t *inner;
    size_t i;
    m->values++;
    m->bytes += json_string_length(value);
    if (json_is_integer(value)) m->bytes += digits_of(json_integer_value(value));
    if (json_is_array(value)) {
        json_array_foreach(value, i, inner) measure(m, inner);
        return;
    }
    json_object_foreach((json_t *)value, key, inner)
    {
        m->values++;
        m->bytes += strlen(key);
        measure(m, inner);
    }
}

static bool is_whole(const json_t *tree, const drift__json_measure *text)
{
    drift__json_measure m = {0};
    measure(&m, tree);
    return m.values == text->values && m.bytes == text->bytes;
}

/* jansson's message ("'}' expected near end of file") is kept; its position is the end of what it read last. */
static int tell_fault(const json_error_t *fault, const char *text, size_t length, const char *name, drift_error *err)
{
    size_t at = fault->position > 0 ? (size_t)fault->position : 0;
    if (at > length) at = length;
    return drift__error_in(err, DRIFT_FORMAT, name, text, at, "expected JSON: %s", fault->text);
}

int drift__json_load_most(json_t **out, const char *text, size_t length, size_t most, const char *name,
                          drift_error *err)
{
    *out = NULL;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        length -= 3;
    }
    const int utf16 = drift__file_refuse_utf16(text, length, name, err);
    if (utf16 != DRIFT_OK) return utf16;
    drift__json_measure size;
    const drift__json_verdict verdict = drift__json_scan(&size, text, length, most);
    if (verdict == DRIFT__JSON_TOO_DEEP)
        return drift__error_in(err, DRIFT_TOO_LARGE, name, text, size.offset, "JSON nested deeper than %d levels",
                               (int)DRIFT__JSON_DEPTH);
    if (verdict == DRIFT__JSON_TOO_MANY)
        return drift__error_in(err, DRIFT_TOO_LARGE, name, text, size.offset, "JSON with more than %zu values", most);

    json_error_t fault = {0};
    /* A lone value is JSON as well; that it is no object is told by whoever wanted one. What is no JSON at all is told
     * by what should have stood there. */
    const size_t lone = verdict == DRIFT__JSON_VALID ? JSON_DECODE_ANY : 0;
    json_t *tree = json_loadb(text, length, JSON_REJECT_DUPLICATES | lone, &fault);
    if (!tree && !lacked_memory(&fault, verdict)) return tell_fault(&fault, text, length, name, err);
    if (!tree || !is_whole(tree, &size)) {
        json_decref(tree);
        return drift__no_memory(err);
    }
    *out = tree;
    return DRIFT_OK;
}

int drift__json_load(json_t **out, const char *text, size_t length, const char *name, drift_error *err)
{
    return drift__json_load_most(out, text, length, DRIFT__JSON_VALUES, name, err);
}
