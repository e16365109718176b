/* world_direct.c — worlds with direct connections. */
#include "base/file.h"
#include "runtime/world.h"
#include "support/suite.h"

bool world_is_direct(void)
{
    return true;
}

world world_open(int kind)
{
    drift_error err = {0};
    world w = {.kind = kind};
    if (kind == WORLD_MEMORY) {
        ck_assert_drift(drift_connection_memory(&w.connection, NULL, &err));
        return w;
    }
    w.folder = suite_folder();
    w.path = drift__path_join(w.folder, "world.db");
    ck_assert_ptr_nonnull(w.path);
    ck_assert_drift(drift_connection_open(&w.connection, w.path, NULL, &err));
    if (kind == WORLD_WAL) world_expect(w.connection, "PRAGMA journal_mode = WAL", "wal");
    return w;
}
