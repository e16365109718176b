/* memory.h — allocations that fail on demand. Everything that the project allocates goes through SQLite's allocator
 * (base/alloc.h), so one counter there reaches every allocation of ours and of SQLite. */
#ifndef DRIFT_SUITES_SUPPORT_MEMORY_H
#define DRIFT_SUITES_SUPPORT_MEMORY_H

#include <stdbool.h>

/** Puts the counter before SQLite's allocator. For main, before anything else touches SQLite. */
void suite_memory_install(void);

/** Lets the allocation `nth` (from 1) fail, counted from now, and if `lasting` every later one. */
void suite_memory_fail(long nth, bool lasting);

/** Lets no allocation fail any more. @return whether one did since suite_memory_fail. */
bool suite_memory_restore(void);

/**
 * Runs `attempt` with its first allocation failing, its second, and so on until none fails any more, once with only
 * that one failing and once with all later ones failing too. `attempt` returns a drift status and frees what it made:
 * the sweep asserts that it tells NO_MEMORY whenever an allocation failed, that it is DRIFT_OK without, and that no
 * byte stays allocated. Where SQLite itself does without what it asked for (it says so by its benign-malloc hooks),
 * either status is right.
 */
void suite_memory_sweep(int (*attempt)(void));

#endif
