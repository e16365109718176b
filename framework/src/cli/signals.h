/* signals.h — a program that is told to end does so in order: with what it started, and without its temporary files. */
#ifndef DRIFT_CLI_SIGNALS_H
#define DRIFT_CLI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

enum { DRIFT__SIGNALS = 3 };

/* What was set before. */
typedef struct drift__signals {
    struct sigaction before[DRIFT__SIGNALS];
} drift__signals;

/** From now on the first signal is only noted and the third ends the program. What was ignored at the start (nohup)
 * stays so. */
void drift__signals_watch(drift__signals *signals);

/** From now on the first signal ends the program, and removes this file if it is there: for work that cannot be asked
 * to end. The name is borrowed until drift__signals_unwatch. */
void drift__signals_watch_file(drift__signals *signals, const char *path);

/** As before; a signal that came is raised, so that whoever started the program learns that it was the signal. */
void drift__signals_unwatch(const drift__signals *signals);

/** Whether one came. The payload is not looked at. */
bool drift__signals_came(void *payload);

/** Whether so many came that nothing is to be waited for any more. */
bool drift__signals_urge(void);

/** Whether the third one ends the program, which it does unless this says otherwise. */
void drift__signals_set_final(bool is_final);

#endif
