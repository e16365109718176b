/* utf8.c */
#include "base/utf8.h"

#include <string.h>

static bool continuation(const unsigned char *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if ((at[i] & 0xc0u) != 0x80u) return false;
    }
    return true;
}

size_t drift__utf8_next(const char *text, const char *end)
{
    const unsigned char *at = (const unsigned char *)text;
    const size_t left = (size_t)(end - text);
    if (!left) return 0;
    if (at[0] >= 0xc2 && at[0] <= 0xdf && left >= 2 && continuation(at + 1, 1)) return 2;
    if (at[0] >= 0xe0 && at[0] <= 0xef && left >= 3 && continuation(at + 1, 2)) {
        const bool overlong = at[0] == 0xe0 && at[1] < 0xa0;
        const bool surrogate = at[0] == 0xed && at[1] >= 0xa0;
        if (!overlong && !surrogate) return 3;
    }
    if (at[0] >= 0xf0 && at[0] <= 0xf4 && left >= 4 && continuation(at + 1, 3)) {
        const bool overlong = at[0] == 0xf0 && at[1] < 0x90;
        const bool beyond = at[0] == 0xf4 && at[1] >= 0x90;
        if (!overlong && !beyond) return 4;
    }
    return 1;
}

bool drift__utf8_valid(const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        const size_t size = drift__utf8_next(text, end);
        if (size == 1 && ((unsigned char)*text & 0x80u)) return false;
        text += size;
    }
    return true;
}

bool drift__utf8_is_control(unsigned *code, const char *at, size_t length)
{
    const unsigned char *c = (const unsigned char *)at;
    unsigned found = 0x20; /* those of four bytes are none */
    if (length == 1 && c[0] < 0x80) found = c[0];
    if (length == 2) found = (c[0] & 0x1fu) << 6 | (c[1] & 0x3fu);
    if (length == 3) found = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
    const bool plain = found < 0x20 || (found >= 0x7f && found <= 0x9f);
    const bool turns = (found >= 0x2028 && found <= 0x202e) || (found >= 0x2066 && found <= 0x2069);
    if (plain || turns) *code = found;
    return plain || turns;
}

void drift__utf8_ellipsis(char *buffer, size_t size)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    size_t at = size - sizeof ellipsis;
    while (at > 0 && ((unsigned char)buffer[at] & 0xc0u) == 0x80u) at--;
    memcpy(buffer + at, ellipsis, sizeof ellipsis);
}
