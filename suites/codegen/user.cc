// user.cc — generated code from C++17, which has no designated initialisers.
#include <cstdio>
#include <cstring>

#include "schema_versions.h"

#include <drift/migrator.h>

static int run(drift_connection *connection, drift_error *err)
{
    drift_migrator *migrator = nullptr;
    int rc = drift_migrator_new(&migrator, connection, &todos_v4_entities, err);
    if (rc == DRIFT_OK) rc = drift_migrator_create_all(migrator, err);
    drift_migrator_free(migrator);

    todos_v4_todo_companion companion{};
    companion.title = DRIFT_SET_TEXT("Buy milk");
    companion.body = DRIFT_SET_TEXT_N("a\0b", 3);
    companion.category = DRIFT_SET_INT64(7);
    companion.due_date = DRIFT_SET_NULL;
    int64_t rowid = 0;
    if (rc == DRIFT_OK) rc = todos_v4_todo_insert(connection, &companion, &rowid, err);

    todos_v4_todo *row = nullptr;
    if (rc == DRIFT_OK) rc = todos_v4_todo_by_key(&row, connection, rowid, err);
    const bool same = row && std::strcmp(row->title.data, "Buy milk") == 0 && row->body.length == 3 &&
                      row->category.has_value && row->category.value == 7 && !row->due_date.has_value;
    todos_v4_todo_free(row);
    return rc == DRIFT_OK && !same ? DRIFT_MISMATCH : rc;
}

int main()
{
    drift_error err{};
    drift_connection *connection = nullptr;
    int rc = drift_connection_memory(&connection, nullptr, &err);
    if (rc == DRIFT_OK) rc = run(connection, &err);
    if (rc != DRIFT_OK) std::fprintf(stderr, "%d: %s\n", rc, err.text);
    drift_connection_close(connection);
    return rc == DRIFT_OK ? 0 : 1;
}
