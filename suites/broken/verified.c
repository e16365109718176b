/* verified.c — running a case by the kit's public calls alone. */
#include "broken/verified.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "drift/database.h"
#include "drift/kit/parse.h"
#include "drift/migrator.h"
#include "support/suite.h"

/* What the verifier is given, made of a case. */
typedef struct world {
    const broken_case *c;
    drift_schema *schemas[BROKEN_MOST];
    int versions[BROKEN_MOST];
    char paths[BROKEN_MOST][32];
    drift_step_file files[BROKEN_MOST];
    drift_migration_step steps[BROKEN_MOST];
} world;

/* ---- schemas ---- */

static int hand_out_versions(const int **versions, size_t *count, const void *payload, drift_error *err)
{
    const world *w = payload;
    (void)err;
    *versions = w->versions;
    *count = w->c->schema_count;
    return DRIFT_OK;
}

static const drift_schema *schema_of(const world *w, int version)
{
    for (size_t i = 0; i < w->c->schema_count; i++) {
        if (w->versions[i] == version) return w->schemas[i];
    }
    return NULL;
}

static int hand_out_schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    (void)err;
    *out = schema_of(payload, version);
    return *out ? DRIFT_OK : DRIFT_NOT_FOUND;
}

static void parse_schemas(world *w)
{
    for (size_t i = 0; i < w->c->schema_count; i++) {
        const broken_schema *schema = &w->c->schemas[i];
        drift_error err = {0};
        ck_assert_drift(drift_schema_parse(&w->schemas[i], schema->sql, strlen(schema->sql), &err));
        w->schemas[i]->version = schema->version;
        w->versions[i] = schema->version;
    }
}

/* ---- steps, as files or as an application's own ---- */

static int run_step(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    (void)from;
    (void)to;
    return drift_migrator_exec(m, payload, err);
}

static void take_steps(world *w)
{
    for (size_t i = 0; i < w->c->step_count; i++) {
        const broken_step *step = &w->c->steps[i];
        snprintf(w->paths[i], sizeof w->paths[i], "v%d_to_v%d.sql", step->from, step->to);
        w->files[i] = (drift_step_file){step->from, step->to, w->paths[i], step->sql, strlen(step->sql)};
        w->steps[i] =
            (drift_migration_step){step->from, step->to, schema_of(w, step->to), run_step, w->c->steps[i].sql};
    }
}

static int upgrade(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const world *w = payload;
    return drift_migrator_run_steps(m, w->steps, w->c->step_count, from, to, err);
}

static int open_app(drift_database *database, const drift_opening_details *details, const void *payload,
                    drift_error *err)
{
    const world *w = payload;
    (void)details;
    return w->c->opening ? drift_exec(drift_database_connection(database), w->c->opening, err) : DRIFT_OK;
}

/* ---- */

static drift_outcome *verify(const broken_case *c, const drift_verify_options *how)
{
    world w = {.c = c};
    drift_error err = {0};
    drift_outcome *outcome = NULL;
    parse_schemas(&w);
    take_steps(&w);
    const drift_schema_provider provider = {c->name, hand_out_versions, hand_out_schema, &w};
    const drift_step_folder steps = {c->name, w.files, c->step_count};
    const drift_database_definition definition = {
        .name = c->name,
        .schema_version = w.versions[c->schema_count - 1],
        .schema = w.schemas[c->schema_count - 1],
        .strategy = {.on_upgrade = upgrade, .before_open = open_app, .payload = &w}};
    const drift_migration_source source = {.steps = c->by_app ? NULL : &steps,
                                           .definition = c->by_app ? &definition : NULL};
    const drift_expectations expect = {c->name, c->expectations, c->expectation_count};
    const drift_diff_options diff = {.strict = c->strict};
    drift_verify_options options = *how;
    options.runner = c->runner;
    options.diff = &diff;
    options.expect = c->expectation_count ? &expect : NULL;
    ck_assert_drift(drift_verify_migrations(&outcome, &provider, &source, &options, &err));
    for (size_t i = 0; i < c->schema_count; i++) drift_schema_free(w.schemas[i]);
    return outcome;
}

drift_outcome *broken_verify(const broken_case *c, int64_t seed)
{
    return verify(c, &(drift_verify_options){.seed = seed});
}

drift_outcome *broken_keep(const broken_case *c, int64_t seed, const char *folder)
{
    return verify(c, &(drift_verify_options){.seed = seed, .keep = folder});
}

/* ---- within a longer history ---- */

enum { BEFORE = 2, BEHIND = 3 };

static const char pad[] = "CREATE TABLE history_%d (id INTEGER PRIMARY KEY, note TEXT);\n";

/* The tables of history that a version has, and then the case's own schema. */
static const char *padded(drift__arena *arena, const char *schema, int tables)
{
    const char *text = schema;
    for (int i = tables; i > 0; i--) {
        const char *table = drift__arena_printf(arena, pad, i);
        text = drift__arena_printf(arena, "%s%s", table, text);
    }
    ck_assert_ptr_nonnull(text);
    return text;
}

static void add_version(broken_case *out, int version, const char *schema, int tables)
{
    out->schemas[out->schema_count++] = (broken_schema){version, padded(&out->arena, schema, tables)};
}

static void add_step(broken_case *out, int from, int table)
{
    out->steps[out->step_count++] = (broken_step){from, from + 1, drift__arena_printf(&out->arena, pad, table)};
}

/* Its own versions are BEFORE later, and so is what is told of its steps. */
static void put_within(broken_case *out, const broken_case *c)
{
    const broken_schema *first = &c->schemas[0], *last = &c->schemas[c->schema_count - 1];
    out->schema_count = out->step_count = 0;
    out->arena = (drift__arena)DRIFT__ARENA_INIT;
    for (int i = 0; i < BEFORE; i++) {
        add_version(out, first->version + i, first->sql, i);
        add_step(out, first->version + i, i + 1);
    }
    for (size_t i = 0; i < c->schema_count; i++)
        add_version(out, c->schemas[i].version + BEFORE, c->schemas[i].sql, BEFORE);
    for (size_t i = 0; i < c->step_count; i++)
        out->steps[out->step_count++] =
            (broken_step){c->steps[i].from + BEFORE, c->steps[i].to + BEFORE, c->steps[i].sql};
    for (int i = 0; i < BEHIND; i++) {
        add_step(out, last->version + BEFORE + i, BEFORE + i + 1);
        add_version(out, last->version + BEFORE + i + 1, last->sql, BEFORE + i + 1);
    }
    for (size_t i = 0; i < out->expectation_count; i++) {
        out->expectations[i].from += BEFORE;
        out->expectations[i].to += BEFORE;
    }
}

drift_outcome *broken_verify_within(const broken_case *c, bool independent)
{
    broken_case within = *c;
    put_within(&within, c);
    drift_outcome *outcome = verify(
        &within, &(drift_verify_options){.levels = 1u << DRIFT_DATA_ONE, .seed = 42, .independent = independent});
    drift__arena_dispose(&within.arena);
    return outcome;
}

static bool is_same(const broken_finding *listed, const drift_finding *told)
{
    return strcmp(listed->code, drift_finding_code_name(told->code)) == 0 &&
           strcmp(listed->object ? listed->object : "", told->object ? told->object : "") == 0;
}

bool broken_is_told(const drift_outcome *outcome, const broken_finding *finding)
{
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++) {
            if (is_same(finding, &outcome->runs[i].findings[k])) return true;
        }
    }
    return false;
}

static bool is_listed(const broken_case *c, const drift_finding *told)
{
    for (size_t i = 0; i < c->finding_count; i++) {
        if (is_same(&c->findings[i], told)) return true;
    }
    return false;
}

void broken_compare(drift__str *out, const broken_case *c, const drift_outcome *outcome, bool consequences)
{
    for (size_t i = 0; i < c->finding_count; i++) {
        const broken_finding *f = &c->findings[i];
        if ((f->is_consequence && !consequences) || broken_is_told(outcome, f)) continue;
        drift__str_printf(out, "%s: %s %s is not told\n", c->name, f->code, f->object ? f->object : "");
    }
    for (size_t i = 0; i < outcome->run_count; i++) {
        const drift_run *run = &outcome->runs[i];
        for (size_t k = 0; k < run->finding_count; k++) {
            const drift_finding *f = &run->findings[k];
            if (is_listed(c, f)) continue;
            drift__str_printf(out, "%s: %d->%d %s: not expected: %s %s: %s\n", c->name, run->from, run->to, run->data,
                              drift_finding_code_name(f->code), f->object ? f->object : "", f->message);
        }
    }
}
