/* command.h — a command is a record: parsing, help and the list of commands come from its rows. */
#ifndef DRIFT_CLI_COMMAND_H
#define DRIFT_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/error.h"

typedef struct drift__option {
    const char *name;           /* "--format"; NULL ends a list */
    char letter;                /* 'o' for -o; 0: none */
    const char *value;          /* "FILE"; NULL: a switch */
    const char *const *choices; /* the words that it takes, ended by NULL; NULL: any */
    bool list;                  /* several words, separated by commas */
    bool many;                  /* may be given several times; else the last one counts */
    bool required;
    const char *help;
} drift__option;

/* An option as it was given. */
typedef struct drift__given {
    const drift__option *option;
    const char *value; /* NULL of a switch */
} drift__given;

typedef struct drift__invocation drift__invocation;

typedef struct drift__command {
    const char *name;    /* "schema dump" */
    const char *usage;   /* "SOURCE DEST" */
    const char *summary; /* one line */
    const char *details; /* paragraphs for `drift help`, may be NULL */
    const drift__option *options;
    size_t min_arguments, max_arguments;
    /* DRIFT_MISMATCH without an error set: what differs was reported. */
    int (*run)(drift__invocation *invocation, drift_error *err);
} drift__command;

struct drift__invocation {
    const drift__command *command;
    const char **arguments;
    size_t argument_count;
    drift__given *given;
    size_t given_count;
    bool help; /* --help was given */
    bool quiet, verbose;
    bool colour; /* on standard output */
};

/* Every command, in the order of help; ended by NULL. */
extern const drift__command *const drift__commands[];

/* Options that every command takes. */
extern const drift__option drift__common_options[];

/* ---- options.c ---- */

/** Parses what follows the command's name. MISUSE names the option and the nearest one there is. */
int drift__invocation_parse(drift__invocation *invocation, const drift__command *command, int argc, char **argv,
                            drift_error *err);
void drift__invocation_dispose(drift__invocation *invocation);

/** The last value that was given, or NULL. */
const char *drift__option_value(const drift__invocation *invocation, const char *name);
bool drift__option_given(const drift__invocation *invocation, const char *name);

/** A whole number between two bounds; `out` stays if the option was not given. */
int drift__option_number(int64_t *out, const drift__invocation *invocation, const char *name, int64_t least,
                         int64_t most, drift_error *err);

/** The place of a word in an option's choices; `fallback` if it was not given. */
int drift__option_choice(const drift__invocation *invocation, const char *name, int fallback);

/** Of a list option: 1u << place for each word; 0 if it was not given. */
unsigned drift__option_choices(const drift__invocation *invocation, const char *name);

/** Of several words, the one most like `word`, or NULL if none is like it. `next` gives them, NULL at the end. */
const char *drift__nearest(const char *word, const char *(*next)(const void *list, size_t index), const void *list);

/* ---- help.c ---- */

/** "drift help": all commands. Free with drift__free. */
int drift__help_overview(char **out, drift_error *err);

/** Help of one command. */
int drift__help_command(char **out, const drift__command *command, drift_error *err);

/** Help of a group ("schema"): its commands. */
int drift__help_group(char **out, const char *group, drift_error *err);

/** The command whose name the words begin with; `*used` words. NULL if there is none. */
const drift__command *drift__command_find(int argc, char **argv, int *used);

/** Whether commands begin with this word ("schema"). */
bool drift__is_group(const char *word);

/** MISUSE for words that name no command, with the nearest one as the hint. */
int drift__unknown_command(int argc, char **argv, drift_error *err);

#endif
