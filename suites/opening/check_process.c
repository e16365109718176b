/* check_process.c — processes that open the same old file at once: one migration, nobody fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "opening/world.h"

enum { PROCESSES = 8, ROUNDS = 60 };

static int add_year_once(drift_migrator *migrator, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    (void)payload;
    return drift_migrator_exec(
        migrator,
        "ALTER TABLE books ADD COLUMN year INTEGER; CREATE TABLE runs(a); INSERT INTO runs VALUES "
        "(1); UPDATE books SET year = 1900 + id",
        err);
}

/* A child opens when the pipe is closed, so that all begin together; its exit status is its verdict. */
static int open_as_child(const world *w, int gate)
{
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_upgrade = add_year_once}};
    drift_error err = {0};
    drift_database *database = NULL;
    char c;
    if (read(gate, &c, 1) != 0) return 3;
    const int rc = world_open(&database, w, &definition, &err);
    if (rc != DRIFT_OK) fprintf(stderr, "%s: %s\n", drift_status_name(rc), err.text);
    drift_database_close(database);
    return rc == DRIFT_OK ? 0 : 2;
}

static int start_child(const world *w, const int gate[2])
{
    const pid_t child = fork();
    if (child != 0) return child;
    close(gate[1]);
    _exit(open_as_child(w, gate[0]));
}

static void run_round(world_journal journal)
{
    int gate[2];
    pid_t children[PROCESSES];
    world w = world_begin(journal);
    ck_assert_int_eq(pipe(gate), 0);
    for (int i = 0; i < PROCESSES; i++) children[i] = start_child(&w, gate);
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child %d ended with %d", i, status);
    }
    drift_connection *look = world_look(&w);
    ck_assert_value(look, "SELECT count(*) FROM runs", "1");
    ck_assert_value(look, "PRAGMA user_version", "2");
    drift_connection_close(look);
    world_end(&w);
}

START_TEST(processes_that_open_at_once_migrate_once_and_none_fails)
{
    for (int round = 0; round < ROUNDS; round++) run_round((world_journal)_i);
}
END_TEST

TCase *process_case(void)
{
    TCase *tcase = suite_case("processes");
    tcase_add_loop_test(tcase, processes_that_open_at_once_migrate_once_and_none_fails, 0, WORLD_JOURNALS);
    return tcase;
}
