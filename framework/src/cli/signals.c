/* signals.c */
#include "cli/signals.h"

#include <stddef.h>

static const int numbers[DRIFT__SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

enum { PATIENCE = 3 };

static volatile sig_atomic_t caught, times, stays;

/* A shell or timeout(1) may send the same to the program and to its group: two are one. */
static void catch_signal(int number)
{
    caught = number;
    times = times < PATIENCE ? times + 1 : PATIENCE;
    if (times < PATIENCE || stays) return;
    signal(number, SIG_DFL);
    raise(number);
}

void drift__signals_watch(drift__signals *signals)
{
    for (size_t i = 0; i < DRIFT__SIGNALS; i++) {
        struct sigaction how = {.sa_handler = catch_signal};
        sigemptyset(&how.sa_mask);
        sigaction(numbers[i], NULL, &signals->before[i]);
        if (signals->before[i].sa_handler != SIG_IGN) sigaction(numbers[i], &how, NULL);
    }
}

void drift__signals_unwatch(const drift__signals *signals)
{
    for (size_t i = 0; i < DRIFT__SIGNALS; i++) sigaction(numbers[i], &signals->before[i], NULL);
    if (caught) raise(caught);
}

bool drift__signals_came(void *payload)
{
    (void)payload;
    return caught != 0;
}

bool drift__signals_urge(void)
{
    return times >= PATIENCE;
}

void drift__signals_set_final(bool is_final)
{
    stays = !is_final;
}
