/* match.c — first one join that finds equal tables equal, then, where it does not, the pairs, pass by pass. */
#include "verify/match.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "verify/match_sql.h"
#include "verify/referee.h"

/* SQLite takes 2,000 columns of a result (https://www.sqlite.org/limits.html); each of ours needs up to SUMS. */
enum { SUMS = 4, GROUP = 400 };

/* Runs what was written. */
static int query(const drift__match *match, drift__str *text, drift_row_fn take, void *payload, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_query(match->referee, sql, NULL, 0, take, payload, err);
    drift__free(sql);
    return rc;
}

static int query_int64(int64_t *out, const drift__match *match, drift__str *text, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(out, match->referee, sql, NULL, 0, err);
    drift__free(sql);
    return rc;
}

static int exec(const drift__match *match, drift__str *text, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_exec(match->referee, sql, err);
    drift__free(sql);
    return rc;
}

static int count_side(int64_t *out, const drift__match *match, bool of_old, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*) FROM ");
    if (of_old)
        drift__put_old_rows(&sql, match);
    else
        drift__put_new_rows(&sql, match);
    return query_int64(out, match, &sql, err);
}

/* ---- the one join ---- */

typedef struct glance {
    drift__match_result *result;
    const drift__match *match;
    size_t chunks; /* of plain columns */
    bool clean;
} glance;

static int take_glance(drift_statement *row, void *payload, drift_error *err)
{
    glance *g = payload;
    drift__match_result *result = g->result;
    int at = 2;
    (void)err;
    result->before = drift_column_int64(row, 0);
    result->matched = drift_column_int64(row, 1);
    g->clean = result->before == result->matched && result->matched == result->after;
    for (size_t i = 0; i < g->chunks; i++) g->clean &= drift_column_int64(row, at++) == 0;
    for (size_t i = 0; i < g->match->column_count; i++) {
        result->columns[i] = (drift__match_counts){0};
        if (!drift__is_special(&g->match->columns[i])) continue;
        result->columns[i].changed = drift_column_int64(row, at++);
        result->columns[i].filled = drift_column_int64(row, at++);
        result->columns[i].right = result->columns[i].changed; /* if all are clean */
        g->clean &= drift_column_int64(row, at++) == 0;
    }
    return DRIFT_OK;
}

static void put_glance(drift__str *sql, glance *g)
{
    const drift__match *match = g->match;
    drift__str_puts(sql, "SELECT count(*), count(n.");
    if (match->key_count && !match->rowid_key)
        drift__str_printf(sql, "c%zu", match->key[0]);
    else
        drift__str_putc(sql, 'r');
    drift__str_putc(sql, ')');
    drift__put_plain_differences(sql, &g->chunks, match);
    for (size_t i = 0; i < match->column_count; i++) {
        if (!drift__is_special(&match->columns[i])) continue;
        drift__str_printf(sql, ", sum(NOT drift__same(o.c%zu, n.c%zu)), sum(o.c%zu IS NULL AND n.c%zu IS NOT NULL)", i,
                          i, i, i);
        drift__str_puts(sql, ", sum(NOT ");
        drift__put_accepted(sql, match, i);
        drift__str_putc(sql, ')');
    }
    drift__str_puts(sql, " FROM ");
    drift__put_old_rows(sql, match);
    drift__str_puts(sql, " o LEFT JOIN ");
    drift__put_new_rows(sql, match);
    drift__str_puts(sql, " n ON ");
    drift__put_join(sql, match);
}

static bool is_quick(const drift__match *match)
{
    if (match->column_count > GROUP) return false;
    if (match->key_count) return !match->staged && (match->rowid_key || match->new.unique_key);
    return match->staged || (match->old.rowid && match->new.rowid);
}

/* `*clean`: as expected, and everything is known. */
static int look_once(bool *clean, drift__match_result *result, const drift__match *match, drift_error *err)
{
    glance g = {result, match, 0, false};
    drift__str sql = DRIFT__STR_INIT;
    *clean = false;
    int rc = count_side(&result->after, match, false, err);
    if (rc != DRIFT_OK || !is_quick(match)) return rc;
    put_glance(&sql, &g);
    rc = query(match, &sql, take_glance, &g, err);
    *clean = g.clean;
    return rc;
}

/* ---- the pairs ---- */

static void put_unpaired(drift__str *sql, bool of_old)
{
    drift__str_puts(sql, of_old ? "o.r NOT IN (SELECT o FROM temp.drift__pairs)"
                                : "n.r NOT IN (SELECT n FROM temp.drift__pairs)");
}

/* Which rows a way of matching is for. */
typedef enum sort_of_rows { WITH_KEY, WITHOUT_KEY } sort_of_rows;

static void put_sort(drift__str *sql, const drift__match *match, sort_of_rows sort, bool of_old)
{
    drift__str_puts(sql, sort == WITH_KEY ? "(" : "NOT (");
    drift__put_has_key(sql, match, of_old);
    drift__str_putc(sql, ')');
}

/* Rows with equal digests are numbered on both sides, so that each finds one partner. */
static int number_side(const drift__match *match, sort_of_rows sort, drift__view_of view, bool of_key, drift_error *err)
{
    const bool of_old = view != DRIFT__OF_NEW;
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql,
                      "DELETE FROM temp.drift__%s; INSERT INTO temp.drift__%s SELECT digest,"
                      " row_number() OVER (PARTITION BY digest ORDER BY r), r FROM (SELECT ",
                      of_old ? "left" : "right", of_old ? "left" : "right");
    drift__put_digest(&sql, match, view, of_key);
    drift__str_printf(&sql, " AS digest, %c.r AS r FROM ", of_old ? 'o' : 'n');
    if (of_old)
        drift__put_old_rows(&sql, match);
    else
        drift__put_new_rows(&sql, match);
    drift__str_printf(&sql, " %c WHERE ", of_old ? 'o' : 'n');
    put_sort(&sql, match, sort, of_old);
    drift__str_puts(&sql, " AND ");
    put_unpaired(&sql, of_old);
    drift__str_putc(&sql, ')');
    return exec(match, &sql, err);
}

static int pair_by_digest(const drift__match *match, sort_of_rows sort, drift__view_of view, drift_error *err)
{
    const bool of_key = sort == WITH_KEY;
    int rc = number_side(match, sort, view, of_key, err);
    if (rc == DRIFT_OK) rc = number_side(match, sort, DRIFT__OF_NEW, of_key, err);
    if (rc != DRIFT_OK) return rc;
    return drift_exec(match->referee,
                      "INSERT INTO temp.drift__pairs SELECT l.r, n.r FROM temp.drift__left l CROSS JOIN"
                      " temp.drift__right n ON n.digest = l.digest AND n.number = l.number",
                      err);
}

/* Rows that the key's index or the rowid finds. Those without a key that have the same rowid must be the same rows too
 * (`same`), until all that are the same have been paired. */
static int pair_by_join(const drift__match *match, sort_of_rows sort, bool same, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "INSERT INTO temp.drift__pairs SELECT o.r, n.r FROM ");
    drift__put_old_rows(&sql, match);
    drift__str_puts(&sql, " o CROSS JOIN ");
    drift__put_new_rows(&sql, match);
    drift__str_puts(&sql, " n ON ");
    if (sort == WITH_KEY)
        drift__put_join(&sql, match);
    else
        drift__str_puts(&sql, "n.r = o.r");
    drift__str_puts(&sql, " WHERE ");
    put_sort(&sql, match, sort, true);
    if (sort == WITHOUT_KEY) {
        drift__str_puts(&sql, " AND ");
        put_sort(&sql, match, sort, false);
    }
    drift__str_puts(&sql, " AND ");
    put_unpaired(&sql, true);
    drift__str_puts(&sql, " AND ");
    put_unpaired(&sql, false);
    for (size_t i = 0; same && i < match->column_count; i++) {
        if (match->columns[i].want == DRIFT__WANT_ANY) continue;
        drift__str_puts(&sql, " AND ");
        drift__put_accepted(&sql, match, i);
    }
    return exec(match, &sql, err);
}

static int pair_with_key(const drift__match *match, drift_error *err)
{
    int rc = DRIFT_OK;
    if (!match->key_count) return rc;
    if (!match->staged && (match->rowid_key || match->new.unique_key)) rc = pair_by_join(match, WITH_KEY, false, err);
    if (rc == DRIFT_OK) rc = pair_by_digest(match, WITH_KEY, DRIFT__OF_OLD, err);
    if (rc == DRIFT_OK && drift__has_cast(match, true)) rc = pair_by_digest(match, WITH_KEY, DRIFT__OF_OLD_CAST, err);
    return rc;
}

static int pair_without_key(const drift__match *match, drift_error *err)
{
    const bool rowids = match->old.rowid && match->new.rowid;
    int rc = rowids && match->column_count <= GROUP ? pair_by_join(match, WITHOUT_KEY, true, err) : DRIFT_OK;
    if (rc == DRIFT_OK) rc = pair_by_digest(match, WITHOUT_KEY, DRIFT__OF_OLD, err);
    if (rc == DRIFT_OK && drift__has_cast(match, false))
        rc = pair_by_digest(match, WITHOUT_KEY, DRIFT__OF_OLD_CAST, err);
    if (rc == DRIFT_OK && rowids) rc = pair_by_join(match, WITHOUT_KEY, false, err);
    return rc;
}

static int pair_rows(const drift__match *match, drift_error *err)
{
    int rc =
        drift_exec(match->referee,
                   "CREATE TEMP TABLE drift__pairs (o INTEGER PRIMARY KEY, n INTEGER NOT NULL UNIQUE);"
                   "CREATE TEMP TABLE drift__left (digest, number, r, PRIMARY KEY (digest, number)) WITHOUT ROWID;"
                   "CREATE TEMP TABLE drift__right (digest, number, r, PRIMARY KEY (digest, number)) WITHOUT ROWID",
                   err);
    if (rc == DRIFT_OK) rc = pair_with_key(match, err);
    return rc == DRIFT_OK ? pair_without_key(match, err) : rc;
}

/* ---- counting ---- */

static void put_pairs(drift__str *sql, const drift__match *match)
{
    drift__str_puts(sql, match->joined ? " FROM " : " FROM temp.drift__pairs p CROSS JOIN ");
    drift__put_old_rows(sql, match);
    drift__str_puts(sql, match->joined ? " o CROSS JOIN " : " o ON o.r = p.o CROSS JOIN ");
    drift__put_new_rows(sql, match);
    drift__str_puts(sql, " n ON ");
    if (match->joined)
        drift__put_join(sql, match);
    else
        drift__str_puts(sql, "n.r = p.n");
}

/* A value that should be there and is NULL. */
static void put_nulled(drift__str *sql, const drift__match *match, size_t column, bool nulled)
{
    drift__str_puts(sql, "NOT ");
    drift__put_accepted(sql, match, column);
    drift__str_printf(sql, " AND n.c%zu IS %sNULL", column, nulled ? "" : "NOT ");
}

/* The columns of one query. */
typedef struct counting {
    drift__match_result *result;
    size_t columns[GROUP];
    size_t count;
} counting;

static int take_changed(drift_statement *row, void *payload, drift_error *err)
{
    const counting *c = payload;
    (void)err;
    for (size_t i = 0; i < c->count; i++) c->result->columns[c->columns[i]].changed = drift_column_int64(row, (int)i);
    return DRIFT_OK;
}

/* Most columns are as they were, and need no closer look. */
static int count_changed(counting *c, const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    for (size_t i = 0; i < c->count; i++)
        drift__str_printf(&sql, "%s sum(NOT drift__same(o.c%zu, n.c%zu))", i ? "," : "SELECT", c->columns[i],
                          c->columns[i]);
    put_pairs(&sql, match);
    return query(match, &sql, take_changed, c, err);
}

static int take_counts(drift_statement *row, void *payload, drift_error *err)
{
    const counting *c = payload;
    (void)err;
    for (size_t i = 0; i < c->count; i++) {
        drift__match_counts *counts = &c->result->columns[c->columns[i]];
        const int at = (int)i * SUMS;
        counts->filled = drift_column_int64(row, at);
        counts->right = drift_column_int64(row, at + 1);
        counts->nulled = drift_column_int64(row, at + 2);
        counts->differing = drift_column_int64(row, at + 3);
    }
    return DRIFT_OK;
}

static int count_exactly(counting *c, const drift__match *match, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    if (!c->count) return DRIFT_OK;
    for (size_t i = 0; i < c->count; i++) {
        const size_t column = c->columns[i];
        drift__str_printf(&sql,
                          "%s sum(o.c%zu IS NULL AND n.c%zu IS NOT NULL), sum(NOT drift__same(o.c%zu, n.c%zu) AND ",
                          i ? "," : "SELECT", column, column, column, column);
        drift__put_accepted(&sql, match, column);
        drift__str_puts(&sql, "), sum(");
        put_nulled(&sql, match, column, true);
        drift__str_puts(&sql, "), sum(");
        put_nulled(&sql, match, column, false);
        drift__str_putc(&sql, ')');
    }
    put_pairs(&sql, match);
    return query(match, &sql, take_counts, c, err);
}

static int count_columns(drift__match_result *result, const drift__match *match, size_t first, drift_error *err)
{
    counting all = {.result = result}, closer = {.result = result};
    for (size_t i = first; i < match->column_count && all.count < GROUP; i++) all.columns[all.count++] = i;
    const int rc = count_changed(&all, match, err);
    for (size_t i = 0; i < all.count; i++) {
        const size_t column = all.columns[i];
        if (result->columns[column].changed || drift__is_special(&match->columns[column]))
            closer.columns[closer.count++] = column;
    }
    return rc == DRIFT_OK ? count_exactly(&closer, match, err) : rc;
}

static void put_side(drift__str *sql, const drift__match *match, bool of_old)
{
    if (of_old)
        drift__put_old_rows(sql, match);
    else
        drift__put_new_rows(sql, match);
    drift__str_printf(sql, " %c", of_old ? 'o' : 'n');
}

/* A side's rows that have no partner and no condition to excuse them. */
static void put_left_over(drift__str *sql, const drift__match *match, bool of_old)
{
    drift__str_puts(sql, " FROM ");
    put_side(sql, match, of_old);
    if (match->joined) {
        drift__str_puts(sql, " LEFT JOIN ");
        put_side(sql, match, !of_old);
        drift__str_puts(sql, " ON ");
        drift__put_join(sql, match);
        drift__str_printf(sql, " WHERE %c.c%zu IS NULL", of_old ? 'n' : 'o', match->key[0]);
    } else {
        drift__str_puts(sql, " WHERE ");
        put_unpaired(sql, of_old);
    }
    drift__str_printf(sql, " AND %c.d IS NOT TRUE", of_old ? 'o' : 'n');
}

static int count_left_over(int64_t *wrongly, const drift__match *match, bool of_old, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*)");
    put_left_over(&sql, match, of_old);
    return query_int64(wrongly, match, &sql, err);
}

static int count_pairs(drift__match_result *result, const drift__match *match, drift_error *err)
{
    const int rc = count_side(&result->before, match, true, err);
    if (rc != DRIFT_OK) return rc;
    return drift_query_int64(&result->matched, match->referee, "SELECT count(*) FROM temp.drift__pairs", NULL, 0, err);
}

static int count_all(drift__match_result *result, const drift__match *match, drift_error *err)
{
    int rc = match->joined ? DRIFT_OK : count_pairs(result, match, err);
    result->lost = result->before - result->matched;
    result->extra = result->after - result->matched;
    if (rc == DRIFT_OK && result->lost) rc = count_left_over(&result->lost_wrongly, match, true, err);
    if (rc == DRIFT_OK && result->extra) rc = count_left_over(&result->extra_wrongly, match, false, err);
    for (size_t i = 0; rc == DRIFT_OK && i < match->column_count; i += GROUP) rc = count_columns(result, match, i, err);
    return rc;
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
    drift__str_puts(&sql, "SELECT count(");
    drift__put_digest(&sql, &alone, of_old ? DRIFT__OF_OLD : DRIFT__OF_NEW, false);
    drift__str_puts(&sql, ") FROM ");
    if (of_old)
        drift__put_old_rows(&sql, &alone);
    else
        drift__put_new_rows(&sql, &alone);
    drift__str_printf(&sql, " %c", of_old ? 'o' : 'n');
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
    put_side(&sql, match, of_old);
    drift__str_puts(&sql, " WHERE NOT (");
    drift__put_has_key(&sql, match, of_old);
    drift__str_puts(&sql, "))");
    const int rc = query_int64(&found, match, &sql, err);
    *out = !found;
    return rc;
}

/* Whether a row's key, as it is and never NULL, is all that matches it: then both sides' indexes find every pair. */
static int is_joined(bool *out, const drift__match *match, drift_error *err)
{
    bool plain = match->key_count && is_quick(match) && !drift__has_cast(match, true);
    for (size_t i = 0; plain && i < match->key_count; i++)
        plain = match->columns[match->key[i]].want == DRIFT__WANT_SAME;
    *out = plain;
    if (!plain || match->rowid_key) return DRIFT_OK;
    const int rc = has_every_key(out, match, true, err);
    return rc == DRIFT_OK && *out ? has_every_key(out, match, false, err) : rc;
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

static int run(drift__match_result *result, drift__match *match, drift_error *err)
{
    bool clean = false;
    int rc = match->old.is_virtual || match->new.is_virtual ? stage(match, err) : DRIFT_OK;
    if (rc == DRIFT_OK) rc = look_once(&clean, result, match, err);
    if (rc != DRIFT_OK || clean) return rc;
    rc = is_joined(&match->joined, match, err);
    if (rc == DRIFT_OK && !match->joined && !match->staged && (!match->old.rowid || !match->new.rowid))
        rc = stage(match, err);
    if (rc == DRIFT_OK && !match->joined) rc = pair_rows(match, err);
    return rc == DRIFT_OK ? count_all(result, match, err) : rc;
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
    match->staged = match->joined = false;
    return drift_exec(match->referee,
                      "DROP TABLE IF EXISTS temp.drift__pairs; DROP TABLE IF EXISTS temp.drift__left;"
                      "DROP TABLE IF EXISTS temp.drift__right; DROP TABLE IF EXISTS temp.drift__old;"
                      "DROP TABLE IF EXISTS temp.drift__new",
                      err);
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
    if (side->rowid || match->staged) drift__str_printf(sql, " ORDER BY %c.r", of_old ? 'o' : 'n');
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

int drift__match_first_wrong(const drift__match *match, size_t column, bool nulled, drift_row_fn take, void *payload,
                             drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    put_name_of_row(&sql, match, true);
    drift__str_puts(&sql, ", ");
    drift__put_expected(&sql, match, column);
    drift__str_printf(&sql, ", n.c%zu", column);
    put_pairs(&sql, match);
    drift__str_puts(&sql, " WHERE ");
    put_nulled(&sql, match, column, nulled);
    put_first(&sql, match, true);
    return query(match, &sql, take, payload, err);
}
