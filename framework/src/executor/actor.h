/* actor.h — which thread uses which client. */
#ifndef DRIFT_EXECUTOR_ACTOR_H
#define DRIFT_EXECUTOR_ACTOR_H

#include "executor/executor.h"

/** Makes the key whose destructor notices that a thread ends. 0, or an errno. */
int drift__actor_key(drift_executor *executor);

/** The calling thread's actor with a client, which is made if there is none: NO_MEMORY. Without the lock. */
int drift__actor_of(drift__actor **out, drift_client *client, drift_error *err);

/** Rolls back a transaction that the callback which has just returned on this thread left open: nobody else would end
 * it. With the lock held. */
void drift__callback_returned(drift_executor *executor);

/** Frees all actors of a client whose memory goes. With the lock held. */
void drift__actor_free_all(drift_client *client);

/** Lets go of the calling thread's record if it has no actor any more. With the lock held. */
void drift__thread_forget(drift_executor *executor);

#endif
