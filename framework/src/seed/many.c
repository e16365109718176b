/* many.c — level `many`: rows by the thousand, streamed.
 *
 * A row follows from its number (maker.h), and INSERT … SELECT out of a row source takes a chunk of them at once, in a
 * savepoint: chunks grow as long as they are taken, for a savepoint keeps what the pages were that it changes, and
 * where rows may end the transaction (seed.c) each is one. A chunk that is refused goes in smaller pieces, and the rows
 * of a piece that is refused one by one, changed where they must be (row.h). Memory is that of a chunk's parents, where
 * they are drawn one after another; such chunks do not grow.
 */
#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/row_source.h"
#include "seed/maker.h"
#include "sql/quote.h"

enum { DEFAULT_ROWS = 1000, CHUNK = 4096, MOST_CHUNK = 64 * CHUNK, PIECE = 64, MOST_PARENTS = 1024, MOST_REFUSED = 64 };

typedef struct pouring {
    drift__seed_row row;
    drift__seed_maker maker;
    drift__row_source source;
    drift__arena keys[2]; /* of parents that are drawn: for this chunk, and for the last one */
    unsigned drawn;
    char *sql, *keyless;         /* all columns are given; the key is left to SQLite */
    const drift__seed_made *key; /* which is left to it, or NULL */
    int64_t refused;             /* rows, one after another */
    int64_t chunk, most_chunk;
} pouring;

/* ---- the statement ---- */

static int compose(char **out, const pouring *p, const drift__seed_made *left_out, drift_error *err)
{
    const drift__seed_table *table = p->row.table;
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, table->replaces ? "INSERT OR ABORT INTO main." : "INSERT INTO main.");
    drift__put_quoted(&sql, table->name);
    for (size_t i = 0; i < table->column_count; i++) {
        drift__str_puts(&sql, i ? ", " : " (");
        drift__put_quoted(&sql, table->columns[i].name);
    }
    drift__str_puts(&sql, ") SELECT ");
    for (size_t i = 0; i < table->column_count; i++) {
        if (i) drift__str_puts(&sql, ", ");
        if (&p->maker.columns[i] == left_out)
            drift__str_puts(&sql, "NULL");
        else
            drift__str_printf(&sql, "c%zu", i);
    }
    drift__str_puts(&sql, " FROM ");
    drift__put_quoted(&sql, p->source.name);
    return drift__str_take(out, &sql, err);
}

/* ---- keys that are left to SQLite ---- */

/*
 * A row without a key gets "one larger than the largest ROWID in the table" (autoinc.html), which is what the maker
 * counts. It is found where the last row was put; for a key that is given SQLite looks first whether it is there.
 *
 * Not where a trigger might see the difference: "The value of NEW.rowid is undefined in a BEFORE INSERT trigger in
 * which the rowid is not explicitly set to an integer" (lang_createtrigger.html). Where the keys come out otherwise, as
 * those of AUTOINCREMENT may, they are given.
 */
static const drift__seed_made *countable_key(const pouring *p)
{
    const drift__seed_table *table = p->row.table;
    if (table->is_virtual || table->triggers[0]) return NULL;
    for (size_t i = 0; i < table->column_count; i++) {
        const drift__seed_made *m = &p->maker.columns[i];
        if (!m->cell->column->is_rowid) continue;
        return m->making == DRIFT__SEED_SERIAL && m->scheme == DRIFT__SEED_COUNT_UP ? m : NULL;
    }
    return NULL;
}

/* A TEMP trigger may stand on a table of the main database. */
static int leave_key(pouring *p, drift_error *err)
{
    int64_t triggers = 0;
    const drift__seed_made *key = countable_key(p);
    if (!key) return DRIFT_OK;
    int rc = drift_query_int64(&triggers, p->row.seeding->connection,
                               "SELECT count(*) FROM temp.sqlite_schema WHERE type = 'trigger'", NULL, 0, err);
    if (rc == DRIFT_OK) rc = compose(&p->keyless, p, key, err);
    if (!triggers) p->key = key;
    return rc;
}

/* Whether the last row has the key that is its number's: if so, all have, for none was passed over. */
static bool has_counted(const pouring *p, int64_t end)
{
    const drift__seed_cell *cell = p->key->cell;
    const drift_value last = drift__seed_fresh(cell->column, &cell->base, p->key->scheme, end - 1, NULL);
    return drift_last_insert_rowid(p->row.seeding->connection) == last.integer;
}

/* ---- pieces ---- */

/* All rows of [first, end), or none. */
static int pour(bool *done, pouring *p, int64_t first, int64_t end, drift_error *err)
{
    drift_connection *connection = p->row.seeding->connection;
    drift_error why = {0};
    *done = false;
    p->source.first = first;
    p->source.end = end;
    int rc = drift_exec(connection, "SAVEPOINT drift_seed_rows", err);
    if (rc != DRIFT_OK) return rc;
    int poured = drift_exec(connection, p->key ? p->keyless : p->sql, &why);
    if (poured == DRIFT_TRANSACTION) poured = drift__seed_reason_of_end(&why, connection);
    if (poured != DRIFT_OK && !drift__seed_is_refusal(poured)) {
        if (err && !err->code) *err = why;
        return poured;
    }
    *done = poured == DRIFT_OK && (!p->key || has_counted(p, end));
    if (!drift_in_transaction(connection)) return DRIFT_OK;
    rc = *done ? DRIFT_OK : drift_exec(connection, "ROLLBACK TO drift_seed_rows", err);
    return rc == DRIFT_OK ? drift_exec(connection, "RELEASE drift_seed_rows", err) : rc;
}

/* Behind a row that is passed over or changed the number of a row is not that of its key any more: from there on all
 * keys are given. */
static int pour_counting(bool *done, pouring *p, int64_t first, int64_t end, drift_error *err)
{
    const int rc = pour(done, p, first, end, err);
    if (rc != DRIFT_OK || *done || !p->key) return rc;
    p->key = NULL;
    return pour(done, p, first, end, err);
}

static int pour_one_by_one(pouring *p, int64_t first, int64_t end, drift_error *err)
{
    int rc = DRIFT_OK;
    for (int64_t number = first; rc == DRIFT_OK && number < end && p->refused < MOST_REFUSED; number++) {
        bool done = false;
        p->row.attempt.tries = 0;
        if (number < p->maker.sound) p->maker.sound = number;
        rc = drift__seed_maker_settle(&done, &p->maker, p->source.values, number, err);
        p->refused = done ? 0 : p->refused + 1;
    }
    return rc;
}

static int pour_in_pieces(pouring *p, int64_t first, int64_t end, drift_error *err)
{
    int rc = DRIFT_OK;
    for (int64_t at = first; rc == DRIFT_OK && at < end && p->refused < MOST_REFUSED; at += PIECE) {
        const int64_t stop = at + PIECE < end ? at + PIECE : end;
        bool poured = false;
        rc = pour(&poured, p, at, stop, err);
        if (rc == DRIFT_OK && !poured) rc = pour_one_by_one(p, at, stop, err);
    }
    return rc;
}

/* `*end` comes nearer if a chunk that had grown is refused: what is wrong with it is looked for in one of the least. */
static int pour_chunk(pouring *p, int64_t first, int64_t *end, drift_error *err)
{
    bool done = false;
    int rc = pour_counting(&done, p, first, *end, err);
    if (rc == DRIFT_OK && done) {
        if (p->chunk < p->most_chunk) p->chunk *= 2;
        return DRIFT_OK;
    }
    const bool had_grown = p->chunk > CHUNK && *end - first > CHUNK;
    p->chunk = CHUNK;
    if (had_grown) *end = first + CHUNK;
    if (rc == DRIFT_OK && had_grown) rc = pour(&done, p, first, *end, err);
    return rc == DRIFT_OK && !done ? pour_in_pieces(p, first, *end, err) : rc;
}

/* ---- the parents of a chunk ---- */

/* `*end` comes nearer if there are fewer parents than rows. */
static int draw(pouring *p, int64_t first, int64_t *end, drift_error *err)
{
    int rc = DRIFT_OK;
    drift__arena *keys = &p->keys[p->drawn++ % 2];
    drift__arena_dispose(keys); /* those of the chunk before the last: the last key drawn stands */
    p->maker.window = first;
    for (size_t i = 0; rc == DRIFT_OK && i < p->row.table->reference_count; i++) {
        drift__seed_parents *parents = &p->row.parents[i];
        if (!parents->streamed) continue;
        rc = drift__seed_parents_draw(&p->row, parents, (size_t)(*end - first), keys, err);
        *end = first + (int64_t)parents->count;
    }
    return rc;
}

/* ---- a table ---- */

static int pour_rows(pouring *p, int64_t rows, drift_error *err)
{
    int rc = DRIFT_OK;
    for (int64_t first = 1, end = 1; rc == DRIFT_OK && first <= rows && p->refused < MOST_REFUSED; first = end) {
        const int64_t wanted = first + p->chunk <= rows ? first + p->chunk : rows + 1;
        end = wanted;
        rc = draw(p, first, &end, err);
        const bool is_last = end < wanted; /* there are no more parents */
        if (rc == DRIFT_OK && end > first) rc = pour_chunk(p, first, &end, err);
        if (is_last) break;
    }
    return rc;
}

/* Numbers go on behind the largest key there is: triggers may have put rows in. */
static int go_on_behind(pouring *p, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < p->row.table->column_count; i++) {
        drift__seed_cell *cell = &p->row.cells[i];
        drift__str max = DRIFT__STR_INIT;
        char *sql = NULL;
        if (!cell->column->is_rowid) continue;
        drift__str_puts(&max, "SELECT max(");
        drift__put_quoted(&max, cell->column->name);
        drift__str_puts(&max, ") FROM");
        rc = max.failed ? drift__no_memory(err) : drift__seed_sql(&sql, drift__str_text(&max), p->row.table, "", err);
        if (rc == DRIFT_OK) rc = drift_query_int64(&cell->base.integer, p->row.seeding->connection, sql, NULL, 0, err);
        drift__free(sql);
        drift__str_dispose(&max);
    }
    return rc;
}

static bool draws_parents(const pouring *p)
{
    for (size_t i = 0; i < p->row.table->reference_count; i++) {
        if (p->row.parents[i].streamed) return true;
    }
    return false;
}

static int plan(pouring *p, int64_t rows, drift_error *err)
{
    const size_t count = p->row.table->column_count;
    p->source = (drift__row_source){.name = "drift rows to seed", .columns = count, .make = drift__seed_make};
    p->source.payload = &p->maker;
    p->source.values = drift__arena_array(&p->row.arena, count + 1, sizeof *p->source.values);
    if (!p->source.values) return drift__no_memory(err);
    int rc = go_on_behind(p, err);
    if (rc == DRIFT_OK) rc = drift__seed_maker_plan(&p->maker, &p->row, rows, err);
    /* What a refused row gets instead lies behind all that are made. */
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) p->row.cells[i].serial = rows + 1;
    p->chunk = p->most_chunk = CHUNK;
    if (!draws_parents(p)) p->most_chunk = MOST_CHUNK;
    p->row.attempt.parents = false; /* parents are taken from what is there, and all keys looked at in the end */
    if (rc == DRIFT_OK) rc = compose(&p->sql, p, NULL, err);
    return rc == DRIFT_OK ? leave_key(p, err) : rc;
}

static int pour_table(pouring *p, int64_t rows, drift_error *err)
{
    int rc = plan(p, rows, err);
    if (rc == DRIFT_OK) rc = drift__row_source_add(p->row.seeding->connection, &p->source, err);
    if (rc != DRIFT_OK) return rc;
    rc = pour_rows(p, rows < p->maker.most ? rows : p->maker.most, err);
    const int removed = drift__row_source_remove(p->row.seeding->connection, &p->source, err);
    return rc == DRIFT_OK ? removed : rc;
}

static int count_rows(int64_t *out, drift__seeding *s, const drift__seed_table *table, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__seed_sql(&sql, "SELECT count(*) FROM", table, "", err);
    if (rc == DRIFT_OK) rc = drift_query_int64(out, s->connection, sql, NULL, 0, err);
    drift__free(sql);
    return rc;
}

int drift__seed_pour(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    pouring p = {.keys = {DRIFT__ARENA_INIT, DRIFT__ARENA_INIT}};
    bool found = false;
    int64_t there = 0;
    const int64_t rows = s->options->rows ? s->options->rows : DEFAULT_ROWS;
    int rc = count_rows(&there, s, table, err);
    if (rc != DRIFT_OK || there >= rows || !table->column_count) return rc;
    rc = drift__seed_row_begin(&found, &p.row, s, table, MOST_PARENTS, err);
    p.row.limit = INT_MAX;
    if (rc == DRIFT_OK && found) rc = pour_table(&p, rows - there, err);
    drift__seed_row_end(&p.row);
    drift__arena_dispose(&p.keys[0]);
    drift__arena_dispose(&p.keys[1]);
    drift__free(p.keyless);
    drift__free(p.sql);
    return rc;
}
