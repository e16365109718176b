/* batch.c — statements interned by their text, prepared once, run in order in one transaction. */
#include "runtime/batch.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/connection.h"

/* The map matches as SQLite matches names; texts that differ in case are told apart in a chain. */
typedef struct interned {
    const char *text;
    size_t index;
    const struct interned *next;
} interned;

int drift_batch_new(drift_batch **out, drift_error *err)
{
    *out = drift__calloc(1, sizeof **out);
    return *out ? DRIFT_OK : drift__no_memory(err);
}

void drift_batch_free(drift_batch *batch)
{
    if (!batch) return;
    drift__map_dispose(&batch->interned);
    drift__arena_dispose(&batch->arena);
    drift__free(batch->texts);
    drift__free(batch->entries);
    drift__free(batch);
}

static int add_text(size_t *index, drift_batch *batch, const char *sql, const interned *chain)
{
    interned *added = drift__arena_alloc(&batch->arena, sizeof *added);
    const char *text = drift__arena_strdup(&batch->arena, sql);
    if (!added || !text ||
        drift__reserve((void **)&batch->texts, &batch->text_capacity, batch->text_count + 1, sizeof *batch->texts) != 0)
        return -1;
    *added = (interned){text, batch->text_count, chain};
    if (drift__map_put(&batch->interned, text, added, NULL) != 0) return -1;
    *index = batch->text_count;
    batch->texts[batch->text_count++] = text;
    return 0;
}

static int intern(size_t *index, drift_batch *batch, const char *sql)
{
    const interned *chain = drift__map_get(&batch->interned, sql);
    for (const interned *at = chain; at; at = at->next) {
        if (strcmp(at->text, sql) != 0) continue;
        *index = at->index;
        return 0;
    }
    return add_text(index, batch, sql, chain);
}

static drift_value *copy_values(drift__arena *arena, const drift_value *binds, size_t count)
{
    drift_value *values = drift__arena_copy(arena, binds, count, sizeof *values);
    for (size_t i = 0; values && i < count; i++) {
        if (values[i].bytes && (values[i].kind == DRIFT_TEXT || values[i].kind == DRIFT_BLOB))
            values[i].bytes = drift__arena_copy(arena, values[i].bytes, values[i].length, 1);
    }
    return values;
}

int drift_batch_add(drift_batch *batch, const char *sql, const drift_value *binds, size_t bind_count, drift_error *err)
{
    drift__batch_entry entry = {.value_count = bind_count};
    entry.values = copy_values(&batch->arena, binds, bind_count);
    if (batch->arena.failed || intern(&entry.text, batch, sql) != 0 ||
        drift__reserve((void **)&batch->entries, &batch->entry_capacity, batch->entry_count + 1,
                       sizeof *batch->entries) != 0)
        return drift__no_memory(err);
    batch->entries[batch->entry_count++] = entry;
    return DRIFT_OK;
}

int drift_batch_run(drift_batch *batch, drift_connection *connection, drift_error *err)
{
    return connection->operations->run_batch(connection, batch, err);
}

/* A batch that is being run, with its statements by the index of their text. */
typedef struct run {
    const drift_batch *batch;
    drift_statement **statements;
} run;

/* Prepared when it is first needed: an earlier entry may create what a later one uses. */
static int run_entry(run *r, drift_connection *connection, const drift__batch_entry *entry, drift_error *err)
{
    drift_statement **statement = &r->statements[entry->text];
    int rc = DRIFT_OK;
    if (!*statement) rc = drift_statement_prepare(statement, connection, r->batch->texts[entry->text], err);
    if (rc == DRIFT_OK) rc = drift__bind_all(*statement, entry->values, entry->value_count, err);
    if (rc == DRIFT_OK) rc = drift_statement_run(*statement, err);
    return rc;
}

static int run_all(drift_connection *connection, void *payload, drift_error *err)
{
    run *r = payload;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->batch->entry_count; i++) {
        rc = run_entry(r, connection, &r->batch->entries[i], err);
        if (rc != DRIFT_OK) drift__error_hint(err, "in entry %zu of the batch, counted from 1", i + 1);
    }
    return rc;
}

int drift__batch_run_statements(drift_connection *connection, const drift_batch *batch, drift_error *err)
{
    run r = {batch, drift__calloc(batch->text_count, sizeof *r.statements)};
    if (!r.statements) return drift__no_memory(err);
    const int rc = drift_transaction(connection, run_all, &r, err);
    for (size_t i = 0; i < batch->text_count; i++) drift_statement_free(r.statements[i]);
    drift__free(r.statements);
    return rc;
}
