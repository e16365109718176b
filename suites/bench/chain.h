/* chain.h — a history of V versions with every kind of change: tables, columns, rebuilds, indexes, views, triggers,
 * renames, WITHOUT ROWID, generated columns. Nineteen steps, four of them rebuilds, over and over. */
#ifndef DRIFT_SUITES_BENCH_CHAIN_H
#define DRIFT_SUITES_BENCH_CHAIN_H

#include <stddef.h>

/** The chain; all texts are its own. */
typedef struct bench_chain {
    int versions;
    char **steps;   /**< steps[i] leads from version i + 1 to i + 2 */
    char **schemas; /**< schemas[i] builds version i + 1 */
} bench_chain;

/** Generates it, 2 to 1,000 versions. Ends the program if SQLite refuses what was generated. */
void bench_chain_make(bench_chain *chain, int versions);
void bench_chain_dispose(bench_chain *chain);

#endif
