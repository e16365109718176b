/* source.c — schema_vN.c: the schema's data, and the typed functions, each a call of drift/typed.h with a table's
 * description. */
#include "codegen/codegen.h"
#include "codegen/literal.h"
#include "codegen/writer.h"

static const char *const kind_names[] = {
    [DRIFT_TYPED_INT64] = "DRIFT_TYPED_INT64",   [DRIFT_TYPED_BOOL] = "DRIFT_TYPED_BOOL",
    [DRIFT_TYPED_DOUBLE] = "DRIFT_TYPED_DOUBLE", [DRIFT_TYPED_TEXT] = "DRIFT_TYPED_TEXT",
    [DRIFT_TYPED_BLOB] = "DRIFT_TYPED_BLOB",     [DRIFT_TYPED_ANY] = "DRIFT_TYPED_ANY",
};

/* ---- descriptions ---- */

static void put_offset(drift__writer *w, drift__str *body, const drift__plan_entity *e, const char *suffix,
                       const drift__plan_field *field, bool there)
{
    if (there)
        drift__str_printf(body, ", offsetof(" DRIFT__V "_%s%s, %s)", DRIFT__VA(w), e->row, suffix, field->name);
    else
        drift__str_puts(body, ", DRIFT_TYPED_NO_FIELD");
}

static const char *write_fields(drift__writer *w, const drift__plan_entity *e)
{
    drift__str body = DRIFT__STR_INIT;
    for (size_t i = 0; i < e->field_count; i++) {
        const drift__plan_field *field = &e->fields[i];
        drift__str_printf(&body, "    {%s, %s, %s, %d", drift__writer_text(w, field->column), kind_names[field->kind],
                          field->nullable ? "true" : "false", field->key);
        put_offset(w, &body, e, "", field, drift__has_row(w, e));
        put_offset(w, &body, e, "_companion", field, drift__has_companion(w, e) && !field->generated);
        drift__str_puts(&body, "},\n");
    }
    const char *name = drift__writer_object(w, "fields");
    drift__str_printf(&w->out, "static const drift_typed_column %s[] = {\n%s};\n", name, drift__str_text(&body));
    if (body.failed) w->out.failed = 1;
    drift__str_dispose(&body);
    return name;
}

static void put_size(drift__writer *w, const drift__plan_entity *e, const char *suffix, bool there)
{
    if (there)
        drift__str_printf(&w->out, ", sizeof(" DRIFT__V "_%s%s)", DRIFT__VA(w), e->row, suffix);
    else
        drift__str_puts(&w->out, ", 0");
}

static const char *write_description(drift__writer *w, const drift__plan_entity *e)
{
    const char *fields = write_fields(w, e);
    const char *table = drift__writer_text(w, e->entity->name);
    const char *name = drift__writer_object(w, "rows");
    drift__str_printf(&w->out, "static const drift_typed_table %s = {%s, %s, %zu", name, table, fields, e->field_count);
    put_size(w, e, "", drift__has_row(w, e));
    put_size(w, e, "_companion", drift__has_companion(w, e));
    drift__str_printf(&w->out, ", %s};\n", e->without_rowid ? "true" : "false");
    return name;
}

/* ---- reading ---- */

static void write_all(drift__writer *w, const drift__plan_entity *e, const char *description)
{
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V "_%s_all(" DRIFT__V "_%s **rows, size_t *count, drift_connection *connection, "
                      "drift_error *err)\n{\n    return " DRIFT__V "_%s_where(rows, count, connection, NULL, NULL, 0, "
                      "err);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, DRIFT__VA(w), e->row);
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V "_%s_where(" DRIFT__V "_%s **rows, size_t *count, drift_connection "
                      "*connection,\n    const char *where, const drift_value *binds, size_t bind_count, drift_error "
                      "*err)\n{\n    void *read = NULL;\n    const int rc = drift_typed_select(&read, count, "
                      "connection, &%s, where, binds, bind_count, err);\n    *rows = (" DRIFT__V "_%s *)read;\n    "
                      "return rc;\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, description, DRIFT__VA(w), e->row);
}

static void put_key_value(drift__writer *w, const drift__plan_field *field)
{
    const char *name = drift__key_parameter(w, field);
    switch (field->kind) {
    case DRIFT_TYPED_INT64:
    case DRIFT_TYPED_BOOL: drift__str_printf(&w->out, "DRIFT_BIND_INT64(%s)", name); break;
    case DRIFT_TYPED_DOUBLE: drift__str_printf(&w->out, "DRIFT_BIND_DOUBLE(%s)", name); break;
    case DRIFT_TYPED_TEXT: drift__str_printf(&w->out, "DRIFT_BIND_TEXT(%s.data, %s.length)", name, name); break;
    case DRIFT_TYPED_BLOB: drift__str_printf(&w->out, "DRIFT_BIND_BLOB(%s.data, %s.length)", name, name); break;
    case DRIFT_TYPED_ANY: drift__str_puts(&w->out, name); break;
    }
}

static void write_by_key(drift__writer *w, const drift__plan_entity *e, const char *description)
{
    const drift__plan_field *field;
    int count = 0;
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V "_%s_by_key(" DRIFT__V "_%s **row, drift_connection *connection,\n    ",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row);
    drift__put_key_parameters(w, e);
    drift__str_puts(&w->out, ", drift_error *err)\n{\n    void *read = NULL;\n    const drift_value key[] = {");
    for (; (field = drift__plan_key(e, count + 1)); count++) {
        if (count) drift__str_puts(&w->out, ", ");
        put_key_value(w, field);
    }
    drift__str_printf(&w->out,
                      "};\n    const int rc = drift_typed_find(&read, connection, &%s, key, %d, err);\n    *row = "
                      "(" DRIFT__V "_%s *)read;\n    return rc;\n}\n",
                      description, count, DRIFT__VA(w), e->row);
    drift__str_printf(&w->out, "\nvoid " DRIFT__V "_%s_free(" DRIFT__V "_%s *row)\n{\n    drift_typed_free(row);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row);
}

static void write_reading(drift__writer *w, const drift__plan_entity *e, const char *description)
{
    write_all(w, e, description);
    if (drift__has_key(e)) write_by_key(w, e, description);
    drift__str_printf(&w->out,
                      "\nvoid " DRIFT__V "_%s_free_all(" DRIFT__V "_%s *rows, size_t count)\n{\n    (void)count;\n    "
                      "drift_typed_free(rows);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row);
}

/* ---- writing ---- */

static void write_insert(drift__writer *w, const drift__plan_entity *e, const char *description)
{
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V "_%s_insert(drift_connection *connection, const " DRIFT__V
                      "_%s_companion *companion,\n    int64_t *rowid, drift_error *err)\n{\n    return "
                      "drift_typed_insert(connection, &%s, companion, rowid, err);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, description);
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V "_%s_insert_many(drift_connection *connection, const " DRIFT__V
                      "_%s_companion *companions,\n    size_t count, drift_error *err)\n{\n    return "
                      "drift_typed_insert_many(connection, &%s, companions, count, err);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, description);
}

static void write_update(drift__writer *w, const drift__plan_entity *e, const char *description)
{
    if (drift__has_key(e))
        drift__str_printf(&w->out,
                          "\nint " DRIFT__V "_%s_update(drift_connection *connection, const " DRIFT__V
                          "_%s_companion *companion,\n    drift_error *err)\n{\n    return "
                          "drift_typed_update(connection, &%s, companion, err);\n}\n",
                          DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, description);
    drift__str_printf(&w->out,
                      "\nint " DRIFT__V
                      "_%s_update_where(int64_t *changed, drift_connection *connection,\n    const " DRIFT__V
                      "_%s_companion *companion, const char *where,\n    const drift_value *binds, size_t "
                      "bind_count, drift_error *err)\n{\n    return drift_typed_update_where(changed, connection, "
                      "&%s, companion, where, binds, bind_count, err);\n}\n",
                      DRIFT__VA(w), e->row, DRIFT__VA(w), e->row, description);
}

static void write_entity(drift__writer *w, const drift__plan_entity *e)
{
    const bool row = drift__has_row(w, e), companion = drift__has_companion(w, e);
    if (!row && !companion) return;
    drift__str_putc(&w->out, '\n');
    const char *description = write_description(w, e);
    if (row) write_reading(w, e, description);
    if (!companion) return;
    write_insert(w, e, description);
    write_update(w, e, description);
}

void drift__write_source(drift__writer *w)
{
    drift__str_printf(&w->out, DRIFT__GENERATED_HEAD DRIFT__STAMP "%016llx */\n#include \"schema_v%d.h\"\n\n",
                      (unsigned long long)drift__codegen_stamp(w->plan->schema), w->plan->version);
    drift__write_data(w);
    for (size_t i = 0; i < w->plan->schema->entity_count; i++) write_entity(w, &w->plan->entities[i]);
}
