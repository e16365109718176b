/* raw_check.c — the raw side of w5_check.c: a program that reads a snapshot's JSON and a database's sqlite_schema, and
 * compares no more than how many objects there are. Its status is 0 if they are as many. */
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static size_t count_in_snapshot(const char *path)
{
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);
    const size_t count = json_array_size(json_object_get(root, "entities"));
    json_decref(root);
    return count;
}

static size_t count_in_database(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    size_t count = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db,
                           "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' "
                           "ESCAPE '\\'",
                           -1, &rows, NULL) == SQLITE_OK) {
        while (sqlite3_step(rows) == SQLITE_ROW) count += sqlite3_column_text(rows, 3) != NULL;
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    const size_t wanted = count_in_snapshot(argv[2]), found = count_in_database(argv[1]);
    printf("%s: %zu objects, %zu expected\n", argv[1], found, wanted);
    return !wanted || found != wanted;
}
