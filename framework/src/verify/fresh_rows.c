/* fresh_rows.c — table by table, in the referee's own database, which goes with it. */
#include "verify/fresh_rows.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "runtime/pragma.h"
#include "sql/quote.h"
#include "verify/hidden.h"
#include "verify/live.h"
#include "verify/referee.h"
#include "verify/world.h"

/* A table of the target. */
typedef struct fresh_table {
    drift__judgement *judgement;
    const drift_entity *entity;
    const drift_table *table;
    const char *rowid; /* a name of the rowid that no column has, or NULL */
} fresh_table;

/* ---- which tables ---- */

bool drift__is_of(const char *object, const char *name)
{
    while (*name && drift__fold_char(*object) == drift__fold_char(*name)) {
        object++;
        name++;
    }
    return !*name && (!*object || *object == '.');
}

/* Whether another finding names it: what is wrong with it would be told twice. */
static bool is_told(const drift__judgement *judgement, const char *name)
{
    const drift_run run = drift__outcome_current(judgement->outcome);
    for (size_t i = 0; i < run.finding_count; i++) {
        const drift_finding *f = &run.findings[i];
        const bool of_rows = f->code >= DRIFT_FINDING_DATA_LOST_ROWS && f->code <= DRIFT_FINDING_DATA_COLLATERAL;
        if ((of_rows || f->code < DRIFT_FINDING_MIGRATION_FAILED) && f->object && drift__is_of(f->object, name))
            return true;
    }
    return false;
}

/* An index of columns that may be equal takes every row; an expression may fail. */
static bool may_refuse(const drift_index *index)
{
    bool computes = index->where != NULL;
    for (size_t i = 0; !computes && i < index->column_count; i++) computes = !index->columns[i].name;
    return index->unique || computes;
}

/* The table's next index from `*at` on that may refuse a row, or NULL. */
static const drift_entity *next_index(size_t *at, const fresh_table *t)
{
    const drift_schema *target = t->judgement->target;
    while (*at < target->entity_count) {
        const drift_entity *entity = &target->entities[(*at)++];
        const drift_index *index = entity->as.index;
        if (index && drift__same_name(index->table, t->table->name) && may_refuse(index)) return entity;
    }
    return NULL;
}

static bool is_any_told(const fresh_table *t)
{
    bool told = is_told(t->judgement, t->table->name);
    const drift_entity *index = NULL;
    for (size_t at = 0; !told && (index = next_index(&at, t));) told = is_told(t->judgement, index->name);
    return told;
}

static bool stands_in(const drift_schema *schema, const drift_entity *entity)
{
    const drift_entity *same = drift_schema_entity(schema, entity->kind, entity->name);
    return same && strcmp(same->sql, entity->sql) == 0;
}

static bool is_defined_as_before(const fresh_table *t, const drift_schema *source)
{
    bool same = stands_in(source, t->entity);
    const drift_entity *index = NULL;
    for (size_t at = 0; same && (index = next_index(&at, t));) same = stands_in(source, index);
    return same;
}

static bool keeps_rows(const drift_ledger_entry *entry)
{
    for (size_t i = 0; i < entry->column_count; i++) {
        if (entry->columns[i].kind != DRIFT_LEDGER_IDENTITY) return false;
    }
    return entry->kind == DRIFT_LEDGER_IDENTITY && !entry->lost && !entry->extra;
}

/* In every step. */
static bool has_rows_as_before(const fresh_table *t)
{
    const drift_run run = drift__outcome_current(t->judgement->outcome);
    bool entered = false;
    for (size_t i = 0; i < run.ledger_count; i++) {
        if (!drift__same_name(run.ledger[i].table, t->table->name)) continue;
        if (!keeps_rows(&run.ledger[i])) return false;
        entered = true;
    }
    return entered;
}

/* ---- what is told ---- */

static int take_answer(drift_statement *row, void *payload, drift_error *err)
{
    bool *sound = payload;
    const char *text = drift_column_text(row, 0, NULL);
    if (!text) return drift__no_memory(err);
    *sound = strcmp(text, "ok") == 0;
    return DRIFT_OK;
}

static bool is_doubted(const drift__judgement *judgement)
{
    const drift_run run = drift__outcome_current(judgement->outcome);
    for (size_t i = 0; i < run.finding_count; i++) {
        if (run.findings[i].code == DRIFT_FINDING_HIDDEN_INTEGRITY) return true;
    }
    return false;
}

/* hidden.integrity names no table: whether it was about this one is asked again. */
static int is_sound(bool *out, const fresh_table *t, drift_error *err)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error why = {0};
    char *sql = NULL;
    *out = true;
    if (!is_doubted(t->judgement)) return DRIFT_OK;
    drift__str_puts(&text, "PRAGMA main.integrity_check(");
    drift__put_quoted(&text, t->table->name);
    drift__str_putc(&text, ')');
    int rc = drift__str_take(&sql, &text, &why);
    if (rc == DRIFT_OK) rc = drift_query(t->judgement->after, sql, NULL, 0, take_answer, out, &why);
    drift__free(sql);
    if (rc != DRIFT_OK) *out = false; /* it cannot be run to its end */
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

/* Whether a column is one of the primary key's. */
static bool is_key(const fresh_table *t, const drift_column *column)
{
    if (drift_column_constraint(column, DRIFT_CONSTRAINT_PRIMARY_KEY)) return true;
    for (size_t i = 0; i < t->table->constraint_count; i++) {
        const drift_constraint *constraint = &t->table->constraints[i];
        for (size_t k = 0; constraint->kind == DRIFT_CONSTRAINT_PRIMARY_KEY && k < constraint->column_count; k++) {
            const char *name = constraint->columns[k].name;
            if (name && drift__same_name(name, column->name)) return true;
        }
    }
    return false;
}

/* What names the upgraded row: its rowid, then the values of its key. */
static void put_name_columns(drift__str *sql, const fresh_table *t)
{
    drift__str_printf(sql, "%s%s", t->rowid ? "o." : "", t->rowid ? t->rowid : "NULL");
    for (size_t i = 0; i < t->table->column_count; i++) {
        if (!is_key(t, &t->table->columns[i])) continue;
        drift__str_puts(sql, ", o.");
        drift__put_quoted(sql, t->table->columns[i].name);
    }
}

/* As messages name it, from these columns of an answer. */
static void put_row_name(drift__str *out, const fresh_table *t, drift_statement *row, int column)
{
    const drift_value rowid = drift_column_value(row, column);
    int keys = 0;
    for (size_t i = 0; i < t->table->column_count; i++) {
        if (!is_key(t, &t->table->columns[i])) continue;
        const drift_value value = drift_column_value(row, column + ++keys);
        drift__str_printf(out, "%s%s = ", keys > 1 ? ", " : "", t->table->columns[i].name);
        drift__literal_put(out, &value);
    }
    if (!keys && rowid.kind == DRIFT_NULL) drift__str_puts(out, "a row without key");
    if (!keys && rowid.kind != DRIFT_NULL) drift__str_printf(out, "rowid = %lld", (long long)rowid.integer);
}

static int query(const fresh_table *t, drift__str *text, drift_row_fn take, void *payload, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__str_take(&sql, text, err);
    if (rc == DRIFT_OK) rc = drift_query(t->judgement->referee, sql, NULL, 0, take, payload, err);
    drift__free(sql);
    return rc;
}

/* ---- rows that are refused ---- */

/* In the order of the table's own rows: an index would give another one. */
static void put_upgraded(drift__str *sql, const fresh_table *t)
{
    drift__str_puts(sql, " FROM " DRIFT__REFEREE_NEW ".");
    drift__put_quoted(sql, t->table->name);
    drift__str_puts(sql, " AS o NOT INDEXED");
}

typedef struct naming {
    const fresh_table *t;
    drift__str name;
} naming;

static int take_name(drift_statement *row, void *payload, drift_error *err)
{
    naming *n = payload;
    (void)err;
    put_row_name(&n->name, n->t, row, 0);
    return DRIFT_OK;
}

/* The first row that is not there. */
static int tell_refused(const fresh_table *t, const drift_error *why, drift_error *err)
{
    naming refused = {.t = t, .name = DRIFT__STR_INIT};
    drift__str sql = DRIFT__STR_INIT;
    t->judgement->ways |= DRIFT__WAY_FRESH;
    drift__str_puts(&sql, "SELECT ");
    put_name_columns(&sql, t);
    put_upgraded(&sql, t);
    drift__str_puts(&sql, " LIMIT 1 OFFSET (SELECT count(*) FROM main.");
    drift__put_quoted(&sql, t->table->name);
    drift__str_putc(&sql, ')');
    int rc = query(t, &sql, take_name, &refused, err);
    if (rc == DRIFT_OK && refused.name.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK)
        drift__judgement_find(t->judgement, DRIFT_FINDING_PATH_DATA, t->table->name, NULL, NULL,
                              "the same row inserted into a fresh v%d is refused: %s; the first: %s",
                              t->judgement->attempt->to, why->text, drift__str_text(&refused.name));
    drift__str_dispose(&refused.name);
    return rc;
}

/* The columns that can be written, and the rowid, which an INTEGER PRIMARY KEY is too. */
static void put_columns(drift__str *sql, const fresh_table *t, const char *row)
{
    if (t->rowid) drift__str_printf(sql, "%s%s", row, t->rowid);
    for (size_t i = 0, count = t->rowid ? 1 : 0; i < t->table->column_count; i++) {
        if (t->table->columns[i].generated) continue;
        drift__str_printf(sql, "%s%s", count++ ? ", " : "", row);
        drift__put_quoted(sql, t->table->columns[i].name);
    }
}

/* With FAIL whatever was inserted before stays, and no conflict clause of the table's own lets a row go without a word
 * (https://www.sqlite.org/lang_conflict.html). `*inserted` is false, and nothing told, if the two have not the same
 * columns, or the upgraded rows cannot be read: of that there are other findings. */
static int insert(bool *inserted, const fresh_table *t, drift_error *err)
{
    drift_statement *statement = NULL;
    drift__str text = DRIFT__STR_INIT;
    char *sql = NULL;
    drift_error why = {0};
    drift__str_puts(&text, "INSERT OR FAIL INTO main.");
    drift__put_quoted(&text, t->table->name);
    drift__str_puts(&text, " (");
    put_columns(&text, t, "");
    drift__str_puts(&text, ") SELECT ");
    put_columns(&text, t, "o.");
    put_upgraded(&text, t);
    drift__str_printf(&text, " LIMIT %d", DRIFT__WORLD_ROWS_IN_MEMORY);
    int rc = drift__str_take(&sql, &text, &why);
    if (rc == DRIFT_OK) rc = drift_statement_prepare(&statement, t->judgement->referee, sql, &why);
    const bool prepared = rc == DRIFT_OK;
    if (prepared) rc = drift_statement_run(statement, &why);
    drift_statement_free(statement);
    drift__free(sql);
    *inserted = rc == DRIFT_OK;
    if (prepared && (rc == DRIFT_CONSTRAINT || rc == DRIFT_SQL)) return tell_refused(t, &why, err);
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

/* ---- values that come out otherwise ---- */

static void put_pair(drift__str *sql, const char *column, const char *between)
{
    drift__str_puts(sql, "n.");
    drift__put_quoted(sql, column);
    drift__str_printf(sql, "%so.", between);
    drift__put_quoted(sql, column);
}

/* The fresh rows, each beside the upgraded one. */
static void put_both(drift__str *sql, const fresh_table *t)
{
    drift__str_puts(sql, " FROM main.");
    drift__put_quoted(sql, t->table->name);
    drift__str_puts(sql, " AS n CROSS JOIN " DRIFT__REFEREE_NEW ".");
    drift__put_quoted(sql, t->table->name);
    drift__str_puts(sql, " AS o ON 1");
    if (t->rowid) drift__str_printf(sql, " AND n.%s = o.%s", t->rowid, t->rowid);
    for (size_t i = 0; !t->rowid && i < t->table->column_count; i++) {
        if (!is_key(t, &t->table->columns[i])) continue;
        drift__str_puts(sql, " AND ");
        put_pair(sql, t->table->columns[i].name, " = ");
    }
}

static void put_all_same(drift__str *sql, const drift_table *table)
{
    enum { PAIRS = DRIFT__REFEREE_ARGUMENTS / 2 };
    for (size_t i = 0; i < table->column_count; i++) {
        drift__str_puts(sql, i % PAIRS ? ", " : i ? ") AND drift__same(" : "drift__same(");
        put_pair(sql, table->columns[i].name, ", ");
    }
    drift__str_putc(sql, ')');
}

typedef struct differing {
    const fresh_table *t;
    const char *column;
    drift__str object, fresh, upgraded, name;
} differing;

static void tell_difference(differing *d, int64_t rows)
{
    drift__judgement_find(
        d->t->judgement, DRIFT_FINDING_PATH_DATA, drift__str_text(&d->object), drift__str_text(&d->fresh),
        drift__str_text(&d->upgraded),
        "the same row inserted into a fresh v%d comes out as %s, not %s, in %lld row%s, the first: %s",
        d->t->judgement->attempt->to, drift__str_text(&d->fresh), drift__str_text(&d->upgraded), (long long)rows,
        rows == 1 ? "" : "s", drift__str_text(&d->name));
}

static int take_difference(drift_statement *row, void *payload, drift_error *err)
{
    differing *d = payload;
    const drift_value fresh = drift_column_value(row, 1), upgraded = drift_column_value(row, 2);
    drift__str_printf(&d->object, "%s.%s", d->t->table->name, d->column);
    drift__literal_put(&d->fresh, &fresh);
    drift__literal_put(&d->upgraded, &upgraded);
    put_row_name(&d->name, d->t, row, 3);
    if (d->object.failed || d->fresh.failed || d->upgraded.failed || d->name.failed) return drift__no_memory(err);
    tell_difference(d, drift_column_int64(row, 0));
    return DRIFT_OK;
}

static int tell_column(const fresh_table *t, const char *column, drift_error *err)
{
    differing d = {.t = t, .column = column};
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT count(*) OVER (), ");
    put_pair(&sql, column, ", ");
    drift__str_puts(&sql, ", ");
    put_name_columns(&sql, t);
    put_both(&sql, t);
    drift__str_puts(&sql, " WHERE NOT drift__same(");
    put_pair(&sql, column, ", ");
    drift__str_puts(&sql, ") LIMIT 1");
    const int rc = query(t, &sql, take_difference, &d, err);
    drift__str_dispose(&d.object);
    drift__str_dispose(&d.fresh);
    drift__str_dispose(&d.upgraded);
    drift__str_dispose(&d.name);
    return rc;
}

typedef struct totals {
    int64_t fresh, found, differing;
} totals;

static int take_totals(drift_statement *row, void *payload, drift_error *err)
{
    (void)err;
    *(totals *)payload = (totals){drift_column_int64(row, 0), drift_column_int64(row, 1), drift_column_int64(row, 2)};
    return DRIFT_OK;
}

/* Rows that only a rowid without a name tells apart cannot be set beside each other. */
static int compare(const fresh_table *t, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    totals sum = {0};
    if (!t->rowid && !t->table->without_rowid) return DRIFT_OK;
    drift__str_puts(&sql, "SELECT (SELECT count(*) FROM main.");
    drift__put_quoted(&sql, t->table->name);
    drift__str_puts(&sql, "), count(*), sum(NOT (");
    put_all_same(&sql, t->table);
    drift__str_puts(&sql, "))");
    put_both(&sql, t);
    int rc = query(t, &sql, take_totals, &sum, err);
    if (sum.found < sum.fresh || sum.differing) t->judgement->ways |= DRIFT__WAY_FRESH;
    if (rc == DRIFT_OK && sum.found < sum.fresh)
        drift__judgement_find(t->judgement, DRIFT_FINDING_PATH_DATA, t->table->name, NULL, NULL,
                              "the same rows inserted into a fresh v%d come out under other keys: %lld of %lld",
                              t->judgement->attempt->to, (long long)(sum.fresh - sum.found), (long long)sum.fresh);
    for (size_t i = 0; rc == DRIFT_OK && sum.differing && i < t->table->column_count; i++)
        rc = tell_column(t, t->table->columns[i].name, err);
    return rc;
}

/* ---- a table ---- */

static int create(const fresh_table *t, const drift_entity *entity, drift_error *err)
{
    drift_connection *referee = t->judgement->referee;
    const int rc = drift__world_stub(referee, entity->sql, strlen(entity->sql), t->judgement->options, err);
    return rc == DRIFT_OK ? drift_exec(referee, entity->sql, err) : rc;
}

/* `*created` is false if SQLite does not take the target's own text, with which nothing can be compared. */
static int create_with_indexes(bool *created, const fresh_table *t, drift_error *err)
{
    const drift_entity *index = NULL;
    drift_error why = {0};
    int rc = create(t, t->entity, &why);
    for (size_t at = 0; rc == DRIFT_OK && (index = next_index(&at, t));) rc = create(t, index, &why);
    *created = rc == DRIFT_OK;
    if (drift__is_answer(rc)) return DRIFT_OK;
    if (err && !err->code) *err = why;
    return rc;
}

/* The ledger's, or where it had no use for one, another. Triggers there are none, and foreign keys off. */
static int open_referee(drift__judgement *judgement, drift_error *err)
{
    int rc = DRIFT_OK;
    if (!judgement->referee)
        rc = drift__referee_open(&judgement->referee, judgement->before, judgement->after, judgement->options, err);
    return rc == DRIFT_OK ? drift__pragma_set(judgement->referee, DRIFT__PRAGMA_FOREIGN_KEYS, 0, err) : rc;
}

static int judge_table(const fresh_table *t, drift_error *err)
{
    bool goes_on = false;
    int rc = drift__live_has_rows(&goes_on, t->judgement->after, t->table->name, err);
    if (rc == DRIFT_OK && goes_on) rc = is_sound(&goes_on, t, err);
    if (rc == DRIFT_OK && goes_on) rc = open_referee(t->judgement, err);
    if (rc == DRIFT_OK && goes_on) rc = create_with_indexes(&goes_on, t, err);
    if (rc == DRIFT_OK && goes_on) rc = insert(&goes_on, t, err);
    return rc == DRIFT_OK && goes_on ? compare(t, err) : rc;
}

static const char *rowid_of(const drift_table *table)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; !table->without_rowid && i < sizeof names / sizeof *names; i++) {
        if (!drift_table_column(table, names[i])) return names[i];
    }
    return NULL;
}

static bool is_to_be_judged(const fresh_table *t, const drift_schema *source)
{
    if (t->entity->temporary || is_any_told(t)) return false;
    return !source || !is_defined_as_before(t, source) || !has_rows_as_before(t);
}

/* Whether the migration had any rows to change. */
static int begins_empty(bool *out, const drift__judgement *judgement, drift_error *err)
{
    *out = false;
    return judgement->facts ? drift__facts_empty(out, judgement->facts, err) : DRIFT_OK;
}

int drift__judge_fresh_rows(drift__judgement *judgement, drift_error *err)
{
    const drift_schema *target = judgement->target, *source = NULL;
    drift_error why = {0};
    bool empty = false;
    int rc = begins_empty(&empty, judgement, err);
    if (rc != DRIFT_OK || empty) return rc;
    rc = judgement->schemas->schema(&source, judgement->attempt->from, judgement->schemas->payload, &why);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    if (rc != DRIFT_OK) source = NULL;
    rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < target->entity_count; i++) {
        const drift_table *table = target->entities[i].as.table;
        if (!table) continue;
        const fresh_table t = {judgement, &target->entities[i], table, rowid_of(table)};
        if (is_to_be_judged(&t, source)) rc = judge_table(&t, err);
    }
    return rc;
}
