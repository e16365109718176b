/* json.c — format 1: the keys, their order and the indentation are a contract. read.c reads it. */
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "report/report.h"

static void put_escaped(drift__str *out, const char *at, size_t length)
{
    static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *name = *at ? strchr(named, *at) : NULL;
    unsigned code;
    if (name) {
        drift__str_putc(out, '\\');
        drift__str_putc(out, letters[name - named]);
    } else if (drift__utf8_is_control(&code, at, length)) {
        drift__str_printf(out, "\\u%04x", code);
    } else if (!drift__utf8_valid(at, length)) {
        drift__str_puts(out, "\\ufffd");
    } else {
        drift__str_putn(out, at, length);
    }
}

void drift__json_string(drift__str *out, const char *text)
{
    if (!text) {
        drift__str_puts(out, "null");
        return;
    }
    const char *end = text + strlen(text);
    drift__str_putc(out, '"');
    for (const char *at = text; at < end;) {
        const size_t length = drift__utf8_next(at, end);
        put_escaped(out, at, length);
        at += length;
    }
    drift__str_putc(out, '"');
}

static void put_member(drift__str *out, const char *key, const char *text, const char *before)
{
    drift__str_printf(out, "%s\"%s\": ", before, key);
    drift__json_string(out, text);
}

static void put_finding(drift__str *out, const drift_finding *finding)
{
    put_member(out, "code", drift_finding_code_name(finding->code), "        {");
    put_member(out, "object", finding->object, ", ");
    put_member(out, "step", finding->step, ", ");
    put_member(out, "expected", finding->expected, ",\n         ");
    put_member(out, "actual", finding->actual, ", ");
    put_member(out, "message", finding->message, ",\n         ");
    drift__str_putc(out, '}');
}

static void put_ledger_column(drift__str *out, const drift_ledger_column *column)
{
    put_member(out, "column", column->column, "{");
    if (column->renamed) put_member(out, "renamed", column->renamed, ", ");
    put_member(out, "kind", drift_ledger_kind_name(column->kind), ", ");
    if (column->changed) drift__str_printf(out, ", \"changed\": %lld", (long long)column->changed);
    drift__str_putc(out, '}');
}

static void put_ledger_entry(drift__str *out, const drift_ledger_entry *entry)
{
    drift__str_printf(out, "        {\"step\": \"%d->%d\"", entry->from, entry->to);
    put_member(out, "table", entry->table, ", ");
    if (entry->renamed) put_member(out, "renamed", entry->renamed, ", ");
    put_member(out, "kind", drift_ledger_kind_name(entry->kind), ", ");
    drift__str_printf(out,
                      ", \"rows_in\": %lld, \"rows_out\": %lld, \"matched\": %lld, \"lost\": %lld, \"extra\": %lld",
                      (long long)entry->rows_in, (long long)entry->rows_out, (long long)entry->matched,
                      (long long)entry->lost, (long long)entry->extra);
    drift__str_puts(out, ",\n         \"columns\": [");
    for (size_t i = 0; i < entry->column_count; i++) {
        if (i) drift__str_puts(out, ", ");
        put_ledger_column(out, &entry->columns[i]);
    }
    drift__str_puts(out, "]}");
}

static void put_ledger(drift__str *out, const drift_run *run)
{
    drift__str_puts(out, "],\n     \"ledger\": [");
    for (size_t i = 0; i < run->ledger_count; i++) {
        drift__str_puts(out, i ? ",\n" : "\n");
        put_ledger_entry(out, &run->ledger[i]);
    }
}

static void put_empty_tables(drift__str *out, const drift_outcome *outcome)
{
    drift__str_puts(out, "  \"empty_tables\": [");
    for (size_t i = 0; i < outcome->empty_table_count; i++) {
        drift__str_printf(out, "%s{\"version\": %d", i ? ", " : "", outcome->empty_tables[i].version);
        put_member(out, "table", outcome->empty_tables[i].table, ", ");
        drift__str_putc(out, '}');
    }
    drift__str_puts(out, "],\n");
}

static void put_steps(drift__str *out, const drift_run *run)
{
    drift__str_puts(out, ",\n     \"steps\": [");
    for (size_t i = 0; i < run->step_count; i++)
        drift__str_printf(out, "%s\"%d->%d\"", i ? ", " : "", run->steps[i].from, run->steps[i].to);
    drift__str_putc(out, ']');
}

static void put_run(drift__str *out, const drift_run *run)
{
    drift__str_printf(out, "    {\"from\": %d, \"to\": %d", run->from, run->to);
    put_member(out, "data", run->data, ", ");
    put_member(out, "status", drift_run_status_name(run->status), ", ");
    drift__str_printf(out, ", \"started_at\": %d, \"duration_ms\": %lld.%03lld, \"rows\": %lld", run->started_at,
                      (long long)(run->duration_us / 1000), (long long)(run->duration_us % 1000), (long long)run->rows);
    if (run->stepped) drift__str_puts(out, ", \"stepped\": true");
    put_steps(out, run);
    drift__str_puts(out, ",\n     \"findings\": [");
    for (size_t i = 0; i < run->finding_count; i++) {
        drift__str_puts(out, i ? ",\n" : "\n");
        put_finding(out, &run->findings[i]);
    }
    put_ledger(out, run);
    drift__str_puts(out, "]}");
}

static const char *word(bool is_true)
{
    return is_true ? "true" : "false";
}

static void put_evidence(drift__str *out, const drift_evidence *e)
{
    drift__str_printf(out, "    {\"step\": \"%d->%d\"", e->from, e->to);
    put_member(out, "kind", e->kind, ", ");
    put_member(out, "object", e->object, ", ");
    put_member(out, "value", e->value, ", ");
    drift__str_printf(out, ",\n     \"ran\": %s, \"effective\": %s, \"unjudged\": %s", word(e->ran), word(e->effective),
                      word(e->unjudged));
    put_member(out, "fault", e->fault, ", ");
    if (e->fault && e->fault_from) drift__str_printf(out, ", \"found_in\": \"%d->%d\"", e->fault_from, e->fault_to);
    drift__str_putc(out, '}');
}

/* What is needed to make the whole of all shards. */
static void put_part(drift__str *out, const drift_part *part)
{
    drift__str_printf(out, ",\n  \"shard\": {\"index\": %zu, \"of\": %zu", part->index, part->count);
    put_member(out, "schemas", part->schemas, ", ");
    put_member(out, "migrations", part->migrations, ", ");
    put_member(out, "options", part->options, ",\n   ");
    drift__str_puts(out, ",\n   \"expectations\": [");
    for (size_t i = 0; i < part->expectation_count; i++) {
        drift__str_puts(out, i ? ",\n" : "\n");
        put_evidence(out, &part->expectations[i]);
    }
    drift__str_puts(out, "]}");
}

static int print_json(char **out, const drift_outcome *outcome, const drift_report_options *options, drift_error *err)
{
    const drift_outcome_summary *s = &outcome->summary;
    drift__str text = DRIFT__STR_INIT;
    (void)options;
    drift__str_puts(&text, "{\n  \"format\": 1,\n  \"tool\": {\"name\": \"drift\"");
    put_member(&text, "version", drift__tool_version(outcome), ", ");
    put_member(&text, "sqlite", drift__sqlite_version(outcome), ", ");
    put_member(&text, "schemas", outcome->schemas, "},\n  ");
    put_member(&text, "migrations", outcome->migrations, ",\n  ");
    put_member(&text, "runner", outcome->runner, ", ");
    if (outcome->expectations) put_member(&text, "expectations", outcome->expectations, ",\n  ");
    drift__str_printf(&text, ",\n  \"seed\": %lld", (long long)outcome->seed);
    if (outcome->part) put_part(&text, outcome->part);
    drift__str_puts(&text, ",\n  \"runs\": [");
    for (size_t i = 0; i < outcome->run_count; i++) {
        drift__str_puts(&text, i ? ",\n" : "\n");
        put_run(&text, &outcome->runs[i]);
    }
    drift__str_puts(&text, outcome->run_count ? "\n  ],\n" : "],\n");
    put_empty_tables(&text, outcome);
    drift__str_printf(&text,
                      "  \"summary\": {\"versions\": %zu, \"pairs\": %zu, \"runs\": %zu, \"passed\": %zu,"
                      " \"failed\": %zu, \"errors\": %zu, \"findings\": %zu}\n}\n",
                      s->versions, s->pairs, s->runs, s->passed, s->failed, s->errors, s->findings);
    return drift__str_take(out, &text, err);
}

const drift_reporter drift__reporter_json = {"json", "for programs; \"format\": 1", print_json};
