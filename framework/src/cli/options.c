/* options.c — command lines: --name VALUE, --name=VALUE, -o VALUE, -oVALUE, switches, and "--" before arguments. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "cli/command.h"

static const char *const colour_choices[] = {"auto", "always", "never", NULL};

const drift__option drift__common_options[] = {
    {.name = "--color",
     .value = "WHEN",
     .choices = colour_choices,
     .help = "colour in text reports; auto: on a terminal, unless NO_COLOR is set"},
    {.name = "--quiet", .letter = 'q', .help = "no progress, no notes"},
    {.name = "--verbose",
     .letter = 'v',
     .help = "tell each run as it ends and each file written; reports show the ledger"},
    {.name = "--help", .letter = 'h', .help = "show this help"},
    {.name = NULL},
};

/* ---- the nearest word ---- */

/* Damerau's distance, with a bound on length; a transposition is one slip of the fingers. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t rows[3][LONGEST + 1];
    const size_t m = strlen(a), n = strlen(b);
    if (m > LONGEST || n > LONGEST) return LONGEST;
    for (size_t k = 0; k <= n; k++) rows[0][k] = rows[1][k] = k;
    for (size_t i = 1; i <= m; i++) {
        size_t *two = rows[(i + 1) % 3], *one = rows[(i - 1) % 3], *now = rows[i % 3];
        now[0] = i;
        for (size_t k = 1; k <= n; k++) {
            const size_t change = one[k - 1] + (drift__fold_char(a[i - 1]) != drift__fold_char(b[k - 1]));
            now[k] = one[k] + 1 < now[k - 1] + 1 ? one[k] + 1 : now[k - 1] + 1;
            if (change < now[k]) now[k] = change;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] && two[k - 2] + 1 < now[k])
                now[k] = two[k - 2] + 1;
        }
    }
    return rows[m % 3][n];
}

const char *drift__nearest(const char *word, const char *(*next)(const void *list, size_t index), const void *list)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 2;
    for (size_t i = 0;; i++) {
        const char *candidate = next(list, i);
        if (!candidate) return best;
        const size_t d = distance(word, candidate);
        if (d < best_distance) {
            best = candidate;
            best_distance = d;
        }
    }
}

/* ---- looking options up ---- */

static size_t count_options(const drift__option *options)
{
    size_t count = 0;
    while (options && options[count].name) count++;
    return count;
}

/* The command's options, then the common ones. */
static const drift__option *option_at(const drift__command *command, size_t index)
{
    const size_t own = count_options(command->options);
    if (index < own) return &command->options[index];
    index -= own;
    return index < count_options(drift__common_options) ? &drift__common_options[index] : NULL;
}

static const char *option_name_at(const void *command, size_t index)
{
    const drift__option *option = option_at(command, index);
    return option ? option->name : NULL;
}

static const drift__option *find_option(const drift__command *command, const char *name, size_t length)
{
    for (size_t i = 0;; i++) {
        const drift__option *option = option_at(command, i);
        if (!option) return NULL;
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0) return option;
        if (length == 2 && name[0] == '-' && option->letter && name[1] == option->letter) return option;
    }
}

static int unknown_option(const drift__command *command, const char *name, size_t length, drift_error *err)
{
    char *word = drift__strndup(name, length);
    if (!word) return drift__no_memory(err);
    const char *nearest = drift__nearest(word, option_name_at, command);
    if (nearest)
        drift__error(err, DRIFT_MISUSE, "unknown option %s; the nearest is %s", word, nearest);
    else
        drift__error(err, DRIFT_MISUSE, "unknown option %s", word);
    drift__error_hint(err, "see: drift help %s", command->name);
    drift__free(word);
    return DRIFT_MISUSE;
}

/* ---- values ---- */

static void put_choices(drift__str *out, const char *const *choices)
{
    for (size_t i = 0; choices[i]; i++) drift__str_printf(out, "%s%s", i ? ", " : "", choices[i]);
}

static int choice_index(const char *const *choices, const char *word, size_t length)
{
    for (int i = 0; choices[i]; i++) {
        if (strlen(choices[i]) == length && memcmp(choices[i], word, length) == 0) return i;
    }
    return -1;
}

static int refuse_choice(const drift__option *option, const char *word, size_t length, drift_error *err)
{
    drift__str list = DRIFT__STR_INIT;
    put_choices(&list, option->choices);
    drift__error(err, DRIFT_MISUSE, "%s: expected %s%s, found \"%.*s\"", option->name,
                 option->list ? "a list out of " : "one of ", drift__str_text(&list), (int)length, word);
    drift__str_dispose(&list);
    return DRIFT_MISUSE;
}

static int check_value(const drift__option *option, const char *value, drift_error *err)
{
    if (!option->choices) return DRIFT_OK;
    for (const char *at = value;;) {
        const size_t length = option->list ? strcspn(at, ",") : strlen(at);
        if (choice_index(option->choices, at, length) < 0) return refuse_choice(option, at, length, err);
        at += length;
        if (!*at) return DRIFT_OK;
        at++;
    }
}

static int give(drift__invocation *invocation, const drift__option *option, const char *value, drift_error *err)
{
    invocation->given[invocation->given_count++] = (drift__given){option, value};
    return value ? check_value(option, value, err) : DRIFT_OK;
}

/* ---- parsing ---- */

/* One option at argv[*at]; goes past its value. */
static int take_option(drift__invocation *invocation, int *at, int argc, char **argv, drift_error *err)
{
    const char *word = argv[*at];
    const bool is_long = word[1] == '-';
    const char *equals = is_long ? strchr(word, '=') : NULL;
    const size_t length = equals ? (size_t)(equals - word) : is_long ? strlen(word) : 2;
    const drift__option *option = find_option(invocation->command, word, length);
    if (!option) return unknown_option(invocation->command, word, is_long ? length : strlen(word), err);
    const char *attached = equals ? equals + 1 : !is_long && word[2] ? word + 2 : NULL;
    if (!option->value) {
        if (attached && !is_long)
            return drift__error(err, DRIFT_MISUSE, "%.2s takes no value, found \"%s\" behind it", word, attached);
        if (attached) return drift__error(err, DRIFT_MISUSE, "%s takes no value", option->name);
        return give(invocation, option, NULL, err);
    }
    if (attached) return give(invocation, option, attached, err);
    if (*at + 1 >= argc)
        return drift__error(err, DRIFT_MISUSE, "%s: expected %s, found nothing", option->name, option->value);
    return give(invocation, option, argv[++*at], err);
}

static int check_arguments(const drift__invocation *invocation, drift_error *err)
{
    const drift__command *command = invocation->command;
    const size_t count = invocation->argument_count;
    if (count < command->min_arguments || count > command->max_arguments) {
        const bool surplus = count > command->max_arguments;
        drift__error(err, DRIFT_MISUSE, "%s: expected %zu argument%s%s, found %zu%s%s%s", command->name,
                     command->min_arguments, command->min_arguments == 1 ? "" : "s",
                     command->max_arguments > command->min_arguments ? " or more" : "", count, surplus ? ": \"" : "",
                     surplus ? invocation->arguments[command->max_arguments] : "", surplus ? "\" is too many" : "");
        drift__error_hint(err, "usage: drift %s %s", command->name, command->usage);
        return DRIFT_MISUSE;
    }
    for (const drift__option *option = command->options; option && option->name; option++) {
        if (!option->required || drift__option_given(invocation, option->name)) continue;
        drift__error(err, DRIFT_MISUSE, "%s: expected %s %s", command->name, option->name, option->value);
        drift__error_hint(err, "usage: drift %s %s", command->name, command->usage);
        return DRIFT_MISUSE;
    }
    return DRIFT_OK;
}

int drift__invocation_parse(drift__invocation *invocation, const drift__command *command, int argc, char **argv,
                            drift_error *err)
{
    const size_t room = argc > 0 ? (size_t)argc : 1;
    int rc = DRIFT_OK;
    *invocation = (drift__invocation){.command = command,
                                      .arguments = drift__calloc(room, sizeof(char *)),
                                      .given = drift__calloc(room, sizeof *invocation->given)};
    if (!invocation->arguments || !invocation->given) return drift__no_memory(err);
    bool options_ended = false;
    for (int at = 0; rc == DRIFT_OK && at < argc; at++) {
        if (!options_ended && strcmp(argv[at], "--") == 0)
            options_ended = true;
        else if (!options_ended && argv[at][0] == '-' && argv[at][1])
            rc = take_option(invocation, &at, argc, argv, err);
        else
            invocation->arguments[invocation->argument_count++] = argv[at];
    }
    if (rc != DRIFT_OK) return rc;
    invocation->help = drift__option_given(invocation, "--help");
    invocation->quiet = drift__option_given(invocation, "--quiet");
    invocation->verbose = drift__option_given(invocation, "--verbose");
    return invocation->help ? DRIFT_OK : check_arguments(invocation, err);
}

void drift__invocation_dispose(drift__invocation *invocation)
{
    drift__free(invocation->arguments);
    drift__free(invocation->given);
    *invocation = (drift__invocation){0};
}

/* ---- asking ---- */

static const drift__given *last_given(const drift__invocation *invocation, const char *name)
{
    for (size_t i = invocation->given_count; i > 0; i--) {
        if (strcmp(invocation->given[i - 1].option->name, name) == 0) return &invocation->given[i - 1];
    }
    return NULL;
}

const char *drift__option_value(const drift__invocation *invocation, const char *name)
{
    const drift__given *given = last_given(invocation, name);
    return given ? given->value : NULL;
}

bool drift__option_given(const drift__invocation *invocation, const char *name)
{
    return last_given(invocation, name) != NULL;
}

/* Decimal digits with an optional minus, nothing else. */
static bool parse_number(int64_t *out, const char *text)
{
    const bool negative = *text == '-';
    uint64_t number = 0;
    if (negative) text++;
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || number > ((uint64_t)INT64_MAX - 9) / 10) return false;
        number = number * 10 + (uint64_t)(*text - '0');
    }
    *out = negative ? -(int64_t)number : (int64_t)number;
    return true;
}

int drift__option_number(int64_t *out, const drift__invocation *invocation, const char *name, int64_t least,
                         int64_t most, drift_error *err)
{
    const char *text = drift__option_value(invocation, name);
    int64_t number = 0;
    if (!text) return DRIFT_OK;
    if (!parse_number(&number, text) || number < least || number > most)
        return drift__error(err, DRIFT_MISUSE, "%s: expected a whole number from %lld to %lld, found \"%s\"", name,
                            (long long)least, (long long)most, text);
    *out = number;
    return DRIFT_OK;
}

int drift__option_choice(const drift__invocation *invocation, const char *name, int fallback)
{
    const drift__given *given = last_given(invocation, name);
    return given ? choice_index(given->option->choices, given->value, strlen(given->value)) : fallback;
}

unsigned drift__option_choices(const drift__invocation *invocation, const char *name)
{
    const drift__given *given = last_given(invocation, name);
    unsigned chosen = 0;
    for (const char *at = given ? given->value : ""; *at;) {
        const size_t length = strcspn(at, ",");
        const int choice = choice_index(given->option->choices, at, length);
        if (choice >= 0) chosen |= 1u << choice; /* the command line was checked when it was read */
        at += length;
        if (*at) at++;
    }
    return chosen;
}
