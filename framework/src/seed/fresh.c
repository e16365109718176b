/* fresh.c — values that were not there yet, made out of one that SQLite took. */
#include <string.h>

#include "base/fold.h"
#include "seed/values.h"

/* ---- turning: as the wheels of a counter, each of which stays among its own kind ---- */

/* The characters of one wheel, or NULL for one that does not turn. */
static const char *wheel_of(char c, bool hexadecimal)
{
    if (hexadecimal && strchr("0123456789abcdef", c)) return "0123456789abcdef";
    if (c >= '0' && c <= '9') return "0123456789";
    if (c >= 'a' && c <= 'z') return "abcdefghijklmnopqrstuvwxyz";
    if (c >= 'A' && c <= 'Z') return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return NULL;
}

/* Whether a text is made of hexadecimal digits, as a UUID or a hash is: then letters turn into digits too. */
static bool is_hexadecimal(const char *text, size_t length)
{
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] && strchr("0123456789abcdef", text[i]))
            digits++;
        else if (text[i] != '-')
            return false;
    }
    return digits >= 16;
}

/* Two equal texts of which `serial` differs never become equal while the wheels have not all gone round. */
static void turn_text(char *text, size_t length, uint64_t serial)
{
    const bool hexadecimal = is_hexadecimal(text, length);
    for (size_t i = length; i > 0 && serial; i--) {
        const char *wheel = text[i - 1] ? wheel_of(text[i - 1], hexadecimal) : NULL;
        if (!wheel) continue;
        const size_t size = strlen(wheel);
        const size_t at = (size_t)(strchr(wheel, text[i - 1]) - wheel) + (size_t)(serial % size);
        serial /= size;
        if (at >= size) serial++;
        text[i - 1] = wheel[at % size];
    }
}

static void turn_bytes(unsigned char *bytes, size_t length, uint64_t serial)
{
    for (size_t i = length; i > 0 && serial; i--) {
        serial += bytes[i - 1];
        bytes[i - 1] = (unsigned char)(serial & 0xff);
        serial >>= 8;
    }
}

void drift__seed_turn(char *bytes, const drift_value *base, int64_t serial)
{
    if (base->kind == DRIFT_TEXT)
        turn_text(bytes, base->length, (uint64_t)serial);
    else
        turn_bytes((unsigned char *)bytes, base->length, (uint64_t)serial);
}

static drift_value turn(const drift_value *base, int64_t serial, drift__arena *arena)
{
    drift_value value = *base;
    char *bytes = drift__arena_strndup(arena, base->length ? base->bytes : "", base->length);
    if (bytes) drift__seed_turn(bytes, base, serial);
    value.bytes = bytes;
    return value;
}

/* ---- counting up ---- */

/* The number stands behind the text, and a space between them. */
static drift_value append(const drift_value *base, int64_t serial, drift__arena *arena)
{
    const char *number = drift__arena_printf(arena, base->length ? " %lld" : "%lld", (long long)serial);
    if (!number) return *base;
    const size_t length = strlen(number);
    char *bytes = drift__arena_alloc(arena, base->length + length + 1);
    if (!bytes) return *base;
    if (base->length) memcpy(bytes, base->bytes, base->length);
    memcpy(bytes + base->length, number, length + 1);
    return (drift_value){.kind = base->kind, .bytes = bytes, .length = base->length + length};
}

static int64_t sum(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b); /* round the end, where SQLite refuses what cannot be */
}

drift_value drift__seed_fresh(const drift__seed_column *column, const drift_value *base, drift__seed_scheme scheme,
                              int64_t serial, drift__arena *arena)
{
    if (scheme == DRIFT__SEED_CANDIDATES) {
        const drift__seed_class *c = drift__seed_class_root(column->class_of);
        return c->count ? c->candidates[(size_t)serial % c->count] : *base;
    }
    if (drift__seed_is_json_domain(column->domain)) return *base; /* with a number behind it, it is none */
    const bool down = scheme == DRIFT__SEED_TURN;
    switch (base->kind) {
    case DRIFT_INTEGER:
        return (drift_value){.kind = DRIFT_INTEGER, .integer = sum(base->integer, down ? -serial : serial)};
    case DRIFT_REAL: return (drift_value){.kind = DRIFT_REAL, .real = base->real + (double)(down ? -serial : serial)};
    case DRIFT_TEXT:
    case DRIFT_BLOB: return down ? turn(base, serial, arena) : append(base, serial, arena);
    default: return *base;
    }
}
