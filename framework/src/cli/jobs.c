/* jobs.c — one parent, several children.
 *
 * Children are forked, not executed anew: they have read what the parent has read, so that all of them verify the same
 * even where a file changes meanwhile, and nothing is read twice. At that point the program has one thread and no
 * connection ("Do not open an SQLite database connection, then fork(2), then try to use that database connection in the
 * child process", https://www.sqlite.org/howtocorrupt.html, 2.6); a library of --app, which may have both, is opened by
 * the children. Each makes its own verification, says how many portions it divides into, and gets one after another;
 * the parent hands them out in their order and puts together what comes back.
 *
 * A child may end in the middle of a run: an application's code crashes, memory is out. The run is lost, and told as a
 * migration that failed. A successor, which knows what was lost, begins the portion anew: what the child had run of it
 * it had not told yet.
 */
#include "cli/jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/jobs_channel.h"
#include "cli/jobs_child.h"
#include "cli/signals.h"
#include "drift/kit/report.h"
#include "outcome/outcome.h"

typedef struct worker {
    pid_t pid;
    int fd; /* -1: it has ended */
    drift__str inbox;
    bool busy; /* it has a portion: this one */
    size_t portion;
    size_t begun; /* runs of it */
    bool runs;    /* it is at one: this one */
    drift__message_begun run;
    bool fell; /* since the last portion that was told, a process ended that was at none */
} worker;

typedef struct jobs {
    const drift__jobs_work *work;
    worker *workers;
    size_t count;
    drift__message_ready ready; /* all zero until the first child is: there is at least one portion */
    size_t next;                /* the portion that is handed out next */
    drift_outcome **parts;
    size_t part_count, part_capacity;
    drift__lost_run *lost;
    size_t lost_count, lost_capacity;
    size_t begun, ended; /* runs */
    int64_t patient_until_us;
    bool killed;
    int rc;
    drift_error *err;
} jobs;

/* How long children that are told to end may go on: code that waits for something else does not hear it. */
enum { PATIENCE_MS = 2000 };

static void fail(jobs *j, int rc)
{
    if (j->rc != DRIFT_OK) return;
    j->rc = rc;
    j->patient_until_us = drift__clock_us() + PATIENCE_MS * 1000;
    /* Those that wait see the end, those that work the signal. */
    for (size_t i = 0; i < j->count; i++) {
        if (j->workers[i].fd < 0) continue;
        (void)shutdown(j->workers[i].fd, SHUT_WR);
        (void)kill(j->workers[i].pid, SIGTERM);
    }
}

/* ---- what a child tells ---- */

/* The portion of a process that ended stays with its successor. */
static void hand_out(jobs *j, worker *w)
{
    if (!w->busy && j->next < j->ready.portions) {
        w->busy = true;
        w->portion = j->next++;
    }
    w->begun = 0;
    if (w->busy)
        (void)drift__channel_send_number(w->fd, w->portion);
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
    w->runs = true;
    w->begun++;
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
    w->busy = w->fell = false;
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
        case DRIFT__MESSAGE_ENDED: w->runs = false; break;
        case DRIFT__MESSAGE_PART: take_part(j, w, &message); break;
        case DRIFT__MESSAGE_ERROR: take_error(j, &message); break;
        }
        drift__channel_drop(&w->inbox, &message);
    }
    if (w->inbox.failed) fail(j, drift__no_memory(j->err));
    if (j->rc != DRIFT_OK) drift__str_truncate(&w->inbox, 0);
}

/* ---- a child's end ---- */

static int start(jobs *j, worker *w)
{
    int ours = -1, theirs = -1;
    drift__jobs_child child = {
        .work = j->work, .jobs = j->count, .lost = j->lost, .lost_count = j->lost_count, .parent = getpid()};
    const int rc = drift__channel_open(&ours, &theirs, j->err);
    if (rc != DRIFT_OK) return rc;
    fflush(NULL); /* else the child would write it again */
    const pid_t pid = fork();
    if (pid == 0) {
        for (size_t i = 0; i < j->count; i++) {
            if (j->workers[i].fd >= 0) close(j->workers[i].fd);
        }
        close(ours);
        child.fd = theirs;
        drift__jobs_child_run(&child);
    }
    close(theirs);
    if (pid < 0) {
        close(ours);
        return drift__error(j->err, DRIFT_CHILD, "a process could not be started: errno %d", errno);
    }
    w->pid = pid;
    w->fd = ours;
    return DRIFT_OK;
}

static int lose_run(jobs *j, const drift__message_begun *run, const char *how)
{
    if (drift__reserve((void **)&j->lost, &j->lost_capacity, j->lost_count + 1, sizeof *j->lost) != 0)
        return drift__no_memory(j->err);
    drift__lost_run *lost = &j->lost[j->lost_count++];
    *lost = (drift__lost_run){.from = run->from, .to = run->to};
    memcpy(lost->data, run->data, sizeof lost->data);
    snprintf(lost->how, sizeof lost->how, "%s", how);
    return DRIFT_OK;
}

/* Where no run is to blame it may have been chance, once. */
static int blame(jobs *j, worker *w, int status)
{
    char how[48];
    if (WIFSIGNALED(status))
        snprintf(how, sizeof how, "was ended by signal %d", WTERMSIG(status));
    else
        snprintf(how, sizeof how, "ended by itself, with status %d", WEXITSTATUS(status));
    const drift__message_begun *run = &w->run;
    if (w->runs && !drift__lost_find(j->lost, j->lost_count, run->from, run->to, run->data))
        return lose_run(j, run, how);
    const bool again = w->fell;
    w->fell = true;
    if (!again) return DRIFT_OK;
    drift__error(j->err, DRIFT_CHILD, "a process %s outside of any run, and not for the first time", how);
    drift__error_hint(j->err, "--jobs 1 does without others");
    return DRIFT_CHILD;
}

/* A child that ends while there is work gets a successor. */
static void bury(jobs *j, worker *w)
{
    int status = 0;
    close(w->fd);
    w->fd = -1;
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR) continue;
    const bool done = !w->busy && j->ready.portions && j->next == j->ready.portions;
    if (done || j->rc != DRIFT_OK) return;
    int rc = blame(j, w, status);
    j->begun -= w->begun;
    w->begun = 0;
    w->runs = false;
    drift__str_truncate(&w->inbox, 0);
    if (rc == DRIFT_OK) rc = start(j, w);
    if (rc != DRIFT_OK) fail(j, rc);
}

/* ---- all of them ---- */

/* The first signal asks the children to end; they are ended by as many as urge, and if they take too long. */
static void heed_signals(jobs *j)
{
    const drift_verify_options *options = j->work->options;
    if (options->is_stopped(options->stop_payload) && j->rc == DRIFT_OK)
        fail(j, drift__error(j->err, DRIFT_INTERRUPTED, "the verification was stopped"));
    const bool late = j->rc != DRIFT_OK && drift__clock_us() >= j->patient_until_us;
    if ((!late && !drift__signals_urge()) || j->killed) return;
    for (size_t i = 0; i < j->count; i++) {
        if (j->workers[i].fd >= 0) (void)kill(j->workers[i].pid, SIGKILL);
    }
    j->killed = true;
}

static size_t count_alive(const jobs *j)
{
    size_t alive = 0;
    for (size_t i = 0; i < j->count; i++) alive += j->workers[i].fd >= 0;
    return alive;
}

/* Until every child has ended. */
static void listen_to_all(jobs *j, struct pollfd *polled)
{
    enum { AWAKE_MS = 200 }; /* a signal may come just before the wait begins */
    while (count_alive(j)) {
        for (size_t i = 0; i < j->count; i++) polled[i] = (struct pollfd){.fd = j->workers[i].fd, .events = POLLIN};
        const int ready = poll(polled, (nfds_t)j->count, AWAKE_MS);
        heed_signals(j);
        for (size_t i = 0; ready > 0 && i < j->count; i++) {
            worker *w = &j->workers[i];
            if (polled[i].fd < 0 || !polled[i].revents) continue;
            if (drift__channel_read(&w->inbox, w->fd))
                take_messages(j, w);
            else
                bury(j, w);
        }
    }
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

static int start_all(jobs *j, size_t wanted)
{
    j->workers = drift__calloc(wanted, sizeof *j->workers);
    if (!j->workers) return drift__no_memory(j->err);
    for (size_t i = 0; i < wanted; i++) j->workers[i] = (worker){.fd = -1, .inbox = DRIFT__STR_INIT};
    j->count = wanted;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < wanted; i++) rc = start(j, &j->workers[i]);
    return rc;
}

static void dispose(jobs *j)
{
    for (size_t i = 0; i < j->part_count; i++) drift_outcome_free(j->parts[i]);
    for (size_t i = 0; i < j->count; i++) drift__str_dispose(&j->workers[i].inbox);
    drift__free(j->parts);
    drift__free(j->lost);
    drift__free(j->workers);
}

int drift__jobs_verify(drift_outcome **out, size_t jobs_wanted, const drift__jobs_work *work, drift_error *err)
{
    jobs j = {.work = work, .err = err};
    struct pollfd *polled = drift__calloc(jobs_wanted, sizeof *polled);
    *out = NULL;
    if (!polled) return drift__no_memory(err);
    drift__signals_set_final(false);
    const int rc = start_all(&j, jobs_wanted);
    if (rc != DRIFT_OK) fail(&j, rc);
    listen_to_all(&j, polled);
    drift__signals_set_final(true);
    if (j.rc == DRIFT_OK) j.rc = merge(out, &j, err);
    dispose(&j);
    drift__free(polled);
    return j.rc;
}
