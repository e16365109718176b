/* pairs.c — rows with a key and rows without one are paired by themselves, in the same way: by digest, where columns
 * may be cast by the digest of what CAST makes of them, and at last, without a key, by rowid. */
#include "verify/pairs.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/direct.h"
#include "runtime/row_source.h"
#include "verify/match_sql.h"
#include "verify/pile.h"
#include "verify/referee.h"
#include "verify/values.h"

#define POINTER "drift__pairing"

enum { OLD, NEW, SIDES };

typedef struct pairing {
    const drift__match *match;
    drift__rows_of rows;
    bool by_key; /* digests are of keys, not of all values */
    drift__pile_store store;
    drift__pile digests[SIDES]; /* of rows that look for a partner */
    drift__pile rest[SIDES];    /* by rowid: those that found none so far */
    drift__pile single[SIDES];  /* by rowid: those that have none */
    drift__pile found;          /* by the old rowid: pairs to be written down */
    int64_t before, after;
    int64_t alone;           /* old rows without a key that have no new one of the same rowid */
    int64_t asked, in_place; /* old rows with a key, and those of them that have their old rowid */
    bool all_met;            /* all rows have a key, and their old rowid */
    drift_error why;         /* what failed inside the engine */
} pairing;

/* ---- piles ---- */

/* Rowids in their order. */
static uint64_t from_row(int64_t row)
{
    return (uint64_t)row ^ (uint64_t)INT64_MIN;
}

static int64_t to_row(uint64_t low)
{
    return (int64_t)(low ^ (uint64_t)INT64_MIN);
}

static int add_row(drift__pile *pile, int64_t row, int64_t partner, drift_error *err)
{
    return drift__pile_add(pile, (drift__pile_record){from_row(row), 0, partner}, err);
}

static void start_piles(pairing *p)
{
    for (int side = 0; side < SIDES; side++)
        p->digests[side] = p->rest[side] = p->single[side] = (drift__pile){.store = &p->store};
    p->found = (drift__pile){.store = &p->store};
}

static void dispose_both(drift__pile piles[SIDES])
{
    drift__pile_dispose(&piles[OLD]);
    drift__pile_dispose(&piles[NEW]);
}

/* ---- gathering the digests ---- */

static void gather(sqlite3_context *context, int count, sqlite3_value **values)
{
    enum { PAIRING, SIDE, ROWID, VALUES };
    pairing *p = sqlite3_value_pointer(values[PAIRING], POINTER);
    const bool wide = sqlite3_user_data(context) != NULL;
    drift__digest_state state;
    if (!p || p->why.code) return;
    const int side = sqlite3_value_int(values[SIDE]) ? NEW : OLD;
    if (sqlite3_value_type(values[ROWID]) == SQLITE_NULL) {
        p->alone++; /* of an old row that has no partner to be gathered too */
        return;
    }
    drift__digest_begin(&state);
    for (int i = VALUES; i < count; i++) drift__values_digest(&state, values[i], wide);
    const drift__digest digest = drift__digest_end(&state);
    const drift__pile_record record = {digest.low, digest.high, sqlite3_value_int64(values[ROWID])};
    if (drift__pile_add(&p->digests[side], record, &p->why) != DRIFT_OK) sqlite3_result_error(context, p->why.text, -1);
}

static void end_gathering(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

int drift__pairs_register(sqlite3 *handle, bool wide, drift_error *err)
{
    const int rc = sqlite3_create_function(handle, "drift__gather", -1, wide ? SQLITE_UTF16 : SQLITE_UTF8,
                                           wide ? handle : NULL, NULL, gather, end_gathering);
    return rc == SQLITE_OK ? DRIFT_OK : drift__no_memory(err);
}

static int run_gathering(pairing *p, drift__str *sql, drift_row_fn take, drift_error *err)
{
    const drift__pointer pointers[] = {{p->match->tally, DRIFT__TALLY_POINTER}, {p, POINTER}};
    drift_error other = {0};
    const int rc = drift__referee_query(p->match->referee, sql, pointers, take, p, &other);
    if (rc == DRIFT_OK) return rc;
    if (err) *err = p->why.code ? p->why : other;
    return p->why.code ? p->why.code : rc;
}

static void put_gather(drift__str *sql, const pairing *p, drift__view_of view)
{
    const bool of_old = view != DRIFT__OF_NEW;
    drift__str_printf(sql, "drift__gather(?2, %d, %c.r", of_old ? OLD : NEW, of_old ? 'o' : 'n');
    drift__put_values(sql, p->match, view, p->by_key);
    drift__str_putc(sql, ')');
}

static int gather_side(pairing *p, drift__view_of view, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    put_gather(&sql, p, view);
    drift__str_puts(&sql, " FROM ");
    drift__put_side(&sql, p->match, view != DRIFT__OF_NEW);
    drift__put_rows_of(&sql, p->match, p->rows, view != DRIFT__OF_NEW, " WHERE ");
    return run_gathering(p, &sql, NULL, err);
}

static void put_join_in_place(drift__str *sql, const pairing *p, bool of_old)
{
    drift__str_puts(sql, " FROM ");
    drift__put_side(sql, p->match, of_old);
    drift__str_puts(sql, " LEFT JOIN ");
    drift__put_side(sql, p->match, !of_old);
    drift__str_puts(sql, " ON n.r = o.r");
    if (p->rows == DRIFT__WITH_KEY) drift__put_same_key(sql, p->match, " AND ");
    drift__put_rows_of(sql, p->match, p->rows, !of_old, " AND ");
}

/* Rows without a key: those of both sides that are not right under their old rowid. */
static int gather_wrong(pairing *p, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT 0, ");
    put_gather(&sql, p, DRIFT__OF_OLD);
    drift__str_puts(&sql, ", ");
    put_gather(&sql, p, DRIFT__OF_NEW);
    put_join_in_place(&sql, p, true);
    drift__str_puts(&sql, " WHERE (n.r IS NULL OR NOT (");
    drift__put_all_accepted(&sql, p->match);
    drift__str_puts(&sql, "))");
    drift__put_rows_of(&sql, p->match, p->rows, true, " AND ");
    return run_gathering(p, &sql, NULL, err);
}

static int take_place(drift_statement *row, void *payload, drift_error *err)
{
    pairing *p = payload;
    (void)err;
    p->asked = drift_column_int64(row, 0);
    p->in_place = drift_column_int64(row, 1);
    return DRIFT_OK;
}

/* Rows with a key: old ones that have another rowid now. Those that have the same are counted on the way. */
static int gather_moved(pairing *p, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*), count(n.r)");
    drift__put_tally(&sql, p->match, DRIFT__OF_NEW);
    drift__str_puts(&sql, ", ");
    put_gather(&sql, p, DRIFT__OF_OLD);
    drift__str_puts(&sql, " FILTER (WHERE n.r IS NULL)");
    put_join_in_place(&sql, p, true);
    drift__put_rows_of(&sql, p->match, p->rows, true, " WHERE ");
    return run_gathering(p, &sql, take_place, err);
}

/* New rows that no old row met under their rowid. */
static int gather_arrived(pairing *p, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    put_gather(&sql, p, DRIFT__OF_NEW);
    put_join_in_place(&sql, p, false);
    drift__str_puts(&sql, " WHERE o.r IS NULL");
    drift__put_rows_of(&sql, p->match, p->rows, false, " AND ");
    return run_gathering(p, &sql, NULL, err);
}

/* A key that is unique no more may be that of several rows: the one with the least rowid counts. */
static int gather_with_key(pairing *p, drift_error *err)
{
    if (!p->match->in_place || !p->match->new.unique_key) {
        const int rc = gather_side(p, DRIFT__OF_OLD, err);
        return rc == DRIFT_OK ? gather_side(p, DRIFT__OF_NEW, err) : rc;
    }
    const int rc = gather_moved(p, err);
    p->all_met = p->asked == p->before && p->in_place == p->after;
    return rc == DRIFT_OK && p->in_place != p->after ? gather_arrived(p, err) : rc;
}

static int gather_without_key(pairing *p, drift_error *err)
{
    int rc;
    if (p->match->in_place) {
        rc = gather_wrong(p, err);
        const bool all_met = !p->match->key_count && p->before - p->alone == p->after;
        return rc == DRIFT_OK && !all_met ? gather_arrived(p, err) : rc;
    }
    rc = gather_side(p, DRIFT__OF_OLD, err);
    return rc == DRIFT_OK ? gather_side(p, DRIFT__OF_NEW, err) : rc;
}

/* ---- a pile as a table ---- */

/* The rows of drift__rows. */
typedef struct unrolling {
    drift__pile *pile;
    drift_error why; /* what failed inside the engine */
} unrolling;

static void make_row(drift_value *values, int64_t number, void *payload)
{
    unrolling *u = payload;
    drift__pile_record record = {0};
    bool some = false;
    (void)number;
    if (!u->why.code) (void)drift__pile_next(&some, &record, u->pile, &u->why);
    values[0] = (drift_value)DRIFT_BIND_INT64(to_row(record.low));
    values[1] = (drift_value)DRIFT_BIND_INT64(record.row);
    if (!some) values[0].kind = DRIFT_NULL;
}

/* No statement that selects from drift__rows may stay prepared. */
static int forget_rows(const drift__match *match, const drift__row_source *rows, drift_error *err)
{
    drift__statements_forget(&drift__direct_of(match->referee)->statements);
    return drift__row_source_remove(match->referee, rows, err);
}

/* Runs a statement that selects from drift__rows (c0, c1): the pile's rowids, in their order, and what stands beside
 * them. The pile is empty then. */
static int run_over(pairing *p, drift__pile *pile, drift__str *sql, drift_error *err)
{
    unrolling u = {.pile = pile};
    drift_value values[2];
    drift__row_source rows = {"drift__rows", 2, 0, (int64_t)pile->size, make_row, &u, values};
    drift_error other = {0};
    int rc = drift__pile_sort(pile, err);
    if (rc == DRIFT_OK) rc = drift__row_source_add(p->match->referee, &rows, err);
    if (rc != DRIFT_OK) {
        drift__str_dispose(sql);
        return rc;
    }
    rc = run_gathering(p, sql, NULL, &other);
    if (u.why.code) {
        other = u.why;
        rc = u.why.code;
    }
    if (rc != DRIFT_OK && err) *err = other;
    const int forgotten = forget_rows(p->match, &rows, rc == DRIFT_OK ? err : NULL);
    drift__pile_dispose(pile);
    return rc == DRIFT_OK ? forgotten : rc;
}

/* Rows that are still without a partner, once more, as what CAST makes of them. */
static int gather_again(pairing *p, drift__view_of view, drift_error *err)
{
    const bool of_old = view != DRIFT__OF_NEW;
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT ");
    put_gather(&sql, p, view);
    drift__str_puts(&sql, " FROM drift__rows p CROSS JOIN ");
    drift__put_side(&sql, p->match, of_old);
    drift__str_printf(&sql, " ON %c.r = p.c0", of_old ? 'o' : 'n');
    return run_over(p, &p->rest[of_old ? OLD : NEW], &sql, err);
}

/* What became of the columns of pairs whose digests are equal: the old row tells it, for what is expected of it, or
 * CAST made of it, is what the new one holds. */
static int count_equal(pairing *p, drift__view_of view, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    if (!p->found.size) return DRIFT_OK;
    drift__str_puts(&sql, "SELECT 0");
    drift__put_tally(&sql, p->match, view);
    drift__str_puts(&sql, " FROM (SELECT c0, c1 AS r FROM drift__rows) n CROSS JOIN ");
    drift__put_side(&sql, p->match, true);
    drift__str_puts(&sql, " ON o.r = n.c0");
    return run_over(p, &p->found, &sql, err);
}

/* What became of the columns of the pairs. */
static int count_found(pairing *p, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    if (!p->found.size) return DRIFT_OK;
    drift__str_puts(&sql, "SELECT 0");
    drift__put_tally(&sql, p->match, DRIFT__OF_NEW);
    drift__str_puts(&sql, " FROM drift__rows p CROSS JOIN ");
    drift__put_side(&sql, p->match, true);
    drift__str_puts(&sql, " ON o.r = p.c0 CROSS JOIN ");
    drift__put_side(&sql, p->match, false);
    drift__str_puts(&sql, " ON n.r = p.c1");
    return run_over(p, &p->found, &sql, err);
}

static int write_single(pairing *p, int side, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    if (!p->single[side].size) return DRIFT_OK;
    drift__str_printf(&sql, "INSERT INTO temp.%s SELECT c0 FROM drift__rows",
                      side == OLD ? "drift__lost" : "drift__extra");
    return run_over(p, &p->single[side], &sql, err);
}

/* ---- two sorted piles side by side ---- */

typedef struct meeting {
    drift__pile *piles;
    drift__pile_record record[SIDES];
    bool some[SIDES];
} meeting;

static int advance(meeting *m, int side, drift_error *err)
{
    return drift__pile_next(&m->some[side], &m->record[side], &m->piles[side], err);
}

static int begin_meeting(meeting *m, drift__pile piles[SIDES], drift_error *err)
{
    m->piles = piles;
    int rc = drift__pile_sort(&piles[OLD], err);
    if (rc == DRIFT_OK) rc = drift__pile_sort(&piles[NEW], err);
    if (rc == DRIFT_OK) rc = advance(m, OLD, err);
    return rc == DRIFT_OK ? advance(m, NEW, err) : rc;
}

/* Less than 0: the old record has no partner; more: the new one; 0: they are a pair. */
static int meet(const meeting *m)
{
    const drift__pile_record *o = &m->record[OLD], *n = &m->record[NEW];
    if (!m->some[OLD]) return 1;
    if (!m->some[NEW]) return -1;
    if (o->low != n->low) return o->low < n->low ? -1 : 1;
    return o->high < n->high ? -1 : o->high > n->high;
}

/* By digest. `again`: another view of the old rows follows, and the new ones that are left keep their digests for it.
 */
static int pair_digests(pairing *p, bool looked_at, bool again, drift_error *err)
{
    drift__pile left = {.store = &p->store};
    meeting m = {0};
    int rc = begin_meeting(&m, p->digests, err);
    while (rc == DRIFT_OK && (m.some[OLD] || m.some[NEW])) {
        const int met = meet(&m);
        const int alone = met < 0 ? OLD : NEW;
        if (met > 0 && again)
            rc = drift__pile_add(&left, m.record[NEW], err);
        else if (met)
            rc = add_row(&p->rest[alone], m.record[alone].row, 0, err);
        else if (looked_at)
            rc = add_row(&p->found, m.record[OLD].row, m.record[NEW].row, err);
        if (rc == DRIFT_OK && met <= 0) rc = advance(&m, OLD, err);
        if (rc == DRIFT_OK && met >= 0) rc = advance(&m, NEW, err);
    }
    dispose_both(p->digests);
    p->digests[NEW] = left;
    return rc;
}

/* By rowid: of what is left, a row without a key that changed is the one with its rowid. */
static int pair_rowids(pairing *p, drift_error *err)
{
    meeting m = {0};
    int rc = begin_meeting(&m, p->rest, err);
    while (rc == DRIFT_OK && (m.some[OLD] || m.some[NEW])) {
        const int met = meet(&m);
        const int side = met <= 0 ? OLD : NEW;
        const int64_t row = to_row(m.record[side].low);
        rc = add_row(met ? &p->single[side] : &p->found, row, row, err);
        if (rc == DRIFT_OK && met <= 0) rc = advance(&m, OLD, err);
        if (rc == DRIFT_OK && met >= 0) rc = advance(&m, NEW, err);
    }
    dispose_both(p->rest);
    return rc;
}

static void leave_single(pairing *p)
{
    for (int side = 0; side < SIDES; side++) {
        p->single[side] = p->rest[side];
        p->rest[side] = (drift__pile){.store = &p->store};
    }
}

/* ---- */

/* By keys, and then by what CAST makes of them: pairs are looked at. */
static int pair_by_key(pairing *p, drift_error *err)
{
    const bool cast = drift__has_cast(p->match, true);
    int rc = pair_digests(p, true, cast, err);
    if (rc == DRIFT_OK && cast) rc = gather_again(p, DRIFT__OF_OLD_CAST, err);
    return rc == DRIFT_OK && cast ? pair_digests(p, true, false, err) : rc;
}

/* By all values, as they are expected or as CAST makes them: pairs are equal but where more than that was asked. */
static int pair_by_values(pairing *p, drift__view_of view, bool again, drift_error *err)
{
    const int rc = pair_digests(p, drift__has_counted(p->match, view), again, err);
    return rc == DRIFT_OK ? count_equal(p, view, err) : rc;
}

/* Rows with a key that are equal to none, once more by their key. */
static int gather_keys(pairing *p, drift_error *err)
{
    p->by_key = true;
    const int rc = gather_again(p, DRIFT__OF_OLD, err);
    return rc == DRIFT_OK ? gather_again(p, DRIFT__OF_NEW, err) : rc;
}

static int pair_with_key(pairing *p, drift_error *err)
{
    int rc = DRIFT_OK;
    if (!p->by_key) {
        rc = pair_by_values(p, DRIFT__OF_OLD, false, err);
        if (rc == DRIFT_OK) rc = gather_keys(p, err);
    }
    if (rc == DRIFT_OK) rc = pair_by_key(p, err);
    leave_single(p);
    return rc;
}

static int pair_without_key(pairing *p, drift_error *err)
{
    const bool cast = drift__has_cast(p->match, false);
    int rc = pair_by_values(p, DRIFT__OF_OLD, cast, err);
    if (rc == DRIFT_OK && cast) rc = gather_again(p, DRIFT__OF_OLD_CAST, err);
    if (rc == DRIFT_OK && cast) rc = pair_by_values(p, DRIFT__OF_OLD_CAST, false, err);
    if (rc == DRIFT_OK && p->match->old.rowid && p->match->new.rowid) return pair_rowids(p, err);
    leave_single(p);
    return rc;
}

static int create_tables(const drift__match *match, drift_error *err)
{
    return drift_exec(match->referee,
                      "CREATE TEMP TABLE IF NOT EXISTS drift__lost (r INTEGER PRIMARY KEY);"
                      "CREATE TEMP TABLE IF NOT EXISTS drift__extra (r INTEGER PRIMARY KEY)",
                      err);
}

/* `*written` stays true once it is. */
static int write_down(bool *written, pairing *p, drift_error *err)
{
    if (!p->single[OLD].size && !p->single[NEW].size) return DRIFT_OK;
    *written = true;
    int rc = create_tables(p->match, err);
    if (rc == DRIFT_OK) rc = write_single(p, OLD, err);
    return rc == DRIFT_OK ? write_single(p, NEW, err) : rc;
}

/* Of rows with a key those that are equal come first: where the key is unique these are pairs, and looking up their
 * partners one here and one there, to compare them, would take longer than all the rest. */
static int pair_rows_of(bool *written, pairing *p, drift__rows_of rows, drift_error *err)
{
    p->rows = rows;
    p->by_key = rows == DRIFT__WITH_KEY && (!p->match->new.unique_key || drift__has_special(p->match));
    p->alone = 0;
    start_piles(p);
    int rc = rows == DRIFT__WITH_KEY ? gather_with_key(p, err) : gather_without_key(p, err);
    if (rc == DRIFT_OK && (p->digests[OLD].size || p->digests[NEW].size)) {
        rc = rows == DRIFT__WITH_KEY ? pair_with_key(p, err) : pair_without_key(p, err);
        if (rc == DRIFT_OK) rc = count_found(p, err);
        if (rc == DRIFT_OK) rc = write_down(written, p, err);
    }
    dispose_both(p->digests);
    dispose_both(p->rest);
    dispose_both(p->single);
    drift__pile_dispose(&p->found);
    return rc;
}

int drift__pairs_find(bool *written, const drift__match *match, int64_t before, int64_t after, drift_error *err)
{
    pairing p = {.match = match, .store = {match->referee, 1}, .before = before, .after = after};
    int rc = DRIFT_OK;
    *written = false;
    if (before > DRIFT__PILE_MEMORY || after > DRIFT__PILE_MEMORY) rc = drift__pile_store_open(&p.store, err);
    if (rc == DRIFT_OK && match->key_count) rc = pair_rows_of(written, &p, DRIFT__WITH_KEY, err);
    return rc == DRIFT_OK && !p.all_met ? pair_rows_of(written, &p, DRIFT__WITHOUT_KEY, err) : rc;
}

int drift__pairs_end(const drift__match *match, drift_error *err)
{
    return drift_exec(match->referee, "DROP TABLE IF EXISTS temp.drift__lost; DROP TABLE IF EXISTS temp.drift__extra",
                      err);
}
