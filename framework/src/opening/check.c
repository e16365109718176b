/* check.c — foreign keys before and after a migration, new violations told apart from old ones. */
#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fold.h"
#include "opening/opening.h"

enum { LISTED = 1000 };

int drift__opening_check_before(drift__opening *opening, drift_error *err)
{
    const int64_t began = drift__clock_us();
    int rc = DRIFT_OK;
    const bool migrates = opening->action == DRIFT__ACTION_UPGRADE || opening->action == DRIFT__ACTION_DOWNGRADE;
    const bool needed = migrates && !opening->foreknown.keys_hold;
    if (needed && !opening->strategy->strict_foreign_keys) /* strict: all are told, whether they were there or not */
        rc = drift__violations_find(opening->connection, NULL, drift__violation_set_add, &opening->before, err);
    opening->report.foreign_key_check_us += drift__clock_us() - began;
    return rc;
}

/* What the check after a migration gathers. */
typedef struct verdict {
    drift__opening *opening;
    drift_foreign_key_violation *listed;
    size_t count, capacity;
    drift_foreign_key_violation first_new;
    int64_t found, new_count;
} verdict;

/* Whether a violation was there before the migration, under the names that table and columns had then. */
static int was_there(bool *old, verdict *v, const drift__violation *violation, drift_error *err)
{
    const drift_migrator *migrator = v->opening->migrator;
    drift__violation then = *violation;
    drift__str columns = DRIFT__STR_INIT;
    drift__arena arena = DRIFT__ARENA_INIT;
    const char *table = violation->told.table;
    const char **names = drift__arena_array(&arena, then.name_count, sizeof *names);
    for (size_t i = 0; names && i < then.name_count; i++) {
        table = violation->told.table;
        names[i] = violation->names[i];
        drift__migrator_names_before(migrator, &table, &names[i]);
    }
    if (names) drift__put_names(&columns, names, then.name_count);
    then.columns = drift__str_text(&columns);
    const int rc = !names || columns.failed ? drift__no_memory(err)
                                            : drift__violation_set_has(old, &v->opening->before, &then, table, err);
    drift__str_dispose(&columns);
    drift__arena_dispose(&arena);
    return rc;
}

static int copy(drift_foreign_key_violation *out, drift__arena *arena, const drift__violation *violation, bool old,
                drift_error *err)
{
    *out = violation->told;
    out->table = drift__arena_strdup(arena, out->table);
    out->key = drift__arena_strdup(arena, out->key);
    out->parent = drift__arena_strdup(arena, out->parent);
    out->constraint = drift__arena_strdup(arena, out->constraint);
    out->was_there_before = old;
    return arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int judge(const drift__violation *violation, void *payload, drift_error *err)
{
    verdict *v = payload;
    drift_foreign_key_violation told;
    bool old = false;
    int rc = was_there(&old, v, violation, err);
    const bool first = !old && v->new_count == 0;
    v->found++;
    if (!old) v->new_count++;
    if (rc < 0 || (v->count == LISTED && !first)) return rc;
    if ((rc = copy(&told, v->opening->arena, violation, old, err)) < 0) return rc;
    if (first) v->first_new = told;
    if (v->count == LISTED) return DRIFT_OK;
    if (drift__reserve((void **)&v->listed, &v->capacity, v->count + 1, sizeof *v->listed))
        return drift__no_memory(err);
    v->listed[v->count++] = told;
    return DRIFT_OK;
}

/* Whether code of the application may have used the connection past the migrator, which then recorded nothing: one that
 * was adopted is known to its owner, and hooks are handed the database. */
static bool may_have_bypassed(const drift__opening *opening)
{
    return opening->migrator->handed_out || !opening->database->owned || opening->strategy->before_transaction ||
           opening->strategy->inside_transaction;
}

/* The tables that were touched, ended by NULL; NULL if it cannot be told, since statements of the application ran. The
 * caller frees. */
static int touched_tables(const char ***out, const drift__opening *opening, drift_error *err)
{
    const drift_migrator *migrator = opening->migrator;
    size_t count = 0;
    *out = NULL;
    for (size_t i = 0; i < migrator->touch_count; i++)
        if (migrator->touches[i].kind == DRIFT_TOUCH_UNKNOWN) return DRIFT_OK;
    if (opening->action == DRIFT__ACTION_DESTROY || may_have_bypassed(opening)) return DRIFT_OK;
    const char **names = drift__calloc(2 * migrator->touch_count + 1, sizeof *names);
    if (!names) return drift__no_memory(err);
    for (size_t i = 0; i < migrator->touch_count; i++) {
        if (migrator->touches[i].entity != DRIFT_ENTITY_TABLE) continue;
        names[count++] = migrator->touches[i].name;
        if (migrator->touches[i].kind == DRIFT_TOUCH_RENAMED) names[count++] = migrator->touches[i].was;
    }
    *out = names;
    return DRIFT_OK;
}

static int conclude(drift__opening *opening, const verdict *v, drift_error *err)
{
    drift_opening_report *report = &opening->report;
    report->violations = drift__arena_copy(opening->arena, v->listed, v->count, sizeof *v->listed);
    report->violation_count = v->count;
    report->violations_found = v->found;
    if (!report->violations) return drift__no_memory(err);
    return v->new_count ? drift__violation_error(&v->first_new, v->new_count - 1, err) : DRIFT_OK;
}

int drift__opening_check_after(drift__opening *opening, drift_error *err)
{
    const int64_t began = drift__clock_us();
    verdict v = {.opening = opening};
    const char **tables = NULL;
    int rc = touched_tables(&tables, opening, err);
    if (rc == DRIFT_OK) rc = drift__violations_find(opening->connection, tables, judge, &v, err);
    if (rc == DRIFT_OK) rc = conclude(opening, &v, err);
    drift__free(v.listed);
    drift__free(tables);
    opening->report.foreign_key_check_us += drift__clock_us() - began;
    return rc;
}
