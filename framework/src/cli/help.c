/* help.c — help from the commands' rows. */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "cli/command.h"

const drift__command *drift__command_find(int argc, char **argv, int *used)
{
    for (const drift__command *const *at = drift__commands; *at; at++) {
        const char *name = (*at)->name, *space = strchr(name, ' ');
        const size_t first = space ? (size_t)(space - name) : strlen(name);
        if (argc < 1 || strlen(argv[0]) != first || memcmp(argv[0], name, first) != 0) continue;
        *used = space ? 2 : 1;
        if (!space || (argc > 1 && strcmp(argv[1], space + 1) == 0)) return *at;
    }
    return NULL;
}

bool drift__is_group(const char *word)
{
    const size_t length = strlen(word);
    for (const drift__command *const *at = drift__commands; *at; at++) {
        if (strncmp((*at)->name, word, length) == 0 && (*at)->name[length] == ' ') return true;
    }
    return false;
}

static const char *command_name_at(const void *list, size_t index)
{
    (void)list;
    return drift__commands[index] ? drift__commands[index]->name : NULL;
}

int drift__unknown_command(int argc, char **argv, drift_error *err)
{
    drift__str words = DRIFT__STR_INIT;
    const bool group = drift__is_group(argv[0]);
    drift__str_puts(&words, argv[0]);
    if (group && argc > 1) drift__str_printf(&words, " %s", argv[1]);
    const char *nearest = drift__nearest(drift__str_text(&words), command_name_at, NULL);
    if (group && argc < 2)
        drift__error(err, DRIFT_MISUSE, "%s: expected a command behind it", argv[0]);
    else if (nearest)
        drift__error(err, DRIFT_MISUSE, "unknown command \"%s\"; the nearest is \"%s\"", drift__str_text(&words),
                     nearest);
    else
        drift__error(err, DRIFT_MISUSE, "unknown command \"%s\"", drift__str_text(&words));
    drift__error_hint(err, group ? "see: drift help %s" : "see: drift help", argv[0]);
    drift__str_dispose(&words);
    return DRIFT_MISUSE;
}

/* ---- text ---- */

static void put_commands(drift__str *out, const char *group)
{
    const size_t length = group ? strlen(group) : 0;
    for (const drift__command *const *at = drift__commands; *at; at++) {
        if (group && strncmp((*at)->name, group, length) != 0) continue;
        drift__str_printf(out, "  %-15s  %s\n", (*at)->name, (*at)->summary);
    }
}

int drift__help_overview(char **out, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_puts(&text, "drift proves that a SQLite database upgrades from every released version.\n\n"
                           "usage: drift COMMAND [OPTIONS] …\n\ncommands:\n");
    put_commands(&text, NULL);
    drift__str_puts(&text, "\ndrift help COMMAND, drift COMMAND --help: what a command does and takes\n"
                           "drift --version: the version of drift and of SQLite\n\n"
                           "exit status: 0 done, equal, passed; 1 a difference or a finding; 2 wrong usage;\n"
                           "3 an input is not what it should be; 4 the environment failed\n");
    return drift__str_take(out, &text, err);
}

int drift__help_group(char **out, const char *group, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "usage: drift %s COMMAND [OPTIONS] …\n\ncommands:\n", group);
    put_commands(&text, group);
    return drift__str_take(out, &text, err);
}

/* The option and its value, padded to a column of its own. */
static void put_option_name(drift__str *out, const drift__option *option)
{
    enum { COLUMN = 26 };
    const size_t start = out->length;
    if (option->letter)
        drift__str_printf(out, "  -%c, %s", option->letter, option->name);
    else
        drift__str_printf(out, "      %s", option->name);
    if (option->value) drift__str_printf(out, " %s", option->value);
    if (option->list) drift__str_printf(out, "[,%s…]", option->value);
    const size_t width = out->length - start;
    drift__str_printf(out, "%*s", width < COLUMN ? (int)(COLUMN - width) : 2, "");
}

static void put_option(drift__str *out, const drift__option *option)
{
    put_option_name(out, option);
    drift__str_puts(out, option->help);
    for (size_t i = 0; option->choices && option->choices[i]; i++)
        drift__str_printf(out, "%s%s", i ? ", " : " (", option->choices[i]);
    if (option->choices) drift__str_putc(out, ')');
    if (option->required) drift__str_puts(out, " (required)");
    if (option->many) drift__str_puts(out, "; several may be given");
    drift__str_putc(out, '\n');
}

static void put_options(drift__str *out, const drift__option *options)
{
    for (; options && options->name; options++) put_option(out, options);
}

int drift__help_command(char **out, const drift__command *command, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "drift %s: %s\n\nusage: drift %s %s\n", command->name, command->summary, command->name,
                      command->usage);
    if (command->details) drift__str_printf(&text, "\n%s\n", command->details);
    drift__str_puts(&text, "\noptions:\n");
    put_options(&text, command->options);
    put_options(&text, drift__common_options);
    return drift__str_take(out, &text, err);
}
