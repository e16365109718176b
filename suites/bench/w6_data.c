/* w6_data.c — W6: two files with the same table of N rows and 10 columns are compared, row by row and value by value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/data.h"
#include "drift/kit.h"

#define SCHEMA                                                                                               \
    "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, price REAL NOT NULL, amount " \
    "INTEGER NOT NULL, active INTEGER NOT NULL DEFAULT 1, created_at INTEGER NOT NULL, payload BLOB, code "  \
    "TEXT, parent INTEGER)"
#define ROWS                                                                                                        \
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) INSERT INTO item SELECT i, "   \
    "'name ' || (i * 7919 %% 1000003), CASE WHEN i %% 3 THEN 'a note of some length ' || i END, i / 7.0, i %% 97, " \
    "i & 1, 1600000000 + i, zeroblob(16), CAST(i * 31 AS TEXT), nullif(i / 10, 0) FROM n"
#define EVERY_COLUMN(X) X(name) X(note) X(price) X(amount) X(active) X(created_at) X(payload) X(code) X(parent)

enum { COLUMNS = 10 };

typedef struct comparison {
    char *left, *right;
    int64_t rows;
    drift_schema *schema;
} comparison;

static void build(const char *path, int64_t rows)
{
    sqlite3 *db = NULL;
    char *fill = sqlite3_mprintf(ROWS, (long long)rows);
    bench_must_sql(sqlite3_open(path, &db), db, path);
    bench_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" SCHEMA);
    bench_exec(db, fill);
    sqlite3_close(db);
    sqlite3_free(fill);
}

/* ---- raw: a join inside the engine ---- */

static void compare_joined(bench_done *done, void *state)
{
    static const char join[] = "SELECT count(*) FROM item AS o JOIN other.item AS n ON n.id = o.id WHERE NOT (0"
#define DIFFERS(column) " OR o." #column " IS NOT n." #column
        EVERY_COLUMN(DIFFERS)
#undef DIFFERS
            ")";
    const comparison *c = state;
    sqlite3 *db = NULL;
    bench_must_sql(sqlite3_open_v2(c->left, &db, SQLITE_OPEN_READONLY, NULL), db, c->left);
    char *attach = sqlite3_mprintf("ATTACH %Q AS other", c->right);
    bench_exec(db, attach);
    done->count = bench_int64(db, join);
    if (bench_int64(db, "SELECT count(*) FROM item") != done->count) done->count = -1;
    if (bench_int64(db, "SELECT count(*) FROM other.item") != done->count) done->count = -1;
    sqlite3_free(attach);
    sqlite3_close(db);
}

/* ---- raw: two cursors and the column functions ---- */

static bool same_bytes(sqlite3_stmt *left, sqlite3_stmt *right, int column)
{
    const void *l = sqlite3_column_blob(left, column), *r = sqlite3_column_blob(right, column);
    const int length = sqlite3_column_bytes(left, column);
    return length == sqlite3_column_bytes(right, column) && (!length || memcmp(l, r, (size_t)length) == 0);
}

static bool same_value(sqlite3_stmt *left, sqlite3_stmt *right, int column)
{
    const int type = sqlite3_column_type(left, column);
    if (type != sqlite3_column_type(right, column)) return false;
    if (type == SQLITE_NULL) return true;
    if (type == SQLITE_INTEGER) return sqlite3_column_int64(left, column) == sqlite3_column_int64(right, column);
    if (type != SQLITE_FLOAT) return same_bytes(left, right, column);
    const double l = sqlite3_column_double(left, column), r = sqlite3_column_double(right, column);
    return memcmp(&l, &r, sizeof l) == 0;
}

static sqlite3_stmt *rows_of(sqlite3 **db, const char *path)
{
    sqlite3_stmt *rows = NULL;
    bench_must_sql(sqlite3_open_v2(path, db, SQLITE_OPEN_READONLY, NULL), *db, path);
    bench_must_sql(sqlite3_prepare_v2(*db, "SELECT * FROM item ORDER BY id", -1, &rows, NULL), *db, path);
    return rows;
}

static void compare_columns(bench_done *done, void *state)
{
    const comparison *c = state;
    sqlite3 *left = NULL, *right = NULL;
    sqlite3_stmt *l = rows_of(&left, c->left), *r = rows_of(&right, c->right);
    for (;;) {
        const int more = sqlite3_step(l);
        if (sqlite3_step(r) != more || more != SQLITE_ROW) break;
        int column = 0;
        while (column < COLUMNS && same_value(l, r, column)) column++;
        done->count += column == COLUMNS;
    }
    sqlite3_finalize(l);
    sqlite3_finalize(r);
    sqlite3_close(left);
    sqlite3_close(right);
}

/* ---- drift ---- */

static void compare_drift(bench_done *done, void *state)
{
    const comparison *c = state;
    done->count = bench_check_data(c->left, c->right, c->schema);
}

/* ---- sqldiff, where it is installed: "item: 0 changes, 0 inserts, 0 deletes, N unchanged" ---- */

static void exec_sqldiff(const comparison *c, int out)
{
    (void)dup2(out, STDOUT_FILENO);
    execlp("sqldiff", "sqldiff", "--summary", c->left, c->right, (char *)NULL);
    _exit(127);
}

static void compare_sqldiff(bench_done *done, void *state)
{
    char text[256] = "";
    int ends[2], status = 0;
    long long changes = -1, inserts = -1, deletes = -1, unchanged = -1;
    bench_must_sql(pipe(ends) == 0 ? SQLITE_OK : SQLITE_CANTOPEN, NULL, "a pipe");
    const pid_t child = fork();
    if (child == 0) exec_sqldiff(state, ends[1]);
    close(ends[1]);
    FILE *told = fdopen(ends[0], "r");
    const bool any = told && fgets(text, sizeof text, told);
    if (told) fclose(told);
    (void)waitpid(child, &status, 0);
    const int found = any ? sscanf(text, "item: %lld changes, %lld inserts, %lld deletes, %lld unchanged", &changes,
                                   &inserts, &deletes, &unchanged)
                          : 0;
    done->count = found == 4 && !changes && !inserts && !deletes ? unchanged : -1;
}

static bool has_sqldiff(void)
{
    const char *path = getenv("PATH");
    bool found = false;
    while (path && *path && !found) {
        const size_t length = strcspn(path, ":");
        char *file = sqlite3_mprintf("%.*s/sqldiff", (int)length, path);
        found = file && access(file, X_OK) == 0;
        sqlite3_free(file);
        path += length + (path[length] == ':');
    }
    return found;
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw, join", NULL, compare_joined, NULL},
                                       {"raw, columns", NULL, compare_columns, NULL},
                                       {"drift", NULL, compare_drift, NULL},
                                       {"sqldiff", NULL, compare_sqldiff, NULL}};
    bench_options options;
    drift_error err = {0};
    bench_begin(&options, argc, argv, "W6: compares two files with --size equal rows (1,000,000) of 10 columns.");
    comparison c = {bench_path(&options, "left.db"), bench_path(&options, "right.db"),
                    options.size    ? options.size
                    : options.smoke ? 2000
                                    : 1000000,
                    NULL};
    char *title = sqlite3_mprintf("compare %lld equal rows x 10", (long long)c.rows);
    bench_must(drift_schema_parse(&c.schema, SCHEMA, strlen(SCHEMA), &err), &err, "the schema");
    build(c.left, c.rows);
    build(c.right, c.rows);
    const bool all = has_sqldiff();
    if (!all) fprintf(stderr, "W6: no sqldiff here, its side is left out\n");
    const int failed = bench_measure(&(bench_work){.name = "W6",
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0] - !all,
                                                   .state = &c,
                                                   .units = c.rows,
                                                   .unit = "rows"},
                                     &options);
    drift_schema_free(c.schema);
    sqlite3_free(title);
    sqlite3_free(c.left);
    sqlite3_free(c.right);
    bench_end(&options);
    return failed;
}
