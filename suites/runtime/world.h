/* world.h — one test body over a database in memory, in a file with a rollback journal, and in a file with a WAL. */
#ifndef DRIFT_SUITES_RUNTIME_WORLD_H
#define DRIFT_SUITES_RUNTIME_WORLD_H

#include <stdbool.h>

#include "drift/connection.h"

/** For tcase_add_loop_test(tcase, test, 0, WORLDS): the test's _i is the world. */
enum { WORLD_MEMORY, WORLD_FILE, WORLD_WAL, WORLDS, WORLD_FIRST_ON_DISK = WORLD_FILE };

typedef struct world {
    int kind;
    char *folder; /* NULL in memory */
    char *path;   /* of the database, or NULL in memory */
    drift_connection *connection;
} world;

/** Whether worlds have direct connections; the suite of the executor runs the same tests over clients. */
bool world_is_direct(void);

/** Opens a fresh database. Asserts. */
world world_open(int kind);

/** A further connection to a database on disk that does not wait for locks. The caller closes. */
drift_connection *world_connect(const world *w);

/** Closes and removes everything. */
void world_close(world *w);

/** Runs SQL that must succeed. */
void world_exec(drift_connection *connection, const char *sql);

/** The first column of the first row as an integer; fails the test without one. */
int64_t world_int64(drift_connection *connection, const char *sql);

/** The first column of the first row as text, to be freed with drift_free. */
char *world_text(drift_connection *connection, const char *sql);

/** Asserts that a query's first value is this text. */
void world_expect(drift_connection *connection, const char *sql, const char *expected);

#endif
