/* read.c — the JSON that json.c writes, back into an outcome. Strict: whoever merges reports must not lose what it does
 * not know.
 *
 * After the first error the readers below give zeros and empty texts, so that only loops look at it. */
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "drift/kit/seed.h"
#include "outcome/outcome.h"
#include "report/report.h"
#include "snapshot/load.h"
#include "snapshot/node.h"

/* A hundred versions at four levels make five million values. */
enum { MOST_VERSION = 2147483647, MOST_VALUES = 10000000 };

typedef struct reading {
    drift__outcome_builder *builder;
    int last_from, last_to; /* of the run before */
    drift_data_level last_level;
    drift_error *err;
    int rc;
} reading;

/* ---- values ---- */

static void fail(reading *r, int rc)
{
    if (r->rc == DRIFT_OK) r->rc = rc;
}

static drift__node take(reading *r, const drift__node *object, const char *key, unsigned types)
{
    drift__node node = {0};
    if (r->rc == DRIFT_OK) fail(r, drift__node_get(&node, object, key, types, r->err));
    return r->rc == DRIFT_OK ? node : (drift__node){0};
}

static drift__node take_at(reading *r, const drift__node *array, size_t index, unsigned types)
{
    drift__node node = {0};
    if (r->rc == DRIFT_OK) fail(r, drift__node_at(&node, array, index, types, r->err));
    return r->rc == DRIFT_OK ? node : (drift__node){0};
}

/* As many as there are; none after an error. */
static size_t count_of(const reading *r, const drift__node *array)
{
    return r->rc == DRIFT_OK ? drift__node_count(array) : 0;
}

static const char *take_text(reading *r, const drift__node *object, const char *key)
{
    const char *text = json_string_value(take(r, object, key, DRIFT__JSON_STRING).json);
    return text ? text : "";
}

static const char *take_nullable(reading *r, const drift__node *object, const char *key)
{
    return json_string_value(take(r, object, key, DRIFT__JSON_STRING | DRIFT__JSON_NULL).json);
}

static const char *take_optional(reading *r, const drift__node *object, const char *key)
{
    return r->rc == DRIFT_OK && json_object_get(object->json, key) ? take_text(r, object, key) : NULL;
}

static bool take_bool(reading *r, const drift__node *object, const char *key)
{
    const drift__node node = take(r, object, key, DRIFT__JSON_BOOL);
    return json_is_true(node.json); /* a macro that takes its argument twice */
}

static int64_t take_number(reading *r, const drift__node *object, const char *key, int64_t least, int64_t most)
{
    const drift__node node = take(r, object, key, DRIFT__JSON_INTEGER);
    const int64_t number = json_integer_value(node.json);
    if (r->rc == DRIFT_OK && (number < least || number > most))
        fail(r, drift__node_error(r->err, &node, "expected a number from %lld to %lld, found %lld", (long long)least,
                                  (long long)most, (long long)number));
    return number;
}

static int64_t take_count(reading *r, const drift__node *object, const char *key)
{
    return take_number(r, object, key, 0, INT64_MAX);
}

static int take_version(reading *r, const drift__node *object, const char *key)
{
    return (int)take_number(r, object, key, 1, MOST_VERSION);
}

/* take_code, take_status, take_kind, take_level: the value whose word stands there. */
#define DEFINE_TAKE(what, type, name_of)                                                                       \
    static type take_##what(reading *r, const drift__node *object, const char *key)                            \
    {                                                                                                          \
        const drift__node node = take(r, object, key, DRIFT__JSON_STRING);                                     \
        const char *word = json_string_value(node.json);                                                       \
        for (int i = 0; word && name_of((type)i); i++) {                                                       \
            if (strcmp(name_of((type)i), word) == 0) return (type)i;                                           \
        }                                                                                                      \
        if (word) fail(r, drift__node_error(r->err, &node, "expected a known " #what ", found \"%s\"", word)); \
        return (type)0;                                                                                        \
    }
DEFINE_TAKE(code, drift_finding_code, drift_finding_code_name)
DEFINE_TAKE(status, drift_run_status, drift_run_status_name)
DEFINE_TAKE(kind, drift_ledger_kind, drift_ledger_kind_name)
DEFINE_TAKE(level, drift_data_level, drift_data_level_name)
#undef DEFINE_TAKE

static int version_in(const char **at)
{
    int64_t version = 0;
    const char *digit = *at;
    for (; *digit >= '0' && *digit <= '9' && version <= MOST_VERSION; digit++) version = version * 10 + (*digit - '0');
    const bool is_plain = **at != '0' && digit != *at && version <= MOST_VERSION;
    *at = digit;
    return is_plain ? (int)version : 0;
}

/* "3->4" */
static drift_run_step step_in(reading *r, const drift__node *node)
{
    const char *text = json_string_value(node->json), *at = text;
    drift_run_step step = {0, 0};
    if (r->rc != DRIFT_OK || !text) return step;
    step.from = version_in(&at);
    const bool arrow = strncmp(at, "->", 2) == 0;
    at += arrow ? 2 : 0;
    step.to = arrow ? version_in(&at) : 0;
    if (!step.from || step.to <= step.from || *at)
        fail(r, drift__node_error(r->err, node, "expected a step from a version to a later one, found \"%s\"", text));
    return step;
}

static drift_run_step take_step(reading *r, const drift__node *object, const char *key)
{
    const drift__node node = take(r, object, key, DRIFT__JSON_STRING);
    return step_in(r, &node);
}

/* Its text. */
static const char *take_nullable_step(reading *r, const drift__node *object, const char *key)
{
    const drift__node node = take(r, object, key, DRIFT__JSON_STRING | DRIFT__JSON_NULL);
    (void)step_in(r, &node);
    return json_string_value(node.json);
}

/* Keys that nobody knows may say what nobody may overlook. */
static void allow(reading *r, const drift__node *object, const char *const *keys)
{
    const char *key;
    json_t *value;
    if (r->rc != DRIFT_OK) return;
    json_object_foreach((json_t *)(uintptr_t)object->json, key, value)
    {
        const drift__node node = {value, object, key, 0, object->source};
        size_t i = 0;
        while (keys[i] && strcmp(keys[i], key) != 0) i++;
        if (!keys[i]) fail(r, drift__node_error(r->err, &node, "this key is not known"));
    }
}

#define allow_keys(r, object, ...) allow(r, object, (const char *const[]){__VA_ARGS__, NULL})

/* ---- runs ---- */

/* The objects of the array under a key. */
static void read_each(reading *r, const drift__node *object, const char *key,
                      void (*read_one)(reading *r, const drift__node *node))
{
    const drift__node list = take(r, object, key, DRIFT__JSON_ARRAY);
    for (size_t i = 0; i < count_of(r, &list); i++) {
        const drift__node node = take_at(r, &list, i, DRIFT__JSON_OBJECT);
        read_one(r, &node);
    }
}

static void read_finding(reading *r, const drift__node *node)
{
    allow_keys(r, node, "code", "object", "step", "expected", "actual", "message");
    const drift_finding finding = {.code = take_code(r, node, "code"),
                                   .object = take_nullable(r, node, "object"),
                                   .step = take_nullable_step(r, node, "step"),
                                   .expected = take_nullable(r, node, "expected"),
                                   .actual = take_nullable(r, node, "actual"),
                                   .message = take_text(r, node, "message")};
    if (r->rc == DRIFT_OK) drift__outcome_find(r->builder, &finding);
}

static drift_ledger_column read_column(reading *r, const drift__node *node)
{
    allow_keys(r, node, "column", "renamed", "kind", "changed");
    return (drift_ledger_column){
        .column = take_text(r, node, "column"),
        .renamed = take_optional(r, node, "renamed"),
        .kind = take_kind(r, node, "kind"),
        .changed = r->rc == DRIFT_OK && json_object_get(node->json, "changed") ? take_count(r, node, "changed") : 0};
}

static void read_entry(reading *r, const drift__node *node)
{
    allow_keys(r, node, "step", "table", "renamed", "kind", "rows_in", "rows_out", "matched", "lost", "extra",
               "columns");
    const drift_run_step step = take_step(r, node, "step");
    drift_ledger_entry entry = {.from = step.from,
                                .to = step.to,
                                .table = take_text(r, node, "table"),
                                .renamed = take_optional(r, node, "renamed"),
                                .kind = take_kind(r, node, "kind"),
                                .rows_in = take_count(r, node, "rows_in"),
                                .rows_out = take_count(r, node, "rows_out"),
                                .matched = take_count(r, node, "matched"),
                                .lost = take_count(r, node, "lost"),
                                .extra = take_count(r, node, "extra")};
    const drift__node list = take(r, node, "columns", DRIFT__JSON_ARRAY);
    entry.column_count = count_of(r, &list);
    drift_ledger_column *columns = drift__calloc(entry.column_count + 1, sizeof *columns);
    if (!columns) fail(r, drift__no_memory(r->err));
    for (size_t i = 0; i < entry.column_count && r->rc == DRIFT_OK; i++) {
        const drift__node column = take_at(r, &list, i, DRIFT__JSON_OBJECT);
        columns[i] = read_column(r, &column);
    }
    entry.columns = columns;
    if (r->rc == DRIFT_OK) drift__outcome_enter(r->builder, &entry);
    drift__free(columns);
}

static void read_steps(reading *r, const drift__node *run)
{
    const drift__node list = take(r, run, "steps", DRIFT__JSON_ARRAY);
    const size_t count = count_of(r, &list);
    drift_run_step *steps = drift__calloc(count + 1, sizeof *steps);
    if (!steps) fail(r, drift__no_memory(r->err));
    for (size_t i = 0; steps && i < count && r->rc == DRIFT_OK; i++) {
        const drift__node node = take_at(r, &list, i, DRIFT__JSON_STRING);
        steps[i] = step_in(r, &node);
    }
    if (r->rc == DRIFT_OK) drift__outcome_set_steps(r->builder, steps, count);
    drift__free(steps);
}

static int64_t read_duration(reading *r, const drift__node *run)
{
    const double most = 1e12;
    const drift__node node = take(r, run, "duration_ms", DRIFT__JSON_INTEGER | DRIFT__JSON_REAL);
    const double ms = json_number_value(node.json);
    if (r->rc == DRIFT_OK && !(ms >= 0 && ms <= most))
        fail(r, drift__node_error(r->err, &node, "expected milliseconds from 0 to %.0f", most));
    return r->rc == DRIFT_OK ? (int64_t)(ms * 1000 + 0.5) : 0;
}

/* The order of runs is relied on where one is looked for. */
static void check_order(reading *r, const drift__node *node, int from, int to, drift_data_level level)
{
    if (r->rc != DRIFT_OK) return;
    const int last_from = r->last_from, last_to = r->last_to;
    const bool later = from != last_from ? from > last_from : to != last_to ? to > last_to : level > r->last_level;
    if (to <= from)
        fail(r, drift__node_error(r->err, node, "expected a run to a later version, found %d->%d", from, to));
    else if (!later)
        fail(r, drift__node_error(
                    r->err, node, "expected runs ordered by from, to and level, found %d->%d %s behind %d->%d %s", from,
                    to, drift_data_level_name(level), last_from, last_to, drift_data_level_name(r->last_level)));
    r->last_from = from;
    r->last_to = to;
    r->last_level = level;
}

static void read_run(reading *r, const drift__node *node)
{
    allow_keys(r, node, "from", "to", "data", "status", "started_at", "duration_ms", "rows", "stepped", "steps",
               "findings", "ledger");
    const int from = take_version(r, node, "from"), to = take_version(r, node, "to");
    const int started_at = (int)take_number(r, node, "started_at", INT32_MIN, INT32_MAX);
    const drift_data_level level = take_level(r, node, "data");
    const drift_run_status status = take_status(r, node, "status");
    const int64_t duration = read_duration(r, node), rows = take_count(r, node, "rows");
    check_order(r, node, from, to, level);
    if (r->rc != DRIFT_OK) return;
    drift__outcome_begin_run(r->builder, from, to, drift_data_level_name(level));
    drift__outcome_set_started_at(r->builder, started_at);
    drift__outcome_set_rows(r->builder, rows);
    if (json_object_get(node->json, "stepped") && take_bool(r, node, "stepped")) drift__outcome_set_stepped(r->builder);
    read_steps(r, node);
    read_each(r, node, "findings", read_finding);
    read_each(r, node, "ledger", read_entry);
    const drift_run *run = r->rc == DRIFT_OK ? drift__outcome_end_run(r->builder, duration) : NULL;
    if (run && run->status != status)
        fail(r, drift__node_error(r->err, node,
                                  "expected the status \"%s\", which follows from the findings, found \"%s\"",
                                  drift_run_status_name(run->status), drift_run_status_name(status)));
}

/* ---- the shard ---- */

static drift_evidence read_evidence(reading *r, const drift__node *node)
{
    allow_keys(r, node, "step", "kind", "object", "value", "ran", "effective", "unjudged", "fault", "found_in");
    const drift_run_step step = take_step(r, node, "step");
    const bool told = r->rc == DRIFT_OK && json_object_get(node->json, "found_in");
    const drift_run_step pair = told ? take_step(r, node, "found_in") : (drift_run_step){0, 0};
    return (drift_evidence){.from = step.from,
                            .to = step.to,
                            .kind = take_text(r, node, "kind"),
                            .object = take_text(r, node, "object"),
                            .value = take_nullable(r, node, "value"),
                            .ran = take_bool(r, node, "ran"),
                            .effective = take_bool(r, node, "effective"),
                            .unjudged = take_bool(r, node, "unjudged"),
                            .fault = take_nullable(r, node, "fault"),
                            .fault_from = pair.from,
                            .fault_to = pair.to};
}

static void read_expectations(reading *r, const drift__node *shard)
{
    const drift__node list = take(r, shard, "expectations", DRIFT__JSON_ARRAY);
    const size_t count = count_of(r, &list);
    drift_evidence *evidence = drift__calloc(count + 1, sizeof *evidence);
    if (!evidence) fail(r, drift__no_memory(r->err));
    for (size_t i = 0; i < count && r->rc == DRIFT_OK; i++) {
        const drift__node node = take_at(r, &list, i, DRIFT__JSON_OBJECT);
        evidence[i] = read_evidence(r, &node);
    }
    if (r->rc == DRIFT_OK) drift__outcome_set_evidence(r->builder, evidence, count);
    drift__free(evidence);
}

static void read_shard(reading *r, const drift__node *root)
{
    if (r->rc != DRIFT_OK || !json_object_get(root->json, "shard")) return;
    const drift__node shard = take(r, root, "shard", DRIFT__JSON_OBJECT);
    allow_keys(r, &shard, "index", "of", "schemas", "migrations", "options", "expectations");
    const int64_t count = take_number(r, &shard, "of", 1, MOST_VERSION);
    const int64_t index = take_number(r, &shard, "index", 1, count);
    const drift_part part = {.index = (size_t)index,
                             .count = (size_t)count,
                             .schemas = take_text(r, &shard, "schemas"),
                             .migrations = take_text(r, &shard, "migrations"),
                             .options = take_text(r, &shard, "options")};
    if (r->rc == DRIFT_OK) drift__outcome_set_part(r->builder, &part);
    read_expectations(r, &shard);
}

/* ---- the report ---- */

static void read_head(reading *r, const drift__node *root)
{
    const drift__node format = take(r, root, "format", DRIFT__JSON_INTEGER);
    if (r->rc == DRIFT_OK && json_integer_value(format.json) != 1) {
        fail(r, drift__node_error(r->err, &format, "expected format 1, found %lld",
                                  (long long)json_integer_value(format.json)));
        drift__error_hint(r->err, "a newer drift may have written it");
    }
    allow_keys(r, root, "format", "tool", "schemas", "migrations", "runner", "expectations", "seed", "shard", "runs",
               "empty_tables", "summary");
    const drift__node tool = take(r, root, "tool", DRIFT__JSON_OBJECT);
    allow_keys(r, &tool, "name", "version", "sqlite");
    const char *name = take_text(r, &tool, "name");
    if (r->rc == DRIFT_OK && strcmp(name, "drift") != 0)
        fail(r, drift__node_error(r->err, &tool, "expected a report of drift, found one of \"%s\"", name));
    const char *version = take_text(r, &tool, "version"), *sqlite = take_text(r, &tool, "sqlite");
    const char *schemas = take_text(r, root, "schemas"), *migrations = take_text(r, root, "migrations");
    const char *runner = take_text(r, root, "runner"), *expectations = take_optional(r, root, "expectations");
    const int64_t seed = take_number(r, root, "seed", INT64_MIN, INT64_MAX);
    if (r->rc == DRIFT_OK) fail(r, drift__outcome_begin(&r->builder, schemas, migrations, runner, seed, r->err));
    if (r->rc != DRIFT_OK) return;
    drift__outcome_set_tool(r->builder, version, sqlite);
    drift__outcome_set_expectations(r->builder, expectations);
}

/* ---- what follows from the runs ---- */

static void check_number(reading *r, const drift__node *object, const char *key, size_t expected)
{
    const drift__node node = take(r, object, key, DRIFT__JSON_INTEGER);
    if (r->rc == DRIFT_OK && json_integer_value(node.json) != (json_int_t)expected)
        fail(r, drift__node_error(r->err, &node, "expected %zu, which follows from the runs, found %lld", expected,
                                  (long long)json_integer_value(node.json)));
}

static void check_empty_tables(reading *r, const drift__node *root, const drift_outcome *outcome)
{
    const drift__node list = take(r, root, "empty_tables", DRIFT__JSON_ARRAY);
    const size_t count = count_of(r, &list);
    bool same = count == outcome->empty_table_count;
    for (size_t i = 0; same && i < count; i++) {
        const drift__node node = take_at(r, &list, i, DRIFT__JSON_OBJECT);
        allow_keys(r, &node, "version", "table");
        const drift_empty_table *expected = &outcome->empty_tables[i];
        same = take_version(r, &node, "version") == expected->version &&
               strcmp(take_text(r, &node, "table"), expected->table) == 0;
    }
    if (r->rc == DRIFT_OK && !same)
        fail(r, drift__node_error(r->err, &list, "expected the tables that the ledger has no rows of, found others"));
}

static void check_sums(reading *r, const drift__node *root, const drift_outcome *outcome)
{
    const drift_outcome_summary *s = &outcome->summary;
    const drift__node node = take(r, root, "summary", DRIFT__JSON_OBJECT);
    allow_keys(r, &node, "versions", "pairs", "runs", "passed", "failed", "errors", "findings");
    check_number(r, &node, "runs", s->runs);
    check_number(r, &node, "passed", s->passed);
    check_number(r, &node, "failed", s->failed);
    check_number(r, &node, "errors", s->errors);
    check_number(r, &node, "findings", s->findings);
}

static void read_all(reading *r, drift_outcome **out, const drift__node *root)
{
    read_head(r, root);
    read_shard(r, root);
    read_each(r, root, "runs", read_run);
    const drift__node summary = take(r, root, "summary", DRIFT__JSON_OBJECT);
    const int64_t versions = take_count(r, &summary, "versions"), pairs = take_count(r, &summary, "pairs");
    if (r->rc != DRIFT_OK) return;
    fail(r, drift__outcome_finish(out, r->builder, (size_t)versions, (size_t)pairs, r->err));
    r->builder = NULL;
    if (r->rc != DRIFT_OK) return;
    check_empty_tables(r, root, *out);
    check_sums(r, root, *out);
}

int drift_report_read(drift_outcome **out, const char *json, size_t length, const char *name, drift_error *err)
{
    reading r = {.err = err};
    json_t *tree = NULL;
    *out = NULL;
    fail(&r, drift__json_load_most(&tree, json, length, MOST_VALUES, name, err));
    const drift__node root = drift__node_root(tree, name);
    if (r.rc == DRIFT_OK && !json_is_object(tree))
        fail(&r, drift__node_error(err, &root, "expected a report, which is an object"));
    if (r.rc == DRIFT_OK) read_all(&r, out, &root);
    json_decref(tree);
    drift__outcome_abandon(r.builder);
    if (r.rc != DRIFT_OK) {
        drift_outcome_free(*out);
        *out = NULL;
    }
    return r.rc;
}
