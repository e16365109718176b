/* header.c — schema_vN.h: handles, rows, companions, and what can be done with them. */
#include "codegen/files.h"
#include "codegen/writer.h"

static const char *const pointer_types[] = {
    [DRIFT_ENTITY_TABLE] = "drift_table *table",
    [DRIFT_ENTITY_INDEX] = "drift_index *index",
    [DRIFT_ENTITY_VIEW] = "drift_view *view",
    [DRIFT_ENTITY_TRIGGER] = "drift_trigger *trigger",
    [DRIFT_ENTITY_VIRTUAL_TABLE] = "drift_virtual_table *virtual_table",
    [DRIFT_ENTITY_QUERY] = "",
};

/* ---- handles ---- */

static void put_handle(drift__writer *w, const drift__plan_entity *e)
{
    drift__str_puts(&w->out, "    struct {\n        const drift_entity *entity;\n");
    if (!e->entity->opaque) drift__str_printf(&w->out, "        const %s;\n", pointer_types[e->entity->kind]);
    for (size_t i = 0; i < e->column_count; i++)
        drift__str_printf(&w->out, "        const drift_column *%s;\n", e->fields[i].name);
    drift__str_printf(&w->out, "    } %s;\n", e->member);
}

static void put_handles(drift__writer *w)
{
    drift__str_printf(&w->out,
                      "/* The schema of version %d: create-all, diff and verifier take it. */\n"
                      "extern const drift_schema " DRIFT__V "_entities;\n\n"
                      "/* Its tables with their columns, its indexes, views and triggers, by name. */\n"
                      "typedef struct " DRIFT__V "_schema {\n    const drift_schema *entities;\n",
                      w->plan->version, DRIFT__VA(w), DRIFT__VA(w));
    for (size_t i = 0; i < w->plan->schema->entity_count; i++)
        if (w->plan->entities[i].member) put_handle(w, &w->plan->entities[i]);
    drift__str_printf(&w->out, "} " DRIFT__V "_schema;\nextern const " DRIFT__V "_schema " DRIFT__V ";\n", DRIFT__VA(w),
                      DRIFT__VA(w), DRIFT__VA(w));
}

/* ---- rows ---- */

/* `int P_vN_row_suffix(` */
static void put_function(drift__writer *w, const drift__plan_entity *e, const char *suffix)
{
    drift__str_printf(&w->out, "int " DRIFT__V "_%s_%s(", DRIFT__VA(w), e->row, suffix);
}

static void put_reading(drift__writer *w, const drift__plan_entity *e)
{
    put_function(w, e, "all");
    drift__str_printf(&w->out, DRIFT__V "_%s **rows, size_t *count, drift_connection *connection, drift_error *err);\n",
                      DRIFT__VA(w), e->row);
    put_function(w, e, "where");
    drift__str_printf(&w->out,
                      DRIFT__V "_%s **rows, size_t *count, drift_connection *connection,\n    const char *where, "
                               "const drift_value *binds, size_t bind_count, drift_error *err);\n",
                      DRIFT__VA(w), e->row);
    if (drift__has_key(e)) {
        put_function(w, e, "by_key");
        drift__str_printf(&w->out, DRIFT__V "_%s **row, drift_connection *connection,\n    ", DRIFT__VA(w), e->row);
        drift__put_key_parameters(w, e);
        drift__str_puts(&w->out, ", drift_error *err);\n");
        drift__str_printf(&w->out, "void " DRIFT__V "_%s_free(" DRIFT__V "_%s *row);\n", DRIFT__VA(w), e->row,
                          DRIFT__VA(w), e->row);
    }
    drift__str_printf(&w->out, "void " DRIFT__V "_%s_free_all(" DRIFT__V "_%s *rows, size_t count);\n", DRIFT__VA(w),
                      e->row, DRIFT__VA(w), e->row);
}

static void put_row(drift__writer *w, const drift__plan_entity *e)
{
    drift__str_printf(&w->out, "\ntypedef struct " DRIFT__V "_%s {\n", DRIFT__VA(w), e->row);
    for (size_t i = 0; i < e->field_count; i++)
        drift__str_printf(&w->out, "    %s %s;\n", drift__field_type(e->fields[i].kind, e->fields[i].nullable),
                          e->fields[i].name);
    drift__str_printf(&w->out, "} " DRIFT__V "_%s;\n", DRIFT__VA(w), e->row);
    put_reading(w, e);
}

/* ---- companions ---- */

static void put_writing(drift__writer *w, const drift__plan_entity *e)
{
    put_function(w, e, "insert");
    drift__str_printf(&w->out,
                      "drift_connection *connection, const " DRIFT__V
                      "_%s_companion *companion,\n    int64_t *rowid, drift_error *err);\n",
                      DRIFT__VA(w), e->row);
    put_function(w, e, "insert_many");
    drift__str_printf(&w->out,
                      "drift_connection *connection, const " DRIFT__V
                      "_%s_companion *companions,\n    size_t count, drift_error *err);\n",
                      DRIFT__VA(w), e->row);
    if (drift__has_key(e)) {
        put_function(w, e, "update");
        drift__str_printf(&w->out,
                          "drift_connection *connection, const " DRIFT__V
                          "_%s_companion *companion,\n    drift_error *err);\n",
                          DRIFT__VA(w), e->row);
    }
    put_function(w, e, "update_where");
    drift__str_printf(&w->out,
                      "int64_t *changed, drift_connection *connection,\n    const " DRIFT__V
                      "_%s_companion *companion, const char *where,\n    const drift_value *binds, size_t bind_count, "
                      "drift_error *err);\n",
                      DRIFT__VA(w), e->row);
}

static void put_companion(drift__writer *w, const drift__plan_entity *e)
{
    drift__str_printf(&w->out, "\ntypedef struct " DRIFT__V "_%s_companion {\n", DRIFT__VA(w), e->row);
    for (size_t i = 0; i < e->field_count; i++) {
        if (e->fields[i].generated) continue;
        drift__str_printf(&w->out, "    %s %s;\n", drift__companion_type(e->fields[i].kind), e->fields[i].name);
    }
    drift__str_printf(&w->out, "} " DRIFT__V "_%s_companion;\n", DRIFT__VA(w), e->row);
    put_writing(w, e);
}

void drift__write_header(drift__writer *w)
{
    drift__str_puts(&w->out, DRIFT__GENERATED_HEAD);
    drift__put_guard(&w->out, w->plan->prefix, drift__arena_printf(w->arena, "schema_v%d", w->plan->version));
    drift__str_puts(&w->out, "\n#include <drift/typed.h>\n\nDRIFT_BEGIN_DECLS\n\n");
    put_handles(w);
    if (w->plan->data_classes || w->plan->companions)
        drift__str_puts(&w->out, "\n/* Rows, and companions to write them; <drift/typed.h> says what the functions do. "
                                 "*/\n");
    for (size_t i = 0; i < w->plan->schema->entity_count; i++) {
        const drift__plan_entity *e = &w->plan->entities[i];
        if (drift__has_row(w, e)) put_row(w, e);
        if (drift__has_companion(w, e)) put_companion(w, e);
    }
    drift__str_puts(&w->out, "\nDRIFT_END_DECLS\n\n#endif\n");
}
