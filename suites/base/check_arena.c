/* check_arena.c — the arena. */
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/cases.h"
#include "drift/error.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(every_piece_is_zeroed_and_aligned)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    for (size_t size = 0; size < 300; size++) {
        ck_assert_ptr_nonnull(drift__arena_strndup(&arena, "odd", size % 4)); /* texts need no alignment */
        unsigned char *piece = drift__arena_alloc(&arena, size);
        ck_assert_ptr_nonnull(piece);
        ck_assert_uint_eq((uintptr_t)piece % alignof(int64_t), 0);
        ck_assert_uint_eq((uintptr_t)piece % alignof(double), 0);
        ck_assert_uint_eq((uintptr_t)piece % alignof(void *), 0);
        for (size_t i = 0; i < size; i++) ck_assert_uint_eq(piece[i], 0);
        memset(piece, 0xff, size);
    }
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(pieces_do_not_overlap)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    enum { PIECES = 500 };
    unsigned char *pieces[PIECES];
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = drift__arena_alloc(&arena, (size_t)(i % 97) + 1);
        memset(pieces[i], i % 251, (size_t)(i % 97) + 1);
    }
    for (int i = 0; i < PIECES; i++) {
        for (int at = 0; at <= i % 97; at++) ck_assert_int_eq(pieces[i][at], i % 251);
    }
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(a_piece_may_be_larger_than_a_block)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    char *small = drift__arena_strdup(&arena, "small");
    const size_t size = (size_t)3 * 1024 * 1024;
    unsigned char *large = drift__arena_alloc(&arena, size);
    ck_assert_uint_eq(large[size - 1], 0);
    char *after = drift__arena_strdup(&arena, "after");
    ck_assert_str_eq(small, "small");
    ck_assert_str_eq(after, "after");
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(texts_are_copied)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_str_eq(drift__arena_strndup(&arena, "abcdef", 2), "ab");
    ck_assert_str_eq(drift__arena_strdup(&arena, ""), "");
    ck_assert_ptr_null(drift__arena_strdup(&arena, NULL));
    ck_assert_int_eq(arena.failed, 0);
    ck_assert_str_eq(drift__arena_printf(&arena, "%s.%d", "todos", 7), "todos.7");
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(arrays_are_copied_and_an_empty_one_is_not_null)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const int numbers[] = {1, 2, 3};
    const int *copy = drift__arena_copy(&arena, numbers, 3, sizeof *numbers);
    ck_assert_mem_eq(copy, numbers, sizeof numbers);
    ck_assert_ptr_nonnull(drift__arena_copy(&arena, NULL, 0, sizeof *numbers));
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(sizes_that_overflow_fail)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    ck_assert_ptr_null(drift__arena_array(&arena, SIZE_MAX / 2, 4));
    ck_assert_int_ne(arena.failed, 0);
    drift__arena_dispose(&arena);
    ck_assert_ptr_null(drift__arena_alloc(&arena, SIZE_MAX - 1));
    ck_assert_int_ne(arena.failed, 0);
    drift__arena_dispose(&arena);
    ck_assert_ptr_null(drift__arena_strndup(&arena, "", SIZE_MAX));
    ck_assert_int_ne(arena.failed, 0);
    drift__arena_dispose(&arena);
    ck_assert_ptr_null(drift__arena_copy(&arena, "", SIZE_MAX / 2, 4));
    ck_assert_int_ne(arena.failed, 0);
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(a_failure_is_sticky_until_dispose)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    suite_memory_fail(1, false);
    ck_assert_ptr_null(drift__arena_alloc(&arena, 10));
    ck_assert(suite_memory_restore());
    ck_assert_ptr_null(drift__arena_alloc(&arena, 10));
    ck_assert_ptr_null(drift__arena_copy(&arena, "a", 1, 1));
    ck_assert_ptr_null(drift__arena_strdup(&arena, "a"));
    ck_assert_ptr_null(drift__arena_printf(&arena, "a"));
    ck_assert_int_ne(arena.failed, 0);
    drift__arena_dispose(&arena);
    ck_assert_int_eq(arena.failed, 0);
    ck_assert_ptr_nonnull(drift__arena_alloc(&arena, 10));
    drift__arena_dispose(&arena);
}
END_TEST

static int build_and_dispose(void)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    for (int i = 0; i < 100; i++) {
        (void)drift__arena_alloc(&arena, 200);
        (void)drift__arena_printf(&arena, "%d", i);
    }
    const int failed = arena.failed;
    drift__arena_dispose(&arena);
    return failed ? DRIFT_NO_MEMORY : DRIFT_OK;
}

START_TEST(nothing_leaks_whichever_allocation_fails)
{
    suite_memory_sweep(build_and_dispose);
}
END_TEST

TCase *base_arena_case(void)
{
    TCase *tcase = suite_case("arena");
    tcase_add_test(tcase, every_piece_is_zeroed_and_aligned);
    tcase_add_test(tcase, pieces_do_not_overlap);
    tcase_add_test(tcase, a_piece_may_be_larger_than_a_block);
    tcase_add_test(tcase, texts_are_copied);
    tcase_add_test(tcase, arrays_are_copied_and_an_empty_one_is_not_null);
    tcase_add_test(tcase, sizes_that_overflow_fail);
    tcase_add_test(tcase, a_failure_is_sticky_until_dispose);
    tcase_add_test(tcase, nothing_leaks_whichever_allocation_fails);
    return tcase;
}
