/* clock.h — how long something took. */
#ifndef DRIFT_BASE_CLOCK_H
#define DRIFT_BASE_CLOCK_H

#include <stdint.h>

/** Microseconds on a clock that never goes back; only differences mean anything. */
int64_t drift__clock_us(void);

#endif
