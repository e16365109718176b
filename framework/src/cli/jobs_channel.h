/* jobs_channel.h — what the parent and a child process say to one another: a number down, messages up. Both ends are of
 * one program, so that structs go as they lie in memory. */
#ifndef DRIFT_CLI_JOBS_CHANNEL_H
#define DRIFT_CLI_JOBS_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/** What a child tells. */
typedef enum drift__message_kind {
    DRIFT__MESSAGE_READY, /**< drift__message_ready */
    DRIFT__MESSAGE_BEGUN, /**< drift__message_begun: a run */
    DRIFT__MESSAGE_ENDED, /**< that run; nothing */
    DRIFT__MESSAGE_PART,  /**< a portion's outcome as JSON */
    DRIFT__MESSAGE_ERROR  /**< drift_error: it ends */
} drift__message_kind;

typedef struct drift__message_ready {
    size_t portions, runs;
} drift__message_ready;

typedef struct drift__message_begun {
    int from, to;
    char data[24];
} drift__message_begun;

typedef struct drift__message {
    drift__message_kind kind;
    size_t length;
    const char *bytes; /* borrowed from the inbox */
} drift__message;

/** Makes the two ends; programs that are started do not inherit them. IO if there are too many files. */
int drift__channel_open(int *parent, int *child, drift_error *err);

/** Writes all of it, whatever signals come. False if nobody reads any more. */
bool drift__channel_send(int fd, drift__message_kind kind, const void *bytes, size_t length);
bool drift__channel_send_number(int fd, uint64_t number);

/** Waits for a number. False at the end, or if `is_stopped` says so. */
bool drift__channel_read_number(uint64_t *out, int fd, bool (*is_stopped)(void *payload));

/** Reads what there is; waits if there is nothing. False at the end. */
bool drift__channel_read(drift__str *inbox, int fd);

/** The first message of the inbox if it is complete there; drift__channel_drop removes it. */
bool drift__channel_next(drift__message *out, const drift__str *inbox);
void drift__channel_drop(drift__str *inbox, const drift__message *message);

#endif
