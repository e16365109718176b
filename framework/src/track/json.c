/* json.c — a reader for one object (RFC 8259) whose values are scalars. */
#include "track/json.h"

#include <string.h>

#include "base/error.h"
#include "base/fold.h"

typedef struct reader {
    const char *text, *at;
    const char *what;
    drift__arena *arena;
    drift_error *err;
} reader;

static int refuse(const reader *r, const char *expected)
{
    return drift__error_in(r->err, DRIFT_FORMAT, NULL, r->text, (size_t)(r->at - r->text), "expected %s in %s",
                           expected, r->what);
}

static void skip_space(reader *r)
{
    while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r') r->at++;
}

static bool take(reader *r, char c)
{
    skip_space(r);
    if (*r->at != c) return false;
    r->at++;
    return true;
}

/* --- strings --- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* The four digits behind \u, or -1. */
static int read_unit(reader *r)
{
    int unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        const int digit = hex_digit(*r->at);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static char *put_utf8(char *to, unsigned c)
{
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    if (c < 0x800) {
        *to++ = (char)(0xc0u | c >> 6);
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0u | c >> 12);
        } else {
            *to++ = (char)(0xf0u | c >> 18);
            *to++ = (char)(0x80u | (c >> 12 & 0x3fu));
        }
        *to++ = (char)(0x80u | (c >> 6 & 0x3fu));
    }
    *to++ = (char)(0x80u | (c & 0x3fu));
    return to;
}

/* A character beyond the basic plane is two units, the second from the low half. */
static int read_character(reader *r, char **to)
{
    int unit = read_unit(r);
    if (unit >= 0xd800 && unit < 0xdc00 && r->at[0] == '\\' && r->at[1] == 'u') {
        r->at += 2;
        const int low = read_unit(r);
        if (low < 0xdc00 || low > 0xdfff) return refuse(r, "the second half of a surrogate pair");
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    if (unit < 0 || (unit >= 0xd800 && unit <= 0xdfff)) return refuse(r, "four hexadecimal digits of a character");
    *to = put_utf8(*to, (unsigned)unit);
    return DRIFT_OK;
}

static int read_escape(reader *r, char **to)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char c = *r->at;
    const char *name = c ? strchr(names, c) : NULL;
    if (c == 'u') {
        r->at++;
        return read_character(r, to);
    }
    if (!name) return refuse(r, "an escape that JSON knows");
    *(*to)++ = meant[name - names];
    r->at++;
    return DRIFT_OK;
}

/* What is escaped never gets longer. */
static int read_string(reader *r, const char **out, size_t *length)
{
    if (!take(r, '"')) return refuse(r, "a string");
    char *start = drift__arena_array(r->arena, strlen(r->at) + 1, 1), *to = start;
    if (!start) return drift__no_memory(r->err);
    while (*r->at != '"') {
        int rc = DRIFT_OK;
        if ((unsigned char)*r->at < 0x20) return refuse(r, "a string without control characters, and its end");
        if (*r->at == '\\') {
            r->at++;
            rc = read_escape(r, &to);
        } else {
            *to++ = *r->at++;
        }
        if (rc != DRIFT_OK) return rc;
    }
    r->at++;
    *out = start;
    *length = (size_t)(to - start);
    return DRIFT_OK;
}

/* --- numbers --- */

static size_t count_digits(const char *at)
{
    size_t count = 0;
    while (at[count] >= '0' && at[count] <= '9') count++;
    return count;
}

static int read_integer(reader *r, drift_value *out, const char *digits, size_t count, bool negative)
{
    uint64_t magnitude = 0;
    const uint64_t most = (uint64_t)INT64_MAX + negative;
    for (size_t i = 0; i < count; i++) {
        const unsigned digit = (unsigned)(digits[i] - '0');
        if (magnitude > (most - digit) / 10) return refuse(r, "an integer of at most 64 bits");
        magnitude = magnitude * 10 + digit;
    }
    *out = (drift_value)DRIFT_BIND_INT64(negative ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude);
    if (magnitude == 0) out->integer = 0;
    return DRIFT_OK;
}

/* The length of ".5e-3" behind the digits, 0 if there is none, SIZE_MAX if it is not what JSON allows. */
static size_t real_tail(const char *at)
{
    const char *end = at;
    if (*end == '.') {
        const size_t digits = count_digits(++end);
        if (digits == 0) return SIZE_MAX;
        end += digits;
    }
    if (*end == 'e' || *end == 'E') {
        end++;
        if (*end == '+' || *end == '-') end++;
        const size_t digits = count_digits(end);
        if (digits == 0) return SIZE_MAX;
        end += digits;
    }
    return (size_t)(end - at);
}

static int read_number(reader *r, drift__json_field *field)
{
    const char *start = r->at;
    const bool negative = *start == '-';
    const char *digits = start + negative;
    const size_t count = count_digits(digits);
    const size_t tail = real_tail(digits + count);
    if (count == 0 || (*digits == '0' && count > 1) || tail == SIZE_MAX) return refuse(r, "a value");
    if (tail == 0) {
        const int rc = read_integer(r, &field->value, digits, count, negative);
        if (rc == DRIFT_OK) r->at = digits + count;
        return rc;
    }
    r->at = digits + count + tail;
    field->real = true;
    field->value = (drift_value)DRIFT_BIND_TEXT(start, (size_t)(r->at - start));
    return DRIFT_OK;
}

/* --- values --- */

static int unhex(reader *r, drift_value *out, const char *text, size_t length)
{
    char *bytes = drift__arena_array(r->arena, length / 2 + 1, 1);
    if (!bytes) return drift__no_memory(r->err);
    for (size_t i = 0; i + 1 < length; i += 2) {
        const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return refuse(r, "hexadecimal digits");
        bytes[i / 2] = (char)(high * 16 + low);
    }
    if (length % 2) return refuse(r, "an even number of hexadecimal digits");
    *out = (drift_value)DRIFT_BIND_BLOB(bytes, length / 2);
    return DRIFT_OK;
}

/* 9e999 is infinite to SQLite (https://www.sqlite.org/floatingpoint.html). */
static int read_real(reader *r, drift__json_field *field, const char *text, size_t length)
{
    const bool negative = length == 4 && memcmp(text, "-inf", 4) == 0;
    if (!negative && !(length == 3 && memcmp(text, "inf", 3) == 0)) return refuse(r, "\"inf\" or \"-inf\"");
    field->real = true;
    field->value = (drift_value)DRIFT_BIND_TEXT(negative ? "-9e999" : "9e999", negative ? 6 : 5);
    return DRIFT_OK;
}

static int read_marked(reader *r, drift__json_field *field)
{
    const char *mark = NULL, *text = NULL;
    size_t mark_length = 0, length = 0;
    int rc = read_string(r, &mark, &mark_length);
    if (rc == DRIFT_OK && !take(r, ':')) rc = refuse(r, "\":\"");
    if (rc == DRIFT_OK) rc = read_string(r, &text, &length);
    if (rc == DRIFT_OK && !take(r, '}')) rc = refuse(r, "\"}\"");
    if (rc != DRIFT_OK) return rc;
    if (mark_length == 4 && memcmp(mark, "$hex", 4) == 0) return unhex(r, &field->value, text, length);
    if (mark_length == 5 && memcmp(mark, "$real", 5) == 0) return read_real(r, field, text, length);
    return refuse(r, "\"$hex\" or \"$real\"");
}

static bool take_word(reader *r, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(r->at, word, length) != 0) return false;
    r->at += length;
    return true;
}

static int read_value(reader *r, drift__json_field *field)
{
    skip_space(r);
    if (take(r, '{')) return read_marked(r, field);
    if (*r->at == '"') {
        field->value.kind = DRIFT_TEXT;
        const char *text = NULL;
        const int rc = read_string(r, &text, &field->value.length);
        field->value.bytes = text;
        return rc;
    }
    if (take_word(r, "null")) return DRIFT_OK;
    field->value = (drift_value)DRIFT_BIND_INT64(1);
    if (take_word(r, "true")) return DRIFT_OK;
    field->value.integer = 0;
    return take_word(r, "false") ? DRIFT_OK : read_number(r, field);
}

/* --- the object --- */

static int require_new_name(reader *r, const drift__json_object *object, const char *name, size_t length)
{
    if (strlen(name) != length) return refuse(r, "a name without NUL");
    if (drift__json_field_of(object, name)) return refuse(r, "each name once");
    return DRIFT_OK;
}

static int read_field(reader *r, drift__json_object *object)
{
    drift__json_field *field = &object->fields[object->count];
    size_t length = 0;
    int rc = read_string(r, &field->name, &length);
    if (rc == DRIFT_OK) rc = require_new_name(r, object, field->name, length);
    if (rc == DRIFT_OK && !take(r, ':')) rc = refuse(r, "\":\"");
    if (rc == DRIFT_OK) rc = read_value(r, field);
    if (rc == DRIFT_OK) object->count++;
    return rc;
}

/* No object has more fields than colons. */
static size_t count_colons(const char *text)
{
    size_t count = 0;
    for (; *text; text++) count += *text == ':';
    return count;
}

int drift__json_read(drift__json_object *out, drift__arena *arena, const char *text, const char *what, drift_error *err)
{
    reader r = {text, text, what, arena, err};
    int rc = DRIFT_OK;
    *out = (drift__json_object){drift__arena_array(arena, count_colons(text) + 1, sizeof *out->fields), 0};
    if (!out->fields) return drift__no_memory(err);
    if (!take(&r, '{')) return refuse(&r, "an object");
    if (!take(&r, '}')) {
        do {
            if (count_colons(r.at) == 0) return refuse(&r, "a name and a value");
            rc = read_field(&r, out);
        } while (rc == DRIFT_OK && take(&r, ','));
        if (rc == DRIFT_OK && !take(&r, '}')) rc = refuse(&r, "\",\" or \"}\"");
    }
    if (rc == DRIFT_OK) skip_space(&r);
    return rc != DRIFT_OK || !*r.at ? rc : refuse(&r, "nothing behind the object");
}

const drift__json_field *drift__json_field_of(const drift__json_object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++)
        if (drift__same_name(object->fields[i].name, name)) return &object->fields[i];
    return NULL;
}
