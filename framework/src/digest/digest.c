/* digest.c — SipHash-2-4-128, after its specification: v0…v3 from key and constants, two rounds a word, four at the
 * end, 0xee where the 128-bit form differs from the 64-bit one. */
#include "digest/digest.h"

#include <string.h>

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void round_once(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static void take_word(drift__digest_state *state, uint64_t word)
{
    state->v[3] ^= word;
    round_once(state->v);
    round_once(state->v);
    state->v[0] ^= word;
}

void drift__digest_begin_keyed(drift__digest_state *state, uint64_t key_low, uint64_t key_high)
{
    *state = (drift__digest_state){.v = {0x736f6d6570736575u ^ key_low, 0x646f72616e646f6du ^ key_high ^ 0xee,
                                         0x6c7967656e657261u ^ key_low, 0x7465646279746573u ^ key_high}};
}

void drift__digest_begin(drift__digest_state *state)
{
    drift__digest_begin_keyed(state, 0x6472696674206469u, 0x6765737420763031u);
}

/* Little-endian on every machine: a digest may be written into a file. Spelled out, so that compilers see the one load
 * that it is. */
static uint64_t load_word(const unsigned char *b)
{
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32 |
           (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

static uint64_t load_rest(const unsigned char *bytes, size_t length)
{
    uint64_t word = 0;
    while (length) word = word << 8 | bytes[--length];
    return word;
}

/* Eight bytes behind the `shift` bits of the tail. */
static void add_word(drift__digest_state *state, uint64_t word, unsigned shift)
{
    take_word(state, state->tail | word << shift);
    state->tail = shift ? word >> (64 - shift) : 0;
}

void drift__digest_bytes(drift__digest_state *state, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    const unsigned shift = 8 * (unsigned)(state->length % 8);
    state->length += length;
    for (; length >= 8; at += 8, length -= 8) add_word(state, load_word(at), shift);
    if (!length) return;
    const uint64_t rest = load_rest(at, length);
    if (shift + 8 * length < 64)
        state->tail |= rest << shift;
    else
        add_word(state, rest, shift);
}

void drift__digest_number(drift__digest_state *state, uint64_t number)
{
    add_word(state, number, 8 * (unsigned)(state->length % 8));
    state->length += 8;
}

void drift__digest_value(drift__digest_state *state, const drift_value *value)
{
    uint64_t bits = 0;
    drift__digest_number(state, (uint64_t)value->kind);
    switch (value->kind) {
    case DRIFT_NULL: break;
    case DRIFT_INTEGER: drift__digest_number(state, (uint64_t)value->integer); break;
    case DRIFT_REAL:
        memcpy(&bits, &value->real, sizeof bits);
        drift__digest_number(state, bits);
        break;
    case DRIFT_TEXT:
    case DRIFT_BLOB:
        drift__digest_number(state, value->length);
        drift__digest_bytes(state, value->bytes, value->length);
        break;
    }
}

drift__digest drift__digest_end(drift__digest_state *state)
{
    drift__digest digest;
    take_word(state, state->length << 56 | state->tail);
    state->v[2] ^= 0xee;
    for (int i = 0; i < 4; i++) round_once(state->v);
    digest.low = state->v[0] ^ state->v[1] ^ state->v[2] ^ state->v[3];
    state->v[1] ^= 0xdd;
    for (int i = 0; i < 4; i++) round_once(state->v);
    digest.high = state->v[0] ^ state->v[1] ^ state->v[2] ^ state->v[3];
    return digest;
}

bool drift__digest_same(drift__digest a, drift__digest b)
{
    return a.low == b.low && a.high == b.high;
}
