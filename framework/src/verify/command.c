/* command.c — a shell command as what migrates: any language can be verified by a file before and a file after. */
#include "verify/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "runtime/pragma.h"
#include "verify/world.h"

extern char **environ;

/* Where the command works. */
typedef struct place {
    drift__arena arena;
    char *folder; /* NULL: not made */
    const char *database;
    const char *output;  /* what the command printed */
    const char *resized; /* the database with pages of another size, if need be */
} place;

static int make_place(place *p, drift_error *err)
{
    const char *given = getenv("TMPDIR"), *base = given && *given ? given : "/tmp";
    char *folder = drift__arena_printf(&p->arena, "%s/drift.XXXXXX", base);
    if (!folder) return drift__no_memory(err);
    if (!mkdtemp(folder)) return drift__error_errno(err, errno, "make a folder in", base);
    p->folder = folder;
    p->database = drift__arena_printf(&p->arena, "%s/database.db", p->folder);
    p->resized = drift__arena_printf(&p->arena, "%s/resized.db", p->folder);
    p->output = drift__arena_printf(&p->arena, "%s/output", p->folder);
    return p->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

/* Links are not followed. Deeper than that nobody's command goes by accident. */
enum { DEEPEST = 16 };

static void remove_folder(const char *folder, int depth)
{
    char **names = NULL;
    size_t count = 0;
    if (drift__folder_list(&names, &count, folder, NULL) == DRIFT_OK) {
        for (size_t i = 0; i < count; i++) {
            char *path = drift__path_join(folder, names[i]);
            struct stat at;
            if (path && depth < DEEPEST && lstat(path, &at) == 0 && S_ISDIR(at.st_mode)) remove_folder(path, depth + 1);
            if (path) (void)unlink(path);
            drift__free(path);
        }
        drift__names_free(names, count);
    }
    (void)rmdir(folder);
}

/* With everything that the command left there. */
static void remove_place(place *p)
{
    if (p->folder) remove_folder(p->folder, 0);
    drift__arena_dispose(&p->arena);
}

/* ---- the command's text ---- */

static int write_command(char **out, const drift__attempt *attempt, const place *p, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    const char *at = attempt->source->command;
    while (*at) {
        if (strncmp(at, "{db}", 4) == 0) {
            drift__str_puts(&text, p->database);
            at += 4;
        } else if (strncmp(at, "{from}", 6) == 0) {
            drift__str_printf(&text, "%d", attempt->from);
            at += 6;
        } else if (strncmp(at, "{to}", 4) == 0) {
            drift__str_printf(&text, "%d", attempt->to);
            at += 4;
        } else {
            drift__str_putc(&text, *at++);
        }
    }
    return drift__str_take(out, &text, err);
}

/* ---- the process ---- */

/* A process group of its own, so that what the command starts can be ended with it; nothing to read, and all that is
 * printed goes to a file, since standard output is the report's. */
static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, const char *output)
{
    int failed = posix_spawnattr_setflags(how, POSIX_SPAWN_SETPGROUP);
    if (!failed) failed = posix_spawnattr_setpgroup(how, 0);
    if (!failed) failed = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    if (!failed) failed = posix_spawn_file_actions_addopen(files, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return failed ? failed : posix_spawn_file_actions_adddup2(files, 1, 2);
}

static int start(pid_t *child, char *command, const place *p)
{
    char shell[] = "sh", option[] = "-c";
    char *arguments[] = {shell, option, command, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int failed = posix_spawn_file_actions_init(&files);
    if (failed) return failed;
    if ((failed = posix_spawnattr_init(&how)) == 0) {
        failed = prepare(&files, &how, p->output);
        if (!failed) failed = posix_spawn(child, "/bin/sh", &files, &how, arguments, environ);
        posix_spawnattr_destroy(&how);
    }
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static void pause_ms(long milliseconds)
{
    const struct timespec span = {0, milliseconds * 1000000};
    nanosleep(&span, NULL);
}

static bool is_limited(const drift__attempt *attempt)
{
    return attempt->deadline_us || attempt->options->is_stopped;
}

/* Waits for its end, or ends it when its time is over. */
static int wait_for(drift__attempt *attempt, pid_t child, int *status)
{
    pid_t ended = 0;
    bool is_over = false;
    for (long span = 1; is_limited(attempt) && !is_over; span = span < 20 ? span + 1 : span) {
        ended = waitpid(child, status, WNOHANG);
        if (ended == child || (ended < 0 && errno != EINTR)) break;
        is_over = drift__attempt_is_over(attempt);
        if (!is_over) pause_ms(span);
    }
    if (is_over) (void)kill(-child, SIGKILL);
    while (ended != child && (ended = waitpid(child, status, 0)) < 0 && errno == EINTR) continue;
    return ended == child ? 0 : errno;
}

/* The last line that was printed is most often why. */
static const char *last_line(place *p)
{
    char *text = NULL;
    size_t length = 0;
    if (drift__file_read(&text, &length, p->output, NULL) != DRIFT_OK) return "";
    while (length && strchr(" \t\r\n", text[length - 1])) length--;
    size_t begin = length;
    while (begin && text[begin - 1] != '\n') begin--;
    const char *line = drift__arena_strndup(&p->arena, text + begin, length - begin);
    drift__free(text);
    return line ? line : "";
}

/* https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_08_02: a shell that finds no such
 * command ends with 127, one that cannot execute it with 126. */
static int judge_status(drift__attempt *attempt, place *p, int status, drift_error *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return DRIFT_OK;
    const char *line = last_line(p);
    const char *colon = *line ? ": " : "";
    if (!WIFEXITED(status))
        return drift__error(err, DRIFT_MIGRATION, "the command was ended by signal %d%s%s",
                            WIFSIGNALED(status) ? WTERMSIG(status) : 0, colon, line);
    attempt->not_started = WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == 126;
    if (attempt->not_started)
        return drift__error(err, DRIFT_CHILD, "the command could not be started%s%s", colon, line);
    return drift__error(err, DRIFT_MIGRATION, "expected that the command ends with status 0, found %d%s%s",
                        WEXITSTATUS(status), colon, line);
}

static int run_command(drift__attempt *attempt, place *p, drift_error *err)
{
    char *command = NULL;
    pid_t child = 0;
    int status = 0;
    int rc = write_command(&command, attempt, p, err);
    if (rc != DRIFT_OK) return rc;
    int failed = start(&child, command, p);
    if (!failed) failed = wait_for(attempt, child, &status);
    drift__free(command);
    if (failed) {
        attempt->not_started = true;
        return drift__error(err, DRIFT_CHILD, "the command could not be run: errno %d", failed);
    }
    return judge_status(attempt, p, status, err);
}

/* ---- the file, there and back ---- */

/* Pages cannot be copied into memory where they have another size. VACUUM INTO keeps the rowids that VACUUM may change.
 */
static int resize(const place *p, drift_connection *file, int64_t page_size, drift_error *err)
{
    char pragma[64];
    const drift_value bind = DRIFT_BIND_TEXT(p->resized, strlen(p->resized));
    snprintf(pragma, sizeof pragma, "PRAGMA main.page_size = %lld", (long long)page_size);
    const int rc = drift_exec(file, pragma, err);
    return rc == DRIFT_OK ? drift_query(file, "VACUUM main INTO ?", &bind, 1, NULL, NULL, err) : rc;
}

static int read_file(drift_connection *connection, const char *path, drift_error *err)
{
    const drift_connection_options how = {.mode = DRIFT_OPEN_EXISTING};
    drift_connection *file = NULL;
    int rc = drift_connection_open(&file, path, &how, err);
    if (rc == DRIFT_OK) rc = drift__world_copy(connection, file, err);
    drift_connection_close(file);
    return rc;
}

/* What the command left in a WAL belongs to the database; in memory there is none. */
static int settle(bool *resized, const place *p, drift_connection *connection, drift_error *err)
{
    const drift_connection_options how = {.mode = DRIFT_OPEN_EXISTING};
    drift_connection *file = NULL;
    drift__journal journal;
    int64_t wanted = 0, found = 0;
    int rc = drift_connection_open(&file, p->database, &how, err);
    if (rc == DRIFT_OK) rc = drift__journal_get(&journal, file, err);
    if (rc == DRIFT_OK && journal == DRIFT__JOURNAL_WAL) rc = drift__journal_set(file, DRIFT__JOURNAL_DELETE, 0, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&wanted, connection, DRIFT__PRAGMA_PAGE_SIZE, err);
    if (rc == DRIFT_OK) rc = drift__pragma_get(&found, file, DRIFT__PRAGMA_PAGE_SIZE, err);
    *resized = rc == DRIFT_OK && wanted != found;
    if (*resized) rc = resize(p, file, wanted, err);
    drift_connection_close(file);
    return rc;
}

static int read_back(const place *p, drift_connection *connection, drift_error *err)
{
    bool resized = false;
    const int rc = settle(&resized, p, connection, err);
    return rc == DRIFT_OK ? read_file(connection, resized ? p->resized : p->database, err) : rc;
}

/* The folder has another name each time; a report shall not. */
static void tell(drift_error *err, const drift_error *why, const place *p)
{
    const char *at = p->database ? strstr(why->text, p->database) : NULL;
    if (!err || err->code) return;
    *err = *why;
    if (!at) return;
    err->code = DRIFT_OK;
    err->text[0] = '\0';
    drift__error(err, why->code, "%.*s{db}%s", (int)(at - why->text), why->text, at + strlen(p->database));
}

int drift__command_run(drift__attempt *attempt, drift_connection *connection, drift_error *err)
{
    place p = {.arena = DRIFT__ARENA_INIT};
    drift_error why = {0};
    int rc = make_place(&p, &why);
    if (rc == DRIFT_OK) rc = drift__world_save(connection, p.database, &why);
    attempt->not_started = rc != DRIFT_OK;
    if (rc == DRIFT_OK) rc = run_command(attempt, &p, &why);
    if (rc == DRIFT_OK && (rc = read_back(&p, connection, &why)) != DRIFT_OK)
        drift__error_source(&why, "what the command left");
    if (rc != DRIFT_OK) tell(err, &why, &p);
    remove_place(&p);
    return rc;
}
