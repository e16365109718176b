/* writer.c — what the writers of one version's files share. */
#include "codegen/writer.h"

#include "base/alloc.h"
#include "codegen/identifier.h"
#include "codegen/literal.h"

const char *drift__writer_object(drift__writer *w, const char *what)
{
    /* No other name of the file begins so: those of rows begin with P_vN_. */
    const char *name =
        drift__arena_printf(w->arena, "%s_data%d_%s_%u", w->plan->prefix, w->plan->version, what, ++w->objects);
    return name ? name : "";
}

const char *drift__writer_text(drift__writer *w, const char *text)
{
    drift__str s = DRIFT__STR_INIT;
    if (!text) return "NULL";
    if (drift__literal_is_long(text)) {
        const char *name = drift__writer_object(w, "text");
        drift__str_printf(&w->out, "static const char %s[] = ", name);
        drift__put_characters(&w->out, text);
        drift__str_puts(&w->out, ";\n");
        return name;
    }
    drift__put_literal(&s, text, 5);
    const char *literal = drift__arena_strndup(w->arena, drift__str_text(&s), s.length);
    if (s.failed || !literal) w->out.failed = 1;
    drift__str_dispose(&s);
    return literal ? literal : "";
}

const char *drift__field_type(drift_typed_kind kind, bool nullable)
{
    switch (kind) {
    case DRIFT_TYPED_INT64: return nullable ? "drift_nullable_int64" : "int64_t";
    case DRIFT_TYPED_BOOL: return nullable ? "drift_nullable_bool" : "bool";
    case DRIFT_TYPED_DOUBLE: return nullable ? "drift_nullable_double" : "double";
    case DRIFT_TYPED_TEXT: return nullable ? "drift_nullable_text" : "drift_text";
    case DRIFT_TYPED_BLOB: return nullable ? "drift_nullable_blob" : "drift_blob";
    case DRIFT_TYPED_ANY: break;
    }
    return "drift_value";
}

const char *drift__companion_type(drift_typed_kind kind)
{
    switch (kind) {
    case DRIFT_TYPED_INT64: return "drift_value_int64";
    case DRIFT_TYPED_BOOL: return "drift_value_bool";
    case DRIFT_TYPED_DOUBLE: return "drift_value_double";
    case DRIFT_TYPED_TEXT: return "drift_value_text";
    case DRIFT_TYPED_BLOB: return "drift_value_blob";
    case DRIFT_TYPED_ANY: break;
    }
    return "drift_value_any";
}

bool drift__has_row(const drift__writer *w, const drift__plan_entity *e)
{
    return w->plan->data_classes && e->row;
}

bool drift__has_companion(const drift__writer *w, const drift__plan_entity *e)
{
    bool writable = false;
    for (size_t i = 0; i < e->field_count; i++) writable = writable || !e->fields[i].generated;
    return w->plan->companions && e->row && e->writable && writable;
}

const drift__plan_field *drift__plan_key(const drift__plan_entity *e, int place)
{
    for (size_t i = 0; i < e->field_count; i++)
        if (e->fields[i].key == place) return &e->fields[i];
    return NULL;
}

bool drift__has_key(const drift__plan_entity *e)
{
    return drift__plan_key(e, 1) != NULL;
}

/* With "key_" before it, it is none of the other names in a function that is given a key. */
const char *drift__key_parameter(drift__writer *w, const drift__plan_field *field)
{
    const char *name = drift__arena_printf(w->arena, "key_%s", field->name);
    return name ? name : "";
}

void drift__put_key_parameters(drift__writer *w, const drift__plan_entity *e)
{
    const drift__plan_field *field;
    for (int place = 1; (field = drift__plan_key(e, place)); place++)
        drift__str_printf(&w->out, "%s%s %s", place > 1 ? ", " : "", drift__field_type(field->kind, false),
                          drift__key_parameter(w, field));
}
