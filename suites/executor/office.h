/* office.h — what the tests of executors share: a database in memory or in a file, its executor, threads. */
#ifndef DRIFT_SUITES_EXECUTOR_OFFICE_H
#define DRIFT_SUITES_EXECUTOR_OFFICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "drift/executor.h"
#include "drift/watch.h"

typedef struct office {
    drift_executor *executor;
    char *folder, *path; /* NULL: in memory */
    const char *schema;
    atomic_int openings;
} office;

/** Opens an executor whose database has this schema. `options` may be NULL. */
void office_open(office *o, const char *schema, const drift_executor_options *options);
void office_open_file(office *o, const char *schema, const drift_executor_options *options);

/** Closes and removes everything; clients must have been freed. */
void office_close(office *o);

/** The opening function; its payload is the office. */
int office_connect(drift_connection **out, void *payload, drift_error *err);

/** A client, once the database is open. */
drift_client *office_client(office *o);

/** Runs SQL on a client that must succeed, or fail with a status. */
void office_exec(drift_client *client, const char *sql);
int office_try(drift_client *client, const char *sql);
int64_t office_int64(drift_client *client, const char *sql);

/** A thread with a function that returns nothing. */
typedef struct worker_thread {
    pthread_t thread;
    void (*run)(void *payload);
    void *payload;
} worker_thread;

void office_start(worker_thread *t, void (*run)(void *payload), void *payload);
void office_join(worker_thread *t);

/** A gate that threads wait at until it is opened. */
typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int count;
} gate;

#define GATE_INIT                                              \
    {                                                          \
        PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0 \
    }

void gate_pass(gate *g);            /**< counts one */
void gate_wait(gate *g, int count); /**< waits until so many were counted */
int gate_count(gate *g);

/** Waits until so many jobs wait for a transaction. */
void office_wait_queued(const office *o, int count);

/** A count of the full one, by DRIFT_STRESS in percent (default 2), and at least 1. */
int office_scaled(int full);

#endif
