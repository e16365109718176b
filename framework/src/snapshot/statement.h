/* statement.h — the head of a CREATE statement, and what follows it. */
#ifndef DRIFT_SNAPSHOT_STATEMENT_H
#define DRIFT_SNAPSHOT_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "drift/schema.h"

/** CREATE [TEMP] [UNIQUE|VIRTUAL] TABLE|INDEX|VIEW|TRIGGER [IF NOT EXISTS] [database.]name rest. Borrowed from the
 * text. */
typedef struct drift__statement {
    drift_entity_kind kind;
    bool temporary, unique;
    const char *name; /**< with its quotes */
    size_t name_length;
    const char *rest; /**< behind the name, without white space, comments and ';' at its ends */
    size_t rest_length;
} drift__statement;

/** @return false if the text does not begin as a CREATE statement. */
bool drift__statement_split(drift__statement *out, const char *sql, size_t length);

/**
 * Writes a statement as SQLite keeps it in sqlite_schema (src/build.c, sqlite3EndTable and its neighbours): "CREATE
 * TABLE " and the text from the name on; IF NOT EXISTS and the database's name are gone. What SQLite keeps is then what
 * we would have written, and a dump of a rebuilt database is the dump it was built from. A text that is no CREATE
 * statement is written as it is.
 */
void drift__statement_put(drift__str *s, const char *sql);

#endif
