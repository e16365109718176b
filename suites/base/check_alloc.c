/* check_alloc.c — the allocation seam. */
#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cases.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(no_bytes_are_still_a_block)
{
    void *block = drift__malloc(0);
    ck_assert_ptr_nonnull(block);
    block = drift__realloc(block, 0);
    ck_assert_ptr_nonnull(block);
    drift__free(block);
    drift__free(NULL);
}
END_TEST

START_TEST(sqlite_counts_every_byte)
{
    const sqlite3_int64 before = sqlite3_memory_used();
    void *block = drift__malloc(1000);
    ck_assert_int_ge(sqlite3_memory_used() - before, 1000);
    drift__free(block);
    ck_assert_int_eq(sqlite3_memory_used(), before);
}
END_TEST

START_TEST(calloc_gives_zeros)
{
    unsigned char *block = drift__calloc(16, 3);
    for (int i = 0; i < 48; i++) ck_assert_uint_eq(block[i], 0);
    drift__free(block);
}
END_TEST

START_TEST(calloc_refuses_a_product_that_overflows)
{
    ck_assert_ptr_null(drift__calloc(SIZE_MAX / 2 + 1, 2));
    ck_assert_ptr_null(drift__calloc(2, SIZE_MAX / 2 + 1));
}
END_TEST

START_TEST(a_copy_ends_with_nul)
{
    char *part = drift__strndup("abcdef", 3);
    char *whole = drift__strdup("abc");
    char *none = drift__strdup("");
    ck_assert_str_eq(part, "abc");
    ck_assert_str_eq(whole, "abc");
    ck_assert_str_eq(none, "");
    ck_assert_ptr_null(drift__strndup("", SIZE_MAX));
    drift__free(part);
    drift__free(whole);
    drift__free(none);
    drift_free(NULL);
}
END_TEST

START_TEST(a_copy_keeps_embedded_nul)
{
    char *copy = drift__strndup("a\0b", 3);
    ck_assert_mem_eq(copy, "a\0b", 4);
    drift__free(copy);
}
END_TEST

START_TEST(an_array_grows_by_doubling)
{
    int *array = NULL;
    size_t capacity = 0;
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, 1, sizeof *array), 0);
    ck_assert_uint_eq(capacity, 8);
    for (int i = 0; i < 8; i++) array[i] = i;
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, 8, sizeof *array), 0);
    ck_assert_uint_eq(capacity, 8);
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, 17, sizeof *array), 0);
    ck_assert_uint_eq(capacity, 32);
    for (int i = 0; i < 8; i++) ck_assert_int_eq(array[i], i);
    drift__free(array);
}
END_TEST

START_TEST(an_array_that_cannot_grow_stands)
{
    char *array = NULL;
    size_t capacity = 0;
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, 8, 1), 0);
    memcpy(array, "12345678", 8);
    ck_assert_uint_eq(capacity, 64); /* bytes are a text: begun with room for a line */
    suite_memory_fail(1, false);
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, 65, 1), -1);
    ck_assert(suite_memory_restore());
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, SIZE_MAX, 1), -1);
    ck_assert_int_eq(drift__reserve((void **)&array, &capacity, SIZE_MAX / 4, 16), -1);
    ck_assert_uint_eq(capacity, 64);
    ck_assert_mem_eq(array, "12345678", 8);
    drift__free(array);
}
END_TEST

START_TEST(no_memory_is_null)
{
    suite_memory_fail(1, true);
    void *plain = drift__malloc(1), *zeroed = drift__calloc(1, 1), *text = drift__strdup("a");
    suite_memory_restore();
    ck_assert_ptr_null(plain);
    ck_assert_ptr_null(zeroed);
    ck_assert_ptr_null(text);
}
END_TEST

TCase *base_alloc_case(void)
{
    TCase *tcase = suite_case("alloc");
    tcase_add_test(tcase, no_bytes_are_still_a_block);
    tcase_add_test(tcase, sqlite_counts_every_byte);
    tcase_add_test(tcase, calloc_gives_zeros);
    tcase_add_test(tcase, calloc_refuses_a_product_that_overflows);
    tcase_add_test(tcase, a_copy_ends_with_nul);
    tcase_add_test(tcase, a_copy_keeps_embedded_nul);
    tcase_add_test(tcase, an_array_grows_by_doubling);
    tcase_add_test(tcase, an_array_that_cannot_grow_stands);
    tcase_add_test(tcase, no_memory_is_null);
    return tcase;
}
