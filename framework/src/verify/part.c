/* part.c — shards come from machines of their own: that they read the same is told by digests, that they were asked for
 * the same by the options in words. */
#include "verify/part.h"

#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "digest/digest.h"
#include "drift/connection.h"
#include "drift/render.h"

static void add_text(drift__digest_state *state, const char *text)
{
    const drift_value value = DRIFT_BIND_TEXT(text, strlen(text));
    drift__digest_value(state, &value);
}

static const char *put_digest(drift__arena *arena, drift__digest_state *state)
{
    const drift__digest digest = drift__digest_end(state);
    return drift__arena_printf(arena, "%016llx%016llx", (unsigned long long)digest.high,
                               (unsigned long long)digest.low);
}

static int add_schema(drift__digest_state *state, const drift_schema *schema, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < schema->entity_count; i++) {
        char *sql = NULL;
        rc = drift_render_entity(&sql, &schema->entities[i], err);
        if (rc == DRIFT_OK) add_text(state, sql);
        drift_free(sql);
    }
    return rc;
}

/* A schema that cannot be had is an error of its runs, the same in each shard. */
static int digest_schemas(const char **out, drift__arena *arena, const drift_schema_provider *schemas, drift_error *err)
{
    const int *versions = NULL;
    size_t count = 0;
    drift__digest_state state;
    int rc = schemas->versions(&versions, &count, schemas->payload, err);
    drift__digest_begin(&state);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        const drift_schema *schema = NULL;
        drift_error why = {0};
        drift__digest_number(&state, (uint64_t)versions[i]);
        rc = schemas->schema(&schema, versions[i], schemas->payload, &why);
        if (rc == DRIFT_OK) rc = add_schema(&state, schema, &why);
        if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
        if (rc != DRIFT_OK) add_text(&state, why.text);
        rc = DRIFT_OK;
    }
    *out = put_digest(arena, &state);
    return rc;
}

/* What a definition or a command does cannot be read. */
static const char *digest_migrations(drift__arena *arena, const drift_migration_source *source)
{
    drift__digest_state state;
    if (!source->steps) return "";
    drift__digest_begin(&state);
    for (size_t i = 0; i < source->steps->count; i++) {
        const drift_step_file *file = &source->steps->files[i];
        const drift_value text = DRIFT_BIND_TEXT(file->sql, file->length);
        drift__digest_number(&state, (uint64_t)file->from);
        drift__digest_number(&state, (uint64_t)file->to);
        drift__digest_value(&state, &text);
    }
    return put_digest(arena, &state);
}

/* ---- options ---- */

static void put_levels(drift__str *out, unsigned levels)
{
    drift__str_puts(out, levels ? "data" : "data by default");
    for (int level = 0; drift_data_level_name((drift_data_level)level); level++) {
        if (levels >> level & 1u) drift__str_printf(out, " %s", drift_data_level_name((drift_data_level)level));
    }
}

static void put_comparison(drift__str *out, const drift_diff_options *diff)
{
    if (!diff) return;
    if (diff->strict) drift__str_puts(out, ", strict");
    if (diff->allow_unexpected) drift__str_puts(out, ", unexpected entities allowed");
    if (diff->ignore_column_constraints) drift__str_puts(out, ", no column constraints");
    if (diff->unique_index_is_constraint) drift__str_puts(out, ", unique indexes as constraints");
    for (size_t i = 0; diff->ignore && diff->ignore[i]; i++) drift__str_printf(out, ", without %s", diff->ignore[i]);
}

static int describe_options(const char **out, drift__arena *arena, const drift_verify_options *o, drift_error *err)
{
    static const char *const pairs[] = {
#define PAIRS_WORD(name, word, text) word,
        DRIFT_PAIRS_MAP(PAIRS_WORD)
#undef PAIRS_WORD
    };
    drift__str text = DRIFT__STR_INIT;
    drift__str_printf(&text, "pairs %s from %d to %d, ", pairs[o->pairs], o->from, o->to);
    put_levels(&text, o->levels);
    drift__str_printf(&text, ", rows %lld", (long long)o->rows);
    if (o->veto) drift__str_puts(&text, ", veto");
    if (o->no_paths) drift__str_puts(&text, ", no paths");
    if (o->time_limit_ms) drift__str_printf(&text, ", time limit %lld ms", (long long)o->time_limit_ms);
    if (o->stamp == DRIFT_STAMP_NONE) drift__str_puts(&text, ", no stamp");
    if (o->stub_functions) drift__str_puts(&text, ", stand-ins");
    put_comparison(&text, o->diff);
    if (o->setup_sql) drift__str_printf(&text, ", setup %s", o->setup_sql);
    *out = text.failed ? NULL : drift__arena_strndup(arena, drift__str_text(&text), text.length);
    drift__str_dispose(&text);
    return *out ? DRIFT_OK : drift__no_memory(err);
}

int drift__part_describe(drift_part *out, drift__arena *arena, const drift_schema_provider *schemas,
                         const drift_migration_source *source, const drift_verify_options *options, drift_error *err)
{
    *out = (drift_part){.index = (size_t)options->shard, .count = (size_t)options->shards};
    int rc = digest_schemas(&out->schemas, arena, schemas, err);
    out->migrations = digest_migrations(arena, source);
    if (rc == DRIFT_OK) rc = describe_options(&out->options, arena, options, err);
    return rc == DRIFT_OK && arena->failed ? drift__no_memory(err) : rc;
}
