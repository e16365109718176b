/* registry.c — executors by name. An entry holds an executor's memory, not its threads: whether it lives is asked. */
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "executor/executor.h"

typedef struct entry {
    char *name;
    drift_executor *executor; /* a reference of its memory */
} entry;

struct drift_registry {
    pthread_mutex_t lock;
    pid_t process; /* that made it: in a child the lock, and SQLite's allocator's, may be held for ever */
    entry *entries;
    size_t count, capacity;
};

static bool is_forked(const drift_registry *registry)
{
    return registry->process != getpid();
}

int drift_registry_new(drift_registry **out, drift_error *err)
{
    drift_registry *registry = drift__calloc(1, sizeof *registry);
    *out = NULL;
    if (!registry || pthread_mutex_init(&registry->lock, NULL) != 0) {
        drift__free(registry);
        return drift__no_memory(err);
    }
    registry->process = getpid();
    *out = registry;
    return DRIFT_OK;
}

static void entry_dispose(entry *at)
{
    drift__free(at->name);
    drift__lock(at->executor);
    drift__executor_release(at->executor);
}

void drift_registry_free(drift_registry *registry)
{
    if (!registry || is_forked(registry)) return;
    for (size_t i = 0; i < registry->count; i++) entry_dispose(&registry->entries[i]);
    drift__free(registry->entries);
    pthread_mutex_destroy(&registry->lock);
    drift__free(registry);
}

/* A handle on the executor, if it takes work. */
static bool take_living(drift_executor *executor)
{
    drift__lock(executor);
    const bool lives = executor->phase < DRIFT__PHASE_DRAINING && executor->users > 0;
    if (lives) {
        executor->users++;
        executor->references++;
    }
    drift__unlock(executor);
    return lives;
}

/* With the registry's lock held, as all that follow. */
static entry *find(drift_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->count; i++) {
        if (strcmp(registry->entries[i].name, name) == 0) return &registry->entries[i];
    }
    return NULL;
}

static void remove_entry(drift_registry *registry, entry *at)
{
    entry_dispose(at);
    *at = registry->entries[--registry->count];
}

static int add(drift_registry *registry, const char *name, drift_executor *executor, drift_error *err)
{
    char *copy = drift__strdup(name);
    if (!copy || drift__reserve((void **)&registry->entries, &registry->capacity, registry->count + 1,
                                sizeof *registry->entries) != 0) {
        drift__free(copy);
        return drift__no_memory(err);
    }
    drift__lock(executor);
    executor->references++;
    drift__unlock(executor);
    registry->entries[registry->count++] = (entry){copy, executor};
    return DRIFT_OK;
}

/* A handle on the living executor of this name, or NULL; a dead one is taken out. */
static drift_executor *get(drift_registry *registry, const char *name)
{
    entry *found = find(registry, name);
    if (!found) return NULL;
    if (take_living(found->executor)) return found->executor;
    remove_entry(registry, found);
    return NULL;
}

int drift_registry_put(drift_registry *registry, const char *name, drift_executor *executor, drift_error *err)
{
    if (is_forked(registry)) return drift__forked(err);
    pthread_mutex_lock(&registry->lock);
    drift_executor *other = get(registry, name);
    int rc = DRIFT_OK;
    if (other)
        rc = drift__error(err, DRIFT_MISUSE, "expected no executor under the name %s, found one that runs", name);
    else
        rc = add(registry, name, executor, err);
    pthread_mutex_unlock(&registry->lock);
    drift_executor_free(other);
    return rc;
}

void drift_registry_remove(drift_registry *registry, const char *name)
{
    if (is_forked(registry)) return;
    pthread_mutex_lock(&registry->lock);
    entry *found = find(registry, name);
    if (found) remove_entry(registry, found);
    pthread_mutex_unlock(&registry->lock);
}

int drift_registry_get(drift_executor **out, drift_registry *registry, const char *name, drift_error *err)
{
    *out = NULL;
    if (is_forked(registry)) return drift__forked(err);
    pthread_mutex_lock(&registry->lock);
    *out = get(registry, name);
    pthread_mutex_unlock(&registry->lock);
    return *out ? DRIFT_OK : drift__error(err, DRIFT_NOT_FOUND, "no executor runs under the name %s", name);
}

int drift_registry_get_or_spawn(drift_executor **out, drift_registry *registry, const char *name,
                                drift_executor_open_fn open, void *payload, const drift_executor_options *options,
                                drift_error *err)
{
    drift_executor *unwanted = NULL;
    int rc = DRIFT_OK;
    *out = NULL;
    if (is_forked(registry)) return drift__forked(err);
    pthread_mutex_lock(&registry->lock);
    *out = get(registry, name);
    if (!*out) {
        rc = drift_executor_spawn(out, open, payload, options, err);
        if (rc == DRIFT_OK) rc = add(registry, name, *out, err);
        if (rc != DRIFT_OK) unwanted = *out;
    }
    pthread_mutex_unlock(&registry->lock);
    if (rc != DRIFT_OK) *out = NULL;
    drift_executor_free(unwanted);
    return rc;
}
