/* judge_foreign_keys.c — foreign keys that held before and do not hold now: one finding for each, however many rows. */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "rebuild/violation.h"
#include "verify/judge.h"

/* The violations of one foreign key, of its rows (`key` names the first) or of the schema (`key` is NULL). */
typedef struct broken {
    const char *table, *key, *parent, *constraint;
    size_t rows;
} broken;

typedef struct broken_list {
    drift__arena arena;
    broken *list;
    size_t count, capacity;
    drift__violation_set *before; /* borrowed */
    bool any;                     /* new or not */
} broken_list;

static broken *find(const broken_list *all, const drift_foreign_key_violation *violation)
{
    for (size_t i = all->count; i-- > 0;) {
        broken *b = &all->list[i];
        if (!b->key == !violation->key && strcmp(b->table, violation->table) == 0 &&
            strcmp(b->constraint, violation->constraint) == 0)
            return b;
    }
    return NULL;
}

static int add(broken_list *all, const drift_foreign_key_violation *violation, drift_error *err)
{
    broken *known = find(all, violation);
    if (known) {
        known->rows++;
        return DRIFT_OK;
    }
    if (drift__reserve((void **)&all->list, &all->capacity, all->count + 1, sizeof *all->list) != 0)
        return drift__no_memory(err);
    all->list[all->count++] = (broken){drift__arena_strdup(&all->arena, violation->table),
                                       violation->key ? drift__arena_strdup(&all->arena, violation->key) : NULL,
                                       drift__arena_strdup(&all->arena, violation->parent),
                                       drift__arena_strdup(&all->arena, violation->constraint), 1};
    return all->arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

static void dispose(broken_list *all)
{
    drift__free(all->list);
    drift__arena_dispose(&all->arena);
}

static void tell_rows(drift__judgement *judgement, const broken *b)
{
    if (b->rows == 1)
        drift__judgement_find(judgement, DRIFT_FINDING_FK_VIOLATION, b->table, NULL, NULL,
                              "the row with %s has no parent in %s: %s", b->key, b->parent, b->constraint);
    else
        drift__judgement_find(judgement, DRIFT_FINDING_FK_VIOLATION, b->table, NULL, NULL,
                              "%zu rows have no parent in %s, the first with %s: %s", b->rows, b->parent, b->key,
                              b->constraint);
}

/* A violation without a row is the schema's: the table that is referenced does not exist, or its columns are no key. */
static void tell(drift__judgement *judgement, const broken_list *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const broken *b = &all->list[i];
        if (b->key)
            tell_rows(judgement, b);
        else if (drift_schema_table(judgement->target, b->parent))
            drift__judgement_find(judgement, DRIFT_FINDING_FK_VIOLATION, b->table, NULL, NULL,
                                  "what is referenced is no key of %s: %s", b->parent, b->constraint);
        else
            drift__judgement_find(judgement, DRIFT_FINDING_FK_DANGLING, b->table, NULL, NULL, "%s does not exist: %s",
                                  b->parent, b->constraint);
    }
}

int drift__judge_failed_check(bool *told, drift__judgement *judgement, const drift_opening_report *report,
                              drift_error *err)
{
    broken_list all = {.arena = DRIFT__ARENA_INIT};
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < report->violation_count; i++) {
        if (!report->violations[i].was_there_before) rc = add(&all, &report->violations[i], err);
    }
    if (rc == DRIFT_OK) tell(judgement, &all);
    *told = all.count > 0;
    dispose(&all);
    return rc;
}

static int add_new(const drift__violation *violation, void *payload, drift_error *err)
{
    broken_list *all = payload;
    bool known = false;
    all->any = true;
    const int rc = drift__violation_set_has(&known, all->before, violation, violation->told.table, err);
    return rc == DRIFT_OK && !known ? add(all, &violation->told, err) : rc;
}

/* `*known` is what is known of what the migration left, if that holds no row: then the definitions alone decide whether
 * a key is violated. */
static int find_known(drift__known **known, drift__judgement *judgement, drift_error *err)
{
    bool empty = false;
    *known = NULL;
    const int rc = drift__judgement_is_empty(&empty, judgement, err);
    return rc == DRIFT_OK && empty ? drift__facts_known(known, judgement->now, err) : rc;
}

static int judge_keys(bool *any, drift__judgement *judgement, drift_error *err)
{
    broken_list all = {.arena = DRIFT__ARENA_INIT};
    drift__facts own = {.connection = judgement->before};
    int rc = drift__facts_violations(&all.before, judgement->facts ? judgement->facts : &own, err);
    if (rc == DRIFT_OK) rc = drift__violations_find(judgement->after, NULL, add_new, &all, err);
    if (rc == DRIFT_OK) tell(judgement, &all);
    *any = all.any;
    drift__facts_dispose(&own);
    dispose(&all);
    return rc;
}

int drift__judge_foreign_keys(drift__judgement *judgement, drift_error *err)
{
    bool any = false;
    drift__known *known = NULL;
    int rc = find_known(&known, judgement, err);
    const bool fits = known && known->keys_fit;
    if (rc == DRIFT_OK && !fits) rc = judge_keys(&any, judgement, err);
    if (rc == DRIFT_OK && known) known->keys_fit = !any;
    if (rc == DRIFT_OK && judgement->now) judgement->now->keys_hold = !any;
    return rc;
}
