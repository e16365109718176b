/* plan.c */
#include "codegen/plan.h"

#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "codegen/describe.h"
#include "codegen/identifier.h"
#include "sql/affinity.h"

/* With what a row's name also stands; source.c writes these. */
static const char *const row_suffixes[] = {
    "_companion", "_insert", "_insert_many", "_update", "_update_where",
    "_all",       "_where",  "_by_key",      "_free",   "_free_all",
};

/* ---- types ---- */

static bool says_blob(const char *type)
{
    return *type && drift__affinity_of(type) == DRIFT__AFFINITY_BLOB;
}

/* NUMERIC holds what it is given: a DATETIME may be a text, a DECIMAL an integer. Only a boolean is clear. */
static drift_typed_kind numeric_kind(const char *type, drift_logical_type logical)
{
    if (logical == DRIFT_LOGICAL_BOOL || drift__same_name(type, "BOOLEAN") || drift__same_name(type, "BOOL"))
        return DRIFT_TYPED_BOOL;
    return logical == DRIFT_LOGICAL_INT || logical == DRIFT_LOGICAL_BIG_INT ? DRIFT_TYPED_INT64 : DRIFT_TYPED_ANY;
}

static drift_typed_kind integer_kind(drift_logical_type logical)
{
    if (logical == DRIFT_LOGICAL_BOOL) return DRIFT_TYPED_BOOL;
    return logical == DRIFT_LOGICAL_DOUBLE ? DRIFT_TYPED_DOUBLE : DRIFT_TYPED_INT64;
}

/* The affinity says what is stored (https://www.sqlite.org/datatype3.html, section 3); a snapshot's word refines it. */
drift_typed_kind drift__plan_kind(const char *type, drift_logical_type logical, bool strict)
{
    if (logical == DRIFT_LOGICAL_ANY || (strict && drift__same_name(type, "ANY"))) return DRIFT_TYPED_ANY;
    switch (drift__affinity_of(type)) {
    case DRIFT__AFFINITY_INTEGER: return integer_kind(logical);
    case DRIFT__AFFINITY_TEXT: return DRIFT_TYPED_TEXT;
    case DRIFT__AFFINITY_REAL: return DRIFT_TYPED_DOUBLE;
    case DRIFT__AFFINITY_NUMERIC: return numeric_kind(type, logical);
    case DRIFT__AFFINITY_BLOB: break;
    }
    return says_blob(type) ? DRIFT_TYPED_BLOB : DRIFT_TYPED_ANY;
}

/* ---- keys ---- */

static const drift_constraint *table_key(const drift_table *table)
{
    for (size_t i = 0; i < table->constraint_count; i++)
        if (table->constraints[i].kind == DRIFT_CONSTRAINT_PRIMARY_KEY) return &table->constraints[i];
    return NULL;
}

static int key_place(const drift_table *table, const drift_column *column)
{
    const drift_constraint *key = table_key(table);
    if (drift_column_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY)) return 1;
    for (size_t i = 0; key && i < key->column_count; i++)
        if (key->columns[i].name && drift__same_name(key->columns[i].name, column->name)) return (int)i + 1;
    return 0;
}

/* https://www.sqlite.org/lang_createtable.html, section 5: INTEGER PRIMARY KEY is the rowid and never NULL, except
 * "INTEGER PRIMARY KEY DESC" in a column. */
static bool is_rowid(const drift_table *table, const drift_column *column)
{
    const drift_constraint *own = drift_column_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY);
    const drift_constraint *key = own ? own : table_key(table);
    return !table->without_rowid && drift__same_name(column->type, "INTEGER") && key &&
           (own ? own->sort != DRIFT_SORT_DESC : key->column_count == 1 && key_place(table, column) == 1);
}

/* ---- fields ---- */

static void plan_column(drift__plan_field *field, const drift_table *table, const drift_column *column)
{
    *field = (drift__plan_field){
        .column = column->name,
        .kind = drift__plan_kind(column->type, column->logical, table->strict),
        .generated = column->generated != NULL,
        .key = key_place(table, column),
    };
    field->nullable = !column->not_null && !is_rowid(table, column) && !(table->without_rowid && field->key);
}

/* Spellings of the columns: one scope for the row's fields, the companion's and the handle's members. */
static int settle_fields(drift__arena *arena, drift__plan_field *fields, size_t count, drift_error *err)
{
    drift__spelling *names = drift__arena_array(arena, count, sizeof *names);
    for (size_t i = 0; names && i < count; i++) {
        const char *want = drift__identifier_of(arena, fields[i].column);
        /* What else stands in a handle. */
        if (want && (strcmp(want, "table") == 0 || strcmp(want, "entity") == 0 || strcmp(want, "virtual_table") == 0))
            want = drift__arena_printf(arena, "%s_", want);
        names[i] = (drift__spelling){fields[i].column, want, NULL};
    }
    if (!names || arena->failed || drift__identifiers_settle(arena, names, count, NULL, 0, NULL, 0) != 0)
        return drift__no_memory(err);
    for (size_t i = 0; i < count; i++) fields[i].name = names[i].got;
    return DRIFT_OK;
}

static int plan_table(drift__plan_entity *out, drift__arena *arena, const drift_table *table, drift_error *err)
{
    drift__plan_field *fields = drift__arena_array(arena, table->column_count, sizeof *fields);
    if (!fields) return drift__no_memory(err);
    out->columns = table->columns;
    out->fields = fields;
    out->column_count = out->field_count = table->column_count;
    out->writable = true;
    out->without_rowid = table->without_rowid;
    for (size_t i = 0; i < table->column_count; i++) plan_column(&fields[i], table, &table->columns[i]);
    return settle_fields(arena, fields, table->column_count, err);
}

/* The column of a virtual table as a snapshot tells it, or NULL. */
static const drift_column *told_column(const drift_entity *entity, const char *name)
{
    const drift_virtual_table *table = entity->as.virtual_table;
    for (size_t i = 0; table && i < table->column_count; i++)
        if (drift__same_name(table->columns[i].name, name)) return &table->columns[i];
    return NULL;
}

static int plan_described(drift__plan_entity *out, drift__arena *arena, drift_connection *scratch, drift_error *err)
{
    const drift_entity *entity = out->entity;
    drift__described_column *columns = NULL;
    size_t count = 0;
    int rc = drift__describe_columns(&columns, &count, arena, scratch, entity->name, err);
    if (rc != DRIFT_OK) return rc;
    drift__plan_field *fields = drift__arena_array(arena, count, sizeof *fields);
    if (!fields) return drift__no_memory(err);
    for (size_t i = 0; i < count; i++) {
        const drift_column *told = told_column(entity, columns[i].name);
        fields[i] = (drift__plan_field){
            .column = columns[i].name,
            .kind = told ? drift__plan_kind(told->type, told->logical, false)
                         : drift__plan_kind(columns[i].type, DRIFT_LOGICAL_UNKNOWN, false),
            .nullable = true,
        };
    }
    out->fields = fields;
    out->field_count = count;
    out->writable = entity->kind == DRIFT_ENTITY_VIRTUAL_TABLE;
    return settle_fields(arena, fields, count, err);
}

/* ---- entities ---- */

static bool must_be_described(const drift_entity *entity)
{
    return entity->kind == DRIFT_ENTITY_VIEW || entity->kind == DRIFT_ENTITY_VIRTUAL_TABLE ||
           (entity->kind == DRIFT_ENTITY_TABLE && entity->opaque);
}

static int plan_scratch(drift_connection **out, const drift_schema *schema, drift_error *err)
{
    for (size_t i = 0; i < schema->entity_count; i++)
        if (must_be_described(&schema->entities[i])) return drift__describe_open(out, schema, err);
    return DRIFT_OK;
}

static int plan_entity(drift__plan_entity *out, drift__arena *arena, drift_connection *scratch,
                       drift__plan_note_fn note, void *payload, drift_error *err)
{
    const drift_entity *entity = out->entity;
    drift_error refusal = {0};
    if (entity->kind == DRIFT_ENTITY_TABLE && !entity->opaque) return plan_table(out, arena, entity->as.table, err);
    if (!must_be_described(entity)) return DRIFT_OK;
    if (plan_described(out, arena, scratch, &refusal) == DRIFT_OK) return DRIFT_OK;
    if (refusal.code == DRIFT_NO_MEMORY) return drift__no_memory(err);
    const char *text = drift__arena_printf(arena, "the %s \"%s\" gets no row struct: %s",
                                           drift_entity_kind_name(entity->kind), entity->name, refusal.text);
    if (!text) return drift__no_memory(err);
    note(text, payload);
    return DRIFT_OK;
}

/* "todos" to "todo", "address_book" to "address_book_row". */
static char *row_name(drift__arena *arena, const char *table)
{
    char *name = drift__identifier_fold(arena, table);
    const size_t length = name ? strlen(name) : 0;
    if (length < 2 || name[length - 1] != 's' || name[length - 2] == '_')
        return name ? drift__arena_printf(arena, "%s_row", name) : NULL;
    name[length - 1] = '\0';
    return name;
}

static int settle_rows(drift__plan *plan, drift__arena *arena, drift_error *err)
{
    static const char *const taken[] = {"schema", "entities"};
    const size_t suffixes = sizeof row_suffixes / sizeof *row_suffixes, all = plan->schema->entity_count;
    drift__spelling *names = drift__arena_array(arena, all, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names && i < all; i++) {
        const drift__plan_entity *e = &plan->entities[i];
        if (e->field_count) names[count++] = (drift__spelling){e->entity->name, row_name(arena, e->entity->name), NULL};
    }
    if (!names || arena->failed ||
        drift__identifiers_settle(arena, names, count, taken, 2, row_suffixes, suffixes) != 0)
        return drift__no_memory(err);
    count = 0;
    for (size_t i = 0; i < all; i++)
        if (plan->entities[i].field_count) plan->entities[i].row = names[count++].got;
    return DRIFT_OK;
}

static int settle_members(drift__plan *plan, drift__arena *arena, drift_error *err)
{
    static const char *const taken[] = {"entities"};
    const size_t all = plan->schema->entity_count;
    drift__spelling *names = drift__arena_array(arena, all, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names && i < all; i++) {
        const drift_entity *entity = plan->entities[i].entity;
        if (entity->kind == DRIFT_ENTITY_QUERY) continue;
        names[count++] = (drift__spelling){entity->name, drift__identifier_of(arena, entity->name), NULL};
    }
    if (!names || arena->failed || drift__identifiers_settle(arena, names, count, taken, 1, NULL, 0) != 0)
        return drift__no_memory(err);
    count = 0;
    for (size_t i = 0; i < all; i++)
        if (plan->entities[i].entity->kind != DRIFT_ENTITY_QUERY) plan->entities[i].member = names[count++].got;
    return DRIFT_OK;
}

int drift__plan_make(drift__plan *out, drift__arena *arena, const drift_schema *schema, const char *prefix,
                     bool data_classes, bool companions, drift__plan_note_fn note, void *payload, drift_error *err)
{
    drift_connection *scratch = NULL;
    *out = (drift__plan){
        .prefix = prefix,
        .version = schema->version,
        .schema = schema,
        .entities = drift__arena_array(arena, schema->entity_count, sizeof *out->entities),
        .data_classes = data_classes,
        .companions = companions,
    };
    int rc = out->entities ? plan_scratch(&scratch, schema, err) : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < schema->entity_count; i++) {
        out->entities[i].entity = &schema->entities[i];
        rc = plan_entity(&out->entities[i], arena, scratch, note, payload, err);
    }
    if (rc == DRIFT_OK) rc = settle_rows(out, arena, err);
    if (rc == DRIFT_OK) rc = settle_members(out, arena, err);
    drift_connection_close(scratch);
    return rc;
}
