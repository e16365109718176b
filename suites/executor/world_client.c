/* world_client.c — worlds whose connection is an executor's client: the tests of direct connections run over them
 * unchanged. */
#include "base/file.h"
#include "drift/executor.h"
#include "runtime/world.h"
#include "support/suite.h"

bool world_is_direct(void)
{
    return false;
}

static int open_world(drift_connection **out, void *payload, drift_error *err)
{
    const world *w = payload;
    if (w->kind == WORLD_MEMORY) return drift_connection_memory(out, NULL, err);
    int rc = drift_connection_open(out, w->path, NULL, err);
    if (rc == DRIFT_OK && w->kind == WORLD_WAL) rc = drift_connection_use_wal(*out, 0, err);
    return rc;
}

world world_open(int kind)
{
    drift_error err = {0};
    drift_executor *executor = NULL;
    world w = {.kind = kind};
    if (kind != WORLD_MEMORY) {
        w.folder = suite_folder();
        w.path = drift__path_join(w.folder, "world.db");
        ck_assert_ptr_nonnull(w.path);
    }
    ck_assert_drift(drift_executor_spawn(&executor, open_world, &w, NULL, &err));
    ck_assert_drift(drift_executor_connection(&w.connection, executor, -1, &err));
    drift_executor_free(executor); /* the client keeps it */
    return w;
}
