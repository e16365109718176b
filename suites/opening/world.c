/* world.c */
#include "opening/world.h"

#include <stdio.h>

const char world_version_1[] =
    "CREATE TABLE authors(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE books(id INTEGER PRIMARY KEY, title TEXT, author INTEGER REFERENCES authors(id) ON DELETE CASCADE);"
    "INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bo'); INSERT INTO books VALUES (1, 'A', 1), (2, 'B', 2), (3, 'C', 1);"
    "PRAGMA user_version = 1";

world world_begin(world_journal journal)
{
    world w = {.folder = suite_folder()};
    snprintf(w.path, sizeof w.path, "%s/books.db", w.folder);
    if (journal == WORLD_WAL) world_run(&w, "PRAGMA journal_mode = WAL");
    world_run(&w, world_version_1);
    return w;
}

void world_end(world *w)
{
    suite_folder_remove(w->folder);
}

drift_connection *world_look(const world *w)
{
    drift_connection *connection = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_connection_open(&connection, w->path, NULL, &err));
    return connection;
}

void world_run(const world *w, const char *sql)
{
    drift_error err = {0};
    drift_connection *connection = world_look(w);
    ck_assert_drift(drift_exec(connection, sql, &err));
    drift_connection_close(connection);
}

char *world_digest(const world *w)
{
    drift_connection *connection = world_look(w);
    char *digest = suite_digest(connection, NULL);
    drift_connection_close(connection);
    return digest;
}

static int add_year(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_migrator_exec(migrator, "ALTER TABLE books ADD COLUMN year INTEGER; UPDATE books SET year = 1900 + id",
                               err);
}

const drift_database_definition world_v2 = {.name = "books", .schema_version = 2, .strategy = {.on_upgrade = add_year}};

int world_open(drift_database **out, const world *w, const drift_database_definition *definition, drift_error *err)
{
    return drift_database_open(out, definition, &(drift_open_options){.path = w->path}, err);
}

drift_error world_refused(const world *w, const drift_database_definition *definition, int status)
{
    drift_error err = {0};
    drift_database *database = NULL;
    char *before = world_digest(w);
    ck_assert_drift_fails(world_open(&database, w, definition, &err), status);
    ck_assert_ptr_null(database);
    suite_same_digest(before, world_digest(w));
    return err;
}
