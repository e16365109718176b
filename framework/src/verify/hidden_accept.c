/* hidden_accept.c */
#include "verify/hidden_accept.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "drift/kit/seed.h"
#include "rebuild/live.h"
#include "runtime/pragma.h"
#include "runtime/value.h"
#include "sql/quote.h"
#include "verify/world.h"

/* ---- samples ---- */

typedef struct sampling {
    drift__samples *samples;
    drift__arena *arena;
    drift_connection *connection;
    drift__sample *sample;
} sampling;

static int take_values(drift_statement *row, void *payload, drift_error *err)
{
    sampling *s = payload;
    drift__sample *sample = s->sample;
    sample->count = (size_t)drift_column_count(row);
    sample->columns = drift__arena_array(s->arena, sample->count + 1, sizeof(char *));
    sample->values = drift__arena_array(s->arena, sample->count + 1, sizeof *sample->values);
    for (size_t i = 0; !s->arena->failed && i < sample->count; i++) {
        const drift_value value = drift_column_value(row, (int)i);
        sample->columns[i] = drift__arena_strdup(s->arena, drift_column_name(row, (int)i));
        sample->values[i] = drift__value_copy(s->arena, &value);
    }
    return s->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

static int read_first_row(sampling *s, const char *table, const char *columns, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_error why = {0};
    char *text = NULL;
    drift__str_printf(&sql, "SELECT %s FROM main.", columns);
    drift__put_quoted(&sql, table);
    drift__str_puts(&sql, " LIMIT 1");
    int rc = drift__str_take(&text, &sql, &why);
    if (rc == DRIFT_OK) rc = drift_query(s->connection, text, NULL, 0, take_values, s, &why);
    drift__free(text);
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

static int take_table(drift_statement *row, void *payload, drift_error *err)
{
    sampling *s = payload;
    drift__sample sample = {.table = drift__take_text(s->arena, row, 0), .is_virtual = drift_column_int64(row, 2) != 0};
    const char *columns = drift_column_text(row, 1, NULL);
    if (s->arena->failed) return drift__no_memory(err);
    if (!columns) return DRIFT_OK;
    s->sample = &sample;
    const int rc = read_first_row(s, sample.table, columns, err);
    if (rc != DRIFT_OK || !sample.count) return rc;
    drift__samples *all = s->samples;
    if (drift__reserve((void **)&all->items, &all->capacity, all->count + 1, sizeof *all->items) != 0)
        return drift__no_memory(err);
    all->items[all->count++] = sample;
    return DRIFT_OK;
}

int drift__samples_read(drift__samples *out, drift__arena *arena, drift_connection *connection, drift_error *err)
{
    sampling s = {.samples = out, .arena = arena, .connection = connection};
    *out = (drift__samples){0};
    return drift_query(connection,
                       "SELECT l.name, (SELECT group_concat('\"' || replace(c.name, '\"', '\"\"') || '\"', ', ') FROM"
                       " pragma_table_xinfo(l.name, 'main') c WHERE c.hidden = 0), l.type = 'virtual' FROM"
                       " pragma_table_list l WHERE l.schema = 'main' AND l.type IN ('table', 'virtual') AND l.name NOT"
                       " LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY l.name",
                       NULL, 0, take_table, &s, err);
}

/* ---- what a schema accepts that is built afresh ---- */

static int read_valid(drift__valid *valid, const drift_verify_options *options, drift_error *err)
{
    /* Not the seed of the old database: its rows would collide with these. */
    const drift_seed_options seed = {.level = DRIFT_DATA_ONE, .seed = options->seed ^ INT64_C(0x5eed)};
    drift_connection *fresh = NULL;
    drift_error why = {0};
    int rc = drift__world_open(&fresh, options, &why);
    if (rc == DRIFT_OK) rc = drift__world_build(fresh, valid->schema, options, &why);
    if (rc == DRIFT_OK) rc = drift_seed_database(NULL, fresh, &seed, &why);
    if (rc == DRIFT_OK) rc = drift__samples_read(&valid->samples, &valid->arena, fresh, &why);
    if (rc == DRIFT_OK) rc = drift__objects_read(&valid->objects, &valid->arena, fresh, &why);
    drift_connection_close(fresh);
    if (rc != DRIFT_OK) valid->samples.count = 0;
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

static int add_valid(drift__valid **out, drift__valid_rows *rows, const drift_schema *schema, drift_error *err)
{
    if (drift__reserve((void **)&rows->items, &rows->capacity, rows->count + 1, sizeof *rows->items) != 0)
        return drift__no_memory(err);
    *out = drift__calloc(1, sizeof **out);
    if (!*out) return drift__no_memory(err);
    **out = (drift__valid){.schema = schema, .arena = DRIFT__ARENA_INIT};
    rows->items[rows->count++] = *out;
    return DRIFT_OK;
}

int drift__valid_rows_of(drift__valid **out, drift__valid_rows *rows, const drift_schema *schema,
                         const drift_verify_options *options, drift_error *err)
{
    drift__valid *valid = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        *out = rows->items[i];
        if ((*out)->schema == schema) return DRIFT_OK;
    }
    int rc = add_valid(&valid, rows, schema, err);
    if (rc == DRIFT_OK) rc = read_valid(valid, options, err);
    *out = valid;
    return rc;
}

void drift__valid_rows_dispose(drift__valid_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        drift__free(rows->items[i]->samples.items);
        drift__free(rows->items[i]->objects.items);
        drift__free(rows->items[i]->accepted);
        drift__arena_dispose(&rows->items[i]->arena);
        drift__free(rows->items[i]);
    }
    drift__free(rows->items);
    *rows = (drift__valid_rows){0};
}

/* ---- inserting one ---- */

static bool is_inserted(const drift__live_table *table, const char *column, const char *omitted)
{
    if (omitted && strcmp(column, omitted) == 0) return false;
    const drift__live_column *found = table ? drift__live_column_find(table, column) : NULL;
    return !table || (found && !found->generated);
}

/* INSERT INTO main."t" ("a", "b") VALUES (…); the values as literals, or bound. */
static size_t put_insert(drift__str *sql, const drift__sample *sample, const drift__live_table *table,
                         const char *omitted, drift_value *binds)
{
    size_t count = 0;
    drift__str_puts(sql, "INSERT INTO main.");
    drift__put_quoted(sql, sample->table);
    for (size_t i = 0; i < sample->count; i++) {
        if (!is_inserted(table, sample->columns[i], omitted)) continue;
        drift__str_puts(sql, count ? ", " : " (");
        drift__put_quoted(sql, sample->columns[i]);
        if (binds) binds[count] = sample->values[i];
        count++;
    }
    drift__str_puts(sql, count ? ") VALUES (" : " DEFAULT VALUES");
    for (size_t i = 0, put = 0; i < sample->count; i++) {
        if (!is_inserted(table, sample->columns[i], omitted)) continue;
        drift__str_puts(sql, put++ ? ", " : "");
        if (binds)
            drift__str_putc(sql, '?');
        else
            drift__literal_put(sql, &sample->values[i]);
    }
    if (count) drift__str_putc(sql, ')');
    return count;
}

int drift__sample_insert_into(drift_connection *connection, const drift__live_table *table, const drift__sample *sample,
                              const char *omitted, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift_value *binds = drift__calloc(sample->count + 1, sizeof *binds);
    if (!binds) return drift__no_memory(err);
    const size_t count = put_insert(&sql, sample, table, omitted, binds);
    const int rc =
        sql.failed ? drift__no_memory(err) : drift_query(connection, sql.text, binds, count, NULL, NULL, err);
    drift__str_dispose(&sql);
    drift__free(binds);
    return rc;
}

int drift__sample_insert(drift_connection *connection, const drift__sample *sample, const char *omitted,
                         drift_error *err)
{
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__live_table table = {0};
    int rc = drift__live_table_read(&table, &arena, connection, sample->table, err);
    if (rc == DRIFT_OK) rc = drift__sample_insert_into(connection, &table, sample, omitted, err);
    drift__arena_dispose(&arena);
    return rc;
}

int drift__sample_write(char **out, const drift__live_table *table, const drift__sample *sample, const char *omitted,
                        drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    put_insert(&sql, sample, table, omitted, NULL);
    return drift__str_take(out, &sql, err);
}

/* ---- a database without rows of its own ---- */

/* A failure is no error here, unless it is the machine's. */
static int tolerate(int status, const drift_error *why, drift_error *err)
{
    if (drift__is_answer(status)) return DRIFT_OK;
    if (err && !err->code) *err = *why;
    return status;
}

static int create(drift_connection *connection, const drift__object *object, const drift_verify_options *options,
                  drift_error *err)
{
    drift_error why = {0};
    int rc = drift__world_stub(connection, object->sql, strlen(object->sql), options, err);
    if (rc == DRIFT_OK) rc = tolerate(drift_exec(connection, object->sql, &why), &why, err);
    return rc;
}

static int create_kind(drift__hollow *hollow, drift__object_kind kind, const drift_verify_options *options,
                       drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < hollow->objects->count; i++) {
        const drift__object *object = &hollow->objects->items[i];
        if (object->kind == kind && strcmp(object->database, "main") == 0)
            rc = create(hollow->connection, object, options, err);
    }
    return rc;
}

static int fill(drift__hollow *hollow, const drift__samples *samples, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < samples->count; i++) {
        drift_error why = {0};
        if (samples->items[i].is_virtual) continue;
        const int status = drift__sample_insert(hollow->connection, &samples->items[i], NULL, &why);
        if (status != DRIFT_NOT_FOUND) rc = tolerate(status, &why, err); /* not found: the other schema has it */
    }
    return rc;
}

int drift__hollow_build(drift__hollow *out, const drift__objects *objects, const drift__samples *samples,
                        const drift_verify_options *options, drift_error *err)
{
    static const drift__object_kind kinds[] = {DRIFT__OBJECT_TABLE, DRIFT__OBJECT_VIRTUAL_TABLE, DRIFT__OBJECT_VIEW,
                                               DRIFT__OBJECT_INDEX};
    *out = (drift__hollow){.objects = objects};
    int rc = drift__world_open(&out->connection, options, err);
    if (rc == DRIFT_OK) rc = drift__pragma_set(out->connection, DRIFT__PRAGMA_FOREIGN_KEYS, 0, err);
    for (size_t i = 0; rc == DRIFT_OK && i < sizeof kinds / sizeof kinds[0]; i++)
        rc = create_kind(out, kinds[i], options, err);
    return rc == DRIFT_OK ? fill(out, samples, err) : rc;
}

void drift__hollow_dispose(drift__hollow *hollow)
{
    drift_connection_close(hollow->connection);
    hollow->connection = NULL;
}

typedef struct trial {
    const drift__hollow *hollow;
    const drift__sample *sample;
} trial;

static int empty_table(drift_connection *connection, const char *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "DELETE FROM main.");
    drift__put_quoted(&sql, table);
    const int rc = sql.failed ? drift__no_memory(err) : drift_exec(connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}

static int insert_once(drift_connection *connection, void *payload, drift_error *err)
{
    const trial *t = payload;
    int rc = empty_table(connection, t->sample->table, err);
    for (size_t i = 0; rc == DRIFT_OK && i < t->hollow->objects->count; i++) {
        const drift__object *object = &t->hollow->objects->items[i];
        drift_error why = {0};
        if (object->kind == DRIFT__OBJECT_TRIGGER && strcmp(object->database, "main") == 0)
            rc = tolerate(drift_exec(connection, object->sql, &why), &why, err);
    }
    return rc == DRIFT_OK ? drift__sample_insert(connection, t->sample, NULL, err) : rc;
}

int drift__hollow_accepts(bool *out, drift_error *why, drift__hollow *hollow, const drift__sample *sample,
                          drift_error *err)
{
    trial t = {hollow, sample};
    bool tried = false;
    const int rc = drift__try(&tried, why, hollow->connection, insert_once, &t, err);
    *out = rc == DRIFT_OK;
    return tried ? DRIFT_OK : rc;
}
