/* jobs.c — one parent, several children.
 *
 * Children are forked, not executed anew: they have read what the parent has read, so that all of them verify the same
 * even where a file changes meanwhile, and nothing is read twice. At that point the program has one thread and no
 * connection ("Do not open an SQLite database connection, then fork(2), then try to use that database connection in the
 * child process", https://www.sqlite.org/howtocorrupt.html, 2.6); a library of --app, which may have both, is opened by
 * the children. Each makes its own verification, says how many portions it divides into, and gets one after another;
 * the parent hands them out in their order and puts together what comes back.
 */
#include "cli/jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "cli/app.h"
#include "cli/jobs_channel.h"
#include "cli/signals.h"
#include "drift/kit/report.h"
#include "outcome/outcome.h"
#include "verify/verification.h"

/* ---- a child ---- */

typedef struct child {
    const drift__jobs_work *work;
    size_t jobs;
    int fd;
    pid_t parent;
} child;

static void tell_begun(int from, int to, const char *data, size_t number, size_t count, void *payload)
{
    const child *c = payload;
    drift__message_begun begun = {.from = from, .to = to};
    (void)number;
    (void)count;
    snprintf(begun.data, sizeof begun.data, "%s", data);
    (void)drift__channel_send(c->fd, DRIFT__MESSAGE_BEGUN, &begun, sizeof begun);
}

/* Nobody waits for what a child finds whose parent is gone. */
static bool is_stopped(void *payload)
{
    const child *c = payload;
    return drift__signals_came(NULL) || getppid() != c->parent;
}

static int run_portion(const child *c, drift__verification *v, size_t portion, drift_error *err)
{
    drift_outcome *outcome = NULL;
    char *json = NULL;
    int rc = drift__verification_run(&outcome, v, portion, err);
    if (rc == DRIFT_OK) rc = drift_reporter_named("json")->print(&json, outcome, NULL, err);
    if (rc == DRIFT_OK) (void)drift__channel_send(c->fd, DRIFT__MESSAGE_PART, json, strlen(json));
    drift_free(json);
    drift_outcome_free(outcome);
    return rc;
}

static int run_portions(const child *c, drift__verification *v, drift_error *err)
{
    drift__message_ready ready = {.runs = drift__verification_runs(v)};
    uint64_t portion = 0;
    int rc = drift__verification_divide(&ready.portions, v, c->jobs, err);
    if (rc == DRIFT_OK) (void)drift__channel_send(c->fd, DRIFT__MESSAGE_READY, &ready, sizeof ready);
    while (rc == DRIFT_OK && drift__channel_read_number(&portion, c->fd, drift__signals_came))
        rc = run_portion(c, v, (size_t)portion, err);
    return rc;
}

static int verify(child *c, drift_error *err)
{
    const drift_listener listener = {tell_begun, NULL, c};
    drift_verify_options options = *c->work->options;
    drift_migration_source source = c->work->source;
    drift__verification *v = NULL;
    drift__app app = {0};
    options.listener = &listener;
    options.is_stopped = is_stopped;
    options.stop_payload = c;
    int rc = c->work->app ? drift__app_open(&app, c->work->app, err) : DRIFT_OK;
    if (app.definition) source.definition = app.definition;
    if (rc == DRIFT_OK) rc = drift__verification_begin(&v, c->work->schemas, &source, &options, err);
    if (rc == DRIFT_OK) rc = run_portions(c, v, err);
    drift__verification_free(v);
    drift__app_close(&app);
    return rc;
}

static void be_child(const drift__jobs_work *work, size_t jobs, int fd, pid_t parent)
{
    child c = {work, jobs, fd, parent};
    drift_error err = {0};
    drift__signals_set_final(true);
    sqlite3_randomness(0, NULL); /* random numbers of its own */
    if (verify(&c, &err) != DRIFT_OK) (void)drift__channel_send(fd, DRIFT__MESSAGE_ERROR, &err, sizeof err);
    exit(0);
}

/* ---- the parent ---- */

typedef struct worker {
    pid_t pid;
    int fd; /* -1: it has ended */
    drift__str inbox;
    bool busy;
    drift__message_begun run; /* the last that it began; from 0: none */
} worker;

typedef struct jobs {
    const drift__jobs_work *work;
    worker *workers;
    size_t count;
    drift__message_ready ready; /* all zero until the first child is: there is at least one portion */
    size_t next;                /* the portion that is handed out next */
    drift_outcome **parts;
    size_t part_count, part_capacity;
    size_t begun, ended; /* runs */
    bool killed;
    int rc;
    drift_error *err;
} jobs;

static void fail(jobs *j, int rc)
{
    if (j->rc != DRIFT_OK) return;
    j->rc = rc;
    /* Those that wait see the end, those that work the signal. */
    for (size_t i = 0; i < j->count; i++) {
        if (j->workers[i].fd < 0) continue;
        (void)shutdown(j->workers[i].fd, SHUT_WR);
        (void)kill(j->workers[i].pid, SIGTERM);
    }
}

static void hand_out(jobs *j, worker *w)
{
    w->busy = j->next < j->ready.portions;
    if (w->busy)
        (void)drift__channel_send_number(w->fd, j->next++);
    else
        (void)shutdown(w->fd, SHUT_WR);
}

static void take_ready(jobs *j, worker *w, const drift__message *message)
{
    memcpy(&j->ready, message->bytes, sizeof j->ready); /* each says the same */
    hand_out(j, w);
}

static void take_begun(jobs *j, worker *w, const drift__message *message)
{
    const drift_listener *listener = j->work->options->listener;
    memcpy(&w->run, message->bytes, sizeof w->run);
    j->begun++;
    if (listener && listener->run_begins)
        listener->run_begins(w->run.from, w->run.to, w->run.data, j->begun, j->ready.runs, listener->payload);
}

static void take_part(jobs *j, worker *w, const drift__message *message)
{
    const drift_listener *listener = j->work->options->listener;
    drift_outcome *part = NULL;
    int rc = drift_report_read(&part, message->bytes, message->length, "a process", j->err);
    if (rc == DRIFT_OK &&
        drift__reserve((void **)&j->parts, &j->part_capacity, j->part_count + 1, sizeof(drift_outcome *)) != 0)
        rc = drift__no_memory(j->err);
    if (rc != DRIFT_OK) {
        drift_outcome_free(part);
        fail(j, rc);
        return;
    }
    j->parts[j->part_count++] = part;
    for (size_t i = 0; i < part->run_count; i++) {
        j->ended++;
        if (listener && listener->run_ended)
            listener->run_ended(&part->runs[i], j->ended, j->ready.runs, listener->payload);
    }
    hand_out(j, w);
}

static void take_error(jobs *j, const drift__message *message)
{
    drift_error why;
    memcpy(&why, message->bytes, sizeof why);
    if (j->rc == DRIFT_OK && j->err && !j->err->code) *j->err = why;
    fail(j, why.code);
}

/* Once something failed, nothing else is listened to. */
static void take_messages(jobs *j, worker *w)
{
    drift__message message;
    while (j->rc == DRIFT_OK && drift__channel_next(&message, &w->inbox)) {
        switch (message.kind) {
        case DRIFT__MESSAGE_READY: take_ready(j, w, &message); break;
        case DRIFT__MESSAGE_BEGUN: take_begun(j, w, &message); break;
        case DRIFT__MESSAGE_PART: take_part(j, w, &message); break;
        case DRIFT__MESSAGE_ERROR:
            take_error(j, &message);
            w->busy = false;
            break;
        }
        drift__channel_drop(&w->inbox, &message);
    }
    if (w->inbox.failed) fail(j, drift__no_memory(j->err));
    if (j->rc != DRIFT_OK) drift__str_truncate(&w->inbox, 0);
}

static void tell_death(jobs *j, const worker *w, int status)
{
    char work[64] = "began to verify";
    if (j->rc != DRIFT_OK) return;
    if (w->run.from) snprintf(work, sizeof work, "verified %d->%d %s", w->run.from, w->run.to, w->run.data);
    if (WIFSIGNALED(status))
        drift__error(j->err, DRIFT_CHILD, "the process that %s was ended by signal %d", work, WTERMSIG(status));
    else
        drift__error(j->err, DRIFT_CHILD, "the process that %s ended by itself, with status %d", work,
                     WEXITSTATUS(status));
    drift__error_hint(j->err, "--jobs 1 with --from and --to repeats it alone");
    fail(j, DRIFT_CHILD);
}

static void bury(jobs *j, worker *w)
{
    int status = 0;
    close(w->fd);
    w->fd = -1;
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR) continue;
    if (w->busy || !j->ready.portions || !WIFEXITED(status) || WEXITSTATUS(status) != 0) tell_death(j, w, status);
}

/* The first signal asks the children to end, as many as urge end them. */
static void heed_signals(jobs *j)
{
    if (drift__signals_came(NULL) && j->rc == DRIFT_OK)
        fail(j, drift__error(j->err, DRIFT_INTERRUPTED, "the verification was stopped"));
    if (!drift__signals_urge() || j->killed) return;
    for (size_t i = 0; i < j->count; i++) {
        if (j->workers[i].fd >= 0) (void)kill(j->workers[i].pid, SIGKILL);
    }
    j->killed = true;
}

/* Until every child has ended. */
static void listen_to_all(jobs *j, struct pollfd *polled)
{
    enum { AWAKE_MS = 200 }; /* a signal may come just before the wait begins */
    for (size_t alive = j->count; alive;) {
        for (size_t i = 0; i < j->count; i++) polled[i] = (struct pollfd){.fd = j->workers[i].fd, .events = POLLIN};
        const int ready = poll(polled, (nfds_t)j->count, AWAKE_MS);
        heed_signals(j);
        for (size_t i = 0; ready > 0 && i < j->count; i++) {
            worker *w = &j->workers[i];
            if (w->fd < 0 || !polled[i].revents) continue;
            if (drift__channel_read(&w->inbox, w->fd)) {
                take_messages(j, w);
            } else {
                bury(j, w);
                alive--;
            }
        }
    }
}

static int start(jobs *j, size_t jobs_wanted, drift_error *err)
{
    int ours = -1, theirs = -1;
    const pid_t parent = getpid();
    const int rc = drift__channel_open(&ours, &theirs, err);
    if (rc != DRIFT_OK) return rc;
    const pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < j->count; i++) close(j->workers[i].fd);
        close(ours);
        be_child(j->work, jobs_wanted, theirs, parent);
    }
    close(theirs);
    if (pid < 0) {
        close(ours);
        return drift__error(err, DRIFT_CHILD, "a process could not be started: errno %d", errno);
    }
    j->workers[j->count++] = (worker){.pid = pid, .fd = ours, .inbox = DRIFT__STR_INIT};
    return DRIFT_OK;
}

static int merge(drift_outcome **out, const jobs *j, drift_error *err)
{
    const drift_verify_options *options = j->work->options;
    const char **names = drift__calloc(j->part_count, sizeof(const char *));
    if (!names) return drift__no_memory(err);
    for (size_t i = 0; i < j->part_count; i++) names[i] = "a process";
    const int rc = drift__outcome_merge(out, (const drift_outcome *const *)j->parts, names, j->part_count,
                                        (size_t)options->shard, (size_t)options->shards, err);
    drift__free(names);
    return rc;
}

int drift__jobs_verify(drift_outcome **out, size_t jobs_wanted, const drift__jobs_work *work, drift_error *err)
{
    jobs j = {.work = work, .workers = drift__calloc(jobs_wanted, sizeof(worker)), .err = err};
    struct pollfd *polled = drift__calloc(jobs_wanted, sizeof *polled);
    *out = NULL;
    if (!j.workers || !polled) fail(&j, drift__no_memory(err));
    drift__signals_set_final(false);
    fflush(NULL); /* else each child would write it again */
    while (j.rc == DRIFT_OK && j.count < jobs_wanted) {
        const int rc = start(&j, jobs_wanted, err);
        if (rc != DRIFT_OK) fail(&j, rc);
    }
    if (j.count) listen_to_all(&j, polled);
    drift__signals_set_final(true);
    if (j.rc == DRIFT_OK) j.rc = merge(out, &j, err);
    for (size_t i = 0; i < j.part_count; i++) drift_outcome_free(j.parts[i]);
    for (size_t i = 0; i < j.count; i++) drift__str_dispose(&j.workers[i].inbox);
    drift__free(j.parts);
    drift__free(polled);
    drift__free(j.workers);
    return j.rc;
}
