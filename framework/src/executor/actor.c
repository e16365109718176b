/* actor.c — a thread's record hangs on a pthread key, whose destructor rolls back what the thread leaves open. */
#include "executor/actor.h"

#include "base/alloc.h"
#include "base/error.h"
#include "executor/cursor.h"
#include "executor/job.h"

/* --- actors --- */

static drift__actor *find(drift__thread *thread, const drift_client *client)
{
    drift__actor *at = thread ? thread->actors : NULL;
    while (at && at->client != client) at = at->next_of_thread;
    return at;
}

static void unlink_of_thread(drift__actor *actor)
{
    drift__actor **at = &actor->thread->actors;
    while (*at != actor) at = &(*at)->next_of_thread;
    *at = actor->next_of_thread;
}

static void unlink_of_client(drift__actor *actor)
{
    drift__actor **at = &actor->client->actors;
    while (*at != actor) at = &(*at)->next_of_client;
    *at = actor->next_of_client;
}

static drift__actor *actor_new(drift__thread *thread, drift_client *client)
{
    drift__actor *actor = drift__calloc(1, sizeof *actor);
    if (!actor) return NULL;
    *actor = (drift__actor){.id = ++client->executor->last_actor,
                            .client = client,
                            .thread = thread,
                            .next_of_thread = thread->actors,
                            .next_of_client = client->actors};
    thread->actors = client->actors = actor;
    return actor;
}

void drift__actor_free_all(drift_client *client)
{
    while (client->actors) {
        drift__actor *actor = client->actors;
        unlink_of_thread(actor);
        client->actors = actor->next_of_client;
        drift__free(actor);
    }
    drift__thread_forget(client->executor);
}

/* --- threads --- */

static void thread_free(drift__thread *thread)
{
    pthread_cond_destroy(&thread->wake);
    drift__free(thread);
}

static int thread_new(drift__thread **out, drift_executor *executor, drift_error *err)
{
    drift__thread *thread = drift__calloc(1, sizeof *thread);
    if (!thread) return drift__no_memory(err);
    if (drift__cond_init(&thread->wake) != 0) {
        drift__free(thread);
        return drift__no_memory(err);
    }
    if (pthread_setspecific(executor->key, thread) != 0) {
        thread_free(thread);
        return drift__no_memory(err);
    }
    thread->executor = executor;
    thread->self = pthread_self();
    executor->references++;
    *out = thread;
    return DRIFT_OK;
}

int drift__actor_of(drift__actor **out, drift_client *client, drift_error *err)
{
    drift_executor *executor = client->executor;
    drift__thread *thread = pthread_getspecific(executor->key);
    int rc = thread ? DRIFT_OK : thread_new(&thread, executor, err);
    if (rc != DRIFT_OK) return rc;
    *out = find(thread, client);
    if (!*out) *out = actor_new(thread, client);
    if (*out) return DRIFT_OK;
    drift__thread_forget(executor);
    return drift__no_memory(err);
}

void drift__thread_forget(drift_executor *executor)
{
    drift__thread *thread = pthread_getspecific(executor->key);
    if (!thread || thread->actors) return;
    pthread_setspecific(executor->key, NULL);
    thread_free(thread);
    executor->references--; /* the caller holds another */
}

/* --- the end of a thread, or of a callback --- */

static int abandon(drift__job *job, drift_connection *connection, drift_error *err)
{
    (void)connection, (void)err;
    drift__owner_roll_back(job->client->executor, job->client, job->actor);
    return DRIFT_OK;
}

static const drift__job_kind abandon_kind = {.run = abandon, .closed_too = true};

/* An owner's job is urgent here: its transaction is what is to end. */
static void roll_back(drift_executor *executor, drift__actor *actor)
{
    drift__job job = {.kind = &abandon_kind, .client = actor->client, .actor = actor};
    if (executor->owner != actor || executor->worker_ended) return;
    drift__job_push(&executor->urgent, &job);
    pthread_cond_signal(&executor->work);
    while (job.state != DRIFT__JOB_DONE) pthread_cond_wait(&actor->thread->wake, &executor->lock);
}

void drift__callback_returned(drift_executor *executor)
{
    drift__actor *owner = executor->owner;
    if (owner && pthread_equal(owner->thread->self, pthread_self())) roll_back(executor, owner);
}

static void end_actor(drift__thread *thread, drift__actor *actor)
{
    roll_back(thread->executor, actor);
    unlink_of_thread(actor);
    unlink_of_client(actor);
    drift__free(actor);
}

static void thread_ends(void *payload)
{
    drift__thread *thread = payload;
    drift_executor *executor = thread->executor;
    if (drift__is_forked(executor)) return;
    drift__lock(executor);
    while (thread->actors) end_actor(thread, thread->actors);
    thread_free(thread);
    drift__executor_release(executor);
}

int drift__actor_key(drift_executor *executor)
{
    return pthread_key_create(&executor->key, thread_ends);
}
