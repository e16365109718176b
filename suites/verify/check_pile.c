/* check_pile.c — records sorted in bounded memory. */
#include <sqlite3.h>
#include <stdint.h>

#include "drift/connection.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/match_cases.h"
#include "verify/pile.h"

/* The n-th of `size` records, in no order; each of the first two parts is there many times. */
static drift__pile_record record_of(uint64_t n, uint64_t size)
{
    const uint64_t mixed = n * 7919 % size; /* every number below `size` once, unless 7919 divides it */
    return (drift__pile_record){mixed / 100, mixed / 10 % 10, (int64_t)(mixed % 10) - 5};
}

static int fill(drift__pile *pile, uint64_t size, drift_error *err)
{
    int rc = drift__pile_store_open(pile->store, err);
    for (uint64_t n = 0; rc == DRIFT_OK && n < size; n++) rc = drift__pile_add(pile, record_of(n, size), err);
    return rc == DRIFT_OK ? drift__pile_sort(pile, err) : rc;
}

static void assert_sorted(drift__pile *pile, uint64_t size)
{
    drift_error err = {0};
    bool some = false;
    drift__pile_record record;
    for (uint64_t n = 0; n < size; n++) {
        ck_assert_drift(drift__pile_next(&some, &record, pile, &err));
        ck_assert(some && record.low == n / 100 && record.high == n / 10 % 10 && record.row == (int64_t)(n % 10) - 5);
    }
    ck_assert_drift(drift__pile_next(&some, &record, pile, &err));
    ck_assert(!some);
}

/* Nothing, one, what memory holds, one more, and so much that runs are merged before they are read. */
START_TEST(records_come_sorted)
{
    static const uint64_t sizes[] = {0, 1, DRIFT__PILE_MEMORY, DRIFT__PILE_MEMORY + 1, 17 * DRIFT__PILE_MEMORY + 3};
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    drift__pile_store store = {connection, 1};
    drift__pile pile = {.store = &store};
    ck_assert_drift(fill(&pile, sizes[_i], &err));
    ck_assert_uint_eq(pile.size, sizes[_i]);
    assert_sorted(&pile, sizes[_i]);
    drift__pile_dispose(&pile);
    drift_connection_close(connection);
}
END_TEST

/* What another pile left in the table is written over, and piles do not read each other's. */
START_TEST(piles_share_a_store)
{
    const uint64_t size = 3 * DRIFT__PILE_MEMORY;
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    for (int round = 0; round < 2; round++) {
        drift__pile_store store = {connection, 1};
        drift__pile first = {.store = &store}, second = {.store = &store};
        ck_assert_drift(fill(&first, size, &err));
        ck_assert_drift(fill(&second, size + 7, &err));
        assert_sorted(&first, size);
        assert_sorted(&second, size + 7);
        drift__pile_dispose(&first);
        drift__pile_dispose(&second);
    }
    drift_connection_close(connection);
}
END_TEST

START_TEST(what_cannot_be_written_is_an_error)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    drift__pile_store store = {connection, 1};
    drift__pile pile = {.store = &store};
    ck_assert_drift(fill(&pile, 0, &err));
    drift__pile_dispose(&pile);
    ck_assert_drift(drift_exec(connection, "DROP TABLE temp.drift__chunks", &err));
    for (uint64_t n = 0; n < DRIFT__PILE_MEMORY; n++)
        ck_assert_drift(drift__pile_add(&pile, record_of(n, DRIFT__PILE_MEMORY), &err));
    ck_assert_drift_fails(drift__pile_add(&pile, (drift__pile_record){0}, &err), DRIFT_SQL);
    drift__pile_dispose(&pile);
    drift_connection_close(connection);
}
END_TEST

static int attempt(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__pile_record record;
    bool some = false;
    int rc = drift_connection_memory(&connection, NULL, &err);
    drift__pile_store store = {connection, 1};
    drift__pile pile = {.store = &store};
    if (rc == DRIFT_OK) rc = fill(&pile, DRIFT__PILE_MEMORY + 1, &err);
    if (rc == DRIFT_OK) rc = drift__pile_next(&some, &record, &pile, &err);
    drift__pile_dispose(&pile);
    drift_connection_close(connection);
    return rc;
}

/* Not every allocation in turn: sorting takes its time. The first ones all, and then fewer and fewer. */
START_TEST(without_memory_nothing_is_sorted)
{
    for (long nth = 1;; nth += 1 + nth / 8) {
        const sqlite3_int64 used = sqlite3_memory_used();
        suite_memory_fail(nth, false);
        const int status = attempt();
        const bool hit = suite_memory_restore();
        ck_assert_int_eq(sqlite3_memory_used(), used);
        if (!hit) {
            ck_assert_int_eq(status, DRIFT_OK);
            return;
        }
        ck_assert(status == DRIFT_NO_MEMORY || status == DRIFT_OK); /* SQLite can do without some */
    }
}
END_TEST

TCase *case_pile(void)
{
    TCase *tcase = suite_case("pile");
    tcase_add_loop_test(tcase, records_come_sorted, 0, 5);
    tcase_add_test(tcase, piles_share_a_store);
    tcase_add_test(tcase, what_cannot_be_written_is_an_error);
    tcase_add_test(tcase, without_memory_nothing_is_sorted);
    return tcase;
}
