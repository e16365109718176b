/* schema.c — looking things up in a schema. */
#include "drift/schema.h"

#include "base/fold.h"

const char *drift_entity_kind_name(drift_entity_kind kind)
{
    switch (kind) {
#define KIND_NAME(name, word) \
    case DRIFT_ENTITY_##name: return word;
        DRIFT_ENTITY_KIND_MAP(KIND_NAME)
#undef KIND_NAME
    default: return NULL;
    }
}

const drift_entity *drift_schema_entity(const drift_schema *schema, drift_entity_kind kind, const char *name)
{
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift_entity *entity = &schema->entities[i];
        if (entity->kind == kind && drift__same_name(entity->name, name)) return entity;
    }
    return NULL;
}

const drift_table *drift_schema_table(const drift_schema *schema, const char *name)
{
    const drift_entity *entity = drift_schema_entity(schema, DRIFT_ENTITY_TABLE, name);
    return entity ? entity->as.table : NULL;
}

const drift_column *drift_table_column(const drift_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (drift__same_name(table->columns[i].name, name)) return &table->columns[i];
    }
    return NULL;
}

const drift_constraint *drift_column_constraint(const drift_column *column, drift_constraint_kind kind)
{
    for (size_t i = 0; i < column->constraint_count; i++) {
        if (column->constraints[i].kind == kind) return &column->constraints[i];
    }
    return NULL;
}
