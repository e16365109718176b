/* insert.c — the search for a row that SQLite takes.
 *
 * A row is tried; what SQLite says names the columns to change. Where a trigger refused it these get, together, what
 * rows have that the trigger looks up. Else they go, first each by itself through all its candidates, then each subset
 * of the nullable ones to NULL, then at random together. A CHECK that once held must go on holding, so that several
 * constraints are satisfied one after another. Where that does not do, columns may break away from values that earlier
 * rows fixed. Bounded: each of the two is given up after MOST_TRIES.
 */
#include "seed/insert.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "runtime/value.h"
#include "seed/attempt.h"

enum { MOST_TRIES = 6000, MOST_SOLVED = 32, MOST_SUBSET = 8 };

typedef struct search {
    drift__seed_insert *insert;
    drift__seed_table *table;
    drift__seed_attempt attempt;
    const drift_value **values;    /* of the row that is tried */
    char solved[MOST_SOLVED][256]; /* messages of constraints that hold now */
    size_t solved_count;
    int limit;
    bool breaking; /* columns may break away from fixed classes */
    bool extra;    /* one more row of a table: no class may change */
    bool done;
} search;

/* A column whose candidates are tried, those of [from, end). */
typedef struct varied {
    const drift__seed_column *column;
    size_t *place;
    size_t from, end;
    const char *obstacle;
} varied;

static drift__seed_class *class_of(const drift__seed_column *column)
{
    return drift__seed_class_root(column->class_of);
}

static uint64_t next_random(drift__seed_insert *insert)
{
    /* xorshift64 (Marsaglia, 2003) */
    insert->random ^= insert->random << 13;
    insert->random ^= insert->random >> 7;
    insert->random ^= insert->random << 17;
    return insert->random;
}

static const drift_value *value_of(const drift__seed_column *column)
{
    static const drift_value null = DRIFT_BIND_NULL;
    const drift__seed_class *c = class_of(column);
    if (column->forced) return column->forced;
    if (column->null_chosen) return &null;
    return &c->candidates[column->breaks_away ? column->own : c->choice];
}

/* A parent that is another one in one column of a key is so in those that are unique by themselves too. */
static void follow(const drift__seed_reference *reference)
{
    bool broken = false;
    for (size_t i = 0; i < reference->count; i++) {
        const drift__seed_column *column = reference->child_columns[i];
        broken = broken || (column->breaks_away && !column->follows);
    }
    for (size_t i = 0; broken && i < reference->count; i++) {
        drift__seed_column *column = reference->child_columns[i];
        const drift__seed_class *c = class_of(column);
        if (column->breaks_away || !c->fixed || !reference->parent_columns[i]->unique) continue;
        column->breaks_away = column->follows = true;
        column->own = (column->natural + (column->natural == c->choice)) % c->count;
    }
}

static void follow_all(const search *s)
{
    for (size_t i = 0; i < s->table->column_count; i++) {
        drift__seed_column *column = &s->table->columns[i];
        if (column->follows) column->breaks_away = column->follows = false;
    }
    for (size_t i = 0; s->breaking && i < s->table->reference_count; i++) {
        if (s->table->references[i].usable) follow(&s->table->references[i]);
    }
}

static int try_row(search *s, drift_error *err)
{
    follow_all(s);
    for (size_t i = 0; i < s->table->column_count; i++) s->values[i] = value_of(&s->table->columns[i]);
    return drift__seed_attempt_run(&s->done, &s->attempt, s->values, NULL, err);
}

static bool may_be_null(const drift__seed_column *column)
{
    return !column->not_null && !column->key && !column->forced;
}

/* ---- the search ---- */

static bool was_solved(const search *s, const char *message)
{
    for (size_t i = 0; i < s->solved_count; i++) {
        if (strcmp(s->solved[i], message) == 0) return true;
    }
    return false;
}

static void message_of(const search *s, char message[256])
{
    const size_t length = strnlen(s->attempt.last.text, 255);
    memcpy(message, s->attempt.last.text, length);
    message[length] = '\0';
}

/* SQLite looks at types and NULLs before it looks at anything else: whoever stumbles there has not come further. */
static bool is_early(const char *message)
{
    static const char *const early[] = {"datatype mismatch", "cannot store ", "NOT NULL constraint failed"};
    for (size_t i = 0; i < sizeof early / sizeof early[0]; i++) {
        if (strstr(message, early[i])) return true;
    }
    return false;
}

/* SQLite evaluates CHECKs in their order: of two that failed the first has been reached again. */
static bool fell_back(const search *s, const char *message, const char *obstacle)
{
    const drift__seed_check *now = drift__seed_failed_check(s->table, message);
    const drift__seed_check *then = drift__seed_failed_check(s->table, obstacle);
    return now && then && now < then;
}

/* Whether the last try got past `obstacle` without falling back behind what already held. */
static bool is_progress(const search *s, const char *obstacle)
{
    char message[256];
    if (s->done) return true;
    message_of(s, message);
    if ((is_early(message) && !is_early(obstacle)) || fell_back(s, message, obstacle)) return false;
    return strcmp(message, obstacle) != 0 && !was_solved(s, message);
}

/* Where the search turns for this column, or NULL if it may not vary: the choice of its class, or one of its own. */
static size_t *place_of(const search *s, drift__seed_column *column)
{
    drift__seed_class *c = class_of(column);
    if (column->forced) return NULL;
    if (!c->fixed && !s->extra && !(s->breaking && column->references)) return &c->choice;
    /* An extra row refers to what is there; everything else of it may differ. */
    if (s->extra ? column->references : !s->breaking) return NULL;
    column->breaks_away = true;
    return &column->own;
}

/* How many other columns of the row hold this value. */
static size_t uses_of(const search *s, const drift__seed_column *column, const drift_value *value)
{
    size_t uses = 0;
    for (size_t i = 0; i < s->table->column_count; i++) {
        const drift__seed_column *other = &s->table->columns[i];
        if (other != column && drift__value_same(value_of(other), value)) uses++;
    }
    return uses;
}

/* The candidates from `from` on that `uses` other columns hold; `*more` says whether there are some that more hold. */
static int vary_by_use(bool *progress, bool *more, search *s, const varied *v, size_t uses, drift_error *err)
{
    *more = false;
    for (size_t k = v->from; k < v->end && s->attempt.tries < s->limit; k++) {
        const size_t found = uses_of(s, v->column, &class_of(v->column)->candidates[k]);
        *more = *more || found > uses;
        if (found != uses) continue;
        *v->place = k;
        const int rc = try_row(s, err);
        if (rc != DRIFT_OK || (*progress = is_progress(s, v->obstacle))) return rc;
    }
    return DRIFT_OK;
}

/*
 * Values that no other column of the row has come first, so that columns that change places are seen: of two flags one
 * is 0 and one is 1. The column's default comes later all the same: see is_default in candidate.c.
 */
static int vary_column(bool *progress, search *s, drift__seed_column *column, const char *obstacle, drift_error *err)
{
    const drift__seed_class *c = class_of(column);
    const size_t ends[] = {c->telling, c->mined, c->count};
    const bool broke_away = column->breaks_away;
    size_t *place = place_of(s, column);
    const size_t before = place ? *place : 0;
    varied v = {.column = column, .place = place, .obstacle = obstacle};
    for (size_t i = 0; place && i < sizeof ends / sizeof ends[0]; i++) {
        bool more = true;
        v.end = ends[i];
        for (size_t uses = 0; more && s->attempt.tries < s->limit; uses++) {
            const int rc = vary_by_use(progress, &more, s, &v, uses, err);
            if (rc != DRIFT_OK || *progress) return rc;
        }
        v.from = v.end;
    }
    if (place) *place = before;
    column->breaks_away = broke_away;
    return DRIFT_OK;
}

static int vary_each(bool *progress, search *s, const char *obstacle, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && !*progress && i < s->attempt.implicated_count; i++)
        rc = vary_column(progress, s, s->attempt.implicated[i], obstacle, err);
    return rc;
}

static int vary_nulls(bool *progress, search *s, const char *obstacle, drift_error *err)
{
    drift__seed_column *nullable[MOST_SUBSET];
    size_t count = 0;
    for (size_t i = 0; i < s->attempt.implicated_count && count < MOST_SUBSET; i++) {
        if (may_be_null(s->attempt.implicated[i])) nullable[count++] = s->attempt.implicated[i];
    }
    for (unsigned subset = 1; subset < 1u << count && s->attempt.tries < s->limit; subset++) {
        for (size_t i = 0; i < count; i++) nullable[i]->null_chosen = (subset >> i & 1u) != 0;
        const int rc = try_row(s, err);
        if (rc != DRIFT_OK || (*progress = is_progress(s, obstacle))) return rc;
    }
    for (size_t i = 0; i < count; i++) nullable[i]->null_chosen = nullable[i]->dangling;
    return DRIFT_OK;
}

static void choose_at_random(search *s)
{
    for (size_t i = 0; i < s->attempt.implicated_count; i++) {
        drift__seed_column *column = s->attempt.implicated[i];
        const drift__seed_class *c = class_of(column);
        const uint64_t random = next_random(s->insert);
        size_t *place = place_of(s, column);
        column->null_chosen = may_be_null(column) && (column->dangling || random % 8 == 0);
        if (!place || column->null_chosen) continue;
        const size_t out_of = (random >> 8) % 4 ? c->mined : c->count;
        if (out_of) *place = (size_t)((random >> 16) % out_of);
    }
}

static int vary_at_random(bool *progress, search *s, const char *obstacle, drift_error *err)
{
    while (s->attempt.tries < s->limit) {
        choose_at_random(s);
        const int rc = try_row(s, err);
        if (rc != DRIFT_OK || (*progress = is_progress(s, obstacle))) return rc;
    }
    return DRIFT_OK;
}

/* ---- what triggers look up ---- */

static bool is_given_otherwise(const drift__seed_reference *lookup, const drift_value *key)
{
    for (size_t i = 0; i < lookup->count; i++) {
        const drift__seed_column *column = lookup->child_columns[i];
        if (column->given && !drift__value_same(column->forced, &key[i])) return true;
    }
    return false;
}

/* Where a trigger says a message, in the texts of the table's triggers. */
static const char *said_at(const search *s, const char *message)
{
    const char *quote = strchr(message, '\''); /* doubled in the text */
    char said[256];
    const size_t length = quote ? (size_t)(quote - message) : strlen(message);
    memcpy(said, message, length);
    said[length] = '\0';
    return length ? strstr(s->table->triggers, said) : NULL;
}

/* A trigger's statements run one after another: whoever stumbles at an earlier one of the same trigger has not come
 * further. */
static bool is_earlier(const search *s, const char *obstacle)
{
    char message[256];
    if (s->done) return false;
    message_of(s, message);
    const char *now = said_at(s, message), *then = said_at(s, obstacle);
    const char *next = now && then && now < then ? strstr(now, "\nCREATE ") : NULL;
    return now && then && now < then && (!next || next > then);
}

/* Tries the row with a key, or, where that is not enough, all that may vary beside it. */
typedef int (*try_fn)(bool *progress, search *s, const char *obstacle, drift_error *err);

static int try_key(bool *progress, search *s, const char *obstacle, drift_error *err)
{
    const int rc = try_row(s, err);
    *progress = rc == DRIFT_OK && is_progress(s, obstacle) && !is_earlier(s, obstacle);
    return rc;
}

static int vary_lookup(bool *progress, search *s, drift__seed_reference *lookup, const char *obstacle, try_fn try,
                       drift_error *err)
{
    const drift_value *before[DRIFT__SEED_MOST_KEY];
    drift_value *keys = NULL;
    size_t count = 0;
    drift__seed_insert *insert = s->insert;
    int rc = drift__seed_lookup_keys(&keys, &count, &insert->graph->arena, insert->connection, lookup, err);
    for (size_t i = 0; i < lookup->count; i++) before[i] = lookup->child_columns[i]->forced;
    for (size_t k = 0; rc == DRIFT_OK && k < count && s->attempt.tries < s->limit; k++) {
        const drift_value *key = &keys[k * lookup->count];
        if (is_given_otherwise(lookup, key)) continue;
        for (size_t i = 0; i < lookup->count; i++) lookup->child_columns[i]->forced = &key[i];
        rc = try(progress, s, obstacle, err);
        if (rc == DRIFT_OK && *progress) {
            lookup->wanted = true;
            return rc;
        }
    }
    for (size_t i = 0; i < lookup->count; i++) lookup->child_columns[i]->forced = before[i];
    return rc;
}

/* Whether a trigger refused the row, which says what it likes: SQLite itself names what failed. */
static bool is_own_words(const char *obstacle)
{
    return !is_early(obstacle) && !strstr(obstacle, " constraint failed");
}

static bool is_implicated(const search *s, const drift__seed_reference *lookup)
{
    for (size_t i = 0; i < lookup->count * s->attempt.implicated_count; i++) {
        if (s->attempt.implicated[i / lookup->count] == lookup->child_columns[i % lookup->count]) return true;
    }
    return false;
}

/* Also of a constraint that speaks of what a trigger was given: it may be another row's. */
static int vary_lookups(bool *progress, search *s, const char *obstacle, try_fn try, drift_error *err)
{
    int rc = DRIFT_OK;
    const bool by_trigger = is_own_words(obstacle);
    for (size_t i = 0; rc == DRIFT_OK && !*progress && i < s->table->lookup_count; i++) {
        drift__seed_reference *lookup = &s->table->lookups[i];
        if (by_trigger || (lookup->wanted && is_implicated(s, lookup)))
            rc = vary_lookup(progress, s, lookup, obstacle, try, err);
    }
    return rc;
}

/* ---- */

static int overcome(bool *progress, search *s, drift_error *err)
{
    char obstacle[256];
    int rc = DRIFT_OK;
    message_of(s, obstacle);
    drift__seed_implicate(&s->attempt);
    *progress = false;
    if ((rc = vary_lookups(progress, s, obstacle, try_key, err)) != DRIFT_OK || *progress) goto done;
    if ((rc = vary_each(progress, s, obstacle, err)) != DRIFT_OK || *progress) goto done;
    if ((rc = vary_nulls(progress, s, obstacle, err)) != DRIFT_OK || *progress) goto done;
    if ((rc = vary_lookups(progress, s, obstacle, vary_each, err)) != DRIFT_OK || *progress) goto done;
    if (s->attempt.implicated_count > 1) rc = vary_at_random(progress, s, obstacle, err);
done:
    if (*progress && s->solved_count < MOST_SOLVED) memcpy(s->solved[s->solved_count++], obstacle, sizeof obstacle);
    return rc;
}

static void fix(search *s)
{
    for (size_t i = 0; i < s->table->column_count; i++) {
        const drift__seed_column *column = &s->table->columns[i];
        if (!column->null_chosen && !column->breaks_away && !column->forced) class_of(column)->fixed = true;
    }
}

static void begin_row(drift__seed_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        drift__seed_column *column = &table->columns[i];
        column->null_chosen = column->dangling && may_be_null(column);
        column->breaks_away = column->follows = false;
        column->own = 0;
        column->given = column->forced != NULL;
    }
}

static void end_row(drift__seed_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (!table->columns[i].given) table->columns[i].forced = NULL;
    }
}

static int run_search(search *s, drift_error *err)
{
    bool progress = true;
    int rc = drift__seed_attempt_prepare(&s->attempt, &s->attempt.last);
    if (drift__seed_is_refusal(rc)) return DRIFT_OK; /* told in `last` */
    if (rc != DRIFT_OK) return rc;
    s->limit = MOST_TRIES;
    rc = try_row(s, err);
    while (rc == DRIFT_OK && !s->done && progress) rc = overcome(&progress, s, err);
    if (rc != DRIFT_OK || s->done || s->extra) return rc;
    s->breaking = true;
    s->limit = 2 * MOST_TRIES;
    for (progress = true; rc == DRIFT_OK && !s->done && progress;) rc = overcome(&progress, s, err);
    return rc;
}

static int insert_row(bool *done, drift__seed_insert *insert, drift__seed_table *table, bool extra, drift_error *err)
{
    search *s = drift__calloc(1, sizeof *s);
    const drift_value **values = drift__calloc(table->column_count + 1, sizeof *values);
    int rc = s && values ? DRIFT_OK : drift__no_memory(err);
    *done = false;
    if (rc != DRIFT_OK) goto done;
    *s = (search){.insert = insert, .table = table, .extra = extra, .values = values};
    s->attempt = (drift__seed_attempt){.connection = insert->connection, .table = table};
    begin_row(table);
    rc = run_search(s, err);
    if (s->done && !extra) fix(s);
    end_row(table);
    *done = s->done;
    insert->last = s->attempt.last;
    if (rc != DRIFT_OK && err && !err->code) *err = insert->last;
    drift__seed_attempt_dispose(&s->attempt);
done:
    drift__free(values);
    drift__free(s);
    return rc;
}

int drift__seed_insert_row(bool *done, drift__seed_insert *insert, drift__seed_table *table, drift_error *err)
{
    return insert_row(done, insert, table, false, err);
}

int drift__seed_insert_parent(bool *done, drift__seed_insert *insert, drift__seed_table *table, drift_error *err)
{
    return insert_row(done, insert, table, true, err);
}
