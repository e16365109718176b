/* check_pool.c — the program's allocator, behind SQLite's own functions. */
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "cli/pool.h"
#include "support/suite.h"

/* A piece of memory, and the byte that all of it holds. */
typedef struct held {
    unsigned char *memory;
    size_t size;
    unsigned char byte;
} held;

static void check(const held *h)
{
    ck_assert_uint_eq((uintptr_t)h->memory % 8, 0);
    ck_assert_uint_ge(sqlite3_msize(h->memory), h->size);
    size_t same = 0;
    while (same < h->size && h->memory[same] == h->byte) same++;
    ck_assert_uint_eq(same, h->size);
}

static void fill(held *h, size_t size, unsigned char byte)
{
    *h = (held){h->memory, size, byte};
    ck_assert_ptr_nonnull(h->memory);
    memset(h->memory, byte, size);
}

/* Small ones are nearly all that SQLite asks for; some are larger than every class. */
static size_t any_size(uint64_t *random)
{
    static const size_t limits[] = {64, 512, 5200, 20000};
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return 1 + (size_t)(*random >> 11) % limits[*random % 4];
}

START_TEST(pieces_hold_what_was_put_into_them)
{
    held all[300] = {{NULL, 0, 0}};
    uint64_t random = 88172645463325252u;
    for (size_t i = 0; i < 5000; i++) {
        held *h = &all[random % 300];
        const size_t size = any_size(&random);
        if (!h->memory) {
            h->memory = sqlite3_malloc64(size);
            fill(h, size, (unsigned char)i);
            continue;
        }
        check(h);
        if (random % 3) {
            sqlite3_free(h->memory);
            *h = (held){NULL, 0, 0};
            continue;
        }
        h->memory = sqlite3_realloc64(h->memory, size);
        h->size = size < h->size ? size : h->size;
        check(h);
        fill(h, size, (unsigned char)i);
    }
    for (size_t i = 0; i < 300; i++) {
        if (all[i].memory) check(&all[i]);
        sqlite3_free(all[i].memory);
    }
}
END_TEST

START_TEST(nothing_is_asked_for_nothing)
{
    ck_assert_ptr_null(sqlite3_malloc(0));
    ck_assert_uint_eq(sqlite3_msize(NULL), 0);
    sqlite3_free(NULL);
    ck_assert_ptr_null(sqlite3_realloc(sqlite3_malloc(9), 0));
}
END_TEST

/* Where a sanitizer watches, memory is libc's. */
START_TEST(what_is_freed_is_handed_out_again)
{
    void *first = sqlite3_malloc(100), *other = sqlite3_malloc(100);
    if (sqlite3_msize(first) == 128) {
        sqlite3_free(first);
        ck_assert_ptr_eq(sqlite3_malloc(120), first);
        ck_assert_ptr_eq(sqlite3_realloc(first, 97), first);
    }
    sqlite3_free(first);
    sqlite3_free(other);
}
END_TEST

int main(void)
{
    if (drift__pool_install() != SQLITE_OK) return 1;
    Suite *suite = suite_create("cli_pool");
    TCase *tcase = suite_case("pool");
    tcase_add_test(tcase, pieces_hold_what_was_put_into_them);
    tcase_add_test(tcase, nothing_is_asked_for_nothing);
    tcase_add_test(tcase, what_is_freed_is_handed_out_again);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
