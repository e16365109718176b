/* routes.c — running the other ways, and comparing where they end.
 *
 * Rows that differ are told only if both ways give the same again: a step that writes the time, or a random value,
 * gives others each time. The two are run again one after the other, so that whatever only depends on the clock and did
 * not change between a way's two runs did not change between the two ways either.
 */
#include "verify/routes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "digest/table.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "verify/fresh_rows.h"
#include "verify/routes_compare.h"
#include "verify/world.h"

/* The routes of one case. */
typedef struct case_routes {
    drift__judgement *judgement;
    const drift__attempt *direct;
    drift__arena arena;
    int *stops; /* the versions at which a way step by step stops, ascending, `to` last */
    size_t stop_count;
    drift__path parts; /* with step files */
    unsigned way;      /* which is compared: a drift__way, or 0 for an install that no other database comes from */
} case_routes;

/* ---- where a way step by step stops ---- */

static int find_stops(case_routes *c, const int *versions, size_t version_count, drift_error *err)
{
    const drift__attempt *direct = c->direct;
    const drift_step_folder *steps = direct->source->steps;
    int rc = steps ? drift__path_find_parts(&c->parts, steps, direct->from, direct->to, err) : DRIFT_OK;
    c->stops = drift__arena_array(&c->arena, c->parts.count + version_count + 1, sizeof *c->stops);
    if (rc == DRIFT_OK && !c->stops) rc = drift__no_memory(err);
    if (rc != DRIFT_OK) return rc;
    for (size_t i = 0; i < c->parts.count; i++) c->stops[c->stop_count++] = c->parts.steps[i]->to;
    for (size_t i = 0; !steps && i < version_count; i++) {
        if (versions[i] > direct->from && versions[i] <= direct->to) c->stops[c->stop_count++] = versions[i];
    }
    return DRIFT_OK;
}

static bool same_path(const drift__path *a, const drift__path *b)
{
    for (size_t i = 0; a->count == b->count && i < a->count; i++) {
        if (a->steps[i] != b->steps[i]) return false;
    }
    return a->count == b->count;
}

/* "1->2->3" */
static const char *way_by(case_routes *c, const int *stops, size_t count)
{
    const char *text = drift__arena_printf(&c->arena, "%d", c->direct->from);
    for (size_t i = 0; text && i < count; i++) text = drift__arena_printf(&c->arena, "%s->%d", text, stops[i]);
    return text ? text : "";
}

static const char *direct_way(case_routes *c)
{
    const drift__path *path = c->direct->path;
    const char *text = drift__arena_printf(&c->arena, "%d", c->direct->from);
    for (size_t i = 0; text && path && i < path->count; i++)
        text = drift__arena_printf(&c->arena, "%s->%d", text, path->steps[i]->to);
    return path ? (text ? text : "") : way_by(c, &c->direct->to, 1);
}

/* ---- running ---- */

/* Runs an attempt on a copy of a database. `*out` is the copy, NULL if the migration failed, and then why. */
static int run_on_copy(drift_connection **out, drift_error *why, drift__attempt attempt, drift_connection *original,
                       drift_error *err)
{
    drift_connection *copy = NULL;
    *out = NULL;
    int rc = drift__world_clone(&copy, original, attempt.options, err);
    if (rc == DRIFT_OK) rc = drift__attempt_run(&attempt, copy, err);
    if (rc == DRIFT_OK && attempt.left_open) drift__error(&attempt.why, DRIFT_MIGRATION, "a transaction was left open");
    if (rc == DRIFT_OK && !attempt.failed && !attempt.left_open) {
        *out = copy;
        copy = NULL;
    }
    *why = attempt.why;
    drift__attempt_dispose(&attempt);
    drift_connection_close(copy);
    return rc;
}

/* An attempt as the case's, from one version to another. */
static int attempt_like(drift__attempt *out, const case_routes *c, int from, int to, const drift__path *path,
                        drift_error *err)
{
    const drift_schema_provider *schemas = c->judgement->schemas;
    drift_error why = {0};
    *out = (drift__attempt){.source = c->direct->source,
                            .options = c->direct->options,
                            .path = path,
                            .from = from,
                            .to = to,
                            .unaudited = true,
                            .foreknown.keeps_settings = c->direct->foreknown.keeps_settings};
    /* A step may lead to a version that has no snapshot: its script needs none. */
    const int rc = schemas->schema(&out->target, to, schemas->payload, &why);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

static int run_direct(drift_connection **out, drift_error *why, case_routes *c, drift_error *err)
{
    drift__attempt attempt;
    const int rc = attempt_like(&attempt, c, c->direct->from, c->direct->to, c->direct->path, err);
    return rc == DRIFT_OK ? run_on_copy(out, why, attempt, c->judgement->before, err) : rc;
}

static int run_parts(drift_connection **out, drift_error *why, case_routes *c, drift_error *err)
{
    drift__attempt attempt;
    const int rc = attempt_like(&attempt, c, c->direct->from, c->direct->to, &c->parts, err);
    return rc == DRIFT_OK ? run_on_copy(out, why, attempt, c->judgement->before, err) : rc;
}

/* One more stop: the copy is the database opened anew. */
static int reopen(drift__reopened *reopened, drift_error *why, case_routes *c, size_t stop, drift_error *err)
{
    drift__path step = {0};
    drift__attempt attempt;
    drift_connection *next = NULL;
    if (c->parts.count) step = (drift__path){&c->parts.steps[stop], 1};
    const int from = stop ? c->stops[stop - 1] : c->direct->from;
    int rc = attempt_like(&attempt, c, from, c->stops[stop], step.count ? &step : NULL, err);
    if (rc == DRIFT_OK)
        rc = run_on_copy(&next, why, attempt, reopened->connection ? reopened->connection : c->judgement->before, err);
    drift__reopened_dispose(reopened);
    if (next) *reopened = (drift__reopened){.at = c->stops[stop], .connection = next};
    return rc;
}

/* The stop behind the version that the route has reached; all anew if the case's route does not lead over it. */
static size_t next_stop(drift__reopened *reopened, const case_routes *c)
{
    for (size_t i = 0; i < c->stop_count; i++) {
        if (reopened->at == c->stops[i]) return i + 1;
    }
    drift__reopened_dispose(reopened);
    return 0;
}

static int run_reopened(drift__reopened *reopened, drift_error *why, case_routes *c, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = next_stop(reopened, c); rc == DRIFT_OK && !why->code && i < c->stop_count; i++)
        rc = reopen(reopened, why, c, i, err);
    return rc;
}

/* ---- comparing ---- */

/* A way, where it ends, and how to go it again. */
typedef struct route {
    const char *name;             /* "directly (1->3)" */
    drift_connection *connection; /* NULL: it failed */
    int (*again)(drift_connection **out, drift_error *why, case_routes *c, drift_error *err);
} route;

static int reopen_again(drift_connection **out, drift_error *why, case_routes *c, drift_error *err)
{
    drift__reopened all = {0};
    const int rc = run_reopened(&all, why, c, err);
    *out = all.connection;
    return rc;
}

/* A way that takes too long is no difference yet. */
static void tell_failure(case_routes *c, const route *base, const route *other, const drift_error *why)
{
    const drift_finding_code code =
        why->code == DRIFT_INTERRUPTED ? DRIFT_FINDING_ERROR_TIMEOUT : DRIFT_FINDING_PATH_SCHEMA;
    c->judgement->ways |= c->way;
    drift__judgement_find(c->judgement, code, NULL, NULL, NULL, "%s the migration succeeds, but %s it fails: %s%s%s",
                          base->name, other->name, why->source, why->source[0] ? ": " : "", why->text);
}

static void tell_data(case_routes *c, const route *base, const route *other, const drift__route_table *left,
                      const drift__route_table *right)
{
    const char *expected = drift__arena_printf(&c->arena, "%lld", (long long)left->digest.count);
    const char *actual = drift__arena_printf(&c->arena, "%lld", (long long)right->digest.count);
    c->judgement->ways |= c->way;
    if (left->digest.count == right->digest.count)
        drift__judgement_find(c->judgement, DRIFT_FINDING_PATH_DATA, left->name, NULL, NULL,
                              "%s and %s the rows end differently: as many, with other values", base->name,
                              other->name);
    else
        drift__judgement_find(c->judgement, DRIFT_FINDING_PATH_DATA, left->name, expected, actual,
                              "%s and %s the rows end differently: %lld and %lld rows", base->name, other->name,
                              (long long)left->digest.count, (long long)right->digest.count);
}

/* Whether a table's rows are again what they were, on both ways. */
static bool repeats(const drift__route_tables *first, const drift__route_tables *second, const char *table)
{
    for (size_t way = 0; way < 2; way++) {
        const drift__route_table *a = drift__route_table_named(&first[way], table),
                                 *b = drift__route_table_named(&second[way], table);
        if (!a || !b || !drift__table_digest_same(&a->digest, &b->digest)) return false;
    }
    return true;
}

static int read_both(drift__route_tables tables[2], drift_connection *base, drift_connection *other, drift_error *err)
{
    const int rc = drift__route_tables_read(&tables[0], base, err);
    return rc == DRIFT_OK ? drift__route_tables_read(&tables[1], other, err) : rc;
}

/* Both ways once more; `tables` stay empty if one of them fails now. */
static int go_again(drift__route_tables tables[2], case_routes *c, const route *base, const route *other,
                    drift_error *err)
{
    drift_connection *left = NULL, *right = NULL;
    drift_error why = {0};
    int rc = base->again(&left, &why, c, err);
    if (rc == DRIFT_OK && left) rc = other->again(&right, &why, c, err);
    if (rc == DRIFT_OK && left && right) rc = read_both(tables, left, right, err);
    drift_connection_close(left);
    drift_connection_close(right);
    return rc;
}

static int compare_data(case_routes *c, const route *base, const route *other, drift_error *err)
{
    drift__route_tables first[2] = {DRIFT__ROUTE_TABLES_INIT, DRIFT__ROUTE_TABLES_INIT};
    drift__route_tables second[2] = {DRIFT__ROUTE_TABLES_INIT, DRIFT__ROUTE_TABLES_INIT};
    const char *table = NULL;
    int rc = read_both(first, base->connection, other->connection, err);
    if (rc == DRIFT_OK && drift__route_tables_next(&first[0], &first[1], NULL))
        rc = go_again(second, c, base, other, err);
    while (rc == DRIFT_OK && (table = drift__route_tables_next(&first[0], &first[1], table))) {
        if (repeats(first, second, table))
            tell_data(c, base, other, drift__route_table_named(&first[0], table),
                      drift__route_table_named(&first[1], table));
    }
    for (size_t i = 0; i < 2; i++) {
        drift__route_tables_dispose(&first[i]);
        drift__route_tables_dispose(&second[i]);
    }
    return rc;
}

static int tell_schema(case_routes *c, const char *base, const char *other, const drift_diff *diff, drift_error *err)
{
    char *text = NULL;
    const drift_difference *first = diff->differences;
    if (!diff->count) return DRIFT_OK;
    c->judgement->ways |= c->way;
    const int rc = drift_difference_print_text(&text, first, err);
    if (rc == DRIFT_OK)
        drift__judgement_find(c->judgement, DRIFT_FINDING_PATH_SCHEMA, first->object, first->expected, first->actual,
                              "%s and %s the schemas end differently, in %zu place%s: %s %s %s", base, other,
                              diff->count, diff->count == 1 ? "" : "s",
                              first->column_name ? "column" : drift_entity_kind_name(first->kind), first->object, text);
    drift_free(text);
    return rc;
}

static int compare_schemas(case_routes *c, const char *base, const drift_schema *expected, const char *other,
                           drift_connection *reached, drift_error *err)
{
    drift_schema *actual = NULL;
    drift_diff *diff = NULL;
    int rc = drift_introspect(&actual, reached, err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, expected, actual, c->judgement->options->diff, err);
    if (rc == DRIFT_OK) rc = tell_schema(c, base, other, diff, err);
    drift_diff_free(diff);
    drift_schema_free(actual);
    return rc;
}

static int compare(case_routes *c, const route *base, const route *other, const drift_error *why, drift_error *err)
{
    drift_schema *expected = NULL;
    bool same = false;
    if (!other->connection) {
        tell_failure(c, base, other, why);
        return DRIFT_OK;
    }
    /* The same statements mostly write the same pages. */
    int rc = drift__world_same_bytes(&same, base->connection, other->connection, err);
    if (rc != DRIFT_OK || same) return rc;
    rc = drift__same_definitions(&same, base->connection, other->connection, err);
    if (rc == DRIFT_OK && !same) rc = drift_introspect(&expected, base->connection, err);
    if (rc == DRIFT_OK && !same) rc = compare_schemas(c, base->name, expected, other->name, other->connection, err);
    drift_schema_free(expected);
    return rc == DRIFT_OK ? compare_data(c, base, other, err) : rc;
}

/* ---- the ways ---- */

/* Step by step in one opening, where the direct way takes a step that has parts. `parts` is the way; without a name,
 * there is none. */
static int judge_parts(route *parts, case_routes *c, const route *direct, drift_error *err)
{
    drift_error why = {0};
    if (!c->direct->path || same_path(c->direct->path, &c->parts)) return DRIFT_OK;
    c->way = DRIFT__WAY_PARTS;
    parts->again = run_parts;
    parts->name = drift__arena_printf(&c->arena, "by its parts (%s)", way_by(c, c->stops, c->stop_count));
    int rc = parts->name ? run_parts(&parts->connection, &why, c, err) : drift__no_memory(err);
    return rc == DRIFT_OK ? compare(c, direct, parts, &why, err) : rc;
}

/* Compared with the way that runs the same steps in one opening: what differs then is the opening's. */
static int judge_reopened(case_routes *c, const route *base, drift__reopened *reopened, drift_error *err)
{
    drift_error why = {0};
    route other = {
        .again = reopen_again,
        .name = drift__arena_printf(&c->arena, "opened anew at each version (%s)", way_by(c, c->stops, c->stop_count))};
    c->way = DRIFT__WAY_REOPENED;
    reopened->begins = c->stop_count == 1;
    if (reopened->begins) return DRIFT_OK;
    int rc = other.name ? run_reopened(reopened, &why, c, err) : drift__no_memory(err);
    other.connection = reopened->connection;
    return rc == DRIFT_OK ? compare(c, base, &other, &why, err) : rc;
}

static int judge_steps(case_routes *c, drift__reopened *reopened, drift_error *err)
{
    const route direct = {.name = drift__arena_printf(&c->arena, "directly (%s)", direct_way(c)),
                          .connection = c->judgement->after,
                          .again = run_direct};
    route parts = {0};
    int rc = direct.name ? judge_parts(&parts, c, &direct, err) : drift__no_memory(err);
    /* Parts that fail in one opening are told already. */
    if (rc == DRIFT_OK && (!parts.name || parts.connection))
        rc = judge_reopened(c, parts.name ? &parts : &direct, reopened, err);
    drift_connection_close(parts.connection);
    return rc;
}

static int install(drift__fresh *fresh, const drift__judgement *judgement, const drift_database_definition *definition,
                   drift_error *err)
{
    drift_connection *connection = NULL;
    drift_database *database = NULL;
    fresh->tried = true;
    int rc = drift__world_open(&connection, judgement->options, err);
    if (rc != DRIFT_OK) return rc;
    rc = drift_database_open(&database, definition, &(drift_open_options){.connection = connection}, &fresh->why);
    if (rc == DRIFT_OK) rc = drift_introspect(&fresh->schema, connection, &fresh->why);
    drift_database_close(database);
    drift_connection_close(connection);
    return rc == DRIFT_NO_MEMORY ? drift__no_memory(err) : DRIFT_OK;
}

/* What an upgrade ends as is compared with the snapshot; what a fresh install ends as only here. */
static int judge_fresh(case_routes *c, drift__fresh *fresh, drift_error *err)
{
    static const char installed[] = "by a fresh install";
    const drift_database_definition *definition = c->direct->source->definition;
    int rc = DRIFT_OK;
    c->way = 0;
    if (!definition || definition->schema_version != c->direct->to) return DRIFT_OK;
    if (!definition->schema && !definition->strategy.on_create) return DRIFT_OK;
    if (c->direct->options->stamp == DRIFT_STAMP_NONE) return DRIFT_OK;
    const char *upgraded = drift__arena_printf(&c->arena, "by an upgrade (%s)", direct_way(c));
    if (!upgraded) return drift__no_memory(err);
    if (!fresh->tried) rc = install(fresh, c->judgement, definition, err);
    if (rc == DRIFT_OK && !fresh->schema) {
        const route base = {.name = upgraded}, other = {.name = installed};
        tell_failure(c, &base, &other, &fresh->why);
    }
    if (rc != DRIFT_OK || !fresh->schema) return rc;
    return compare_schemas(c, installed, fresh->schema, upgraded, c->judgement->after, err);
}

int drift__compare_routes(drift__judgement *judgement, const drift__attempt *direct, drift__reopened *reopened,
                          drift__fresh *fresh, const int *versions, size_t version_count, drift_error *err)
{
    case_routes c = {.judgement = judgement, .direct = direct, .arena = DRIFT__ARENA_INIT};
    const char *step = judgement->step;
    judgement->step = NULL; /* what two ways do differently is no one step's fault */
    int rc = find_stops(&c, versions, version_count, err);
    if (rc == DRIFT_OK) rc = judge_steps(&c, reopened, err);
    if (rc == DRIFT_OK) rc = judge_fresh(&c, fresh, err);
    judgement->step = step;
    drift__path_dispose(&c.parts);
    drift__arena_dispose(&c.arena);
    return rc;
}

int drift__judge_routes(drift__judgement *judgement, const drift__attempt *direct, drift__reopened *reopened,
                        drift__fresh *fresh, const int *versions, size_t version_count, drift_error *err)
{
    const int rc = drift__compare_routes(judgement, direct, reopened, fresh, versions, version_count, err);
    return rc == DRIFT_OK ? drift__judge_fresh_rows(judgement, err) : rc;
}

void drift__reopened_take(drift__reopened *reopened, drift_connection **after, int at)
{
    if (!reopened->begins) return;
    drift__reopened_dispose(reopened);
    *reopened = (drift__reopened){.at = at, .connection = *after};
    *after = NULL;
}

void drift__reopened_dispose(drift__reopened *reopened)
{
    drift_connection_close(reopened->connection);
    *reopened = (drift__reopened){0};
}

void drift__fresh_dispose(drift__fresh *fresh)
{
    drift_schema_free(fresh->schema);
    *fresh = (drift__fresh){0};
}
