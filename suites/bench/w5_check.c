/* w5_check.c — W5, the program: `drift check` of a database that is what its snapshot says, beside a program that only
 * reads both files (raw_check.c). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

typedef struct checking {
    char *database, *folder, *snapshot;
    int64_t times;
} checking;

/* Runs a program without its output; gives its exit status. */
static int run(const char *const *words)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(nowhere, STDOUT_FILENO);
        execv(words[0], (char *const *)words);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

static void check_raw(bench_done *done, void *state)
{
    const checking *c = state;
    const char *const words[] = {BENCH_RAW_CHECK, c->database, c->snapshot, NULL};
    for (int64_t i = 0; i < c->times; i++) done->count += run(words) == 0;
}

static void check_drift(bench_done *done, void *state)
{
    const checking *c = state;
    const char *const words[] = {BENCH_DRIFT, "check", c->database, "--schemas", c->folder, NULL};
    for (int64_t i = 0; i < c->times; i++) done->count += run(words) == 0;
}

static void build(const checking *c, int64_t tables)
{
    sqlite3 *db = NULL;
    const char *const dump[] = {BENCH_DRIFT, "schema", "dump", "-q", c->database, c->folder, NULL};
    bench_must_sql(sqlite3_open(c->database, &db), db, c->database);
    bench_exec(db, "PRAGMA user_version = 1; BEGIN");
    for (int64_t i = 0; i < tables; i++) {
        char *sql = sqlite3_mprintf(
            "CREATE TABLE item_%lld (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL DEFAULT 0, active "
            "INTEGER NOT NULL CHECK (active IN (0, 1)), parent INTEGER REFERENCES item_%lld (id));"
            "CREATE INDEX item_%lld_name ON item_%lld (name)",
            i, i ? i - 1 : 0, i, i);
        bench_exec(db, sql);
        sqlite3_free(sql);
    }
    bench_exec(db, "COMMIT");
    sqlite3_close(db);
    bench_must_sql(mkdir(c->folder, 0700) == 0 && run(dump) == 0 ? SQLITE_OK : SQLITE_ERROR, NULL, "drift dump");
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"raw", NULL, check_raw, NULL}, {"drift", NULL, check_drift, NULL}};
    enum { TABLES = 40 };
    bench_options options;
    bench_begin(&options, argc, argv, "W5: runs `drift check` on a database of 40 tables, --size times (100).");
    checking c = {bench_path(&options, "w5.db"), bench_path(&options, "schemas"),
                  bench_path(&options, "schemas/drift_schema_v1.json"),
                  options.size    ? options.size
                  : options.smoke ? 2
                                  : 100};
    build(&c, TABLES);
    const int failed = bench_measure(&(bench_work){.name = "W5 check",
                                                   .title = "drift check, 40 tables, nothing to do",
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &c,
                                                   .units = c.times,
                                                   .unit = "runs"},
                                     &options);
    sqlite3_free(c.database);
    sqlite3_free(c.folder);
    sqlite3_free(c.snapshot);
    bench_end(&options);
    return failed;
}
