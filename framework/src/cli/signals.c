/* signals.c */
#include "cli/signals.h"

#include <stddef.h>
#include <unistd.h>

static const int numbers[DRIFT__SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

enum { PATIENCE = 3 };

static volatile sig_atomic_t caught, times, stays;
static const char *volatile doomed; /* a file */

/* A shell or timeout(1) may send the same to the program and to its group: two are one. */
static void catch_signal(int number)
{
    caught = number;
    times = times < PATIENCE ? times + 1 : PATIENCE;
    if (times < PATIENCE || stays) return;
    signal(number, SIG_DFL);
    raise(number);
}

/* unlink may be called in a handler (POSIX.1-2017, System Interfaces, 2.4.3). */
static void remove_and_end(int number)
{
    (void)unlink(doomed);
    signal(number, SIG_DFL);
    raise(number);
}

static void handle(drift__signals *signals, void (*handler)(int number))
{
    for (size_t i = 0; i < DRIFT__SIGNALS; i++) {
        struct sigaction how = {.sa_handler = handler};
        sigemptyset(&how.sa_mask);
        sigaction(numbers[i], NULL, &signals->before[i]);
        if (signals->before[i].sa_handler != SIG_IGN) sigaction(numbers[i], &how, NULL);
    }
}

void drift__signals_watch(drift__signals *signals)
{
    handle(signals, catch_signal);
}

void drift__signals_watch_file(drift__signals *signals, const char *path)
{
    doomed = path;
    handle(signals, remove_and_end);
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
