/* tracker.c — the levels of a transaction hold what it has written; a commit tells them, a rollback drops them.
 *
 * Whether something was committed is what the commit hook and the rollback hook say, with autocommit on afterwards: so
 * COMMIT, a RELEASE of the outermost savepoint, a statement outside of any transaction, one that fails with ON CONFLICT
 * FAIL and keeps what it did, and a transaction that SQLite ends by itself are all the same case.
 */
#include "runtime/tracker.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"

/* --- tables --- */

static const drift__tracked_table *number_table(drift__tracker *tracker, const char *qualified, const char *table)
{
    drift__arena *arena = &tracker->names;
    drift__tracked_table *added = drift__arena_alloc(arena, sizeof *added);
    const char *key = drift__arena_strdup(arena, qualified), *name = drift__arena_strdup(arena, table);
    arena->failed = 0;
    if (!added || !key || !name ||
        drift__reserve((void **)&tracker->tables, &tracker->table_capacity, tracker->table_count + 1,
                       sizeof *tracker->tables) != 0 ||
        drift__map_put(&tracker->numbers, key, added, NULL) != 0)
        return NULL;
    *added = (drift__tracked_table){name, tracker->table_count};
    tracker->tables[tracker->table_count++] = added;
    return added;
}

static const drift__tracked_table *table_named(drift__tracker *tracker, const char *schema, const char *table)
{
    drift__str key = DRIFT__STR_INIT;
    const drift__tracked_table *found = NULL;
    drift__str_printf(&key, "%s.%s", schema, table);
    if (!key.failed) found = drift__map_get(&tracker->numbers, key.text);
    if (!key.failed && !found) found = number_table(tracker, key.text, table);
    drift__str_dispose(&key);
    return found;
}

void drift__tracker_add(drift__table_set *out, drift__tracker *tracker, const char *schema, const char *table)
{
    const drift__tracked_table *found = table_named(tracker, schema, table);
    if (found)
        drift__table_set_add(out, found->number);
    else
        out->all = true;
}

void drift__tracker_find(drift__table_set *out, const drift__tracker *tracker, const char *table)
{
    for (size_t i = 0; i < tracker->table_count; i++) {
        if (drift__same_name(tracker->tables[i]->name, table)) drift__table_set_add(out, i);
    }
}

/* --- footprints --- */

static void footprint_clear(drift__footprint *footprint)
{
    drift__table_set_clear(&footprint->reads);
    drift__table_set_clear(&footprint->writes);
    drift__free(footprint->savepoint);
    footprint->savepoint = NULL;
    footprint->schema = false;
    footprint->span = DRIFT__SPAN_NONE;
}

void drift__footprint_dispose(drift__footprint *footprint)
{
    footprint_clear(footprint);
    drift__table_set_dispose(&footprint->reads);
    drift__table_set_dispose(&footprint->writes);
}

/* SQLITE_SAVEPOINT comes with one of three words and the name; without memory for the name it stays NULL. */
static void note_savepoint(drift__footprint *footprint, const char *word, const char *name)
{
    footprint->span = strcmp(word, "BEGIN") == 0     ? DRIFT__SPAN_SAVEPOINT
                      : strcmp(word, "RELEASE") == 0 ? DRIFT__SPAN_RELEASE
                                                     : DRIFT__SPAN_ROLLBACK_TO;
    drift__free(footprint->savepoint);
    footprint->savepoint = drift__strdup(name);
}

/* What an action does to the schema, as far as results of queries go: indexes and triggers do not change any. */
static bool changes_schema(int action)
{
    switch (action) {
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TEMP_TABLE:
    case SQLITE_DROP_TEMP_VIEW:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
    case SQLITE_ALTER_TABLE:
    case SQLITE_ATTACH:
    case SQLITE_DETACH: return true;
    default: return false;
    }
}

/* The arguments are those of https://www.sqlite.org/c3ref/c_alter_table.html. A table of which no column is read gets a
 * SQLITE_READ with an empty column name. */
static int authorize(void *payload, int action, const char *a, const char *b, const char *schema, const char *trigger)
{
    drift__tracker *tracker = payload;
    drift__footprint *footprint = tracker->noting;
    (void)trigger;
    if (!footprint) return SQLITE_OK;
    if (!schema) schema = "main";
    if (action == SQLITE_READ)
        drift__tracker_add(&footprint->reads, tracker, schema, a);
    else if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE)
        drift__tracker_add(&footprint->writes, tracker, schema, a);
    else if (action == SQLITE_SAVEPOINT)
        note_savepoint(footprint, a, b);
    else if (action == SQLITE_TRANSACTION)
        footprint->span = DRIFT__SPAN_TRANSACTION;
    else if (changes_schema(action))
        footprint->schema = true;
    return SQLITE_OK;
}

void drift__tracker_compile_begin(drift__tracker *tracker, drift__footprint *footprint)
{
    if (!tracker) return;
    footprint_clear(footprint);
    tracker->noting = footprint;
}

void drift__tracker_compile_end(drift__tracker *tracker)
{
    if (tracker) tracker->noting = NULL;
}

/* --- levels --- */

static drift__span_level *top(drift__tracker *tracker)
{
    return &tracker->levels[tracker->level_count - 1];
}

static void level_dispose(drift__span_level *level)
{
    drift__free(level->savepoint);
    drift__table_set_dispose(&level->written);
}

static void push_level(drift__tracker *tracker, const char *savepoint)
{
    char *name = savepoint ? drift__strdup(savepoint) : NULL;
    if (!name || drift__reserve((void **)&tracker->levels, &tracker->level_capacity, tracker->level_count + 1,
                                sizeof *tracker->levels) != 0) {
        drift__free(name);
        tracker->levels_lost = true;
        return;
    }
    tracker->levels[tracker->level_count++] = (drift__span_level){.savepoint = name};
}

/* Merges the highest level into the one below. */
static void merge_level(drift__tracker *tracker)
{
    drift__span_level *upper = top(tracker), *lower = upper - 1;
    drift__table_set_merge(&lower->written, &upper->written);
    lower->schema = lower->schema || upper->schema;
    level_dispose(upper);
    tracker->level_count--;
}

static void clear_level(drift__span_level *level)
{
    drift__table_set_clear(&level->written);
    level->schema = false;
}

/* The level of "the most recent savepoint with a matching name" (https://www.sqlite.org/lang_savepoint.html), or 0. */
static size_t find_level(const drift__tracker *tracker, const char *savepoint)
{
    size_t at = savepoint ? tracker->level_count - 1 : 0;
    while (at > 0 && !drift__same_name(tracker->levels[at].savepoint, savepoint)) at--;
    return at;
}

static void release(drift__tracker *tracker, const char *savepoint)
{
    const size_t found = find_level(tracker, savepoint);
    while (found > 0 && tracker->level_count > found) merge_level(tracker);
}

static void rollback_to(drift__tracker *tracker, const char *savepoint)
{
    const size_t found = find_level(tracker, savepoint);
    if (found == 0) return;
    while (tracker->level_count - 1 > found) {
        clear_level(top(tracker));
        merge_level(tracker);
    }
    clear_level(top(tracker));
}

static void apply_span(drift__tracker *tracker, const drift__footprint *footprint)
{
    if (tracker->levels_lost) return;
    switch (footprint->span) {
    case DRIFT__SPAN_SAVEPOINT: push_level(tracker, footprint->savepoint); break;
    case DRIFT__SPAN_RELEASE: release(tracker, footprint->savepoint); break;
    case DRIFT__SPAN_ROLLBACK_TO: rollback_to(tracker, footprint->savepoint); break;
    case DRIFT__SPAN_NONE:
    case DRIFT__SPAN_TRANSACTION: break;
    }
}

/* The transaction is over, if there was one. */
static void settle(drift__tracker *tracker)
{
    while (tracker->level_count > 1) merge_level(tracker);
    drift__span_level *level = top(tracker);
    tracker->levels_lost = false;
    if (tracker->committed && (level->schema || !drift__table_set_empty(&level->written)))
        tracker->on_commit(&level->written, level->schema, tracker->payload);
    clear_level(level);
}

/* --- running --- */

static int on_commit_hook(void *payload)
{
    ((drift__tracker *)payload)->committed = true;
    return 0;
}

static void on_rollback_hook(void *payload)
{
    ((drift__tracker *)payload)->committed = false;
}

static int compilations(sqlite3_stmt *statement)
{
    return sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0);
}

void drift__tracker_run_begin(drift__tracked_run *run, drift__tracker *tracker, sqlite3_stmt *statement)
{
    if (!tracker) return;
    *run = (drift__tracked_run){tracker->noting, sqlite3_total_changes64(tracker->handle), compilations(statement)};
    footprint_clear(&tracker->seen);
    tracker->noting = &tracker->seen;
    tracker->committed = false;
}

/* "If the database schema changes, the statement is compiled again" by the step itself
 * (https://www.sqlite.org/c3ref/prepare.html): what it touches now replaces what it touched. Else what was compiled
 * while it ran, by virtual tables, is added. */
static void learn(drift__footprint *footprint, drift__footprint *seen, bool compiled_again)
{
    if (compiled_again) {
        const drift__footprint old = *footprint;
        *footprint = *seen;
        *seen = old;
        return;
    }
    drift__table_set_merge(&footprint->reads, &seen->reads);
    drift__table_set_merge(&footprint->writes, &seen->writes);
}

/* sqlite3_total_changes64 counts what triggers and foreign keys change too
 * (https://www.sqlite.org/c3ref/total_changes.html): an UPDATE that finds no row has written nothing. */
void drift__tracker_run_end(const drift__tracked_run *run, drift__tracker *tracker, sqlite3_stmt *statement,
                            drift__footprint *footprint, bool done)
{
    if (!tracker) return;
    tracker->noting = run->outer;
    learn(footprint, &tracker->seen, compilations(statement) != run->compilations);
    if (done) apply_span(tracker, footprint);
    if (!footprint->schema && !drift__table_set_empty(&footprint->writes)) tracker->row_statements++;
    if (sqlite3_total_changes64(tracker->handle) != run->changes || (done && footprint->schema)) {
        drift__table_set_merge(&top(tracker)->written, &footprint->writes);
        if (footprint->schema) top(tracker)->schema = true;
    }
    if (sqlite3_get_autocommit(tracker->handle)) settle(tracker);
}

/* --- its life --- */

int drift__tracker_new(drift__tracker **out, sqlite3 *handle, drift__commit_fn on_commit, void *payload,
                       drift_error *err)
{
    drift__tracker *tracker = drift__calloc(1, sizeof *tracker);
    if (!tracker || drift__reserve((void **)&tracker->levels, &tracker->level_capacity, 1, sizeof *tracker->levels)) {
        drift__free(tracker);
        return drift__no_memory(err);
    }
    tracker->levels[tracker->level_count++] = (drift__span_level){0};
    tracker->handle = handle;
    tracker->on_commit = on_commit;
    tracker->payload = payload;
    sqlite3_set_authorizer(handle, authorize, tracker);
    sqlite3_commit_hook(handle, on_commit_hook, tracker);
    sqlite3_rollback_hook(handle, on_rollback_hook, tracker);
    *out = tracker;
    return DRIFT_OK;
}

void drift__tracker_free(drift__tracker *tracker)
{
    if (!tracker) return;
    sqlite3_set_authorizer(tracker->handle, NULL, NULL);
    sqlite3_commit_hook(tracker->handle, NULL, NULL);
    sqlite3_rollback_hook(tracker->handle, NULL, NULL);
    for (size_t i = 0; i < tracker->level_count; i++) level_dispose(&tracker->levels[i]);
    drift__free(tracker->levels);
    drift__footprint_dispose(&tracker->seen);
    drift__map_dispose(&tracker->numbers);
    drift__free(tracker->tables);
    drift__arena_dispose(&tracker->names);
    drift__free(tracker);
}
