/* program.h — running the program as a person does. */
#ifndef DRIFT_SUITES_CLI_PROGRAM_H
#define DRIFT_SUITES_CLI_PROGRAM_H

#include <check.h>

/* What one run of the program gave. program_done frees it. */
typedef struct program {
    int status; /* the exit status */
    char *out, *err;
} program;

/* Runs drift with these words, ended by NULL. Standard output goes to `out_path` if that is not NULL. */
program program_run_to(const char *out_path, const char *const *words);
/* The same, where no file that it writes may be longer than this. */
program program_run_limited(size_t bytes, const char *const *words);
void program_done(program *p);

/* program p = drift("schema", "diff", a, b); */
#define drift(...) program_run_to(NULL, (const char *const[]){__VA_ARGS__, NULL})

/* Runs and asserts the exit status. */
#define drift_gives(expected, ...) program_assert(drift(__VA_ARGS__), (expected), __FILE__, __LINE__)
program program_assert(program p, int status, const char *file, int line);

/* Asserts exit status and standard error: "drift: <text>" on one line, then any hint. */
#define drift_refuses(expected, text, ...) program_refuses(drift(__VA_ARGS__), (expected), (text), __FILE__, __LINE__)
void program_refuses(program p, int status, const char *text, const char *file, int line);

/* Whether a text holds another. */
#define ck_assert_holds(text, part) \
    ck_assert_msg(strstr((text), (part)) != NULL, "expected \"%s\" in: %s", (part), (text))

/* The test's own folder, made before each test and removed after it. */
extern char *folder;
void program_folder_make(void);
void program_folder_remove(void);

/* "<folder>/<name>", in static storage; the last sixty-four are valid. */
const char *in_folder(const char *name);

/* Writes a file in the folder; gives its path. */
const char *file(const char *name, const char *text);

/* The text of a file; free it with drift_free. */
char *text_of(const char *path);

/* How many entries a folder has. */
size_t entries_in(const char *path);

/* Waits until a folder holds so many entries; Check ends the test where that never comes. */
void wait_until_holds(const char *path, size_t count);

/* Copies the todos app's steps into <folder>/steps, with `from` replaced by `to` in one of them; asserts that it was
 * there. `name` may be NULL. Gives the path of the steps. */
const char *todos_with(const char *name, const char *from, const char *to);

TCase *case_dump(void);
TCase *case_help(void);
TCase *case_input(void);
TCase *case_jobs(void);
TCase *case_make_migrations(void);
TCase *case_progress(void);
TCase *case_seed(void);
TCase *case_verify(void);

#endif
