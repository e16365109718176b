/* busy.c — the waits double from 1 ms to 50 ms: a lock that is held briefly costs little, a long one few wake-ups, and
 * an interrupt is seen within one wait. sqlite3_busy_timeout is not used: it cannot be interrupted, and counts the time
 * that it meant to sleep rather than the time that passed. */
#include "runtime/busy.h"

#include <time.h>

#include "base/clock.h"

enum { LONGEST_WAIT_US = 50000, DOUBLINGS = 6 };

/* A signal may cut the sleep short: the caller asks the clock anyway. */
static void sleep_us(int64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000)}, NULL);
}

void drift__busy_arm(drift__busy *busy)
{
    busy->interrupts_seen = atomic_load_explicit(&busy->interrupts, memory_order_relaxed);
    busy->interrupted = false;
}

int64_t drift__busy_deadline(const drift__busy *busy)
{
    return drift__clock_us() + busy->timeout_us;
}

/* Sleeps, unless the wait is over. */
static bool sleep_until(drift__busy *busy, int64_t wait_us, int64_t deadline_us)
{
    const int64_t left = deadline_us - drift__clock_us();
    busy->interrupted = atomic_load_explicit(&busy->interrupts, memory_order_relaxed) != busy->interrupts_seen;
    if (busy->interrupted || left <= 0) return false;
    sleep_us(wait_us < left ? wait_us : left);
    return true;
}

bool drift__busy_wait(drift__busy *busy, int attempt)
{
    if (attempt == 0) busy->deadline_us = drift__busy_deadline(busy);
    const int64_t wait = attempt < DOUBLINGS ? INT64_C(1000) << attempt : LONGEST_WAIT_US;
    return sleep_until(busy, wait, busy->deadline_us);
}

bool drift__busy_pause(drift__busy *busy, int64_t deadline_us)
{
    return sleep_until(busy, LONGEST_WAIT_US, deadline_us);
}

void drift__busy_interrupt(drift__busy *busy)
{
    atomic_fetch_add_explicit(&busy->interrupts, 1, memory_order_relaxed);
}
