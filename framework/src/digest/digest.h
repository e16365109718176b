/* digest.h — digests of bytes: SipHash-2-4 with 128 bits under a fixed key (Aumasson and Bernstein, 2012). Two
 * different contents with one digest are not to be expected, not even by somebody's design of the contents by chance;
 * it is no protection against an attacker who knows the key. */
#ifndef DRIFT_DIGEST_DIGEST_H
#define DRIFT_DIGEST_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/connection.h"

typedef struct drift__digest {
    uint64_t low, high;
} drift__digest;

/** A digest that grows. */
typedef struct drift__digest_state {
    uint64_t v[4];
    uint64_t tail;   /* the bytes that do not fill eight yet */
    uint64_t length; /* of everything so far */
} drift__digest_state;

/** Starts a digest under the key that all of drift's digests use. */
void drift__digest_begin(drift__digest_state *state);

/** Starts a digest under a key of one's own. */
void drift__digest_begin_keyed(drift__digest_state *state, uint64_t key_low, uint64_t key_high);

void drift__digest_bytes(drift__digest_state *state, const void *bytes, size_t length);

/** A number, a value (its kind, its length, its bytes): self-delimiting, so that neighbours cannot run together. */
void drift__digest_number(drift__digest_state *state, uint64_t number);
void drift__digest_value(drift__digest_state *state, const drift_value *value);

drift__digest drift__digest_end(drift__digest_state *state);

bool drift__digest_same(drift__digest a, drift__digest b);

#endif
