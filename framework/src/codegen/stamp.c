/* stamp.c — what a generated source was made of. */
#include <string.h>

#include "codegen/codegen.h"
#include "codegen/writer.h"

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), with the NUL of each text. */
static uint64_t add(uint64_t stamp, const char *text)
{
    const char *at = text;
    do stamp = (stamp ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    while (*at++);
    return stamp;
}

uint64_t drift__codegen_stamp(const drift_schema *schema)
{
    uint64_t stamp = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < schema->entity_count; i++) {
        stamp = add(stamp, schema->entities[i].name);
        stamp = add(stamp, schema->entities[i].sql);
    }
    return stamp;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool drift__codegen_stamp_read(uint64_t *out, const char *source)
{
    static const char head[] = DRIFT__GENERATED_HEAD DRIFT__STAMP;
    const char *at = source + sizeof head - 1;
    *out = 0;
    if (strncmp(source, head, sizeof head - 1) != 0) return false;
    for (int i = 0; i < 16; i++, at++) {
        if (digit_of(*at) < 0) return false;
        *out = *out << 4 | (uint64_t)digit_of(*at);
    }
    return true;
}
