/* clock.h — how long something took, and what time it is. */
#ifndef DRIFT_BASE_CLOCK_H
#define DRIFT_BASE_CLOCK_H

#include <stdint.h>

/** Microseconds on a clock that never goes back; only differences mean anything. */
int64_t drift__clock_us(void);

/** Milliseconds since 1970-01-01 00:00 UTC, as the system has it: it may go back. */
int64_t drift__clock_wall_ms(void);

#endif
