/* check_map.c — names to values. */
#include <stdio.h>

#include "base/cases.h"
#include "base/map.h"
#include "drift/error.h"
#include "support/memory.h"
#include "support/suite.h"

START_TEST(an_empty_map_has_nothing)
{
    drift__map map = DRIFT__MAP_INIT;
    ck_assert_ptr_null(drift__map_get(&map, "todos"));
    ck_assert_ptr_null(drift__map_get(&map, ""));
    drift__map_dispose(&map);
}
END_TEST

START_TEST(names_are_matched_as_sqlite_does)
{
    drift__map map = DRIFT__MAP_INIT;
    int first = 1, second = 2;
    void *old = &second;
    ck_assert_int_eq(drift__map_put(&map, "Todos", &first, &old), 0);
    ck_assert_ptr_null(old);
    ck_assert_ptr_eq(drift__map_get(&map, "tODOS"), &first);
    ck_assert_int_eq(drift__map_put(&map, "TODOS", &second, &old), 0);
    ck_assert_ptr_eq(old, &first);
    ck_assert_ptr_eq(drift__map_get(&map, "todos"), &second);
    ck_assert_uint_eq(map.count, 1);
    ck_assert_int_eq(drift__map_put(&map, "", &first, NULL), 0);
    ck_assert_ptr_eq(drift__map_get(&map, ""), &first);
    drift__map_dispose(&map);
    ck_assert_uint_eq(map.count, 0);
}
END_TEST

enum { NAMES = 3000 };
static char names[NAMES][16];

static int fill(void)
{
    drift__map map = DRIFT__MAP_INIT;
    int rc = DRIFT_OK;
    for (int i = 0; i < NAMES && rc == DRIFT_OK; i++) {
        snprintf(names[i], sizeof names[i], "table_%d", i);
        if (drift__map_put(&map, names[i], names[i], NULL) != 0) rc = DRIFT_NO_MEMORY;
    }
    /* What was put is there, also after a put that failed. */
    for (size_t i = 0; i < map.count; i++) ck_assert_ptr_eq(drift__map_get(&map, names[i]), names[i]);
    drift__map_dispose(&map);
    return rc;
}

START_TEST(many_names_are_all_found)
{
    ck_assert_int_eq(fill(), DRIFT_OK);
}
END_TEST

START_TEST(a_put_that_fails_leaves_the_map_whole)
{
    suite_memory_sweep(fill);
}
END_TEST

TCase *base_map_case(void)
{
    TCase *tcase = suite_case("map");
    tcase_add_test(tcase, an_empty_map_has_nothing);
    tcase_add_test(tcase, names_are_matched_as_sqlite_does);
    tcase_add_test(tcase, many_names_are_all_found);
    tcase_add_test(tcase, a_put_that_fails_leaves_the_map_whole);
    return tcase;
}
