/* world.h — a database file of an old version, and definitions that open it. */
#ifndef DRIFT_SUITES_OPENING_WORLD_H
#define DRIFT_SUITES_OPENING_WORLD_H

#include <check.h>

#include "drift/database.h"
#include "support/digest.h"
#include "support/suite.h"

/** How the database's file is journalled. */
typedef enum world_journal { WORLD_DELETE = 0, WORLD_WAL, WORLD_JOURNALS } world_journal;

typedef struct world {
    char *folder;
    char path[4096];
} world;

/** What makes version 1: books that refer to authors. */
extern const char world_version_1[];

/** Makes a folder with a database of version 1. */
world world_begin(world_journal journal);
void world_end(world *w);

/** Opens the file directly, without any definition; close it with drift_connection_close. */
drift_connection *world_look(const world *w);

/** Runs statements on the file directly. */
void world_run(const world *w, const char *sql);

/** All that the file holds. Free it with drift_free. */
char *world_digest(const world *w);

/** A definition of version 2 whose migration adds books.year and fills it. */
extern const drift_database_definition world_v2;

/** Opens the file with a definition. */
int world_open(drift_database **out, const world *w, const drift_database_definition *definition, drift_error *err);

/** Asserts that opening fails with `status` and leaves the file as it was. @return the error. */
drift_error world_refused(const world *w, const drift_database_definition *definition, int status);

TCase *decide_case(void);
TCase *keys_case(void);
TCase *fault_case(void);
TCase *hook_case(void);
TCase *process_case(void);
TCase *option_case(void);
TCase *memory_case(void);

#endif
