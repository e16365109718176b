/* busy.h — waiting for a lock, bounded by a deadline and ended by an interrupt. */
#ifndef DRIFT_RUNTIME_BUSY_H
#define DRIFT_RUNTIME_BUSY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct drift__busy {
    int64_t timeout_us;     /**< 0 or less: do not wait */
    int64_t deadline_us;    /**< of the wait that goes on, on drift__clock_us */
    atomic_uint interrupts; /**< counts calls of drift__busy_interrupt, which come from any thread */
    unsigned interrupts_seen;
    bool interrupted; /**< the last wait was ended by an interrupt */
} drift__busy;

/** Before a statement runs: interrupts from now on count. */
void drift__busy_arm(drift__busy *busy);

/**
 * Waits a little; the first call of a wait has `attempt` 0.
 * @return false if the deadline has passed or the wait was interrupted.
 */
bool drift__busy_wait(drift__busy *busy, int attempt);

/** When a wait that begins now must end, on drift__clock_us. */
int64_t drift__busy_deadline(const drift__busy *busy);

/** Waits for one of the longest steps, or for what is left until the deadline; false as drift__busy_wait. */
bool drift__busy_pause(drift__busy *busy, int64_t deadline_us);

/** Ends a wait. From any thread. */
void drift__busy_interrupt(drift__busy *busy);

#endif
