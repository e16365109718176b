/* tally.c */
#include "verify/tally.h"

#include "base/alloc.h"
#include "base/error.h"
#include "verify/values.h"

/* ---- a tally ---- */

static void forget(drift__tally_row *row, size_t key_count)
{
    for (size_t i = 0; row->key && i < key_count; i++) sqlite3_value_free(row->key[i]);
    drift__free(row->key);
}

void drift__tally_free(drift__tally *tally)
{
    if (!tally) return;
    for (size_t i = 0; i < tally->column_count; i++) {
        if (tally->nulled) forget(&tally->nulled[i], tally->key_count);
        if (tally->differing) forget(&tally->differing[i], tally->key_count);
    }
    drift__free(tally->nulled);
    drift__free(tally->differing);
    drift__free(tally->order);
    drift__free(tally);
}

int drift__tally_new(drift__tally **out, drift__match_counts *counts, size_t column_count, size_t key_count,
                     drift_error *err)
{
    drift__tally *tally = *out = drift__calloc(1, sizeof *tally);
    if (!tally) return drift__no_memory(err);
    *tally = (drift__tally){.counts = counts, .column_count = column_count, .key_count = key_count};
    tally->order = drift__calloc(column_count + 1, sizeof *tally->order);
    tally->nulled = drift__calloc(column_count + 1, sizeof *tally->nulled);
    tally->differing = drift__calloc(column_count + 1, sizeof *tally->differing);
    if (tally->order && tally->nulled && tally->differing) return DRIFT_OK;
    drift__tally_free(tally);
    *out = NULL;
    return drift__no_memory(err);
}

bool drift__tally_is_clean(const drift__tally *tally)
{
    bool clean = true;
    for (size_t i = 0; i < tally->column_count; i++)
        clean = clean && !tally->counts[i].nulled && !tally->counts[i].differing;
    return clean;
}

/* ---- the functions ---- */

/* The arguments before the first that says which row it is. */
enum { TALLY, AT, NEW_ROW, ROW };

static bool keep_key(drift__tally_row *row, size_t key_count, sqlite3_value **values)
{
    if (row->key) return true;
    row->key = drift__calloc(key_count, sizeof(sqlite3_value *));
    for (size_t i = 0; row->key && i < key_count; i++) {
        row->key[i] = sqlite3_value_dup(values[i]);
        if (!row->key[i]) return false;
    }
    return row->key != NULL;
}

/* `count`: of this kind before this row. */
static bool keep(drift__tally_row *row, int64_t count, const drift__tally *tally, sqlite3_value **values)
{
    if (tally->key_count) return keep_key(row, tally->key_count, values + ROW);
    const int64_t old_row = sqlite3_value_int64(values[ROW]);
    if (count && row->old_row <= old_row) return true;
    *row = (drift__tally_row){.old_row = old_row, .new_row = sqlite3_value_int64(values[NEW_ROW])};
    return true;
}

/* A value that is not what it was, or not what it should be. `filled`: it was NULL. False without memory. */
static bool count_value(const drift__tally *tally, size_t column, sqlite3_value *now, bool changed, bool filled,
                        bool right, sqlite3_value **values)
{
    drift__match_counts *counts = &tally->counts[column];
    counts->changed += changed;
    counts->filled += changed && filled;
    counts->right += changed && right;
    if (right) return true;
    if (sqlite3_value_type(now) == SQLITE_NULL) return keep(&tally->nulled[column], counts->nulled++, tally, values);
    return keep(&tally->differing[column], counts->differing++, tally, values);
}

static bool is_wide(sqlite3_context *context)
{
    return sqlite3_user_data(context) != NULL;
}

static int first_pair(const drift__tally *tally)
{
    return ROW + (tally->key_count ? (int)tally->key_count : 1);
}

static bool is_null(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

static void tally_plain(sqlite3_context *context, int count, sqlite3_value **values)
{
    const drift__tally *tally = sqlite3_value_pointer(values[TALLY], DRIFT__TALLY_POINTER);
    const bool wide = is_wide(context);
    if (!tally || is_null(values[NEW_ROW])) return;
    const size_t *column = tally->order + sqlite3_value_int64(values[AT]);
    for (int i = first_pair(tally); i + 1 < count; i += 2, column++) {
        sqlite3_value *old = values[i], *now = values[i + 1];
        if (drift__values_same(old, now, wide)) continue;
        if (!count_value(tally, *column, now, true, is_null(old), false, values)) sqlite3_result_error_nomem(context);
    }
}

/* `third`: what stands behind the two values. */
static void tally_triples(sqlite3_context *context, int count, sqlite3_value **values, drift__tally_kind third)
{
    const drift__tally *tally = sqlite3_value_pointer(values[TALLY], DRIFT__TALLY_POINTER);
    const bool wide = is_wide(context);
    if (!tally || is_null(values[NEW_ROW])) return;
    const size_t *column = tally->order + sqlite3_value_int64(values[AT]);
    for (int i = first_pair(tally); i + 2 < count; i += 3, column++) {
        sqlite3_value *old = values[i], *now = values[i + 1];
        const bool changed = !drift__values_same(old, now, wide), filled = is_null(old);
        const bool right = third == DRIFT__TALLY_CAST ? !changed || drift__values_carried(old, values[i + 2], now, wide)
                                                      : sqlite3_value_int(values[i + 2]) != 0;
        if (!changed && right) continue;
        if (!count_value(tally, *column, now, changed, filled, right, values)) sqlite3_result_error_nomem(context);
    }
}

static void tally_cast(sqlite3_context *context, int count, sqlite3_value **values)
{
    tally_triples(context, count, values, DRIFT__TALLY_CAST);
}

static void tally_wanted(sqlite3_context *context, int count, sqlite3_value **values)
{
    tally_triples(context, count, values, DRIFT__TALLY_WANTED);
}

static void end_tally(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

const char *drift__tally_function(drift__tally_kind kind)
{
    static const char *const names[] = {"drift__tally", "drift__tally_cast", "drift__tally_wanted"};
    return names[kind];
}

int drift__tally_register(sqlite3 *handle, bool wide, drift_error *err)
{
    static void (*const steps[])(sqlite3_context *, int, sqlite3_value **) = {tally_plain, tally_cast, tally_wanted};
    const int encoding = wide ? SQLITE_UTF16 : SQLITE_UTF8;
    for (int kind = 0; kind < DRIFT__TALLY_KINDS; kind++) {
        if (sqlite3_create_function(handle, drift__tally_function((drift__tally_kind)kind), -1, encoding,
                                    wide ? handle : NULL, NULL, steps[kind], end_tally) != SQLITE_OK)
            return drift__no_memory(err);
    }
    return DRIFT_OK;
}
