/* job.h — handing work to the worker. */
#ifndef DRIFT_EXECUTOR_JOB_H
#define DRIFT_EXECUTOR_JOB_H

#include "executor/executor.h"

/** Moves a job to another state; the law above is asserted. With the lock held, as all that follows unless it says
 * otherwise. */
void drift__job_move(drift__job *job, drift__job_state to);

void drift__job_push(drift__job_queue *queue, drift__job *job);
void drift__job_take(drift__job_queue *queue, drift__job *job);

/** Puts a job that nobody waits for at the end of those that wait, and wakes the worker. */
void drift__job_enqueue(drift_executor *executor, drift__job *job);

/** The job is done: its waiter wakes, or `done` is called. */
void drift__job_complete(drift_executor *executor, drift__job *job, int rc);

/** Runs a job of a client for the calling thread, and waits for it. Without the lock. */
int drift__job_run(drift_client *client, drift__job *job, drift_error *err);

/** As drift__job_run, for a job that touches no table and passes everything. */
int drift__job_run_urgent(drift_client *client, drift__job *job, drift_error *err);

/** Tells an actor that its transaction took too long. @return TRANSACTION. */
int drift__actor_tell_lost(drift__actor *actor, drift_error *err);

/** Takes out of the queue, as CLOSED, what waits for a client (NULL: for any). */
void drift__job_close_waiting(drift_executor *executor, const drift_client *client);

/** Has a job that runs stop if it only reads, because its client is closed. */
void drift__job_stop_reading(drift_executor *executor, const drift_client *client);

/** Takes out of the queue, as INTERRUPTED, what threads wait for on a client. */
void drift__job_interrupt_waiting(drift_executor *executor, const drift_client *client);

/** Takes a job of the dispatch thread out of the queue, as BUSY: it waits for a transaction whose thread waits for it.
 */
void drift__job_refuse_dispatcher(drift_executor *executor);

#endif
