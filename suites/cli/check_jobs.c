/* check_jobs.c — a verification by several processes, and in shards: the same report, and nothing is lost on the way.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/program.h"
#include "drift/error.h"
#include "support/suite.h"

static const char *todos(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s", suite_source("drift_schemas/todos"));
    return path;
}

static const char *todos_steps(void)
{
    static char path[1024];
    snprintf(path, sizeof path, "%s", suite_source("fixtures/todos/migrations"));
    return path;
}

/* What two runs of the program print differs only in durations. */
static char *without_durations(char *text)
{
    static const char key[] = "\"duration_ms\": ";
    char *to = text;
    for (const char *at = text; *at;) {
        if (strncmp(at, key, strlen(key)) == 0) {
            at += strlen(key);
            at += strspn(at, "0123456789.");
        }
        *to++ = *at++;
    }
    *to = '\0';
    return text;
}

static void assert_same_file(const char *a, const char *b)
{
    char *left = without_durations(text_of(a)), *right = without_durations(text_of(b));
    ck_assert_str_eq(left, right);
    drift_free(left);
    drift_free(right);
}

/* verify of the todos app with foreign keys on, which loses rows: as JSON to a file, as text to what is given back. */
#define verify_todos(json, ...)                                                                                 \
    drift("verify", "--schemas", todos(), "--migrations", todos_steps(), "--runner", "transaction", "--format", \
          "text", "--format", "json", "-o", json, __VA_ARGS__)

/* ---- processes ---- */

/* Loop: what is selected. */
static const char *const selections[][2] = {
    {"--pairs", "all"}, {"--from", "1"}, {"--pairs", "adjacent"}, {"--data", "empty,one,many"}};

START_TEST(several_processes_tell_what_one_tells)
{
    static const char *const jobs[] = {"2", "3", "7", "0"};
    const char *option = selections[_i][0], *value = selections[_i][1];
    program alone = verify_todos(in_folder("alone.json"), option, value);
    ck_assert_int_eq(alone.status, 1);
    for (size_t i = 0; i < sizeof jobs / sizeof *jobs; i++) {
        program p = verify_todos(in_folder("several.json"), option, value, "--jobs", jobs[i]);
        ck_assert_int_eq(p.status, 1);
        ck_assert_str_eq(p.out, alone.out);
        ck_assert_str_eq(p.err, "");
        assert_same_file(in_folder("several.json"), in_folder("alone.json"));
        program_done(&p);
    }
    program_done(&alone);
}
END_TEST

START_TEST(every_run_is_told_as_it_ends)
{
    program p = verify_todos(in_folder("r.json"), "--data", "one", "--jobs", "2", "-v");
    size_t lines = 0;
    for (const char *at = p.err; *at; at++) lines += *at == '\n';
    ck_assert_uint_eq(lines, 6);
    ck_assert_holds(p.err, "1/6  ");
    ck_assert_holds(p.err, "6/6  ");
    ck_assert_holds(p.err, "3->4 one: failed, ");
    program_done(&p);
}
END_TEST

/* Two versions of a table t; gives the folder of their snapshots. */
static const char *two_versions(void)
{
    program p = drift_gives(0, "schema", "dump", file("v1.sql", "CREATE TABLE t (a)"), folder, "--version", "1");
    program_done(&p);
    p = drift_gives(0, "schema", "dump", file("v2.sql", "CREATE TABLE t (a, b)"), folder, "--version", "2");
    program_done(&p);
    return folder;
}

START_TEST(each_process_opens_the_application_for_itself)
{
    const char *schemas = two_versions();
    program p = drift_gives(0, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY, "--jobs", "2");
    ck_assert_holds(p.out, "migrations  app, runner drift");
    ck_assert_holds(p.out, "4 passed");
    program_done(&p);
    drift_refuses(3, DRIFT_APP_LIBRARY " has no symbol nothing", "verify", "--schemas", schemas, "--app",
                  DRIFT_APP_LIBRARY ":nothing", "--jobs", "3");
}
END_TEST

START_TEST(commands_and_their_time_limit_work_in_each_process)
{
    const char *schemas = two_versions();
    program p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "echo {from}-{to}; exit 5", "--data", "one",
                            "--jobs", "2");
    ck_assert_holds(p.out, "expected that the command ends with status 0, found 5: 1-2");
    program_done(&p);
    p = drift_gives(1, "verify", "--schemas", schemas, "--exec", "sleep 1000", "--data", "one", "--time-limit", "1",
                    "--jobs", "2");
    ck_assert_holds(p.out, "error.timeout");
    program_done(&p);
}
END_TEST

START_TEST(what_fails_is_kept_by_the_process_that_ran_it)
{
    program p = verify_todos(in_folder("r.json"), "--data", "one", "--jobs", "2", "--keep", in_folder("kept"));
    ck_assert_int_eq(p.status, 1);
    for (int from = 1; from < 4; from++) {
        char name[64];
        snprintf(name, sizeof name, "kept/v%d_to_v4_one/repro.sql", from);
        ck_assert_msg(drift__file_exists(in_folder(name)), "%s", name);
    }
    program_done(&p);
}
END_TEST

/* What cannot be verified at all is told as by one process. */
START_TEST(an_error_is_told_once)
{
    file("v9_to_v10.sql", "");
    program one = drift_gives(3, "verify", "--schemas", todos(), "--migrations", folder);
    program two = drift_gives(3, "verify", "--schemas", todos(), "--migrations", folder, "--jobs", "4");
    ck_assert_str_eq(two.err, one.err);
    ck_assert_str_eq(two.out, "");
    program_done(&one);
    program_done(&two);
}
END_TEST

/* ---- processes that end by themselves ---- */

static const char *three_versions(void)
{
    two_versions();
    program p = drift_gives(0, "schema", "dump", file("v3.sql", "CREATE TABLE t (a, b, c)"), folder, "--version", "3");
    program_done(&p);
    return folder;
}

typedef struct death {
    const char *app, *how;
} death;

/* Loop: how the code of an application ends its process on the way from 1 to 3. */
static const death deaths[] = {{DRIFT_APP_LIBRARY ":killed_app", "was ended by signal 9"},
                               {DRIFT_APP_LIBRARY ":exiting_app", "ended by itself, with status 3"}};

static void assert_lost(const char *json, const char *data, const char *how)
{
    char run[512];
    char *text = without_durations(text_of(json));
    snprintf(
        run, sizeof run,
        "{\"from\": 1, \"to\": 3, \"data\": \"%s\", \"status\": \"failed\", \"started_at\": 0, , \"rows\": 0,\n"
        "     \"steps\": [],\n     \"findings\": [\n"
        "        {\"code\": \"migration.failed\", \"object\": null, \"step\": null,\n"
        "         \"expected\": null, \"actual\": null,\n         \"message\": \"the process that ran it %s\"}],\n",
        data, how);
    ck_assert_holds(text, run);
    drift_free(text);
}

/* What the process ran before in its share is run again, and what it had left by another. */
START_TEST(a_process_that_dies_costs_no_run_but_its_own)
{
    const char *schemas = three_versions();
    program p =
        drift_gives(1, "verify", "--schemas", schemas, "--app", deaths[_i].app, "--data", "empty,one,boundary",
                    "--no-paths", "--jobs", "2", "--format", "text", "--format", "json", "-o", in_folder("r.json"));
    ck_assert_holds(p.out, "\n9 runs: 6 passed, 3 failed, 0 errors; 3 findings\n");
    ck_assert_str_eq(p.err, "");
    assert_lost(in_folder("r.json"), "empty", deaths[_i].how);
    assert_lost(in_folder("r.json"), "one", deaths[_i].how);
    assert_lost(in_folder("r.json"), "boundary", deaths[_i].how);
    program_done(&p);
}
END_TEST

START_TEST(a_run_that_was_lost_is_told_as_it_ends_and_counted_once)
{
    const char *schemas = three_versions();
    program p = drift_gives(1, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY ":killed_app", "--data",
                            "empty,one", "--no-paths", "--jobs", "3", "-v");
    size_t lines = 0;
    for (const char *at = p.err; *at; at++) lines += *at == '\n';
    ck_assert_uint_eq(lines, 6);
    ck_assert_holds(p.err, "/6  1->3 one: failed, 0 rows");
    program_done(&p);
}
END_TEST

/* An expectation whose step died is not stale: nothing is known of it. */
START_TEST(an_expectation_of_a_run_that_was_lost_is_not_stale)
{
    const char *schemas = three_versions();
    const char *expect = file("e.json", "{\"steps\": {\"1->2\": {\"fill\": {\"t.b\": \"1\"}}}}");
    program p = drift_gives(1, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY ":killed_app", "--data",
                            "one", "--no-paths", "--jobs", "2", "--from", "1", "--to", "3", "--expect", expect);
    ck_assert_ptr_null(strstr(p.out, "expect.stale"));
    ck_assert_holds(p.out, "\n1 run: 0 passed, 1 failed, 0 errors; 1 finding\n");
    program_done(&p);
}
END_TEST

START_TEST(a_command_that_kills_its_process_is_told)
{
    const char *schemas = two_versions();
    program p =
        drift_gives(1, "verify", "--schemas", schemas, "--exec", "kill -9 $PPID", "--data", "one", "--jobs", "2");
    ck_assert_holds(p.out, "the process that ran it was ended by signal 9");
    program_done(&p);
}
END_TEST

/* No run is to blame. A second process is tried, and nothing is passed that was not run. */
START_TEST(a_process_that_dies_before_any_run_ends_the_verification)
{
    const char *schemas = two_versions();
    ck_assert_int_eq(setenv("CHECK_CLI_APP_DIES", "1", 1), 0);
    drift_refuses(4, "a process was ended by signal 9 outside of any run, and not for the first time", "verify",
                  "--schemas", schemas, "--app", DRIFT_APP_LIBRARY, "--jobs", "2");
    ck_assert_int_eq(unsetenv("CHECK_CLI_APP_DIES"), 0);
}
END_TEST

START_TEST(a_process_that_is_told_to_end_ends_the_verification)
{
    const char *schemas = two_versions();
    program p =
        drift("verify", "--schemas", schemas, "--exec", "kill -15 $PPID; sleep 1000", "--data", "one", "--jobs", "2");
    ck_assert_int_eq(p.status, 4);
    ck_assert_str_eq(p.err, "drift: the verification was stopped\n");
    program_done(&p);
}
END_TEST

/* ---- ending ---- */

/* Starts a verification of three start versions by two processes whose commands do not end, in a folder for temporary
 * files of its own; gives its process once both commands run. */
static pid_t start_endless(const char *temporary)
{
    const char *schemas = todos();
    ck_assert_int_eq(mkdir(temporary, 0700), 0);
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        const int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 || setenv("TMPDIR", temporary, 1) != 0) _exit(126);
        execl(DRIFT_PROGRAM, DRIFT_PROGRAM, "verify", "--schemas", schemas, "--exec", "sleep 1000", "--data", "one",
              "--jobs", "2", (char *)NULL);
        _exit(127);
    }
    wait_until_holds(temporary, 2);
    return pid;
}

/* Loop: signals that the program is asked to end with. */
static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

START_TEST(a_signal_ends_all_processes_and_leaves_no_file)
{
    const char *temporary = in_folder("temporary");
    int status = 0;
    const pid_t pid = start_endless(temporary);
    ck_assert_int_eq(kill(pid, signals[_i]), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == signals[_i]);
    ck_assert_uint_eq(entries_in(temporary), 0);
}
END_TEST

START_TEST(processes_whose_parent_was_killed_end_in_order)
{
    const char *temporary = in_folder("temporary");
    int status = 0;
    const pid_t pid = start_endless(temporary);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    wait_until_holds(temporary, 0);
}
END_TEST

static void wait_until_told(const char *path, const char *text)
{
    for (bool told = false; !told; nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL)) {
        char *so_far = drift__file_exists(path) ? text_of(path) : NULL;
        told = so_far && strstr(so_far, text);
        drift_free(so_far);
    }
}

/* Code of an application that waits for something is not asked whether to go on. */
START_TEST(a_process_that_does_not_listen_is_ended)
{
    const char *schemas = three_versions(), *told = in_folder("told");
    int status = 0;
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        const int err = open(told, O_WRONLY | O_CREAT, 0600), null = open("/dev/null", O_WRONLY);
        if (err < 0 || null < 0 || dup2(null, 1) < 0 || dup2(err, 2) < 0) _exit(126);
        execl(DRIFT_PROGRAM, DRIFT_PROGRAM, "verify", "--schemas", schemas, "--app", DRIFT_APP_LIBRARY ":hanging_app",
              "--data", "one", "--no-paths", "--jobs", "2", "-v", (char *)NULL);
        _exit(127);
    }
    wait_until_told(told, "2->3 one: passed"); /* and another process is on the way from 1 to 3 */
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}
END_TEST

/* ---- shards ---- */

START_TEST(shards_merge_to_the_whole)
{
    program whole = verify_todos(in_folder("whole.json"), "--pairs", "all");
    for (int k = 1; k <= 3; k++) {
        char shard[8], name[16];
        snprintf(shard, sizeof shard, "%d/3", k);
        snprintf(name, sizeof name, "%d.json", k);
        program p = verify_todos(in_folder(name), "--shard", shard, "--jobs", k == 2 ? "2" : "1");
        ck_assert_int_le(p.status, 1);
        program_done(&p);
    }
    const char *one = in_folder("1.json"), *two = in_folder("2.json"), *three = in_folder("3.json");
    program p = drift_gives(1, "report", "merge", three, one, two, "-o", in_folder("merged.json"), "--format", "text");
    ck_assert_str_eq(p.out, "");
    program_done(&p);
    p = drift_gives(1, "report", "merge", three, one, two, "--format", "text", "--format", "json", "-o",
                    in_folder("merged.json"));
    ck_assert_str_eq(p.out, whole.out);
    assert_same_file(in_folder("merged.json"), in_folder("whole.json"));
    program_done(&p);
    program_done(&whole);
}
END_TEST

START_TEST(what_does_not_belong_together_is_refused)
{
    char text[4096];
    const char *one = in_folder("1.json"), *two = in_folder("2.json"), *other = in_folder("other.json");
    program p = verify_todos(one, "--shard", "1/2", "--data", "one");
    program_done(&p);
    p = verify_todos(two, "--shard", "2/2", "--data", "empty");
    program_done(&p);
    p = verify_todos(other, "--data", "one");
    program_done(&p);
    drift_refuses(3, "shard 2 of 2 is missing", "report", "merge", one);
    snprintf(text, sizeof text, "%s: shard 1 of 2 is there twice: %s is the same", one, one);
    drift_refuses(3, text, "report", "merge", one, one);
    snprintf(text, sizeof text,
             "%s: expected the options of %s, \"pairs all from 0 to 0, data one, rows 0, time limit 600000 ms\", "
             "found \"pairs all from 0 to 0, data empty, rows 0, time limit 600000 ms\"",
             two, one);
    drift_refuses(3, text, "report", "merge", one, two);
    snprintf(text, sizeof text, "%s: expected the report of a shard, found that of a whole verification", other);
    drift_refuses(3, text, "report", "merge", other);
    snprintf(text, sizeof text, "%s:1:6: expected JSON: '[' or '{' expected near 'drift'", file("t", "drift 0.1.0"));
    drift_refuses(3, text, "report", "merge", in_folder("t"));
    p = drift_gives(3, "report", "convert", in_folder("none.json"));
    program_done(&p);
}
END_TEST

START_TEST(a_shard_without_a_pair_says_so)
{
    const char *schemas = two_versions();
    program p = drift_gives(0, "verify", "--schemas", schemas, "--exec", "exit 1", "--shard", "2/2");
    ck_assert_holds(p.out, "shard       2 of 2\n");
    ck_assert_holds(p.out, "note: no pair is left for this shard; ");
    program_done(&p);
    p = drift_gives(0, "verify", "--schemas", schemas, "--exec", "exit 1", "--shard", "2/2", "--jobs", "2");
    ck_assert_holds(p.out, "note: no pair is left for this shard; ");
    program_done(&p);
}
END_TEST

START_TEST(a_report_becomes_text_later)
{
    program p = verify_todos(in_folder("r.json"), "--data", "one");
    program later = drift_gives(1, "report", "convert", in_folder("r.json"));
    ck_assert_str_eq(later.out, p.out);
    program_done(&later);
    later = drift_gives(1, "report", "convert", in_folder("r.json"), "--format", "json", "-o", in_folder("again.json"));
    assert_same_file(in_folder("again.json"), in_folder("r.json"));
    program_done(&later);
    program_done(&p);
}
END_TEST

/* Loop: what is no K/N. */
static const char *const no_shards[] = {"0/2",   "3/2",  "1",    "1/",  "/2",        "1/0",
                                        "1/2/3", "-1/2", "1 /2", "a/b", "1/1000001", "1/99999999999999999999"};

START_TEST(what_is_no_shard_is_wrong_usage)
{
    char text[256];
    snprintf(text, sizeof text, "--shard: expected K/N with 1 <= K <= N <= 1000000, found \"%s\"", no_shards[_i]);
    drift_refuses(2, text, "verify", "--schemas", "x", "--migrations", "x", "--shard", no_shards[_i]);
}
END_TEST

TCase *case_jobs(void)
{
    TCase *tcase = suite_case("jobs");
    tcase_add_loop_test(tcase, several_processes_tell_what_one_tells, 0, (int)(sizeof selections / sizeof *selections));
    tcase_add_test(tcase, every_run_is_told_as_it_ends);
    tcase_add_test(tcase, each_process_opens_the_application_for_itself);
    tcase_add_test(tcase, commands_and_their_time_limit_work_in_each_process);
    tcase_add_test(tcase, what_fails_is_kept_by_the_process_that_ran_it);
    tcase_add_test(tcase, an_error_is_told_once);
    tcase_add_loop_test(tcase, a_process_that_dies_costs_no_run_but_its_own, 0, (int)(sizeof deaths / sizeof *deaths));
    tcase_add_test(tcase, a_run_that_was_lost_is_told_as_it_ends_and_counted_once);
    tcase_add_test(tcase, an_expectation_of_a_run_that_was_lost_is_not_stale);
    tcase_add_test(tcase, a_command_that_kills_its_process_is_told);
    tcase_add_test(tcase, a_process_that_dies_before_any_run_ends_the_verification);
    tcase_add_test(tcase, a_process_that_is_told_to_end_ends_the_verification);
    tcase_add_test(tcase, a_process_that_does_not_listen_is_ended);
    tcase_add_loop_test(tcase, a_signal_ends_all_processes_and_leaves_no_file, 0,
                        (int)(sizeof signals / sizeof *signals));
    tcase_add_test(tcase, processes_whose_parent_was_killed_end_in_order);
    tcase_add_test(tcase, shards_merge_to_the_whole);
    tcase_add_test(tcase, what_does_not_belong_together_is_refused);
    tcase_add_test(tcase, a_shard_without_a_pair_says_so);
    tcase_add_test(tcase, a_report_becomes_text_later);
    tcase_add_loop_test(tcase, what_is_no_shard_is_wrong_usage, 0, (int)(sizeof no_shards / sizeof *no_shards));
    return tcase;
}
