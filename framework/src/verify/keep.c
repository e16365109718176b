/* keep.c */
#include "verify/keep.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "verify/repro.h"
#include "verify/shrink_case.h"
#include "verify/world.h"

/* The case, on its smaller database. */
static int write_script(const char *path, const char *data, const drift__judgement *judgement, drift_error *err)
{
    drift__judgement smaller = *judgement;
    drift__shrunk shrunk;
    char *script = NULL;
    int rc = drift__shrink_case(&shrunk, judgement, err);
    smaller.before = shrunk.database;
    smaller.facts = NULL;
    smaller.now = NULL;
    smaller.ways = shrunk.ways;
    if (rc == DRIFT_OK) rc = drift__repro_write(&script, data, &smaller, &shrunk.found->runs[0], err);
    if (rc == DRIFT_OK) rc = drift__file_write(path, script, strlen(script), err);
    drift__free(script);
    drift__shrunk_dispose(&shrunk);
    return rc;
}

int drift__keep_case(const char *folder, const char *data, const drift__judgement *judgement, drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    const drift__attempt *attempt = judgement->attempt;
    const char *place = drift__arena_printf(&arena, "%s/v%d_to_v%d_%s", folder, attempt->from, attempt->to, data);
    const char *database = drift__arena_printf(&arena, "%s/database.db", place ? place : "");
    const char *repro = drift__arena_printf(&arena, "%s/repro.sql", place ? place : "");
    int rc = arena.failed ? drift__no_memory(err) : drift__folder_make(place, err);
    if (rc == DRIFT_OK) rc = drift__world_save(judgement->after, database, err);
    if (rc == DRIFT_OK) rc = write_script(repro, data, judgement, err);
    drift__arena_dispose(&arena);
    return rc;
}
