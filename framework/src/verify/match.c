/* match.c — one join, which where the key's indexes find all pairs knows everything; else the pairs, and then they are
 * counted. */
#include "verify/match.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "runtime/statement.h"
#include "verify/match_sql.h"
#include "verify/pairs.h"
#include "verify/referee.h"

/* Conditions over all columns at once: "the maximum depth of an expression tree" is 1000
 * (https://www.sqlite.org/limits.html). And the values that say which row it is have to leave room for others. */
enum { MOST_COLUMNS = 400, MOST_KEY = 48 };

/* Runs what was written. */
static int query(const drift__match *match, drift__str *text, drift_row_fn take, void *payload, drift_error *err)
{
    const drift__pointer tally = {match->tally, DRIFT__TALLY_POINTER};
    return drift__referee_query(match->referee, text, &tally, take, payload, err);
}

static int take_int64(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    *(int64_t *)payload = drift_column_int64(row, 0);
    return DRIFT_OK;
}

static int query_int64(int64_t *out, const drift__match *match, drift__str *text, drift_error *err)
{
    return query(match, text, take_int64, out, err);
}

static int exec(const drift__match *match, drift__str *text, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_exec(match->referee, sql, err);
    drift__free(sql);
    return rc;
}

static int count_old(int64_t *out, const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*) FROM ");
    drift__put_table(&sql, match, true);
    return query_int64(out, match, &sql, err);
}

/* ---- new rows, and what is in columns that may hold anything: no pair has to be looked at for that ---- */

/* "The maximum number of columns … in the result set of a SELECT statement" is 2000
 * (https://www.sqlite.org/limits.html), or less. */
enum { MOST_COUNTS = 400 };

typedef struct counting {
    drift__match_result *result;
    const drift__match *match;
    size_t first, end; /* columns */
    int64_t sign;      /* values are added, or taken away */
    int64_t rows;
} counting;

static bool is_any(const drift__match *match, size_t column)
{
    return match->columns[column].want == DRIFT__WANT_ANY;
}

static bool has_any(const drift__match *match)
{
    bool found = false;
    for (size_t i = 0; i < match->column_count; i++) found = found || is_any(match, i);
    return found;
}

static void put_counts(drift__str *sql, counting *c)
{
    size_t count = 0;
    drift__str_puts(sql, "SELECT count(*)");
    for (c->end = c->first; c->end < c->match->column_count && count < MOST_COUNTS; c->end++) {
        if (!is_any(c->match, c->end)) continue;
        drift__str_printf(sql, ", count(n.c%zu)", c->end);
        count++;
    }
}

static int take_counts(drift_statement *row, void *payload, drift_error *err)
{
    counting *c = payload;
    int at = 0;
    (void)err;
    c->rows = drift_column_int64(row, at++);
    for (; c->first < c->end; c->first++) {
        drift__match_counts *counts = &c->result->columns[c->first];
        if (!is_any(c->match, c->first)) continue;
        counts->changed += c->sign * drift_column_int64(row, at++);
        counts->filled = counts->right = counts->changed;
    }
    return DRIFT_OK;
}

static int count_new(drift__match_result *result, const drift__match *match, drift_error *err)
{
    counting c = {.result = result, .match = match, .sign = 1};
    const bool any = has_any(match);
    int rc = DRIFT_OK;
    do {
        drift__str sql = DRIFT__STR_INIT;
        put_counts(&sql, &c);
        drift__str_puts(&sql, " FROM ");
        if (any)
            drift__put_side(&sql, match, false);
        else
            drift__put_table(&sql, match, false);
        rc = query(match, &sql, take_counts, &c, err);
    } while (rc == DRIFT_OK && c.first < match->column_count);
    result->after = c.rows;
    return rc;
}

/* ---- the one join ---- */

static int take_join(drift_statement *row, void *payload, drift_error *err)
{
    drift__match_result *result = payload;
    (void)err;
    result->before = drift_column_int64(row, 0);
    result->matched = result->before - drift_column_int64(row, 1);
    return DRIFT_OK;
}

static int count_joined(drift__match_result *result, const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*), count(*) FILTER (WHERE ");
    drift__put_partner(&sql, match);
    drift__str_puts(&sql, " IS NULL)");
    drift__put_tally(&sql, match, DRIFT__OF_NEW);
    drift__str_puts(&sql, " FROM ");
    drift__put_side(&sql, match, true);
    drift__str_puts(&sql, " LEFT JOIN ");
    drift__put_side(&sql, match, false);
    drift__str_puts(&sql, " ON ");
    drift__put_join(&sql, match);
    return query(match, &sql, take_join, result, err);
}

/* Whether the join finds all rows of tables that are as they should be, and nothing else finds them sooner: rows with
 * rowids are looked for where they were, since to find them by a key that is in another order is slow; without a key,
 * the columns that are more than equal have to be counted. */
static bool is_quick(const drift__match *match)
{
    if (match->column_count > MOST_COLUMNS) return false;
    if (match->key_count) return match->rowid_key || (match->new.unique_key && !match->staged && !match->in_place);
    return match->staged || (match->in_place && drift__has_special(match));
}

static bool is_clean(const drift__match_result *result, const drift__match *match)
{
    return result->before == result->matched && result->matched == result->after && drift__tally_is_clean(match->tally);
}

/* ---- rows without a key that are right where they were ---- */

static int count_in_place(const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT 0");
    drift__put_tally(&sql, match, DRIFT__OF_NEW);
    drift__str_puts(&sql, " FROM ");
    drift__put_side(&sql, match, true);
    drift__str_puts(&sql, " CROSS JOIN ");
    drift__put_side(&sql, match, false);
    drift__str_puts(&sql, " ON n.r = o.r WHERE ");
    drift__put_all_accepted(&sql, match);
    drift__put_rows_of(&sql, match, DRIFT__WITHOUT_KEY, true, " AND ");
    drift__put_rows_of(&sql, match, DRIFT__WITHOUT_KEY, false, " AND ");
    return query(match, &sql, NULL, NULL, err);
}

/* ---- rows without a partner ---- */

static void put_without_partner(drift__str *sql, const drift__match *match, bool of_old)
{
    drift__str_puts(sql, " FROM ");
    if (match->joined) {
        drift__put_side(sql, match, of_old);
        drift__str_puts(sql, " LEFT JOIN ");
        drift__put_side(sql, match, !of_old);
        drift__str_puts(sql, " ON ");
        drift__put_join(sql, match);
        drift__str_printf(sql, " WHERE %c.c%zu IS NULL", of_old ? 'n' : 'o', match->key[0]);
    } else {
        drift__str_printf(sql, "temp.%s l CROSS JOIN ", of_old ? "drift__lost" : "drift__extra");
        drift__put_side(sql, match, of_old);
        drift__str_printf(sql, " ON %c.r = l.r WHERE 1", of_old ? 'o' : 'n');
    }
}

/* Those that no condition excuses. */
static void put_left_over(drift__str *sql, const drift__match *match, bool of_old)
{
    put_without_partner(sql, match, of_old);
    drift__str_printf(sql, " AND %c.d IS NOT TRUE", of_old ? 'o' : 'n');
}

static int count_left_over(int64_t *wrongly, int64_t all, const drift__match *match, bool of_old, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    *wrongly = all;
    if (!all || !(of_old ? match->old.condition : match->new.condition)) return DRIFT_OK;
    drift__str_puts(&sql, "SELECT count(*)");
    put_left_over(&sql, match, of_old);
    return query_int64(wrongly, match, &sql, err);
}

/* Values of rows that came count for no matched row. */
static int forget_extra(drift__match_result *result, const drift__match *match, drift_error *err)
{
    counting c = {.result = result, .match = match, .sign = -1};
    int rc = DRIFT_OK;
    if (!result->extra || !has_any(match)) return DRIFT_OK;
    while (rc == DRIFT_OK && c.first < match->column_count) {
        drift__str sql = DRIFT__STR_INIT;
        put_counts(&sql, &c);
        put_without_partner(&sql, match, false);
        rc = query(match, &sql, take_counts, &c, err);
    }
    return rc;
}

static int count_all_left_over(drift__match_result *result, const drift__match *match, drift_error *err)
{
    result->lost = result->before - result->matched;
    result->extra = result->after - result->matched;
    const int rc = count_left_over(&result->lost_wrongly, result->lost, match, true, err);
    return rc == DRIFT_OK ? count_left_over(&result->extra_wrongly, result->extra, match, false, err) : rc;
}

/* ---- what cannot be read ---- */

static bool is_unreadable(int status)
{
    return status == DRIFT_SQL || status == DRIFT_SYNTAX || status == DRIFT_NOT_A_DATABASE;
}

/* Reads a side alone, every column, without expressions. */
static int read_side(int64_t *rows, const drift__match *match, bool of_old, drift_error *err)
{
    const drift__match_side *side = of_old ? &match->old : &match->new;
    drift__match_column *plain = drift__calloc(match->column_count + 1, sizeof *plain);
    drift__match alone = {.referee = match->referee, .old = *side, .new = *side, .columns = plain};
    drift__str sql = DRIFT__STR_INIT;
    if (!plain) return drift__no_memory(err);
    alone.old.condition = alone.new.condition = NULL;
    for (size_t i = 0; i < match->column_count; i++) {
        const char *name = of_old ? match->columns[i].old_name : match->columns[i].new_name;
        if (name) plain[alone.column_count++] = (drift__match_column){.old_name = name, .new_name = name};
    }
    drift__str_puts(&sql, "SELECT count(drift__digest(0");
    drift__put_values(&sql, &alone, of_old ? DRIFT__OF_OLD : DRIFT__OF_NEW, false);
    drift__str_puts(&sql, ")) FROM ");
    drift__put_side(&sql, &alone, of_old);
    const int rc = query_int64(rows, &alone, &sql, err);
    drift__free(plain);
    return rc;
}

/* What went wrong is found by reading each side alone. */
static int explain(drift__match_result *result, const drift__match *match, const drift_error *why, drift_error *err)
{
    int64_t rows = 0;
    drift_error reason = {0};
    int rc = read_side(&rows, match, true, &reason);
    result->unreadable = DRIFT__UNREADABLE_OLD;
    result->before = rows;
    if (rc == DRIFT_OK) {
        rc = read_side(&rows, match, false, &reason);
        result->unreadable = rc == DRIFT_OK ? DRIFT__UNREADABLE_EXPRESSION : DRIFT__UNREADABLE_NEW;
    }
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    result->why = rc == DRIFT_OK ? *why : reason;
    return DRIFT_OK;
}

/* ---- */

static int has_every_key(bool *out, const drift__match *match, bool of_old, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    int64_t found = 0;
    drift__str_puts(&sql, "SELECT EXISTS (SELECT 1 FROM ");
    drift__put_side(&sql, match, of_old);
    drift__put_rows_of(&sql, match, DRIFT__WITHOUT_KEY, of_old, " WHERE ");
    drift__str_putc(&sql, ')');
    const int rc = query_int64(&found, match, &sql, err);
    *out = !found;
    return rc;
}

/* Whether a row's key, as it is and never NULL, is all that matches it: then both sides' indexes found every pair. Rows
 * that the join matched have their keys. */
static int is_joined(bool *out, const drift__match_result *result, const drift__match *match, drift_error *err)
{
    bool plain = match->key_count && is_quick(match) && !drift__has_cast(match, true);
    int rc = DRIFT_OK;
    for (size_t i = 0; plain && i < match->key_count; i++)
        plain = match->columns[match->key[i]].want == DRIFT__WANT_SAME;
    *out = plain;
    if (!plain || match->rowid_key) return DRIFT_OK;
    if (result->before != result->matched) rc = has_every_key(out, match, true, err);
    if (rc == DRIFT_OK && *out && result->after != result->matched) rc = has_every_key(out, match, false, err);
    return rc;
}

static int stage(drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__put_stage(&sql, match, true);
    int rc = exec(match, &sql, err);
    if (rc != DRIFT_OK) return rc;
    drift__put_stage(&sql, match, false);
    rc = exec(match, &sql, err);
    match->staged = rc == DRIFT_OK;
    return rc;
}

/* An INTEGER PRIMARY KEY is equal where rows are joined, and of what may be anything the values alone are counted. */
static bool is_counted(const drift__match *match, size_t column)
{
    if (is_any(match, column)) return false;
    return !match->rowid_key || column != match->key[0] || drift__is_special(&match->columns[column]);
}

/* The columns of one kind stand behind those of the one before. */
static void order_columns(const drift__match *match, drift__tally_kind kind)
{
    drift__tally *tally = match->tally;
    size_t end = tally->kinds[kind];
    for (size_t i = 0; i < match->column_count; i++) {
        if (drift__tally_kind_of(&match->columns[i]) != kind || !is_counted(match, i)) continue;
        tally->counts[i] = (drift__match_counts){0};
        tally->order[end++] = i;
    }
    tally->kinds[kind + 1] = end;
}

static int start_tally(drift__match_result *result, drift__match *match, drift_error *err)
{
    const size_t key_count = drift__is_named_by_key(match) ? match->key_count : 0;
    drift__tally_free(match->tally);
    const int rc = drift__tally_new(&match->tally, result->columns, match->column_count, key_count, err);
    if (rc != DRIFT_OK) return rc;
    for (int kind = 0; kind < DRIFT__TALLY_KINDS; kind++) order_columns(match, (drift__tally_kind)kind);
    return DRIFT_OK;
}

/* Whether the first row of a table without a key is right where it was: where it is not, most have moved, and a join by
 * rowids would find out nothing. */
static int starts_in_place(bool *out, const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    int64_t right = 0;
    drift__str_puts(&sql, "SELECT n.r IS NOT NULL AND ");
    drift__put_all_accepted(&sql, match);
    drift__str_puts(&sql, " FROM ");
    drift__put_side(&sql, match, true);
    drift__str_puts(&sql, " LEFT JOIN ");
    drift__put_side(&sql, match, false);
    drift__str_puts(&sql, " ON n.r = o.r LIMIT 1");
    const int rc = query_int64(&right, match, &sql, err);
    *out = right != 0;
    return rc;
}

static int find_joined(bool *done, drift__match_result *result, drift__match *match, drift_error *err)
{
    bool quick = is_quick(match);
    *done = false;
    int rc = quick && !match->key_count && !match->staged ? starts_in_place(&quick, match, err) : DRIFT_OK;
    if (rc != DRIFT_OK) return rc;
    if (!quick) return count_old(&result->before, match, err);
    rc = count_joined(result, match, err);
    if (rc == DRIFT_OK && is_clean(result, match)) *done = true;
    if (rc != DRIFT_OK || *done) return rc;
    rc = is_joined(&match->joined, result, match, err);
    *done = match->joined;
    return rc;
}

/* What the join counted was not all; and copies are named by their rowids. */
static int find_pairs(drift__match_result *result, drift__match *match, drift_error *err)
{
    bool written = false;
    int64_t lost = 0;
    int rc = DRIFT_OK;
    if (!match->staged && !(match->old.rowid && match->new.rowid)) rc = stage(match, err);
    if (rc == DRIFT_OK) rc = start_tally(result, match, err);
    if (rc == DRIFT_OK) rc = drift__pairs_find(&written, match, result->before, result->after, err);
    if (rc == DRIFT_OK && written)
        rc = drift_query_int64(&lost, match->referee, "SELECT count(*) FROM temp.drift__lost", NULL, 0, err);
    result->matched = result->before - lost;
    if (rc == DRIFT_OK && match->in_place && drift__has_special(match)) rc = count_in_place(match, err);
    return rc;
}

static bool needs_stage(const drift__match *match)
{
    return match->old.is_virtual || match->new.is_virtual || (!match->old.rowid && match->key_count > MOST_KEY);
}

static int run(drift__match_result *result, drift__match *match, drift_error *err)
{
    bool done = false;
    match->in_place = match->old.rowid && match->new.rowid && match->column_count <= MOST_COLUMNS;
    int rc = needs_stage(match) ? stage(match, err) : DRIFT_OK;
    if (rc == DRIFT_OK) rc = start_tally(result, match, err);
    for (size_t i = 0; i < match->column_count; i++) result->columns[i] = (drift__match_counts){0};
    if (rc == DRIFT_OK) rc = count_new(result, match, err);
    if (rc == DRIFT_OK) rc = find_joined(&done, result, match, err);
    if (rc == DRIFT_OK && !done) rc = find_pairs(result, match, err);
    if (rc == DRIFT_OK) rc = count_all_left_over(result, match, err);
    return rc == DRIFT_OK ? forget_extra(result, match, err) : rc;
}

int drift__match_run(drift__match_result *result, drift__match *match, drift_error *err)
{
    drift_error why = {0};
    const int rc = run(result, match, &why);
    if (is_unreadable(rc)) return explain(result, match, &why, err);
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

int drift__match_end(drift__match *match, drift_error *err)
{
    const int rc = drift__pairs_end(match, err);
    drift__tally_free(match->tally);
    match->tally = NULL;
    match->staged = match->joined = match->in_place = false;
    return rc == DRIFT_OK
               ? drift_exec(match->referee,
                            "DROP TABLE IF EXISTS temp.drift__old; DROP TABLE IF EXISTS temp.drift__new", err)
               : rc;
}

/* ---- the first rows ---- */

static void put_name_of_row(drift__str *sql, const drift__match *match, bool of_old)
{
    const drift__match_side *side = of_old ? &match->old : &match->new;
    const char row = of_old ? 'o' : 'n';
    if (side->rowid)
        drift__str_printf(sql, "SELECT %c.r", row);
    else
        drift__str_puts(sql, "SELECT NULL");
    for (size_t i = 0; i < match->key_count; i++) drift__str_printf(sql, ", %c.c%zu", row, match->key[i]);
}

/* Without a rowid the rows come in the order of their key. */
static void put_first(drift__str *sql, const drift__match *match, bool of_old)
{
    const drift__match_side *side = of_old ? &match->old : &match->new;
    if (!match->joined)
        drift__str_puts(sql, " ORDER BY l.r");
    else if (side->rowid)
        drift__str_printf(sql, " ORDER BY %c.r", of_old ? 'o' : 'n');
    drift__str_puts(sql, " LIMIT 1");
}

static int first_left_over(const drift__match *match, bool of_old, drift_row_fn take, void *payload, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    put_name_of_row(&sql, match, of_old);
    put_left_over(&sql, match, of_old);
    put_first(&sql, match, of_old);
    return query(match, &sql, take, payload, err);
}

int drift__match_first_lost(const drift__match *match, drift_row_fn take, void *payload, drift_error *err)
{
    return first_left_over(match, true, take, payload, err);
}

int drift__match_first_extra(const drift__match *match, drift_row_fn take, void *payload, drift_error *err)
{
    return first_left_over(match, false, take, payload, err);
}

/* The row that the tally kept: its key is unique, or its rowid is. */
static void put_kept(drift__str *sql, const drift__match *match)
{
    const size_t key_count = match->tally->key_count;
    drift__str_puts(sql, " FROM ");
    drift__put_side(sql, match, true);
    drift__str_puts(sql, " CROSS JOIN ");
    drift__put_side(sql, match, false);
    drift__str_puts(sql, " ON ");
    if (match->joined)
        drift__put_join(sql, match);
    else
        drift__str_puts(sql, "n.r = ?2");
    drift__str_puts(sql, " WHERE ");
    for (size_t i = 0; i < key_count; i++)
        drift__str_printf(sql, "%so.c%zu = ?%zu", i ? " AND " : "", match->key[i], i + 1);
    if (!key_count) drift__str_puts(sql, "o.r = ?1");
}

static int bind_kept(drift_statement *statement, const drift__match *match, const drift__tally_row *row,
                     drift_error *err)
{
    sqlite3_stmt *handle = ((drift__direct_statement *)statement)->handle;
    int rc = SQLITE_OK;
    for (size_t i = 0; rc == SQLITE_OK && i < match->tally->key_count; i++)
        rc = sqlite3_bind_value(handle, (int)i + 1, row->key[i]);
    if (!match->tally->key_count) rc = sqlite3_bind_int64(handle, 1, row->old_row);
    if (rc == SQLITE_OK && !match->joined) rc = sqlite3_bind_int64(handle, 2, row->new_row);
    return rc == SQLITE_OK ? DRIFT_OK : drift__no_memory(err);
}

int drift__match_first_wrong(const drift__match *match, size_t column, bool nulled, drift_row_fn take, void *payload,
                             drift_error *err)
{
    const drift__tally_row *row = nulled ? &match->tally->nulled[column] : &match->tally->differing[column];
    drift__str text = DRIFT__STR_INIT;
    drift_statement *statement = NULL;
    char *sql = NULL;
    bool some = false;
    put_name_of_row(&text, match, true);
    drift__str_puts(&text, ", ");
    drift__put_expected(&text, match, column);
    drift__str_printf(&text, ", n.c%zu", column);
    put_kept(&text, match);
    int rc = drift__str_take(&sql, &text, err);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&statement, match->referee, sql, err);
    if (rc == DRIFT_OK) rc = bind_kept(statement, match, row, err);
    if (rc == DRIFT_OK) rc = drift_statement_step(&some, statement, err);
    if (rc == DRIFT_OK && some) rc = take(statement, payload, err);
    drift_statement_free(statement);
    drift__free(sql);
    return rc;
}
