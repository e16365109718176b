/* run.c — the steps, in the order of https://www.sqlite.org/lang_altertable.html, section 7. Its steps 1, 2, 11 and 12
 * (foreign keys off, a transaction, and their ends) and step 10 (PRAGMA foreign_key_check) are the caller's. */
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/rebuild.h"
#include "rebuild/setting.h"
#include "rebuild/statistics.h"
#include "rebuild/text.h"
#include "sql/quote.h"

/* In the parts of a statement: a name follows, and is to be quoted. */
#define NAME "\001"

/* Runs a statement made of parts, ended by NULL. */
static int run(const drift__rebuild *r, drift_error *err, ...)
{
    drift__str s = DRIFT__STR_INIT;
    va_list parts;
    va_start(parts, err);
    for (const char *part = va_arg(parts, const char *); part; part = va_arg(parts, const char *)) {
        if (*part == *NAME)
            drift__put_quoted(&s, va_arg(parts, const char *));
        else
            drift__str_puts(&s, part);
    }
    va_end(parts);
    const int rc = s.failed ? drift__no_memory(err) : drift_exec(r->connection, s.text, err);
    drift__str_dispose(&s);
    return rc;
}

/* Names in a row constraint's message are the temporary table's: the reader knows the other one. */
static void name_table(const drift__rebuild *r, drift_error *err)
{
    char text[sizeof err->text];
    const size_t length = strlen(r->temporary), name_length = strlen(r->new_table.name);
    char *at = err ? strstr(err->text, r->temporary) : NULL;
    while (at) {
        const size_t before = (size_t)(at - err->text), after = strlen(at + length);
        if (before + name_length + after >= sizeof text) return;
        memcpy(text, err->text, before);
        memcpy(text + before, r->new_table.name, name_length);
        memcpy(text + before + name_length, at + length, after + 1);
        memcpy(err->text, text, before + name_length + after + 1);
        at = strstr(err->text + before + name_length, r->temporary);
    }
}

/* Step 4, "new_X". */
static int create_new(const drift__rebuild *r, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__text_place(&sql, r->request->sql, "main", r->temporary, err);
    if (rc == DRIFT_OK) rc = drift_exec(r->connection, sql, err);
    drift__free(sql);
    return rc;
}

/* Step 5. OR ABORT overrides conflict clauses of the table's constraints, which would lose rows without a word
 * (https://www.sqlite.org/lang_conflict.html). In the order of the rowid, so that the new table is filled at its end.
 */
static int copy_rows(const drift__rebuild *r, drift_error *err)
{
    drift_error inner = {0};
    const char *rowid = drift__live_rowid(&r->old_table);
    const int rc =
        run(r, &inner, "INSERT OR ABORT INTO main.", NAME, r->temporary, " (", r->targets, ") SELECT ", r->sources,
            " FROM main.", NAME, r->old_table.name, rowid ? " ORDER BY " : NULL, NAME, rowid, NULL);
    if (rc == DRIFT_OK) return rc;
    name_table(r, &inner);
    if (err && !err->code) *err = inner;
    return rc;
}

/* --- AUTOINCREMENT's mark --- */

typedef struct sequence {
    bool exists; /* the old table has a mark */
    int64_t mark;
} sequence;

static int take_mark(drift_statement *row, void *payload, drift_error *err)
{
    sequence *s = payload;
    (void)err;
    s->exists = drift_column_value(row, 0).kind != DRIFT_NULL;
    s->mark = drift_column_int64(row, 0);
    return DRIFT_OK;
}

/* The application may have written several rows of one name; SQLite would use any of them, the largest is safe. */
static int read_sequence(sequence *out, const drift__rebuild *r, drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(r->old_table.name, strlen(r->old_table.name))};
    int64_t has = 0;
    int rc = DRIFT_OK;
    if (r->autoincrement)
        rc = drift_query_int64(&has, r->connection,
                               "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'", NULL, 0, err);
    if (rc == DRIFT_OK && has)
        rc = drift_query(r->connection, "SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?1", bind, 1, take_mark,
                         out, err);
    return rc;
}

static int carry_sequence(const sequence *s, const drift__rebuild *r, drift_error *err)
{
    const drift_value binds[] = {DRIFT_BIND_TEXT(r->new_table.name, strlen(r->new_table.name)),
                                 DRIFT_BIND_INT64(s->mark)};
    sequence now = {0};
    int rc;
    if (!r->autoincrement) return DRIFT_OK;
    if (!s->exists) /* copying no row leaves a mark of 0 */
        return drift_query(r->connection, "DELETE FROM main.sqlite_sequence WHERE name = ?1 AND seq = 0", binds, 1,
                           NULL, NULL, err);
    rc = drift_query(r->connection, "SELECT max(seq) FROM main.sqlite_sequence WHERE name = ?1", binds, 1, take_mark,
                     &now, err);
    if (rc < 0 || (now.exists && now.mark >= s->mark)) return rc;
    rc = drift_query(r->connection, "DELETE FROM main.sqlite_sequence WHERE name = ?1", binds, 1, NULL, NULL, err);
    if (rc == DRIFT_OK)
        rc = drift_query(r->connection, "INSERT INTO main.sqlite_sequence (name, seq) VALUES (?1, ?2)", binds, 2, NULL,
                         NULL, err);
    return rc;
}

/* --- dropping and renaming --- */

/* Objects elsewhere that are not to come back. Those of the table go with it. */
static int drop_objects(const drift__rebuild *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->dependent_count; i++) {
        const drift__dependent *d = &r->dependents[i];
        if (!d->dropped || d->own) continue;
        /* IF EXISTS: a trigger on a view goes with the view */
        rc = run(r, err, "DROP ", drift__object_word(d->object->kind), " IF EXISTS ", d->object->database, ".", NAME,
                 d->object->name, NULL);
    }
    return rc;
}

/* Step 7. With legacy_alter_table off, RENAME would fail for every view and trigger that uses the table, since it does
 * not exist at this moment; with it on, views and triggers are left alone, and with foreign keys off REFERENCES too. */
static int rename_new(const drift__rebuild *r, drift_error *err)
{
    bool legacy = false;
    int rc = drift__setting_get(&legacy, r->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, err);
    if (rc < 0) return rc;
    rc = drift__setting_set(r->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, true, err);
    if (rc == DRIFT_OK)
        rc = run(r, err, "ALTER TABLE main.", NAME, r->temporary, " RENAME TO ", NAME, r->new_table.name, NULL);
    const int restored = drift__setting_set(r->connection, DRIFT__SETTING_LEGACY_ALTER_TABLE, legacy, err);
    return rc < 0 ? rc : restored;
}

static int replace_table(const drift__rebuild *r, drift_error *err)
{
    int rc;
    if ((rc = create_new(r, err)) < 0 || (rc = copy_rows(r, err)) < 0 ||
        (rc = run(r, err, "DROP TABLE main.", NAME, r->old_table.name, NULL)) < 0)
        return rc;
    return rename_new(r, err);
}

/* A CHECK or a generated column that qualifies its columns with the table's name does not compile under any other, and
 * RENAME refuses it: the rows then wait in a table without types while the old one goes and the new one is created
 * under its own name. */
static int replace_table_twice(const drift__rebuild *r, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__text_place(&sql, r->request->sql, "main", r->new_table.name, err);
    if (rc == DRIFT_OK) rc = run(r, err, "CREATE TABLE main.", NAME, r->temporary, " (", r->targets, ")", NULL);
    if (rc == DRIFT_OK) rc = copy_rows(r, err);
    if (rc == DRIFT_OK) rc = run(r, err, "DROP TABLE main.", NAME, r->old_table.name, NULL);
    if (rc == DRIFT_OK) rc = drift_exec(r->connection, sql, err);
    if (rc == DRIFT_OK)
        rc = run(r, err, "INSERT OR ABORT INTO main.", NAME, r->new_table.name, " (", r->targets, ") SELECT ",
                 r->targets, " FROM main.", NAME, r->temporary, NULL);
    drift__free(sql);
    return rc;
}

/* Step 8: from their original texts. */
static int create_dependents(const drift__rebuild *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->dependent_count; i++) {
        const drift__dependent *d = &r->dependents[i];
        char *sql = NULL;
        if (!d->own || d->dropped) continue;
        rc = drift__text_place(&sql, d->object->sql, d->object->database, NULL, err);
        if (rc == DRIFT_OK) rc = drift_exec(r->connection, sql, err);
        drift__free(sql);
    }
    return rc;
}

static int require_uncertain(const drift__rebuild *r, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < r->dependent_count; i++) {
        const drift__dependent *d = &r->dependents[i];
        drift_error why = {0};
        drift__soundness now = DRIFT__BROKEN;
        if (!d->uncertain) continue;
        rc = drift__object_soundness(&now, &why, r->connection, d->object, err);
        if (rc == DRIFT_OK && now < d->uncertain)
            rc = drift__error(err, DRIFT_MIGRATION, "%s \"%s\" uses \"%s\" and does not compile any more: %s",
                              drift__object_word(d->object->kind), d->object->name, r->new_table.name, why.text);
    }
    return rc;
}

int drift__rebuild_run(drift__rebuild *r, drift_error *err)
{
    const bool twice = drift__text_qualifies(r->request->sql, r->request->name);
    const bool other_keys = strcmp(r->old_table.key_indexes, r->new_table.key_indexes) != 0;
    sequence mark = {0};
    int rc;
    if ((rc = read_sequence(&mark, r, err)) < 0 ||
        (rc = drift__statistics_move(r->connection, r->old_table.name, r->temporary, err)) < 0 ||
        (rc = drop_objects(r, err)) < 0 || (rc = twice ? replace_table_twice(r, err) : replace_table(r, err)) < 0 ||
        (rc = carry_sequence(&mark, r, err)) < 0 || (rc = create_dependents(r, err)) < 0 ||
        (rc = drift__statistics_move(r->connection, r->temporary, r->new_table.name, err)) < 0 ||
        (other_keys && (rc = drift__statistics_forget_keys(r->connection, r->new_table.name, err)) < 0) ||
        (rc = drift__statistics_settle(r->connection, r->new_table.name, err)) < 0)
        return rc;
    if (twice && (rc = run(r, err, "DROP TABLE main.", NAME, r->temporary, NULL)) < 0) return rc;
    return require_uncertain(r, err);
}
