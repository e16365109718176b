/* row.c — a row, and what is changed when SQLite refuses it. */
#include "seed/row.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/value.h"
#include "sql/quote.h"

/* Changes to one row before it is given up, and new values that are refused before they are made in another way. */
enum { MOST_REPAIRS = 24, REFUSALS = 3 };

/* ---- the first row ---- */

static int take_base(drift_statement *statement, void *payload, drift_error *err)
{
    drift__seed_row *row = payload;
    for (size_t i = 0; i < row->table->column_count; i++) {
        const drift_value value = drift_column_value(statement, (int)i);
        row->cells[i].base = drift__value_copy(&row->arena, &value);
    }
    row->made = 1;
    return row->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static int read_base(drift__seed_row *row, drift_error *err)
{
    drift__str columns = DRIFT__STR_INIT;
    char *sql = NULL;
    drift__str_puts(&columns, "SELECT ");
    for (size_t i = 0; i < row->table->column_count; i++) {
        if (i) drift__str_puts(&columns, ", ");
        drift__put_quoted(&columns, row->table->columns[i].name);
    }
    drift__str_puts(&columns, row->table->column_count ? " FROM" : "1 FROM");
    int rc = columns.failed ? drift__no_memory(err)
                            : drift__seed_sql(&sql, drift__str_text(&columns), row->table, " LIMIT 1", err);
    if (rc == DRIFT_OK) rc = drift_query(row->seeding->connection, sql, NULL, 0, take_base, row, err);
    drift__free(sql);
    drift__str_dispose(&columns);
    return rc;
}

/* ---- parents ---- */

typedef struct taking {
    drift__seed_parents *parents;
    drift__arena *arena;
} taking;

static int take_key(drift_statement *statement, void *payload, drift_error *err)
{
    taking *t = payload;
    const size_t width = t->parents->reference->count;
    for (size_t i = 0; i < width; i++) {
        const drift_value value = drift_column_value(statement, (int)i);
        t->parents->keys[t->parents->count * width + i] = drift__value_copy(t->arena, &value);
    }
    t->parents->count++;
    return t->arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

/* The parent's columns, each with something behind it. */
static void put_keys(drift__str *sql, const drift__seed_reference *reference, const char *separator, const char *behind)
{
    for (size_t i = 0; i < reference->count; i++) {
        drift__str_puts(sql, i ? separator : "");
        drift__str_puts(sql, "p.");
        drift__put_quoted(sql, reference->parent_columns[i]->name);
        drift__str_puts(sql, behind);
    }
}

/* Those behind the last one that have no child. */
static void put_next(drift__str *sql, const drift__seed_row *row, const drift__seed_parents *parents)
{
    const drift__seed_reference *reference = parents->reference;
    drift__str_puts(sql, " AND NOT EXISTS (SELECT 1 FROM main.");
    drift__put_quoted(sql, row->table->name);
    drift__str_puts(sql, " AS c WHERE ");
    for (size_t i = 0; i < reference->count; i++) {
        drift__str_puts(sql, i ? " AND c." : "c.");
        drift__put_quoted(sql, reference->child_columns[i]->name);
        drift__str_puts(sql, " = p.");
        drift__put_quoted(sql, reference->parent_columns[i]->name);
    }
    drift__str_putc(sql, ')');
    if (parents->last) {
        drift__str_puts(sql, " AND (");
        put_keys(sql, reference, ", ", "");
        drift__str_puts(sql, ") > (?");
        for (size_t i = 1; i < reference->count; i++) drift__str_puts(sql, ", ?");
        drift__str_putc(sql, ')');
    }
    drift__str_puts(sql, " ORDER BY ");
    put_keys(sql, reference, ", ", "");
}

static int select_keys(char **out, const drift__seed_row *row, const drift__seed_parents *parents, size_t most,
                       drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    put_keys(&sql, parents->reference, ", ", "");
    drift__str_puts(&sql, " FROM main.");
    drift__put_quoted(&sql, parents->reference->parent->name);
    drift__str_puts(&sql, " AS p WHERE ");
    put_keys(&sql, parents->reference, " AND ", " IS NOT NULL");
    if (parents->streamed) put_next(&sql, row, parents);
    drift__str_printf(&sql, " LIMIT %zu", most);
    return drift__str_take(out, &sql, err);
}

/* Each time a statement of its own: one that is not at its end does not survive what is rolled back meanwhile. */
int drift__seed_parents_draw(drift__seed_row *row, drift__seed_parents *parents, size_t most, drift__arena *arena,
                             drift_error *err)
{
    const size_t width = parents->reference->count;
    taking t = {parents, arena};
    char *sql = NULL;
    parents->count = 0;
    parents->keys = drift__arena_array(arena, most * width + 1, sizeof *parents->keys);
    if (!parents->keys) return drift__no_memory(err);
    int rc = select_keys(&sql, row, parents, most, err);
    if (rc == DRIFT_OK)
        rc = drift_query(row->seeding->connection, sql, parents->last, parents->last ? width : 0, take_key, &t, err);
    drift__free(sql);
    if (parents->streamed && parents->count) parents->last = &parents->keys[(parents->count - 1) * width];
    return rc;
}

int drift__seed_parents_read(drift__seed_row *row, drift__seed_parents *parents, size_t most, drift_error *err)
{
    return drift__seed_parents_draw(row, parents, most, &row->arena, err);
}

/* What the first row had to have in common with another table's is as a foreign key to it. */
static int take_lookups(drift__seed_row *row, drift_error *err)
{
    drift__seed_table *table = row->table;
    const size_t count = table->reference_count;
    drift__arena *arena = &row->seeding->graph.arena;
    if (!table->lookup_count) return DRIFT_OK;
    drift__seed_reference *both = drift__arena_array(arena, count + table->lookup_count, sizeof *both);
    if (!both) return drift__no_memory(err);
    if (count) memcpy(both, table->references, count * sizeof *both);
    table->references = both;
    for (size_t i = 0; i < table->lookup_count; i++) {
        const drift__seed_reference *lookup = &table->lookups[i];
        if (!lookup->wanted) continue;
        for (size_t k = 0; k < lookup->count; k++) lookup->child_columns[k]->references = true;
        both[table->reference_count++] = *lookup;
    }
    table->lookup_count = 0;
    return DRIFT_OK;
}

static int read_parents(drift__seed_row *row, size_t most, drift_error *err)
{
    int rc = DRIFT_OK;
    const size_t count = row->table->reference_count;
    row->parents = drift__arena_array(&row->arena, count + 1, sizeof *row->parents);
    if (!row->parents) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) {
        row->parents[i].reference = &row->table->references[i];
        if (row->table->references[i].usable) rc = drift__seed_parents_read(row, &row->parents[i], most, err);
    }
    return rc;
}

/* ---- */

int drift__seed_row_begin(bool *found, drift__seed_row *row, drift__seeding *s, drift__seed_table *table,
                          size_t most_parents, drift_error *err)
{
    *row = (drift__seed_row){.seeding = s, .table = table, .arena = DRIFT__ARENA_INIT};
    *found = false;
    row->cells = drift__arena_array(&row->arena, table->column_count + 1, sizeof *row->cells);
    row->bound = drift__arena_array(&row->arena, table->column_count + 1, sizeof(drift_value *));
    if (!row->cells || !row->bound) return drift__no_memory(err);
    for (size_t i = 0; i < table->column_count; i++) row->cells[i].column = &table->columns[i];
    int rc = read_base(row, err);
    const bool has_keys = table->reference_count > 0;
    if (rc == DRIFT_OK && row->made) rc = take_lookups(row, err);
    if (rc == DRIFT_OK && row->made) rc = read_parents(row, most_parents, err);
    if (rc != DRIFT_OK || !row->made) return rc;
    row->attempt =
        (drift__seed_attempt){.connection = s->connection, .table = table, .with_rowid = true, .parents = has_keys};
    rc = drift__seed_attempt_prepare(&row->attempt, err);
    *found = rc == DRIFT_OK;
    return rc;
}

void drift__seed_row_end(drift__seed_row *row)
{
    drift__seed_attempt_dispose(&row->attempt);
    drift__arena_dispose(&row->arena);
}

/* ---- one cell ---- */

static drift__seed_cell *cell_of(drift__seed_row *row, const drift__seed_column *column)
{
    return &row->cells[column - row->table->columns];
}

static void set_base(drift__seed_cell *cell)
{
    cell->origin = DRIFT__SEED_BASE;
    cell->own = cell->base;
}

static void set_new(drift__seed_row *row, drift__seed_cell *cell)
{
    cell->origin = DRIFT__SEED_NEW;
    cell->own = drift__seed_fresh(cell->column, &cell->base, cell->scheme, ++cell->serial, &row->arena);
}

static const drift_value *value_of(const drift__seed_cell *cell)
{
    return cell->origin == DRIFT__SEED_LEVEL ? &cell->values.items[cell->chosen] : &cell->own;
}

/* What it is when nothing is wanted of it. */
static void set_plain(drift__seed_row *row, drift__seed_cell *cell)
{
    if (cell->column->unique && !cell->column->references)
        set_new(row, cell);
    else
        set_base(cell);
}

/* ---- foreign keys ---- */

static bool is_nullable(const drift__seed_column *column)
{
    return !column->not_null && !column->is_rowid;
}

static bool shares_a_column(const drift__seed_row *row, const drift__seed_parents *parents)
{
    for (const drift__seed_parents *other = row->parents; other < parents; other++) {
        for (size_t i = 0; i < parents->reference->count * other->reference->count; i++) {
            const size_t width = other->reference->count;
            if (parents->reference->child_columns[i / width] == other->reference->child_columns[i % width]) return true;
        }
    }
    return false;
}

/* A parent's key agrees with what an earlier foreign key put into a column that both have. */
static bool agrees(drift__seed_row *row, const drift__seed_parents *parents, const drift_value *key)
{
    for (size_t i = 0; i < parents->reference->count; i++) {
        const drift__seed_cell *cell = cell_of(row, parents->reference->child_columns[i]);
        if (cell->origin == DRIFT__SEED_PARENT && !drift__value_same(&cell->own, &key[i])) return false;
    }
    return true;
}

static void set_key(drift__seed_row *row, const drift__seed_parents *parents, const drift_value *key)
{
    for (size_t i = 0; i < parents->reference->count; i++) {
        drift__seed_cell *cell = cell_of(row, parents->reference->child_columns[i]);
        if (cell == row->pinned) continue;
        cell->origin = DRIFT__SEED_PARENT;
        cell->own = key[i];
    }
}

static void set_parent(drift__seed_row *row, drift__seed_parents *parents)
{
    const bool shared = shares_a_column(row, parents);
    for (size_t tried = 0; tried < parents->count; tried++) {
        const drift_value *key = &parents->keys[parents->next++ % parents->count * parents->reference->count];
        if (shared && !agrees(row, parents, key)) continue;
        set_key(row, parents, key);
        return;
    }
}

/* A child without a parent, where the columns allow it. */
static bool set_no_parent(drift__seed_row *row, const drift__seed_parents *parents)
{
    static const drift_value null = DRIFT_BIND_NULL;
    bool any = false;
    for (size_t i = 0; i < parents->reference->count; i++) {
        drift__seed_cell *cell = cell_of(row, parents->reference->child_columns[i]);
        if (!is_nullable(cell->column) || cell == row->pinned) continue;
        cell->origin = DRIFT__SEED_PARENT;
        cell->own = null;
        any = true;
    }
    return any;
}

/* ---- a row ---- */

void drift__seed_row_reset(drift__seed_row *row, int64_t nth)
{
    row->rowid = (drift_value){.kind = DRIFT_NULL};
    row->pinned = NULL;
    for (size_t i = 0; i < row->table->column_count; i++) set_plain(row, &row->cells[i]);
    for (size_t i = 0; i < row->table->reference_count; i++) {
        drift__seed_parents *parents = &row->parents[i];
        if (!parents->reference->usable) continue;
        if ((nth + (int64_t)i) % 4 == 3 && set_no_parent(row, parents)) continue;
        set_parent(row, parents);
    }
}

void drift__seed_row_choose(drift__seed_row *row, drift__seed_cell *cell, size_t value)
{
    (void)row;
    cell->origin = DRIFT__SEED_LEVEL;
    cell->chosen = value;
}

int drift__seed_row_try(bool *done, drift__seed_row *row, drift_error *err)
{
    for (size_t i = 0; i < row->table->column_count; i++) row->bound[i] = value_of(&row->cells[i]);
    if (row->arena.failed) return drift__no_memory(err);
    const int rc = drift__seed_attempt_run(done, &row->attempt, row->bound, &row->rowid, err);
    if (!*done) return rc;
    row->made++;
    for (size_t i = 0; i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        if (cell->origin == DRIFT__SEED_LEVEL) cell->placed[cell->chosen] = true;
        cell->refusals = 0;
    }
    return rc;
}

/* ---- what is changed ---- */

bool drift__seed_row_restore_parents(drift__seed_row *row)
{
    bool changed = false;
    for (size_t i = 0; i < row->table->column_count; i++) {
        drift__seed_cell *cell = &row->cells[i];
        if (cell->origin != DRIFT__SEED_PARENT || cell == row->pinned) continue;
        set_base(cell);
        changed = true;
    }
    return changed;
}

/* One step back to the first row. A new value that is refused is made in another way. */
static bool step_back(drift__seed_row *row, drift__seed_cell *cell)
{
    if (cell == row->pinned) return false;
    switch (cell->origin) {
    case DRIFT__SEED_LEVEL:
    case DRIFT__SEED_MADE: set_plain(row, cell); return true;
    case DRIFT__SEED_PARENT: return drift__seed_row_restore_parents(row);
    case DRIFT__SEED_NEW:
        if (++cell->refusals % REFUSALS == 0)
            cell->scheme = (drift__seed_scheme)((cell->scheme + 1) % DRIFT__SEED_SCHEMES);
        set_new(row, cell);
        return true;
    default: return false;
    }
}

static bool step_back_implicated(drift__seed_row *row)
{
    bool changed = false;
    /* First what was only meant to be interesting, then what has to be new. */
    for (int new_ones = 0; !changed && new_ones < 2; new_ones++) {
        for (size_t i = 0; i < row->attempt.implicated_count; i++) {
            drift__seed_cell *cell = cell_of(row, row->attempt.implicated[i]);
            if ((cell->origin == DRIFT__SEED_NEW) != (new_ones == 1)) continue;
            changed = step_back(row, cell) || changed;
        }
    }
    return changed;
}

static bool step_back_all(drift__seed_row *row)
{
    bool changed = false;
    for (size_t i = 0; i < row->table->column_count; i++) {
        if (row->cells[i].origin != DRIFT__SEED_NEW) changed = step_back(row, &row->cells[i]) || changed;
    }
    return changed;
}

static bool is_implicated(const drift__seed_row *row, const drift__seed_column *column)
{
    for (size_t i = 0; i < row->attempt.implicated_count; i++) {
        if (row->attempt.implicated[i] == column) return true;
    }
    return false;
}

static bool next_parents(drift__seed_row *row)
{
    bool changed = false;
    for (size_t k = 0; k < row->table->reference_count; k++) {
        drift__seed_parents *parents = &row->parents[k];
        if (!parents->reference->usable || parents->count < 2) continue;
        if (!is_implicated(row, parents->reference->child_columns[0])) continue;
        set_parent(row, parents);
        changed = true;
    }
    return changed;
}

/* A row may always be its own parent. */
static void set_itself(drift__seed_row *row, const drift__seed_parents *parents)
{
    for (size_t i = 0; i < parents->reference->count; i++) {
        const drift__seed_cell *key = cell_of(row, parents->reference->parent_columns[i]);
        drift__seed_cell *cell = cell_of(row, parents->reference->child_columns[i]);
        if (cell == row->pinned) continue;
        cell->origin = DRIFT__SEED_PARENT;
        cell->own = *value_of(key);
    }
}

/* Where every parent has its child already: the row itself, or none. */
static bool avoid_parents(drift__seed_row *row)
{
    bool changed = false;
    for (size_t k = 0; k < row->table->reference_count; k++) {
        const drift__seed_parents *parents = &row->parents[k];
        if (!parents->reference->usable || !is_implicated(row, parents->reference->child_columns[0])) continue;
        if (parents->reference->parent == row->table && !parents->reference->by_trigger)
            set_itself(row, parents);
        else if (!set_no_parent(row, parents))
            continue;
        changed = true;
    }
    return changed;
}

/* The row is there already: of a key's columns those get new values that no foreign key binds; else, and every other
 * time, the key's parents change. */
static bool make_new(drift__seed_row *row, int repair)
{
    bool changed = false;
    if (repair >= MOST_REPAIRS / 2 && avoid_parents(row)) return true;
    if (repair % 2 && next_parents(row)) return true;
    for (size_t i = 0; i < row->attempt.implicated_count; i++) {
        drift__seed_cell *cell = cell_of(row, row->attempt.implicated[i]);
        if (cell->column->references || cell == row->pinned) continue;
        if (cell->origin == DRIFT__SEED_NEW && cell->own.kind == DRIFT_NULL) continue;
        set_new(row, cell);
        changed = true;
    }
    return changed || next_parents(row) || avoid_parents(row);
}

int drift__seed_row_settle(bool *done, drift__seed_row *row, drift_error *err)
{
    *done = false;
    for (int repair = 0; repair < MOST_REPAIRS && row->attempt.tries < row->limit; repair++) {
        const int rc = drift__seed_row_try(done, row, err);
        if (rc != DRIFT_OK || *done) return rc;
        drift__seed_implicate(&row->attempt);
        bool changed = drift__seed_is_duplicate(&row->attempt) ? make_new(row, repair) : step_back_implicated(row);
        /* What the message names may follow from other columns. */
        if (!changed || repair == MOST_REPAIRS / 2) changed = step_back_all(row) || changed;
        if (!changed) return DRIFT_OK;
    }
    return DRIFT_OK;
}
