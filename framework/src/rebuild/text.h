/* text.h — CREATE statements as SQLite stores them, changed by tokens: names swapped, a column put in. Nothing else of
 * a text is touched. */
#ifndef DRIFT_REBUILD_TEXT_H
#define DRIFT_REBUILD_TEXT_H

#include <stdbool.h>

#include "drift/error.h"
#include "sql/cursor.h"

/**
 * The statement with its object put into a database ("main" or "temp"), under another name if `name` is not NULL. TEMP
 * and IF NOT EXISTS go.
 * @param out the caller frees it with drift__free.
 * @return SYNTAX if the text is no CREATE statement.
 */
int drift__text_place(char **out, const char *sql, const char *database, const char *name, drift_error *err);

/** CREATE TABLE with a column's definition behind the last column, before the table's constraints, where ALTER TABLE …
 * ADD COLUMN puts it. SYNTAX if the text has no columns. */
int drift__text_add_column(char **out, const char *sql, const char *definition, drift_error *err);

/** Whether a token, quotes removed, is this name, in any case. */
bool drift__text_means(const drift__lexeme *token, const char *name);

/** Whether a token of the text means this name, in any case and quotes. */
bool drift__text_names(const char *sql, const char *name);

/** Whether the text says `name.something`, as a CHECK that qualifies its columns with the table does. */
bool drift__text_qualifies(const char *sql, const char *name);

/** The event of a CREATE TRIGGER: "INSERT", "UPDATE" or "DELETE". Static; NULL if the text is none. */
const char *drift__text_event(const char *sql);

/** What a trigger's table is qualified with, as in ON main.t; length 0 if it is not. */
drift__lexeme drift__text_trigger_database(const char *sql);

/** Whether a CREATE VIRTUAL TABLE says content = 'table', as an FTS table does whose rows are another table's
 * (https://www.sqlite.org/fts5.html#external_content_tables). */
bool drift__text_has_content(const char *sql, const char *table);

/** Goes through the columns of a trigger UPDATE OF a, b: `c` starts as {0} and stands at a column while it gives true.
 */
bool drift__text_next_column(drift__cursor *c, const char *sql);

#endif
