/* program.h — running the program `drift` as its users do: in a process of its own. */
#ifndef DRIFT_SUITES_SUPPORT_PROGRAM_H
#define DRIFT_SUITES_SUPPORT_PROGRAM_H

/** What a run of the program left: its exit status (128 + the signal if one ended it) and what it wrote. */
typedef struct program_result {
    int status;
    char *out;
    char *err;
} program_result;

/**
 * Runs the program with arguments that end with NULL, the program's own name left out. DRIFT_PROGRAM, a macro that the
 * suite is compiled with, says where it is. Standard input is empty.
 */
program_result program_run(const char *program, const char *const *arguments);
void program_result_dispose(program_result *result);

/** program_run for arguments written out: run_drift("schema", "diff", a, b). */
#define run_drift(...) program_run(DRIFT_PROGRAM, (const char *const[]){__VA_ARGS__, NULL})

#endif
