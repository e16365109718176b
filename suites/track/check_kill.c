/* check_kill.c — a process that is killed at any time loses nothing: what it was told is written is delivered. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "track/world.h"

enum { ROUNDS = 15 };

/* The peer is a database of its own: it keeps the keys it has seen together with what they brought. */
typedef struct peer {
    drift_connection *db;
} peer;

static int deliver(drift_delivery *delivery, const drift_outbox_change *c, void *payload, drift_error *err)
{
    const peer *p = payload;
    const drift_value binds[] = {DRIFT_BIND_TEXT(c->idempotency_key, strlen(c->idempotency_key)),
                                 DRIFT_BIND_TEXT(c->key, strlen(c->key))};
    (void)delivery;
    return drift_query(p->db, "INSERT OR IGNORE INTO seen VALUES (?1, ?2)", binds, 2, NULL, NULL, err);
}

static int open_both(drift_connection **db, peer *p, const char *path, const char *peer_path)
{
    int rc = drift_connection_open(db, path, NULL, NULL);
    if (rc == DRIFT_OK) rc = drift_connection_open(&p->db, peer_path, NULL, NULL);
    /* the process is killed, not the machine: what was written is there without a sync */
    if (rc == DRIFT_OK) rc = drift_exec(*db, "PRAGMA synchronous = OFF", NULL);
    return rc != DRIFT_OK ? rc : drift_exec(p->db, "PRAGMA synchronous = OFF", NULL);
}

/* Writes rows and tells each one that is committed, delivering now and then, until it is killed. No assertions here:
 * the process is not the test's. */
static void work(const char *path, const char *peer_path, int told)
{
    const drift_sync_options options = {.outbox = {.limit = 3, .lease_ms = 1}};
    drift_connection *db = NULL;
    peer p = {NULL};
    if (open_both(&db, &p, path, peer_path) != DRIFT_OK) _exit(2);
    for (int i = 0;; i++) {
        int64_t id = 0;
        if (drift_exec(db, "INSERT INTO posts (title) VALUES ('x')", NULL) != DRIFT_OK) _exit(3);
        id = drift_last_insert_rowid(db);
        if (write(told, &id, sizeof id) != (ssize_t)sizeof id) _exit(4);
        if (i % 3 == 2 && drift_sync_run(db, deliver, &p, &options, NULL, NULL) != DRIFT_OK) _exit(5);
    }
}

static int64_t note_told(drift_connection *there, int64_t id)
{
    drift_error err = {0};
    const drift_value bind = DRIFT_BIND_INT64(id);
    ck_assert_drift(drift_query(there, "INSERT INTO told VALUES (?1)", &bind, 1, NULL, NULL, &err));
    return 1;
}

/* Reads what the process told, into the table `told` of the peer. */
static int64_t collect(int from, int64_t first, drift_connection *there)
{
    int64_t id = 0, count = note_told(there, first);
    while (read(from, &id, sizeof id) == (ssize_t)sizeof id) count += note_told(there, id);
    return count;
}

static pid_t start(const char *path, const char *peer_path, int *from)
{
    int ends[2];
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        close(ends[0]);
        work(path, peer_path, ends[1]);
    }
    close(ends[1]);
    *from = ends[0];
    return child;
}

static void kill_after(pid_t child, unsigned microseconds)
{
    int status = 0;
    const struct timespec wait = {0, (long)microseconds * 1000};
    nanosleep(&wait, NULL);
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_msg(WIFSIGNALED(status), "the process ended by itself with %d", WEXITSTATUS(status));
}

START_TEST(a_process_killed_at_any_time_loses_nothing)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    drift_schema *schema = NULL;
    peer p = {NULL};
    int64_t told = 0;
    char *folder = suite_folder();
    char *path = drift__path_join(folder, "app.db"), *peer_path = drift__path_join(folder, "peer.db");
    ck_assert_int_eq(open_both(&db, &p, path, peer_path), DRIFT_OK);
    schema = world_create(db, world_posts_sql, &world_posts);
    if (_i) ck_assert_drift(drift_exec(db, "PRAGMA journal_mode = WAL", &err));
    ck_assert_drift(
        drift_exec(p.db, "CREATE TABLE seen (id TEXT PRIMARY KEY, key TEXT); CREATE TABLE told (id)", &err));
    drift_connection_close(db);
    srand(1);
    for (int round = 0; round < ROUNDS; round++) {
        int from = -1;
        drift_connection_close(p.db); /* an open database is not carried over a fork */
        const pid_t child = start(path, peer_path, &from);
        int64_t first = 0; /* it is at work when it has told something */
        ck_assert_int_eq(read(from, &first, sizeof first), sizeof first);
        kill_after(child, (unsigned)(rand() % 30000) + 1000);
        ck_assert_drift(drift_connection_open(&p.db, peer_path, NULL, &err));
        told += collect(from, first, p.db);
        close(from);
    }
    ck_assert_drift(drift_connection_open(&db, path, NULL, &err));
    /* a lease of a millisecond is over by now, a wait there is none */
    ck_assert_drift(drift_sync_run(
        db, deliver, &p, &(drift_sync_options){.outbox = {.lease_ms = 1, .max_attempts = 1000000}}, NULL, &err));
    ck_assert_value(p.db, "SELECT count(*) FROM told WHERE '{\"id\":' || id || '}' NOT IN (SELECT key FROM seen)", "0");
    ck_assert_value(p.db, "SELECT count(*) - count(DISTINCT key) FROM seen", "0");
    ck_assert_value(db, "SELECT count(*) FROM drift_track_outbox", "0");
    char *rows = suite_value(db, "SELECT count(*) FROM posts");
    ck_assert_value(p.db, "SELECT count(*) FROM seen", rows);
    printf("outbox: %d kills, %lld rows told, %s rows delivered\n", ROUNDS, (long long)told, rows);
    drift_free(rows);
    drift_connection_close(db);
    drift_connection_close(p.db);
    drift_schema_free(schema);
    drift_free(path);
    drift_free(peer_path);
    suite_folder_remove(folder);
}
END_TEST

TCase *kill_case(void)
{
    TCase *tcase = suite_case("kill");
    tcase_add_loop_test(tcase, a_process_killed_at_any_time_loses_nothing, 0, 2);
    return tcase;
}
