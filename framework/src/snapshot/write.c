/* write.c — a schema to the text of drift_schema_vN.json, format 1.3.0. Keys stand in the order in which Drift writes
 * them. */
#include "snapshot/write.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "drift/kit/snapshot.h"
#include "snapshot/item.h"
#include "snapshot/name.h"
#include "snapshot/statement.h"

const char *drift__write_sql(drift__writing *w, const drift_entity *entity)
{
    drift__str s = DRIFT__STR_INIT;
    drift__statement_put(&s, entity->sql);
    if (s.failed) w->arena.failed = 1;
    const char *sql = drift__arena_strndup(&w->arena, drift__str_text(&s), s.length);
    drift__str_dispose(&s);
    return sql;
}

static const char *type_name(drift_entity_kind kind)
{
    switch (kind) {
    case DRIFT_ENTITY_TABLE:
    case DRIFT_ENTITY_VIRTUAL_TABLE: return "table";
    case DRIFT_ENTITY_INDEX: return "index";
    case DRIFT_ENTITY_VIEW: return "view";
    case DRIFT_ENTITY_TRIGGER: return "trigger";
    case DRIFT_ENTITY_QUERY: break;
    }
    return "special-query";
}

static void write_references(drift__writing *w, const char *key, const drift__refer_row *row)
{
    drift__out_key(&w->out, key);
    drift__out_open(&w->out, '[');
    for (size_t i = 0; i < row->count; i++) drift__out_integer(&w->out, (long long)row->references[i]);
    drift__out_close(&w->out, ']');
}

/* With its statement known, an index needs no columns beside it. */
static void write_index(drift__writing *w, const drift__refer_row *row)
{
    drift__out_key(&w->out, "on");
    drift__out_integer(&w->out, (long long)row->on);
    drift__out_member(&w->out, "name", row->entity->name);
    drift__out_member(&w->out, "sql", drift__write_sql(w, row->entity));
    drift__out_member_bool(&w->out, "unique", row->entity->as.index && row->entity->as.index->unique);
    drift__out_key(&w->out, "columns");
    drift__out_open(&w->out, '[');
    drift__out_close(&w->out, ']');
}

static void write_trigger(drift__writing *w, const drift__refer_row *row)
{
    drift__out_key(&w->out, "on");
    drift__out_integer(&w->out, (long long)row->on);
    write_references(w, "references_in_body", row);
    drift__out_member(&w->out, "name", row->entity->name);
    drift__out_member(&w->out, "sql", drift__write_sql(w, row->entity));
}

static void write_view(drift__writing *w, const drift__refer_row *row)
{
    drift__out_member(&w->out, "name", row->entity->name);
    drift__out_member(&w->out, "sql", drift__write_sql(w, row->entity));
    drift__out_member(&w->out, "dart_info_name", drift__dart_name(&w->arena, row->entity->name, true));
    drift__write_view_columns(w, row->entity->as.view);
}

static void write_query(drift__writing *w, const drift__refer_row *row)
{
    drift__out_member(&w->out, "scenario", "create");
    drift__out_member(&w->out, "sql", row->entity->sql);
}

static void write_data(drift__writing *w, const drift__refer_row *row)
{
    switch (row->entity->kind) {
    case DRIFT_ENTITY_TABLE: drift__write_table(w, row); break;
    case DRIFT_ENTITY_VIRTUAL_TABLE: drift__write_virtual_table(w, row); break;
    case DRIFT_ENTITY_INDEX: write_index(w, row); break;
    case DRIFT_ENTITY_VIEW: write_view(w, row); break;
    case DRIFT_ENTITY_TRIGGER: write_trigger(w, row); break;
    case DRIFT_ENTITY_QUERY: write_query(w, row); break;
    }
}

static void write_entity(drift__writing *w, size_t id)
{
    const drift__refer_row *row = &w->refer.rows[id];
    drift__out_open(&w->out, '{');
    drift__out_key(&w->out, "id");
    drift__out_integer(&w->out, (long long)id);
    write_references(w, "references", row);
    drift__out_member(&w->out, "type", type_name(row->entity->kind));
    drift__out_key(&w->out, "data");
    drift__out_open(&w->out, '{');
    write_data(w, row);
    drift__out_close(&w->out, '}');
    drift__out_close(&w->out, '}');
}

static void write_fixed(drift__writing *w, const drift_entity *entity)
{
    const bool query = entity->kind == DRIFT_ENTITY_QUERY;
    drift__out_open(&w->out, '{');
    drift__out_member(&w->out, "name", query ? DRIFT__QUERY_NAME : entity->name);
    drift__out_key(&w->out, "sql");
    drift__out_open(&w->out, '[');
    drift__out_open(&w->out, '{');
    drift__out_member(&w->out, "dialect", "sqlite");
    drift__out_member(&w->out, "sql", query ? entity->sql : drift__write_sql(w, entity));
    drift__out_close(&w->out, '}');
    drift__out_close(&w->out, ']');
    drift__out_close(&w->out, '}');
}

/* JSON is UTF-8; SQLite keeps whatever bytes it was given. */
static int check_text(const drift__writing *w, const drift_entity *entity, drift_error *err)
{
    if (w->arena.failed) return drift__no_memory(err);
    if (!w->out.not_utf8) return DRIFT_OK;
    return drift__error(err, DRIFT_FORMAT, "the statement of %s %s is not UTF-8, which JSON cannot hold",
                        drift_entity_kind_name(entity->kind), entity->name);
}

static void write_head(drift__json_out *o)
{
    drift__out_key(o, "_meta");
    drift__out_open(o, '{');
    drift__out_member(o, "description", "This file contains a serialized version of schema entities for drift.");
    drift__out_member(o, "version", "1.3.0");
    drift__out_close(o, '}');
    drift__out_key(o, "options");
    drift__out_open(o, '{');
    drift__out_member_bool(o, "store_date_time_values_as_text", false);
    drift__out_close(o, '}');
}

static int write_all(drift__writing *w, drift_error *err)
{
    int rc = DRIFT_OK;
    drift__out_open(&w->out, '{');
    write_head(&w->out);
    drift__out_key(&w->out, "entities");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; i < w->refer.count && rc == DRIFT_OK; i++) {
        write_entity(w, i);
        rc = check_text(w, w->refer.rows[i].entity, err);
    }
    drift__out_close(&w->out, ']');
    drift__out_key(&w->out, "fixed_sql");
    drift__out_open(&w->out, '[');
    for (size_t i = 0; i < w->refer.count && rc == DRIFT_OK; i++) {
        write_fixed(w, w->refer.rows[i].entity);
        rc = check_text(w, w->refer.rows[i].entity, err);
    }
    drift__out_close(&w->out, ']');
    drift__out_close(&w->out, '}');
    drift__str_putc(&w->out.s, '\n');
    return rc;
}

int drift_snapshot_print(char **out, size_t *length, const drift_schema *schema, drift_error *err)
{
    drift__writing w = {.out = {.s = DRIFT__STR_INIT}, .arena = DRIFT__ARENA_INIT};
    *out = NULL;
    if (length) *length = 0;
    int rc = drift__refer_read(&w.refer, &w.arena, schema, err);
    if (rc == DRIFT_OK) rc = write_all(&w, err);
    const size_t written = w.out.s.length;
    if (rc == DRIFT_OK) rc = drift__str_take(out, &w.out.s, err);
    if (rc == DRIFT_OK && length) *length = written;
    drift__str_dispose(&w.out.s);
    drift__arena_dispose(&w.arena);
    return rc;
}
