/* check_program.c — the program: its commands, what it says when it is used wrongly, and that it may be killed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "drift/connection.h"
#include "offline_social/cases.h"
#include "support/digest.h"
#include "support/program.h"
#include "support/suite.h"

static char *folder, *db, *backend;

static void begin(void)
{
    folder = suite_folder();
    db = drift__path_join(folder, "app.db");
    backend = drift__path_join(folder, "backend.db");
}

static void end(void)
{
    drift_free(db);
    drift_free(backend);
    suite_folder_remove(folder);
}

#define run_app(...) program_run(PROGRAM, (const char *const[]){"--db", db, "--backend", backend, __VA_ARGS__, NULL})

/* Runs a command that must end with 0 and print this. */
static void expect(program_result result, const char *out)
{
    ck_assert_str_eq(result.err, "");
    ck_assert_str_eq(result.out, out);
    ck_assert_int_eq(result.status, 0);
    program_result_dispose(&result);
}

static void expect_failure(program_result result, int status, const char *says)
{
    ck_assert_str_eq(result.out, "");
    ck_assert_ptr_nonnull(strstr(result.err, says));
    ck_assert_int_eq(result.status, status);
    program_result_dispose(&result);
}

/* A value of one of the two files. */
static void ck_file(const char *path, const char *sql, const char *expected)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_open(&connection, path, NULL, &err));
    ck_assert_value(connection, sql, expected);
    drift_connection_close(connection);
}

/* Delivers what is left, and compares the two sides. What the dead had leased, or put off, is due again after a while;
 * this is the while. */
static void expect_synced(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    ck_assert_drift(drift_connection_open(&connection, db, NULL, &err));
    ck_assert_drift(drift_exec(connection,
                               "UPDATE drift_track_outbox SET leased_until = 0 WHERE state = 'leased';"
                               "UPDATE drift_track_outbox SET next_attempt = 0",
                               &err));
    program_result sync = run_app("sync");
    ck_assert_int_eq(sync.status, 0);
    program_result_dispose(&sync);
    char *posts = suite_value(connection, "SELECT count(*) || ' ' || group_concat(content) FROM (SELECT content FROM "
                                          "local_posts ORDER BY id)");
    ck_assert_value(connection, "SELECT count(*) FROM drift_track_outbox", "0");
    drift_connection_close(connection);
    ck_file(backend,
            "SELECT count(*) || ' ' || group_concat(c) FROM (SELECT json_extract(payload, '$.content') AS c FROM "
            "social_rows ORDER BY json_extract(key, '$.id'))",
            posts);
    ck_file(backend, "SELECT max(revision) FROM social_rows", "1"); /* none was applied twice */
    drift_free(posts);
}

START_TEST(posts_wait_until_they_are_delivered)
{
    expect(run_app("post", "hello", "world"), "");
    expect(run_app("--user", "you", "post", "second"), "");
    expect(run_app("status"), "2 waiting, 0 refused\n");
    expect(run_app("sync"), "2 delivered, 0 later, 0 refused\n");
    expect(run_app("sync"), "0 delivered, 0 later, 0 refused\n");
    ck_file(backend,
            "SELECT group_concat(json_extract(payload, '$.content'), '|') FROM (SELECT * FROM social_rows "
            "ORDER BY json_extract(payload, '$.content'))",
            "hello world|second");
    ck_file(db, "SELECT sum(sync_status) FROM local_posts", "0");
    expect(run_app("clear"), "");
    expect(run_app("list"), "");
}
END_TEST

START_TEST(a_post_is_found_by_its_first_characters)
{
    expect(run_app("post", "one"), "");
    ck_file(db, "UPDATE local_posts SET id = 'abcdefghij' RETURNING 1", "1");
    expect(run_app("list"), "* abcdefgh  me: one\n");
    expect(run_app("edit", "abc", "two", "words"), "");
    expect(run_app("like", "abc"), "");
    expect(run_app("list"), "* abcdefgh  me: two words  (likes: 1)\n");
    expect(run_app("status"), "2 waiting, 0 refused\n");
    expect(run_app("unlike", "abc"), "");
    expect(run_app("sync"), "1 delivered, 0 later, 0 refused\n");
    expect(run_app("delete", "abcdefghij"), "");
    expect(run_app("sync"), "1 delivered, 0 later, 0 refused\n");
    ck_file(backend, "SELECT key || ifnull(payload, ' is gone') || revision FROM social_rows",
            "{\"id\":\"abcdefghij\"} is gone2");
    expect_failure(run_app("like", "abc"), 1, "expected the id of a post, found none");
}
END_TEST

START_TEST(a_server_that_cannot_be_reached_loses_nothing)
{
    expect(run_app("post", "hello"), "");
    expect_failure(run_app("--backend", "/nowhere/at/all.db", "sync"), 1, "offline_social: ");
    expect_failure(run_app("--backend", "postgresql:///x?host=/nowhere", "sync"), 1, "offline_social: ");
    expect(run_app("status"), "1 waiting, 0 refused\n");
    expect(run_app("sync"), "1 delivered, 0 later, 0 refused\n");
}
END_TEST

START_TEST(a_database_that_cannot_be_opened_is_told)
{
    expect_failure(program_run(PROGRAM, (const char *const[]){"--db", "/nowhere/at/all.db", "list", NULL}), 1,
                   "offline_social: ");
    ck_file(db, "PRAGMA user_version", "0");
    ck_file(db, "SELECT 1", "1");
    drift_error err = {0};
    drift_connection *newer = NULL;
    ck_assert_drift(drift_connection_open(&newer, db, NULL, &err));
    ck_assert_drift(drift_exec(newer, "CREATE TABLE t (a); PRAGMA user_version = 99", &err));
    drift_connection_close(newer);
    expect_failure(run_app("list"), 1, "newer than version 5 of the code");
}
END_TEST

static const struct {
    const char *arguments[4];
    const char *says;
} misuses[] = {
    {{NULL}, "expected a command"},
    {{"dance", NULL}, "there is no command dance"},
    {{"online", NULL}, "there is no command online"},
    {{"--colour", "list", NULL}, "there is no option --colour"},
    {{"--db", NULL}, "a value is missing behind --db"},
    {{"post", NULL}, "expected something behind post"},
    {{"list", "all", NULL}, "expected nothing behind list"},
};

START_TEST(wrong_usage_is_told)
{
    expect_failure(program_run(PROGRAM, misuses[_i].arguments), 2, misuses[_i].says);
}
END_TEST

START_TEST(a_text_that_is_too_long_is_refused_whole)
{
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    expect_failure(run_app("post", text), 2, "the text is too long behind post");
    expect(run_app("list"), "");
}
END_TEST

/* Runs a shell command with the program as $0, the database as $1, the backend as $2. */
static program_result run_shell(const char *command)
{
    return program_run("/bin/sh", (const char *const[]){"-c", command, PROGRAM, db, backend, NULL});
}

START_TEST(lines_are_read_whole_and_the_last_one_without_its_end)
{
    program_result live = run_shell("{ echo post short; printf 'post %5000d\\n' 1; printf 'post last'; } |"
                                    "\"$0\" --db \"$1\" --backend \"$2\" run");
    ck_assert_str_eq(live.err, "offline_social: expected a command of at most 4095 bytes, found more\n");
    ck_assert_int_eq(live.status, 0);
    program_result_dispose(&live);
    ck_file(db, "SELECT group_concat(content) FROM (SELECT content FROM local_posts ORDER BY rowid)", "short,last");
    program_result quit = run_shell("printf quit | \"$0\" --db \"$1\" --backend \"$2\" run");
    ck_assert_str_eq(quit.err, "");
    program_result_dispose(&quit);
}
END_TEST

START_TEST(output_that_is_lost_is_told)
{
    if (access("/dev/full", W_OK) != 0) return;
    expect(run_app("post", "hello"), "");
    expect_failure(run_shell("\"$0\" --db \"$1\" list >/dev/full"), 1, "the output could not be written");
    expect_failure(run_shell("\"$0\" --help >/dev/full"), 1, "the output could not be written");
}
END_TEST

/* The reader of the live list ends the program, so that the test has no bound of its own. */
START_TEST(the_live_list_shows_what_another_instance_writes)
{
    program_result live = run_shell("mkfifo \"$1.in\" && { exec 3<>\"$1.in\"; "
                                    "\"$0\" --db \"$1\" --backend \"$2\" run <\"$1.in\" | while read -r line; do "
                                    "case $line in *'0 posts'*) \"$0\" --db \"$1\" post from another;; "
                                    "*'from another') echo seen; echo quit >&3;; esac; done; }");
    ck_assert_str_eq(live.err, "");
    ck_assert_str_eq(live.out, "seen\n");
    program_result_dispose(&live);
}
END_TEST

START_TEST(instances_at_once_lose_nothing)
{
    program_result all =
        run_shell("for i in 1 2 3 4 5 6; do \"$0\" --db \"$1\" post \"$i\" & done; wait; "
                  "for i in 1 2 3; do \"$0\" --db \"$1\" --backend \"$2\" sync >/dev/null & done; wait");
    ck_assert_str_eq(all.err, "");
    program_result_dispose(&all);
    ck_file(db, "SELECT count(*) FROM local_posts", "6");
    expect_synced();
}
END_TEST

START_TEST(help_names_every_command)
{
    static const char *const words[] = {"post",  "edit", "like", "unlike", "delete",    "list",    "status", "sync",
                                        "clear", "run",  "--db", "online", "--backend", "offline", "quit",   "--user"};
    program_result help = program_run(PROGRAM, (const char *const[]){"--help", NULL});
    ck_assert_int_eq(help.status, 0);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) ck_assert_ptr_nonnull(strstr(help.out, words[i]));
    program_result_dispose(&help);
}
END_TEST

/* --- the live program --- */

static pid_t start(int *to)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (dup2(ends[0], 0) < 0 || !freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        close(ends[0]);
        close(ends[1]);
        execl(PROGRAM, PROGRAM, "--db", db, "--backend", backend, "run", (char *)NULL);
        _exit(127);
    }
    close(ends[0]);
    *to = ends[1];
    return child;
}

static void type_posts(int to, int round)
{
    char line[64];
    int length = snprintf(line, sizeof line, "online\n");
    ck_assert_int_eq(write(to, line, (size_t)length), length);
    for (int i = 0; i < 20; i++) {
        length = snprintf(line, sizeof line, "post %d of round %d\n", i, round);
        ck_assert_int_eq(write(to, line, (size_t)length), length);
    }
}

START_TEST(the_live_program_may_be_killed_at_any_time)
{
    enum { ROUNDS = 8 };
    signal(SIGPIPE, SIG_IGN);
    for (int round = 0; round < ROUNDS; round++) {
        int to = -1, status = 0;
        const pid_t child = start(&to);
        const struct timespec wait = {0, (round * 37 + 5) * 1000000L};
        type_posts(to, round);
        nanosleep(&wait, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        close(to);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
    }
    expect_synced();
}
END_TEST

TCase *program_case(void)
{
    TCase *tcase = suite_case("program");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, posts_wait_until_they_are_delivered);
    tcase_add_test(tcase, a_post_is_found_by_its_first_characters);
    tcase_add_test(tcase, a_server_that_cannot_be_reached_loses_nothing);
    tcase_add_test(tcase, a_database_that_cannot_be_opened_is_told);
    tcase_add_loop_test(tcase, wrong_usage_is_told, 0, sizeof misuses / sizeof *misuses);
    tcase_add_test(tcase, a_text_that_is_too_long_is_refused_whole);
    tcase_add_test(tcase, lines_are_read_whole_and_the_last_one_without_its_end);
    tcase_add_test(tcase, output_that_is_lost_is_told);
    tcase_add_test(tcase, the_live_list_shows_what_another_instance_writes);
    tcase_add_test(tcase, instances_at_once_lose_nothing);
    tcase_add_test(tcase, help_names_every_command);
    tcase_add_test(tcase, the_live_program_may_be_killed_at_any_time);
    return tcase;
}
