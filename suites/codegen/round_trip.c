#include "codegen/round_trip.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/str.h"
#include "codegen/schema_text.h"
#include "drift/kit/seed.h"
#include "drift/migrator.h"
#include "runtime/stand_in.h"
#include "sql/quote.h"
#include "stand_in/text.h"

/* ---- fields ---- */

#define AGAIN(kind, type, field)                                                                     \
    void again_##kind(drift_value_##kind *out, const type *in)                                       \
    {                                                                                                \
        out->presence = DRIFT_SET_TO_VALUE;                                                          \
        out->field = *in;                                                                            \
    }                                                                                                \
    void again_nullable_##kind(drift_value_##kind *out, const drift_nullable_##kind *in)             \
    {                                                                                                \
        out->presence = DRIFT_SET_TO_NULL;                                                           \
        if (in->has_value) again_##kind(out, &in->value);                                            \
    }                                                                                                \
    bool same_nullable_##kind(const drift_nullable_##kind *a, const drift_nullable_##kind *b)        \
    {                                                                                                \
        return a->has_value == b->has_value && (!a->has_value || same_##kind(&a->value, &b->value)); \
    }
AGAIN(int64, int64_t, int64)
AGAIN(bool, bool, boolean)
AGAIN(double, double, real)
AGAIN(text, drift_text, text)
AGAIN(blob, drift_blob, blob)

void again_any(drift_value_any *out, const drift_value *in)
{
    out->presence = DRIFT_SET_TO_VALUE;
    out->any = *in;
}

static bool same_bytes(const void *a, size_t a_length, const void *b, size_t b_length)
{
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

bool same_int64(const int64_t *a, const int64_t *b)
{
    return *a == *b;
}

bool same_bool(const bool *a, const bool *b)
{
    return *a == *b;
}

bool same_double(const double *a, const double *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool same_text(const drift_text *a, const drift_text *b)
{
    return same_bytes(a->data, a->length, b->data, b->length) && b->data[b->length] == '\0';
}

bool same_blob(const drift_blob *a, const drift_blob *b)
{
    return same_bytes(a->data, a->length, b->data, b->length);
}

bool same_any(const drift_value *a, const drift_value *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind == DRIFT_INTEGER) return a->integer == b->integer;
    if (a->kind == DRIFT_REAL) return same_double(&a->real, &b->real);
    return a->kind == DRIFT_NULL || same_bytes(a->bytes, a->length, b->bytes, b->length);
}

/* ---- databases ---- */

static int stand_ins(drift_connection *connection, const drift_schema *schema, drift_error *err)
{
    int rc = drift__stand_in_collations(connection, err);
    for (size_t i = 0; rc == DRIFT_OK && i < schema->entity_count; i++) {
        const char *sql = schema->entities[i].sql;
        rc = drift__stand_in_functions(connection, sql, strlen(sql), err);
    }
    return rc;
}

static int build(drift_connection **out, const drift_schema *schema, drift_error *err)
{
    drift_migrator *migrator = NULL;
    int rc = drift_connection_memory(out, NULL, err);
    if (rc == DRIFT_OK) rc = stand_ins(*out, schema, err);
    if (rc == DRIFT_OK) rc = drift_migrator_new(&migrator, *out, schema, err);
    if (rc == DRIFT_OK) rc = drift_migrator_create_all(migrator, err);
    drift_migrator_free(migrator);
    return rc;
}

static int drop_trigger(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *sql = payload;
    (void)err;
    drift__str_puts(sql, "DROP TRIGGER ");
    drift__put_quoted(sql, drift_column_text(row, 0, NULL));
    drift__str_puts(sql, ";");
    return DRIFT_OK;
}

static int collect_delete(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *sql = payload;
    (void)err;
    drift__str_puts(sql, "DELETE FROM ");
    drift__put_quoted(sql, drift_column_text(row, 0, NULL));
    drift__str_puts(sql, ";");
    return DRIFT_OK;
}

static int run_for_each(drift_connection *connection, const char *query, drift_row_fn put, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    int rc = drift_query(connection, query, NULL, 0, put, &sql, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, drift__str_text(&sql), err);
    drift__str_dispose(&sql);
    return rc;
}

/* From now on no trigger adds a row or refuses one. */
static int drop_triggers(drift_connection *connection, drift_error *err)
{
    return run_for_each(connection, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", drop_trigger, err);
}

/* Rows of the schema's own queries would be in the way of those that are written. */
static int delete_rows(drift_connection *connection, drift_error *err)
{
    const int rc = drift_exec(connection, "PRAGMA foreign_keys = OFF", err);
    if (rc != DRIFT_OK) return rc;
    return run_for_each(connection,
                        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                        collect_delete, err);
}

/* ---- raw rows: what SQLite says of both, without typed code ---- */

static int put_row(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *text = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const drift_value value = drift_column_value(row, i);
        drift__str_printf(text, "%d %lld %.17g %zu:", value.kind, (long long)value.integer, value.real, value.length);
        if (value.bytes) drift__str_putn(text, value.bytes, value.length);
        drift__str_putc(text, '\n');
    }
    return DRIFT_OK;
}

static int select_sorted(drift__str *sql, drift_connection *connection, const char *table, drift_error *err)
{
    int64_t columns = 0;
    const drift_value name[] = {DRIFT_BIND_TEXT(table, strlen(table))};
    const int rc = drift_query_int64(&columns, connection,
                                     "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 1", name, 1, err);
    drift__str_puts(sql, "SELECT * FROM ");
    drift__put_quoted(sql, table);
    for (int i = 1; i <= columns; i++) drift__str_printf(sql, "%s%d", i == 1 ? " ORDER BY " : ", ", i);
    return rc;
}

static int raw_rows(drift__str *text, drift_connection *connection, const char *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    int rc = select_sorted(&sql, connection, table, err);
    if (rc == DRIFT_OK) rc = drift_query(connection, drift__str_text(&sql), NULL, 0, put_row, text, err);
    drift__str_dispose(&sql);
    return rc;
}

static bool same_raw_rows(drift_connection *a, drift_connection *b, const char *table, drift_error *err)
{
    drift__str left = DRIFT__STR_INIT, right = DRIFT__STR_INIT;
    const bool same = raw_rows(&left, a, table, err) == DRIFT_OK && raw_rows(&right, b, table, err) == DRIFT_OK &&
                      strcmp(drift__str_text(&left), drift__str_text(&right)) == 0;
    drift__str_dispose(&left);
    drift__str_dispose(&right);
    return same;
}

/* ---- the run ---- */

typedef struct tally {
    int versions, equal, empty, wrong;
} tally;

static void take_table(tally *t, const round_trip_version *version, const round_trip_table *table,
                       drift_connection *from, drift_connection *to)
{
    drift_error err = {0};
    round_trip_result result = ROUND_TRIP_FAILED;
    if (drift_exec(from, table->prepare, &err) == DRIFT_OK) result = table->run(from, to, &err);
    if (result == ROUND_TRIP_EQUAL && !same_raw_rows(from, to, table->name, &err)) result = ROUND_TRIP_DIFFERENT;
    if (result == ROUND_TRIP_EQUAL) {
        t->equal++;
        return;
    }
    *(result == ROUND_TRIP_NO_ROW ? &t->empty : &t->wrong) += 1;
    printf("%s: %s: %s\n", version->text, table->name,
           result == ROUND_TRIP_NO_ROW ? "no row to begin with"
           : err.code                  ? err.text
                                       : "came back otherwise");
}

static bool same_data(const round_trip_version *version)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    char *want = NULL;
    size_t length = 0;
    schema_text(&text, version->schema);
    const bool same = drift__file_read(&want, &length, version->text, &err) == DRIFT_OK && length == text.length &&
                      memcmp(want, text.text, length) == 0;
    if (!same) printf("%s: the generated schema is not the one it was generated from %s\n", version->text, err.text);
    drift__free(want);
    drift__str_dispose(&text);
    return same;
}

static void take_version(tally *t, const round_trip_version *version)
{
    drift_error err = {0};
    drift_connection *from = NULL, *to = NULL;
    const drift_seed_options one = {.level = DRIFT_DATA_ONE, .seed = 1};
    int rc = build(&from, version->schema, &err);
    if (rc == DRIFT_OK) rc = drift_seed_database(NULL, from, &one, &err);
    if (rc == DRIFT_OK) rc = drop_triggers(from, &err);
    if (rc == DRIFT_OK) rc = build(&to, version->schema, &err);
    if (rc == DRIFT_OK) rc = drop_triggers(to, &err);
    if (rc == DRIFT_OK) rc = delete_rows(to, &err);
    if (rc != DRIFT_OK || !same_data(version)) t->wrong++;
    if (rc != DRIFT_OK) printf("%s: %s: %s\n", version->text, err.source, err.text);
    for (const round_trip_table *table = version->tables; rc == DRIFT_OK && table->name; table++)
        take_table(t, version, table, from, to);
    t->versions++;
    drift_connection_close(from);
    drift_connection_close(to);
}

int round_trip_run(const round_trip_version *versions, size_t count)
{
    tally t = {0};
    for (size_t i = 0; i < count; i++) take_version(&t, &versions[i]);
    printf("%d versions, %d tables whose row came back equal, %d without a row to begin with, %d wrong\n", t.versions,
           t.equal, t.empty, t.wrong);
    return t.wrong || !t.equal ? 1 : 0;
}
