/* dispatch.c — the thread that calls back, one callback at a time and without a lock. */
#include "executor/query.h"

void drift__dispatch(drift_executor *executor, drift__task *task)
{
    task->next = NULL;
    if (executor->last_task)
        executor->last_task->next = task;
    else
        executor->first_task = task;
    executor->last_task = task;
    pthread_cond_signal(&executor->told);
}

static drift__task *take(drift_executor *executor)
{
    drift__task *task = executor->first_task;
    executor->first_task = task->next;
    if (!executor->first_task) executor->last_task = NULL;
    return task;
}

void *drift__dispatcher_main(void *payload)
{
    drift_executor *executor = payload;
    drift__lock(executor);
    while (executor->first_task || !executor->dispatcher_ends) {
        if (!executor->first_task) {
            pthread_cond_wait(&executor->told, &executor->lock);
            continue;
        }
        drift__task *task = take(executor);
        drift__unlock(executor);
        task->run(task, executor);
        drift__lock(executor);
    }
    drift__queries_leave(executor, NULL);
    executor->dispatcher_ended = true;
    if (executor->abandoned) drift__phase_move(executor, DRIFT__PHASE_ENDED);
    pthread_cond_broadcast(&executor->changed);
    drift__executor_release(executor);
    return NULL;
}
