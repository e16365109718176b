/* maker.c — how each column is made: what SQLite takes decides. */
#include "seed/maker.h"

#include <string.h>

#include "base/error.h"
#include "runtime/value.h"

enum { MOST_ROUND = 16, NUMBER_LENGTH = 24 };

/* ---- making ---- */

static bool has_bytes(const drift_value *value)
{
    return value->kind == DRIFT_TEXT || value->kind == DRIFT_BLOB;
}

static drift_value count_up_text(char *text, const drift_value *base, int64_t number)
{
    char digits[NUMBER_LENGTH];
    size_t at = sizeof digits;
    for (uint64_t left = (uint64_t)number; at == sizeof digits || left; left /= 10)
        digits[--at] = (char)('0' + left % 10);
    if (base->length) digits[--at] = ' ';
    memcpy(text + base->length, digits + at, sizeof digits - at);
    return (drift_value){.kind = base->kind, .bytes = text, .length = base->length + sizeof digits - at};
}

/* What drift__seed_fresh gives, without memory of its own: `text` begins with the first row's. */
static drift_value serial(const drift__seed_made *m, char *text, int64_t number)
{
    const drift_value *base = &m->cell->base;
    if (!has_bytes(base)) return drift__seed_fresh(m->cell->column, base, m->scheme, number, NULL);
    if (m->scheme == DRIFT__SEED_COUNT_UP) return count_up_text(text, base, number);
    if (base->length) memcpy(text, base->bytes, base->length);
    drift__seed_turn(text, base, number);
    return (drift_value){.kind = base->kind, .bytes = text, .length = base->length};
}

static drift_value key_of(const drift__seed_maker *maker, const drift__seed_made *m, int64_t number)
{
    const size_t count = m->parents->count, width = m->parents->reference->count;
    const int64_t nth = m->parents->streamed ? number - maker->window : number / m->divisor;
    return m->parents->keys[(size_t)nth % count * width + m->part];
}

/* Half way back, so that a row has two children; its own parent is a row only where a key must be unique. */
static drift_value own_key(const drift__seed_maker *maker, const drift__seed_made *m, int64_t number)
{
    const drift__seed_made *key = &maker->columns[m->key];
    const int64_t half = number / 2 < maker->sound ? number / 2 : 0;
    const int64_t parent = m->itself ? number : half;
    return parent ? serial(key, m->text, parent) : key->cell->base;
}

void drift__seed_make(drift_value *values, int64_t number, void *payload)
{
    const drift__seed_maker *maker = payload;
    for (size_t i = 0; i < maker->row->table->column_count; i++) {
        const drift__seed_made *m = &maker->columns[i];
        switch (m->making) {
        case DRIFT__SEED_SERIAL: values[i] = serial(m, m->text, number); break;
        case DRIFT__SEED_ROUND:
            values[i] = m->cell->values.items[(size_t)(number / m->divisor) % m->cell->values.count];
            break;
        case DRIFT__SEED_KEY: values[i] = key_of(maker, m, number); break;
        case DRIFT__SEED_OWN_KEY: values[i] = own_key(maker, m, number); break;
        default: values[i] = m->cell->base;
        }
    }
}

/* ---- trying what can be made ---- */

/* A row that differs from the first one in one column only, and does not stay. */
static int try_value(bool *taken, drift__seed_row *row, drift__seed_cell *cell, const drift_value *value,
                     drift_error *err)
{
    drift_connection *connection = row->seeding->connection;
    *taken = false;
    if (!drift__seed_allows(cell->column->domain, value)) return DRIFT_OK;
    int rc = drift__seed_control(connection, "SAVEPOINT drift_seed_trial", err);
    if (rc != DRIFT_OK) return rc;
    drift__seed_row_reset(row, 0);
    row->pinned = cell;
    cell->origin = DRIFT__SEED_MADE;
    cell->own = *value;
    rc = drift__seed_row_settle(taken, row, err);
    row->made -= *taken;
    if (rc != DRIFT_OK || !drift_in_transaction(connection)) return rc;
    rc = drift__seed_control(connection, "ROLLBACK TO drift_seed_trial", err);
    return rc == DRIFT_OK ? drift__seed_control(connection, "RELEASE drift_seed_trial", err) : rc;
}

/* A scheme serves if the next value and the last one are taken: a CHECK may have an upper bound. */
static int try_scheme(bool *serves, drift__seed_row *row, drift__seed_cell *cell, drift__seed_scheme scheme,
                      int64_t rows, drift_error *err)
{
    const int64_t serials[] = {rows + 1, 2, rows / 2 + 1};
    int rc = DRIFT_OK;
    *serves = true;
    for (size_t i = 0; rc == DRIFT_OK && *serves && i < sizeof serials / sizeof serials[0]; i++) {
        const drift_value value = drift__seed_fresh(cell->column, &cell->base, scheme, serials[i], &row->arena);
        if (row->arena.failed) return drift__no_memory(err);
        rc = drift__value_same(&value, &cell->base) ? (*serves = false, DRIFT_OK)
                                                    : try_value(serves, row, cell, &value, err);
    }
    return rc;
}

/* The values that the constraints speak of and that go with the first row. */
static int plan_round(drift__seed_made *m, drift__seed_row *row, drift_error *err)
{
    drift__seed_cell *cell = m->cell;
    const drift__seed_class *c = drift__seed_class_root(cell->column->class_of);
    int rc = DRIFT_OK;
    cell->values.items = drift__arena_array(&row->arena, MOST_ROUND + 1, sizeof *cell->values.items);
    if (!cell->values.items) return drift__no_memory(err);
    cell->values.items[cell->values.count++] = cell->base;
    for (size_t i = 0; rc == DRIFT_OK && i < c->mined && cell->values.count <= MOST_ROUND; i++) {
        bool taken = false;
        if (drift__value_same(&c->candidates[i], &cell->base)) continue;
        rc = try_value(&taken, row, cell, &c->candidates[i], err);
        if (taken) cell->values.items[cell->values.count++] = c->candidates[i];
    }
    m->making = cell->values.count > 1 ? DRIFT__SEED_ROUND : DRIFT__SEED_SAME;
    return rc;
}

static int plan_column(drift__seed_made *m, drift__seed_row *row, int64_t rows, drift_error *err)
{
    static const drift__seed_scheme schemes[] = {DRIFT__SEED_COUNT_UP, DRIFT__SEED_TURN};
    bool serves = false;
    if (m->cell->base.kind == DRIFT_NULL) return DRIFT_OK;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        const int rc = try_scheme(&serves, row, m->cell, schemes[i], rows, err);
        if (rc != DRIFT_OK) return rc;
        if (!serves) continue;
        m->making = DRIFT__SEED_SERIAL;
        m->scheme = schemes[i];
        return DRIFT_OK;
    }
    return plan_round(m, row, err);
}

/* ---- foreign keys ---- */

static size_t index_of(const drift__seed_table *table, const drift__seed_column *column)
{
    return (size_t)(column - table->columns);
}

/* A key's columns are all unique together: are they among the reference's? */
static bool is_one_to_one(const drift__seed_table *table, const drift__seed_reference *reference)
{
    for (size_t i = 0; i < reference->count; i++) {
        if (reference->child_columns[i]->unique) return true;
    }
    for (size_t i = 0; i < table->unique_count; i++) {
        const drift__seed_unique *unique = &table->uniques[i];
        size_t found = 0;
        for (size_t k = 0; k < unique->count * reference->count; k++)
            found += unique->columns[k / reference->count] == reference->child_columns[k % reference->count];
        if (!unique->partial && unique->count && found == unique->count) return true;
    }
    return false;
}

/* To the table itself, by columns each of which is made of the row's number. */
static bool is_own_serial(const drift__seed_maker *maker, const drift__seed_reference *reference)
{
    const drift__seed_table *table = maker->row->table;
    if (reference->parent != table || reference->by_trigger) return false;
    for (size_t i = 0; i < reference->count; i++) {
        if (maker->columns[index_of(table, reference->parent_columns[i])].making != DRIFT__SEED_SERIAL) return false;
    }
    return true;
}

static void plan_reference(drift__seed_maker *maker, drift__seed_parents *parents)
{
    const drift__seed_reference *reference = parents->reference;
    const drift__seed_table *table = maker->row->table;
    const bool own = is_own_serial(maker, reference);
    const bool one_to_one = is_one_to_one(table, reference);
    if (!own && !parents->count) return;
    parents->streamed = !own && one_to_one;
    for (size_t i = 0; i < reference->count; i++) {
        drift__seed_made *m = &maker->columns[index_of(table, reference->child_columns[i])];
        if (m->making != DRIFT__SEED_SAME) continue; /* an earlier foreign key has it */
        m->making = own ? DRIFT__SEED_OWN_KEY : DRIFT__SEED_KEY;
        m->parents = parents;
        m->part = i;
        if (own) m->key = index_of(table, reference->parent_columns[i]);
        m->itself = own && one_to_one;
    }
}

/* ---- unique by construction ---- */

static int64_t choices_of(const drift__seed_made *m)
{
    if (m->making == DRIFT__SEED_ROUND) return (int64_t)m->cell->values.count;
    if (m->making == DRIFT__SEED_KEY && m->parents->streamed) return INT64_MAX;
    return m->making == DRIFT__SEED_KEY ? (int64_t)m->parents->count : 1;
}

/* A key of which no column is made of the row's number: its columns turn as the wheels of a counter. */
static void plan_unique(drift__seed_maker *maker, const drift__seed_unique *unique)
{
    const drift__seed_table *table = maker->row->table;
    int64_t choices = 1;
    for (size_t i = 0; i < unique->count; i++) {
        const drift__seed_making making = maker->columns[index_of(table, unique->columns[i])].making;
        if (making == DRIFT__SEED_SERIAL || (making == DRIFT__SEED_OWN_KEY)) return;
    }
    for (size_t i = 0; i < unique->count; i++) {
        drift__seed_made *m = &maker->columns[index_of(table, unique->columns[i])];
        if (m->making == DRIFT__SEED_KEY && m->part) continue; /* goes with the first column of its foreign key */
        m->divisor = choices;
        choices = choices_of(m) > INT64_MAX / choices ? INT64_MAX : choices * choices_of(m);
    }
    if (!unique->partial && choices < maker->most) maker->most = choices;
}

/* A key that refers to the table itself is made of the text of the column that it refers to, in a place of its own. */
static void make_room(const drift__seed_maker *maker, drift__seed_made *m)
{
    const drift__seed_made *source = m->making == DRIFT__SEED_OWN_KEY ? &maker->columns[m->key] : m;
    const drift_value *base = &source->cell->base;
    if (!has_bytes(base)) return;
    m->text = drift__arena_alloc(&maker->row->arena, base->length + NUMBER_LENGTH + 1);
    if (m->text && base->length) memcpy(m->text, base->bytes, base->length);
}

/* ---- all columns together ---- */

/* Columns that go with the first row one by one need not go together. */
static void demote(drift__seed_maker *maker)
{
    for (size_t i = 0; i < maker->row->table->column_count; i++) {
        drift__seed_made *m = &maker->columns[i];
        if (m->cell->origin == DRIFT__SEED_BASE && !m->cell->column->references) m->making = DRIFT__SEED_SAME;
    }
}

int drift__seed_maker_settle(bool *done, drift__seed_maker *maker, drift_value *values, int64_t number,
                             drift_error *err)
{
    drift__seed_row *row = maker->row;
    drift__seed_row_reset(row, 0);
    drift__seed_make(values, number, maker);
    for (size_t i = 0; i < row->table->column_count; i++) {
        row->cells[i].origin = maker->columns[i].making >= DRIFT__SEED_KEY ? DRIFT__SEED_PARENT : DRIFT__SEED_MADE;
        row->cells[i].own = values[i];
    }
    return drift__seed_row_settle(done, row, err);
}

static int confirm(drift__seed_maker *maker, int64_t rows, drift_error *err)
{
    drift_connection *connection = maker->row->seeding->connection;
    const int64_t numbers[] = {1, rows, rows / 2 + 1};
    drift_value *values = drift__arena_array(&maker->row->arena, maker->row->table->column_count + 1, sizeof *values);
    int rc = values ? DRIFT_OK : drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < sizeof numbers / sizeof numbers[0]; i++) {
        bool done = false;
        rc = drift__seed_control(connection, "SAVEPOINT drift_seed_trial", err);
        if (rc == DRIFT_OK) rc = drift__seed_maker_settle(&done, maker, values, numbers[i], err);
        if (rc != DRIFT_OK) return rc;
        if (done) demote(maker);
        if (!drift_in_transaction(connection)) continue;
        rc = drift__seed_control(connection, "ROLLBACK TO drift_seed_trial", err);
        if (rc == DRIFT_OK) rc = drift__seed_control(connection, "RELEASE drift_seed_trial", err);
    }
    return rc;
}

int drift__seed_maker_plan(drift__seed_maker *maker, drift__seed_row *row, int64_t rows, drift_error *err)
{
    const drift__seed_table *table = row->table;
    int rc = DRIFT_OK;
    *maker = (drift__seed_maker){.row = row, .sound = INT64_MAX, .most = INT64_MAX};
    maker->columns = drift__arena_array(&row->arena, table->column_count + 1, sizeof *maker->columns);
    if (!maker->columns) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < table->column_count; i++) {
        drift__seed_made *m = &maker->columns[i];
        *m = (drift__seed_made){.cell = &row->cells[i], .divisor = 1};
        if (!table->columns[i].references && !table->columns[i].dangling) rc = plan_column(m, row, rows, err);
    }
    for (size_t i = 0; rc == DRIFT_OK && i < table->reference_count; i++) {
        if (table->references[i].usable) plan_reference(maker, &row->parents[i]);
    }
    for (size_t i = 0; rc == DRIFT_OK && i < table->unique_count; i++) plan_unique(maker, &table->uniques[i]);
    for (size_t i = 0; rc == DRIFT_OK && i < table->column_count; i++) make_room(maker, &maker->columns[i]);
    if (rc == DRIFT_OK && row->arena.failed) rc = drift__no_memory(err);
    return rc == DRIFT_OK ? confirm(maker, rows, err) : rc;
}
