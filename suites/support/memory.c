/* memory.c */
#include "support/memory.h"

#include <check.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "drift/error.h"

static sqlite3_mem_methods real;
static atomic_long countdown; /* to the first that fails; 0: none does */
static atomic_bool lasting_failure;
static atomic_bool failed;        /* an allocation failed since suite_memory_fail */
static atomic_bool failed_openly; /* one did that SQLite does not do without */
static atomic_int benign;         /* SQLite says that it does without what it asks for now */

static bool fails_now(void)
{
    if (countdown == 0) return false;
    if (countdown > 1) {
        countdown--;
        return false;
    }
    if (!lasting_failure && failed) return false;
    failed = true;
    if (!benign) failed_openly = true;
    return true;
}

static void begin_benign(void)
{
    benign++;
}

static void end_benign(void)
{
    benign--;
}

static void *counted_malloc(int size)
{
    return fails_now() ? NULL : real.xMalloc(size);
}

static void *counted_realloc(void *block, int size)
{
    return fails_now() ? NULL : real.xRealloc(block, size);
}

void suite_memory_install(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods counted = real;
    counted.xMalloc = counted_malloc;
    counted.xRealloc = counted_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &counted);
    sqlite3_test_control(SQLITE_TESTCTRL_BENIGN_MALLOC_HOOKS, begin_benign, end_benign);
}

void suite_memory_fail(long nth, bool lasting)
{
    countdown = nth;
    lasting_failure = lasting;
    failed = failed_openly = false;
}

bool suite_memory_restore(void)
{
    countdown = 0;
    return failed;
}

static void sweep(int (*attempt)(void), bool lasting)
{
    for (long nth = 1; nth < 100000; nth++) {
        const sqlite3_int64 before = sqlite3_memory_used();
        suite_memory_fail(nth, lasting);
        const int status = attempt();
        const bool hit = suite_memory_restore();
        ck_assert_msg(sqlite3_memory_used() == before, "%lld bytes leaked when allocation %ld failed",
                      (long long)(sqlite3_memory_used() - before), nth);
        ck_assert_msg(status == (failed_openly ? DRIFT_NO_MEMORY : DRIFT_OK) || (hit && status == DRIFT_NO_MEMORY),
                      "allocation %ld %s, and the status is %d", nth, hit ? "failed" : "was beyond the last", status);
        if (!hit) return;
    }
    ck_abort_msg("the sweep does not end");
}

void suite_memory_sweep(int (*attempt)(void))
{
    ck_assert_msg(real.xMalloc != NULL, "main must call suite_memory_install() first");
    sweep(attempt, false);
    sweep(attempt, true);
}
