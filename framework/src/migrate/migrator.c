/* migrator.c */
#include "migrate/migrator.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/foreign_key.h"
#include "rebuild/setting.h"
#include "rebuild/text.h"
#include "sql/cursor.h"

int drift_migrator_new(drift_migrator **out, drift_connection *connection, const drift_schema *schema, drift_error *err)
{
    drift_migrator *migrator = drift__calloc(1, sizeof *migrator);
    *out = migrator;
    if (!migrator) return drift__no_memory(err);
    migrator->connection = connection;
    migrator->schema = schema;
    return DRIFT_OK;
}

void drift_migrator_free(drift_migrator *migrator)
{
    if (!migrator) return;
    drift__free(migrator->touches);
    drift__free(migrator->renames);
    drift__arena_dispose(&migrator->arena);
    drift__free(migrator);
}

drift_connection *drift_migrator_connection(drift_migrator *migrator)
{
    migrator->handed_out = true;
    return migrator->connection;
}

const drift_schema *drift_migrator_schema(const drift_migrator *migrator)
{
    return migrator->schema;
}

/* --- the record --- */

const char *drift_touch_name(drift_touch_kind kind)
{
    switch (kind) {
#define TOUCH_NAME(name, word) \
    case DRIFT_TOUCH_##name: return word;
        DRIFT_TOUCH_MAP(TOUCH_NAME)
#undef TOUCH_NAME
    }
    return NULL;
}

const drift_touch *drift_migrator_touched(const drift_migrator *migrator, size_t *count)
{
    *count = migrator->touch_count;
    return migrator->touches;
}

int drift__migrator_touch(drift_migrator *migrator, drift_touch_kind kind, drift_entity_kind entity, const char *name,
                          const char *was, drift_error *err)
{
    if (drift__reserve((void **)&migrator->touches, &migrator->touch_capacity, migrator->touch_count + 1,
                       sizeof *migrator->touches))
        return drift__no_memory(err);
    migrator->touches[migrator->touch_count] = (drift_touch){kind, entity, drift__arena_strdup(&migrator->arena, name),
                                                             was ? drift__arena_strdup(&migrator->arena, was) : NULL};
    if (migrator->arena.failed) return drift__no_memory(err);
    migrator->touch_count++;
    return DRIFT_OK;
}

/* Renames of calls that were undone since are forgotten: their touches are. */
static void forget_undone(drift_migrator *migrator)
{
    while (migrator->rename_count && migrator->renames[migrator->rename_count - 1].touch >= migrator->touch_count)
        migrator->rename_count--;
}

int drift__migrator_touch_column(drift_migrator *migrator, const char *table, const char *from, const char *to,
                                 drift_error *err)
{
    const char *copy = drift__arena_strdup(&migrator->arena, to);
    if (!copy || drift__reserve((void **)&migrator->renames, &migrator->rename_capacity, migrator->rename_count + 1,
                                sizeof *migrator->renames))
        return drift__no_memory(err);
    const int rc = drift__migrator_touch(migrator, DRIFT_TOUCH_ALTERED, DRIFT_ENTITY_TABLE, table, from, err);
    if (rc == DRIFT_OK)
        migrator->renames[migrator->rename_count++] = (drift__column_rename){migrator->touch_count - 1, copy};
    return rc;
}

/* What a touch renamed a column to, or NULL. */
static const char *renamed_to(const drift_migrator *migrator, size_t touch)
{
    for (size_t i = 0; i < migrator->rename_count; i++)
        if (migrator->renames[i].touch == touch) return migrator->renames[i].to;
    return NULL;
}

void drift__migrator_names_before(const drift_migrator *migrator, const char **table, const char **column)
{
    for (size_t i = migrator->touch_count; i-- > 0;) {
        const drift_touch *touch = &migrator->touches[i];
        if (touch->entity != DRIFT_ENTITY_TABLE || !drift__same_name(touch->name, *table)) continue;
        const char *to = column && touch->kind == DRIFT_TOUCH_ALTERED ? renamed_to(migrator, i) : NULL;
        if (touch->kind == DRIFT_TOUCH_RENAMED) *table = touch->was;
        if (to && drift__same_name(to, *column)) *column = touch->was;
    }
}

/* --- atomic calls --- */

int drift__migrator_atomic(drift_migrator *migrator, drift_body_fn body, void *payload, drift_error *err)
{
    const size_t before = migrator->touch_count;
    const int rc = drift_transaction(migrator->connection, body, payload, err);
    if (rc < 0) migrator->touch_count = before;
    forget_undone(migrator);
    return rc;
}

int drift__migrator_suspended(drift_migrator *migrator, const char *table, drift_body_fn body, void *payload,
                              drift_error *err)
{
    drift__suspension suspension = {0};
    int rc = drift__foreign_keys_suspend(&suspension, migrator->connection, table, &migrator->trusted, err);
    if (rc == DRIFT_OK) rc = drift__migrator_atomic(migrator, body, payload, err);
    const int resumed = drift__foreign_keys_resume(&suspension, err);
    return rc < 0 ? rc : resumed;
}

/* --- statements --- */

static bool is_off(const drift__lexeme *value)
{
    return drift__text_means(value, "off") || drift__text_means(value, "no") || drift__text_means(value, "false") ||
           (value->length == 1 && *value->text == '0');
}

/* PRAGMA [database.]foreign_keys = OFF, or with parentheses, at the cursor. */
static bool turns_foreign_keys_off(drift__cursor c)
{
    if (!drift__cursor_take(&c, "PRAGMA")) return false;
    if (drift__cursor_peek(&c).kind == DRIFT__TOKEN_DOT) {
        drift__cursor_next(&c);
        drift__cursor_next(&c);
    }
    if (!drift__text_means(&c.token, "foreign_keys")) return false;
    drift__cursor_next(&c);
    drift__cursor_next(&c); /* = or ( */
    return is_off(&c.token);
}

/* https://www.sqlite.org/pragma.html#pragma_foreign_keys: "This pragma is a no-op within a transaction". A script that
 * counts on it there loses children; where foreign keys are off already it does no harm. */
static int refuse_ineffective_pragma(drift_connection *connection, const char *sql, drift_error *err)
{
    drift__cursor c = drift__cursor_at(sql, strlen(sql));
    bool enforced = false;
    int rc = drift__setting_get(&enforced, connection, DRIFT__SETTING_FOREIGN_KEYS, err);
    if (rc < 0 || !enforced || !drift_in_transaction(connection)) return rc;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        if (!turns_foreign_keys_off(c)) continue;
        drift__error_in(err, DRIFT_MIGRATION, NULL, sql, drift__cursor_offset(&c),
                        "PRAGMA foreign_keys has no effect inside a transaction, and foreign keys are on");
        drift__error_hint(err, "use the policy that suspends them, or drift_migrator_alter_table");
        return DRIFT_MIGRATION;
    }
    return DRIFT_OK;
}

/* A call of drift_migrator_exec. */
typedef struct script {
    drift_migrator *migrator;
    const char *sql;
} script;

static int run_script(drift_connection *connection, void *payload, drift_error *err)
{
    const script *s = payload;
    int rc = refuse_ineffective_pragma(connection, s->sql, err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, s->sql, err);
    if (rc == DRIFT_OK)
        rc = drift__migrator_touch(s->migrator, DRIFT_TOUCH_UNKNOWN, DRIFT_ENTITY_QUERY, s->sql, NULL, err);
    return rc;
}

int drift_migrator_exec(drift_migrator *migrator, const char *sql, drift_error *err)
{
    script s = {migrator, sql};
    return drift__migrator_atomic(migrator, run_script, &s, err);
}

int drift_migrator_query(drift_migrator *migrator, const char *sql, const drift_value *binds, size_t bind_count,
                         drift_row_fn row, void *payload, drift_error *err)
{
    const int rc = drift_query(migrator->connection, sql, binds, bind_count, row, payload, err);
    if (rc < 0) return rc;
    return drift__migrator_touch(migrator, DRIFT_TOUCH_UNKNOWN, DRIFT_ENTITY_QUERY, sql, NULL, err);
}

int drift_migrator_stamp(drift_migrator *migrator, int version, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    int rc;
    if (version < 1) /* user_version is a signed 32-bit integer, and so is an int here */
        return drift__error(err, DRIFT_MISUSE, "expected a version from 1 to 2147483647, found %d", version);
    drift__str_printf(&sql, "PRAGMA main.user_version = %d", version);
    rc = sql.failed ? drift__no_memory(err) : drift_exec(migrator->connection, sql.text, err);
    drift__str_dispose(&sql);
    return rc;
}
