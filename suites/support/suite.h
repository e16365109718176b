/* suite.h — what every Check suite shares: its main, a leak check around every test, the corpus, golden files. */
#ifndef DRIFT_SUITES_SUPPORT_SUITE_H
#define DRIFT_SUITES_SUPPORT_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"

/** A test case whose every test is followed by a check that SQLite's allocator counts no byte: nothing leaked. */
TCase *suite_case(const char *name);

/** Runs a suite and gives main's exit status. CK_FORK, CK_RUN_CASE and the like work as Check documents them. */
int suite_run(Suite *suite);

/** Asserts that an expression is DRIFT_OK; `err` must be the drift_error in scope that the call was given. */
#define ck_assert_drift(expression) suite_assert_ok((expression), &err, #expression, __FILE__, __LINE__)

/** Asserts that an expression gives this status and that `err` in scope tells the same. */
#define ck_assert_drift_fails(expression, status) \
    suite_assert_fails((expression), (status), &err, #expression, __FILE__, __LINE__)

void suite_assert_ok(int status, const drift_error *err, const char *what, const char *file, int line);
void suite_assert_fails(int status, int expected, const drift_error *err, const char *what, const char *file, int line);

/**
 * The folder of published snapshots, or NULL where it is not there: DRIFT_CORPUS in the environment, else
 * ../shared/corpus beside the project. Whoever needs it calls suite_skip("…") in main if it is NULL.
 */
const char *suite_corpus(void);

/** Prints why a suite is skipped; `return suite_skip("…")` from main makes ctest report it as skipped. */
int suite_skip(const char *why);

/** A path inside the source tree; static storage, valid until the next call. */
const char *suite_source(const char *relative);

/**
 * Compares a text with the file suites/golden/<name>, whole, and fails with the first line that differs. With
 * DRIFT_UPDATE_GOLDEN=1 in the environment the file is written instead.
 */
void suite_golden(const char *name, const char *text);

/** Makes a fresh temporary folder; suite_folder_remove removes it with all it holds. The path is freed with drift_free.
 */
char *suite_folder(void);
void suite_folder_remove(char *path);

/**
 * Lets this process and what it starts write no file longer than this; suite_file_limit_end lifts that. Check itself
 * writes a file at every assertion, so between the two calls there may be none, nor a helper that asserts: what the
 * limited code gave is asserted afterwards.
 */
void suite_file_limit(size_t bytes);
void suite_file_limit_end(void);

#endif
