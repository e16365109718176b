/* jobs_channel.c */
#include "cli/jobs_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

/* Stands before each message. */
typedef struct head {
    drift__message_kind kind;
    size_t length;
} head;

int drift__channel_open(int *parent, int *child, drift_error *err)
{
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return drift__error(err, DRIFT_CHILD, "a process could not be started: errno %d", errno);
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    *parent = ends[0];
    *child = ends[1];
    return DRIFT_OK;
}

static bool write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length) {
        const ssize_t written = write(fd, at, length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

bool drift__channel_send(int fd, drift__message_kind kind, const void *bytes, size_t length)
{
    head h;
    memset(&h, 0, sizeof h); /* the bytes between its members as well */
    h.kind = kind;
    h.length = length;
    return write_all(fd, &h, sizeof h) && write_all(fd, bytes, length);
}

bool drift__channel_send_number(int fd, uint64_t number)
{
    return write_all(fd, &number, sizeof number);
}

bool drift__channel_read_number(uint64_t *out, int fd, bool (*is_stopped)(void *payload))
{
    char bytes[sizeof *out];
    for (size_t have = 0; have < sizeof bytes;) {
        const ssize_t got = read(fd, bytes + have, sizeof bytes - have);
        if (got < 0 && errno == EINTR && !is_stopped(NULL)) continue;
        if (got <= 0) return false;
        have += (size_t)got;
    }
    memcpy(out, bytes, sizeof *out);
    return true;
}

bool drift__channel_read(drift__str *inbox, int fd)
{
    char bytes[65536];
    ssize_t got;
    while ((got = read(fd, bytes, sizeof bytes)) < 0 && errno == EINTR) continue;
    if (got > 0) drift__str_putn(inbox, bytes, (size_t)got);
    return got > 0;
}

bool drift__channel_next(drift__message *out, const drift__str *inbox)
{
    head h;
    if (inbox->length < sizeof h) return false;
    memcpy(&h, inbox->text, sizeof h);
    if (inbox->length - sizeof h < h.length) return false;
    *out = (drift__message){h.kind, h.length, inbox->text + sizeof h};
    return true;
}

void drift__channel_drop(drift__str *inbox, const drift__message *message)
{
    const size_t used = sizeof(head) + message->length, rest = inbox->length - used;
    memmove(inbox->text, inbox->text + used, rest);
    drift__str_truncate(inbox, rest);
}
