/* bench.h — one piece of work, done by raw SQLite and by drift in turn, and the ratio.
 *
 * Every run happens in a process of its own, forked for it: its memory is its own, and one side's caches do not help
 * the other. After a run of each that does not count come the rounds, in each of which every side runs once, and each
 * round begins with another side, so that none always profits from what ran before it. A side's ratio is to the first
 * side in the same round, and what is told is the median of the rounds' ratios, with the least and the most: a machine
 * that slows down slows both sides of a round. Each run tells what it did (a count, a digest); runs that did not do the
 * same are an error, not a figure.
 *
 * Beside the time that passes stands the time that the processor worked, child processes included: on a machine that
 * does other things as well it moves less.
 */
#ifndef DRIFT_SUITES_BENCH_H
#define DRIFT_SUITES_BENCH_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/error.h"

/** What a run did: equal on all sides, or the benchmark is wrong. */
typedef struct bench_done {
    int64_t count;
    uint64_t digest;
} bench_done;

/** One way to do the work. */
typedef struct bench_side {
    const char *name;
    void (*prepare)(void *state);             /**< not timed; may be NULL */
    void (*run)(bench_done *, void *state);   /**< timed */
    void (*check)(bench_done *, void *state); /**< not timed; adds to what was done; may be NULL */
} bench_side;

/** A piece of work. The first side is the baseline. */
typedef struct bench_work {
    const char *name;  /**< "W3" */
    const char *title; /**< "compare 2 × 1,000 tables" */
    const bench_side *sides;
    size_t side_count;
    void *state;
    int64_t units;    /**< what a rate counts: rows, pairs, tables */
    const char *unit; /**< "rows" */
    int seconds;      /**< for all rounds, what is not timed included; 0: 15 */
} bench_work;

/** How to measure: what the command line said. */
typedef struct bench_options {
    bool smoke;       /**< small, once, without figures: only that every side does the same */
    int rounds;       /**< runs of each side; 0: as many as there is time for, at least five */
    int seconds;      /**< for the rounds of a work; 0: the work's own */
    int64_t size;     /**< 0: the program's own */
    const char *work; /**< only the work of this name; NULL: all of the program's */
    const char *side; /**< run only this side, once, in this process: for a profiler */
    const char *json; /**< a file to which the figures are added, a line each; NULL: none */
    char folder[256]; /**< a temporary folder, removed at the end */
} bench_options;

/** Reads the command line; exits with 2 and the usage if it is wrong. `about` is the program's one line of help. */
void bench_begin(bench_options *options, int argc, char **argv, const char *about);

/** Measures, prints rows of a Markdown table, and a dot for each round on stderr; gives 0, or 1 if the sides did not do
 * the same. Does nothing where another work was asked for. */
int bench_measure(const bench_work *work, const bench_options *options);

/** Removes the temporary folder. */
void bench_end(const bench_options *options);

/** Ends the program with the error, unless there is none. */
void bench_must(int status, const drift_error *err, const char *what);

/** The same for SQLite. */
void bench_must_sql(int rc, sqlite3 *db, const char *what);

/** Runs SQL on a raw handle. */
void bench_exec(sqlite3 *db, const char *sql);

/** A number out of one row. */
int64_t bench_int64(sqlite3 *db, const char *sql);

/** Adds bytes to a digest (FNV-1a). */
uint64_t bench_mix(uint64_t digest, const void *bytes, size_t length);

/** "<folder>/<name>", to be freed with sqlite3_free. */
char *bench_path(const bench_options *options, const char *name);

#endif
