/* hidden.h — what a migration can break without changing a schema or a value: rowids, sequences, full-text and spatial
 * indexes, views and triggers, what a table accepts, temporary objects, the file itself.
 *
 * Each is told only if it held before the migration, or is new. Nothing is changed: what has to be tried is tried in a
 * savepoint that is rolled back, foreign keys off (the foreign keys are judged by themselves).
 */
#ifndef DRIFT_VERIFY_HIDDEN_H
#define DRIFT_VERIFY_HIDDEN_H

#include "base/str.h"
#include "rebuild/object.h"
#include "verify/judge.h"

/** hidden.* */
int drift__judge_hidden(drift__judgement *judgement, drift_error *err);

/** One judging: the objects of both databases, main and temp. */
typedef struct drift__hidden {
    drift__judgement *judgement;
    drift__arena arena;
    drift__facts own, own_now; /**< where the judgement brings none */
    drift__known *known;       /**< what the definitions after the migration decide */
    drift__objects before, after;
} drift__hidden;

/** The object of this kind, database and name, or NULL. */
const drift__object *drift__hidden_object(const drift__objects *objects, drift__object_kind kind, const char *database,
                                          const char *name);

/** The name that a table, or a table's column, has after the migration, as far as it was told. Borrowed. */
const char *drift__hidden_new_table(const drift__hidden *hidden, const char *table);
const char *drift__hidden_new_column(const drift__hidden *hidden, const char *table, const char *column);

/** Whether a step was meant to change the values of a column. Names are those before the migration. */
bool drift__hidden_is_rewritten(const drift__hidden *hidden, const char *table, const char *column);

/** Whether a step was meant to change this of a table, as it is called after the migration: "rowid", "sequence" or
 * "fts". Counts as an effect. */
bool drift__hidden_is_meant(const drift__hidden *hidden, const char *what, const char *table);

/** Notes which steps that were meant to change something ran with rows in the table. */
int drift__hidden_note_rows(const drift__hidden *hidden, drift_error *err);

/** Whether a table's text has AUTOINCREMENT. */
bool drift__hidden_is_autoincrement(const drift__object *table);

/** Whether a status is SQLite's answer to what was asked, not the machine's failure. */
bool drift__is_answer(int status);

/** hidden.view, hidden.trigger */
int drift__hidden_compile(drift__hidden *hidden, drift_error *err);

/** hidden.fts */
int drift__hidden_index(drift__hidden *hidden, drift_error *err);

/** Writes the statement by which an index of this module checks itself, without a ';'. */
void drift__index_check_put(drift__str *sql, const char *table, const char *module);

/** hidden.rowid */
int drift__hidden_rowid(drift__hidden *hidden, drift_error *err);

/** hidden.sequence */
int drift__hidden_sequence(drift__hidden *hidden, drift_error *err);

/** hidden.insert */
int drift__hidden_insert(drift__hidden *hidden, drift_error *err);

/** hidden.temp */
int drift__hidden_temp(drift__hidden *hidden, drift_error *err);

/** The module of a CREATE VIRTUAL TABLE, quotes removed, in the arena; NULL if the text is none. */
const char *drift__module_of(drift__arena *arena, const char *sql);

/** What is tried: a statement, or more. Its status is handed on. */
typedef int (*drift__trial_fn)(drift_connection *connection, void *payload, drift_error *err);

/**
 * Runs a trial and undoes all that it did.
 * @param why the trial's own error; may not be NULL.
 * @return the trial's status if it is an answer; else, or if it cannot be undone, an error told in `err`, with
 * `*tried` false.
 */
int drift__try(bool *tried, drift_error *why, drift_connection *connection, drift__trial_fn trial, void *payload,
               drift_error *err);

#endif
