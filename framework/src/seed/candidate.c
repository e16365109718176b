/* candidate.c — what a column might hold, guessed from its type and from the texts that speak of it, one source after
 * the other. Nothing here need be right: SQLite is asked. */
#include "seed/candidate.h"

#include <string.h>

#include "base/error.h"
#include "base/fold.h"
#include "seed/filling.h"
#include "seed/values.h"

/* ---- by type ---- */

/* Columns get different numbers, so that two that change places are seen. */
static int64_t number_for(const drift__filling *f)
{
    return (int64_t)f->column->number + 1 + (f->seed < 0 ? -(f->seed % 1000003) : f->seed % 1000003);
}

/* The number comes first: what CAST makes of the text is then no other column's, and not the 0 of a column that was
 * lost. */
static void add_named_text(drift__filling *f, const char *name)
{
    drift__filling_add_text(f, drift__arena_printf(&f->graph->arena, "%lld %s", (long long)number_for(f), name));
}

static void add_by_affinity(drift__filling *f, const drift__seed_column *column)
{
    f->column->natural = f->into->count;
    switch (column->affinity) {
    case DRIFT__AFFINITY_INTEGER:
    case DRIFT__AFFINITY_NUMERIC: drift__filling_add_integer(f, number_for(f)); break;
    case DRIFT__AFFINITY_REAL: drift__filling_add_real(f, (double)number_for(f) + 0.5); break;
    case DRIFT__AFFINITY_TEXT: add_named_text(f, column->name); break;
    case DRIFT__AFFINITY_BLOB:
        if (drift__same_name(column->type, "ANY") || !column->type[0]) {
            add_named_text(f, column->name);
        } else {
            const char byte = (char)(number_for(f) % 127 + 1);
            drift__filling_add_bytes(f, DRIFT_BLOB, drift__arena_strndup(&f->graph->arena, &byte, 1), 1);
        }
    }
}

/* What columns of this world tend to want, whatever their declared type. */
static void add_common(drift__filling *f)
{
    static const char *const texts[] = {"a",
                                        "A",
                                        "1",
                                        "0",
                                        "",
                                        "2024-01-02",
                                        "2024-01-02 03:04:05",
                                        "2024-01-02T03:04:05Z",
                                        "2024-01-02T03:04:05.000Z",
                                        "03:04:05",
                                        "{}",
                                        "[]",
                                        "[1]",
                                        "true",
                                        "a@example.org",
                                        "https://example.org/",
                                        "123e4567-e89b-42d3-a456-426614174000",
                                        "#0a0b0c",
                                        "1.5",
                                        "en"};
    static const int64_t integers[] = {1, 0, 2, -1, 10, 100, 1000, 1704164645, 1704164645000};
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) drift__filling_add_integer(f, integers[i]);
    drift__filling_add_real(f, 0.5);
    drift__filling_add_real(f, 1.5);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) drift__filling_add_text(f, texts[i]);
    drift__filling_add_bytes(f, DRIFT_BLOB, "\x01", 1);
    drift__filling_add_bytes(f, DRIFT_BLOB, drift__filling_repeated(f, 1, 16), 16);
}

/* ---- in this order ---- */

static void each_column(drift__filling *f,
                        void (*fill)(drift__filling *, const drift__seed_table *, const drift__seed_column *))
{
    for (size_t i = 0; i < f->graph->table_count; i++) {
        drift__seed_table *table = &f->graph->tables[i];
        for (size_t k = 0; k < table->column_count; k++) {
            f->into = drift__seed_class_root(table->columns[k].class_of);
            f->column = &table->columns[k];
            fill(f, table, &table->columns[k]);
        }
    }
}

/* Of columns that foreign keys join, some take only their own type: theirs comes first. */
static bool is_exact(const drift__seed_table *table, const drift__seed_column *column)
{
    return table->strict || column->is_rowid;
}

static void fill_by_exact_type(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    if (is_exact(table, column)) add_by_affinity(f, column);
}

static void fill_by_type(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    if (!is_exact(table, column)) add_by_affinity(f, column);
}

static void fill_from_checks(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    for (size_t i = 0; i < table->check_count; i++) {
        const drift__seed_check *check = &table->checks[i];
        if (drift__seed_mentions(check->text, check->length, column->name))
            drift__filling_mine(f, column, check->text, check->length);
    }
    drift__filling_add_json(f, table, column);
}

static void fill_from_triggers(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    const size_t length = strlen(table->triggers);
    if (length && drift__seed_mentions(table->triggers, length, column->name))
        drift__filling_mine(f, column, table->triggers, length);
}

static void fill_common(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    add_common(f);
}

static void note_telling(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    f->into->telling = f->into->count;
}

static void note_mined(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    f->into->mined = f->into->count;
}

/* Columns that foreign keys join hold the same values, so what restricts one restricts all. */
static void note_domain(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    if (column->domain) f->into->domain = column->domain;
}

/* The domain may want what the type does not suggest. */
static void fill_domain(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    if (!f->into->domain) return;
    if (drift__seed_is_json_domain(f->into->domain)) {
        drift__filling_add_text(f, drift__arena_printf(&f->graph->arena, "{\"value\":%lld}", (long long)number_for(f)));
        return;
    }
    drift__filling_add_integer(f, number_for(f));
    drift__filling_add_real(f, (double)number_for(f) + 0.5);
    add_named_text(f, column->name);
    drift__filling_add_bytes(f, DRIFT_BLOB, drift__filling_repeated(f, 1, 2), 2);
}

/* Where nothing is left there is still NULL, and SQLite says what is against it. */
static void fill_nothing(drift__filling *f, const drift__seed_table *table, const drift__seed_column *column)
{
    (void)table;
    (void)column;
    if (!f->into->count) drift__filling_add(f, (drift_value){.kind = DRIFT_NULL});
}

int drift__seed_candidates_fill(drift__seed_graph *graph, int64_t seed, drift_error *err)
{
    drift__filling f = {.graph = graph, .seed = seed};
    each_column(&f, note_domain);
    each_column(&f, fill_by_exact_type);
    each_column(&f, fill_by_type);
    each_column(&f, fill_domain);
    each_column(&f, fill_from_checks);
    each_column(&f, fill_from_triggers);
    each_column(&f, note_telling);
    f.defaults = true;
    each_column(&f, fill_from_checks);
    each_column(&f, note_mined);
    each_column(&f, fill_common);
    each_column(&f, fill_nothing);
    return f.failed || graph->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}
