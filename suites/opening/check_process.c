/* check_process.c — processes that open the same old file at once: one migration, nobody fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
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

static int create_once(drift_migrator *migrator, const void *payload, drift_error *err)
{
    (void)payload;
    return drift_migrator_exec(migrator,
                               "CREATE TABLE books(id INTEGER); CREATE TABLE runs(a); INSERT INTO runs VALUES "
                               "(1)",
                               err);
}

static int use_wal(drift_connection *connection, const void *payload, drift_error *err)
{
    (void)payload;
    return drift_connection_use_wal(connection, 0, err);
}

/* What the processes of a round do. */
typedef struct task {
    world w;
    drift_connection_options options;
} task;

/* A child begins when the pipe is closed, so that all begin together; its exit status is its verdict. */
static int open_as_child(const task *t, int gate)
{
    const drift_database_definition definition = {
        .name = "books", .schema_version = 2, .strategy = {.on_create = create_once, .on_upgrade = add_year_once}};
    const drift_open_options options = {.path = t->w.path, .connection_options = &t->options};
    drift_error err = {0};
    drift_database *database = NULL;
    char c;
    if (read(gate, &c, 1) != 0) return 3;
    const int rc = drift_database_open(&database, &definition, &options, &err);
    if (rc != DRIFT_OK) fprintf(stderr, "%s: %s\n", drift_status_name(rc), err.text);
    drift_database_close(database);
    return rc == DRIFT_OK ? 0 : 2;
}

/* Reads in transactions of some milliseconds for as long as it takes about as many openings. */
static int read_as_child(const task *t, int gate)
{
    enum { READINGS = 40 };
    drift_connection *connection = NULL;
    drift_error err = {0};
    char c;
    if (read(gate, &c, 1) != 0) return 3;
    int rc = drift_connection_open(&connection, t->w.path, &t->options, &err);
    for (int i = 0; rc == DRIFT_OK && i < READINGS; i++) {
        rc = drift_exec(connection, "BEGIN; SELECT count(*) FROM books", &err);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        if (rc == DRIFT_OK) rc = drift_exec(connection, "COMMIT", &err);
    }
    if (rc != DRIFT_OK) fprintf(stderr, "%s: %s\n", drift_status_name(rc), err.text);
    drift_connection_close(connection);
    return rc == DRIFT_OK ? 0 : 2;
}

typedef int (*child_fn)(const task *t, int gate);

static pid_t start_child(const task *t, const int gate[2], child_fn child)
{
    const pid_t pid = fork();
    if (pid != 0) return pid;
    close(gate[1]);
    _exit(child(t, gate[0]));
}

/* Runs PROCESSES at once, `readers` of them only reading; all must succeed, and the work be done once. */
static void run_round(const task *t, int readers)
{
    int gate[2];
    pid_t children[PROCESSES];
    ck_assert_int_eq(pipe(gate), 0);
    for (int i = 0; i < PROCESSES; i++) children[i] = start_child(t, gate, i < readers ? read_as_child : open_as_child);
    close(gate[0]);
    close(gate[1]);
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "child %d ended with %d", i, status);
    }
    drift_connection *look = world_look(&t->w);
    ck_assert_value(look, "SELECT count(*) FROM runs", "1");
    ck_assert_value(look, "PRAGMA user_version", "2");
    drift_connection_close(look);
}

START_TEST(processes_that_open_at_once_migrate_once_and_none_fails)
{
    for (int round = 0; round < ROUNDS; round++) {
        task t = {.w = world_begin((world_journal)_i)};
        run_round(&t, 0);
        world_end(&t.w);
    }
}
END_TEST

START_TEST(readers_hold_no_opening_up_for_good)
{
    for (int round = 0; round < ROUNDS / 6; round++) {
        task t = {.w = world_begin((world_journal)_i)};
        run_round(&t, PROCESSES / 2);
        world_end(&t.w);
    }
}
END_TEST

START_TEST(processes_that_open_at_once_create_once_and_none_fails)
{
    for (int round = 0; round < ROUNDS; round++) {
        task t = {.options = {.setup = _i == WORLD_WAL ? use_wal : NULL}};
        t.w.folder = suite_folder();
        snprintf(t.w.path, sizeof t.w.path, "%s/new.db", t.w.folder);
        run_round(&t, 0);
        world_end(&t.w);
    }
}
END_TEST

TCase *process_case(void)
{
    TCase *tcase = suite_case("processes");
    tcase_add_loop_test(tcase, processes_that_open_at_once_migrate_once_and_none_fails, 0, WORLD_JOURNALS);
    tcase_add_loop_test(tcase, readers_hold_no_opening_up_for_good, 0, WORLD_JOURNALS);
    tcase_add_loop_test(tcase, processes_that_open_at_once_create_once_and_none_fails, 0, WORLD_JOURNALS);
    return tcase;
}
