/* hidden_insert.c — every table still accepts a valid row.
 *
 * Valid is what the target schema accepts that is built afresh and seeded. The migrated database is asked first, as it
 * is. Where it refuses because of a constraint, that may be the fault of the rows that it holds: then two databases are
 * asked that hold the same few rows, one built of the target schema, one of what the migrated database says that its
 * schema is.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "rebuild/live.h"
#include "verify/hidden_accept.h"

typedef struct inserting {
    drift__hidden *hidden;
    drift__valid *valid; /* what the target accepts */
    drift__full full;    /* where its rows decide what the migrated database accepts */
    bool built;          /* the two below, when they are first needed */
    drift__hollow wanted, found;
} inserting;

static int build_hollows(inserting *t, drift_error *err)
{
    const drift_verify_options *options = t->hidden->judgement->options;
    if (t->built) return DRIFT_OK;
    t->built = true;
    const int rc = drift__hollow_build(&t->wanted, &t->valid->objects, &t->valid->samples, options, err);
    return rc == DRIFT_OK ? drift__hollow_build(&t->found, &t->hidden->after, &t->valid->samples, options, err) : rc;
}

/* ---- one table ---- */

typedef struct attempt {
    const drift__sample *sample;
    const drift__live_table *table;
} attempt;

/* SQLite chooses the key: that none is left is a refusal as well. */
static const char *omitted_from(const drift__live_table *table)
{
    return table->integer_key ? table->integer_key->name : NULL;
}

static int insert_one(drift_connection *connection, void *payload, drift_error *err)
{
    const attempt *a = payload;
    return drift__sample_insert_into(connection, a->table, a->sample, omitted_from(a->table), err);
}

static int insert_into(int *answer, drift_error *why, const inserting *t, drift_connection *connection,
                       const drift__sample *sample, drift_error *err)
{
    drift__live_table table = {0};
    bool tried = false;
    int rc = drift__live_table_read(&table, &t->hidden->arena, connection, sample->table, err);
    if (rc != DRIFT_OK) return rc;
    attempt a = {sample, &table};
    *answer = drift__try(&tried, why, connection, insert_one, &a, err);
    return tried ? DRIFT_OK : *answer;
}

static bool has_table(const drift__objects *objects, const drift__sample *sample)
{
    return drift__hidden_object(objects, sample->is_virtual ? DRIFT__OBJECT_VIRTUAL_TABLE : DRIFT__OBJECT_TABLE, "main",
                                sample->table) != NULL;
}

/* A refusal for another reason than a constraint: no key left, a trigger or an index that cannot be used. */
static int is_new_failure(bool *out, const inserting *t, const drift__sample *sample, int answer, drift_error *err)
{
    int before = DRIFT_OK;
    drift_error why = {0};
    *out = true;
    if (!has_table(&t->hidden->before, sample)) return DRIFT_OK;
    const int rc = insert_into(&before, &why, t, t->hidden->judgement->before, sample, err);
    *out = before != answer;
    return rc;
}

static int is_refused_by_schema(bool *out, drift_error *why, inserting *t, const drift__sample *sample,
                                drift_error *err)
{
    bool wanted = false, found = true;
    drift_error unasked = {0};
    *out = false;
    int rc = sample->is_virtual ? DRIFT_OK : build_hollows(t, err);
    if (rc != DRIFT_OK || sample->is_virtual) return rc;
    rc = drift__hollow_accepts(&wanted, &unasked, &t->wanted, sample, err);
    if (rc == DRIFT_OK && wanted) rc = drift__hollow_accepts(&found, why, &t->found, sample, err);
    *out = wanted && !found;
    return rc;
}

/* With the statement that was tried. */
static int tell(const inserting *t, const drift__sample *sample, const drift_error *why, drift_error *err)
{
    drift__live_table table = {0};
    drift__judgement *judgement = t->hidden->judgement;
    char *sql = NULL;
    int rc = drift__live_table_read(&table, &t->hidden->arena, judgement->after, sample->table, err);
    if (rc == DRIFT_OK) rc = drift__sample_write(&sql, &table, sample, omitted_from(&table), err);
    if (rc == DRIFT_OK)
        drift__judgement_find(judgement, DRIFT_FINDING_HIDDEN_INSERT, sample->table, sql, NULL,
                              "a valid row is refused: %s", why->text);
    drift__free(sql);
    return rc;
}

/* A constraint may be in the way only because of the rows that are there. ON CONFLICT ROLLBACK and RAISE(ROLLBACK) end
 * the transaction, and so does SQLITE_FULL, which says that no key is left. */
static bool is_constraint(int answer, const drift_error *why)
{
    if (answer == DRIFT_TRANSACTION) return strstr(why->text, "database or disk is full") == NULL;
    return answer == DRIFT_CONSTRAINT;
}

static int judge_sample(inserting *t, const drift__sample *sample, const drift__digest *definitions, drift_error *err)
{
    int answer = DRIFT_OK;
    bool refused = false;
    drift_error why = {0};
    int rc = insert_into(&answer, &why, t, t->hidden->judgement->after, sample, err);
    if (rc == DRIFT_OK && answer == DRIFT_OK && definitions) rc = drift__accepted_add(t->valid, *definitions, err);
    if (rc != DRIFT_OK || answer == DRIFT_OK) return rc;
    rc = is_constraint(answer, &why) ? is_refused_by_schema(&refused, &why, t, sample, err)
                                     : is_new_failure(&refused, t, sample, answer, err);
    return rc == DRIFT_OK && refused ? tell(t, sample, &why, err) : rc;
}

static int judge_table(inserting *t, const drift__sample *sample, drift_error *err)
{
    if (!has_table(&t->hidden->after, sample)) return DRIFT_OK;
    drift__digest definitions;
    if (!drift__acceptance_digest(&definitions, &t->full, sample)) return judge_sample(t, sample, NULL, err);
    if (drift__accepted_before(t->valid, definitions)) return DRIFT_OK;
    return judge_sample(t, sample, &definitions, err);
}

static int judge_tables(drift__hidden *hidden, bool was_empty, drift_error *err)
{
    const drift__judgement *judgement = hidden->judgement;
    inserting t = {.hidden = hidden};
    drift__valid_rows own = {0};
    int rc = drift__valid_rows_of(&t.valid, judgement->valid ? judgement->valid : &own, judgement->target,
                                  judgement->options, err);
    if (rc == DRIFT_OK && was_empty)
        rc = drift__full_find(&t.full, &hidden->arena, &hidden->after, judgement->after, err);
    for (size_t i = 0; rc == DRIFT_OK && i < t.valid->samples.count; i++)
        rc = judge_table(&t, &t.valid->samples.items[i], err);
    drift__hollow_dispose(&t.wanted);
    drift__hollow_dispose(&t.found);
    drift__valid_rows_dispose(&own);
    return rc;
}

/* A row is valid if a database accepts it that is built of the target's texts and holds none yet. Where the migrated
 * one has these texts, no other object and no row either, and no setting that forbids writing, there is nothing left by
 * which SQLite could tell the two apart: what the one accepts the other does. */
static int is_as_built(bool *out, drift__hidden *hidden, drift_error *err)
{
    bool empty = false, plain = false;
    const drift__judgement *judgement = hidden->judgement;
    *out = false;
    if (!drift__known_is(hidden->known, judgement->target)) return DRIFT_OK;
    int rc = drift__judgement_is_empty(&empty, judgement, err);
    if (rc == DRIFT_OK && empty) rc = drift__writes_freely(&plain, judgement->after, err);
    *out = rc == DRIFT_OK && empty && plain;
    return rc;
}

int drift__hidden_insert(drift__hidden *hidden, drift_error *err)
{
    bool as_built = false, was_empty = false;
    int rc = is_as_built(&as_built, hidden, err);
    if (rc != DRIFT_OK || as_built) return rc;
    rc = drift__judgement_was_empty(&was_empty, hidden->judgement, err);
    return rc == DRIFT_OK ? judge_tables(hidden, was_empty, err) : rc;
}
