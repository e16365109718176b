/* hidden_index.c — full-text and spatial indexes agree with what they index.
 *
 * Their content lives in tables that integrity_check sees as any other: each module has a check of its own
 * (https://www.sqlite.org/fts5.html#the_integrity_check_command, https://www.sqlite.org/fts3.html, section 6.5,
 * https://www.sqlite.org/rtree.html#integrity_checks_using_the_rtreecheck_sql_function). An FTS5 table with external
 * content compares itself with that content only if it is asked with rank 1.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "base/str.h"
#include "rebuild/text.h"
#include "sql/quote.h"
#include "verify/hidden.h"

typedef enum index_kind { NO_INDEX, FULL_TEXT, FULL_TEXT_5, SPATIAL } index_kind;

static index_kind kind_of(const char *module)
{
    static const struct {
        const char *module;
        index_kind kind;
    } kinds[] = {{"fts3", FULL_TEXT}, {"fts4", FULL_TEXT},    {"fts5", FULL_TEXT_5},
                 {"rtree", SPATIAL},  {"rtree_i32", SPATIAL}, {"geopoly", SPATIAL}};
    for (size_t i = 0; module && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (drift__same_name(kinds[i].module, module)) return kinds[i].kind;
    }
    return NO_INDEX;
}

/* Contentless FTS4 answers its check, as it does every reading, with an error. */
static bool has_no_check(const drift__object *table, index_kind kind)
{
    return kind == FULL_TEXT && drift__text_has_content(table->sql, "");
}

void drift__index_check_put(drift__str *sql, const char *table, const char *module)
{
    const index_kind kind = kind_of(module);
    if (kind == SPATIAL) {
        drift__str_puts(sql, "SELECT rtreecheck('main', ");
        drift__put_string(sql, table);
        drift__str_puts(sql, ")");
        return;
    }
    drift__str_puts(sql, "INSERT INTO main.");
    drift__put_quoted(sql, table);
    drift__str_putc(sql, '(');
    drift__put_quoted(sql, table);
    drift__str_puts(sql,
                    kind == FULL_TEXT_5 ? ", rank) VALUES ('integrity-check', 1)" : ") VALUES ('integrity-check')");
}

static int take_verdict(drift_statement *row, void *payload, drift_error *err)
{
    const char *verdict = drift_column_text(row, 0, NULL);
    (void)payload;
    if (!verdict) return drift__no_memory(err);
    return strcmp(verdict, "ok") == 0 ? DRIFT_OK : drift__error(err, DRIFT_NOT_A_DATABASE, "%s", verdict);
}

static int run_check(drift_connection *connection, void *payload, drift_error *err)
{
    return drift_query(connection, payload, NULL, 0, take_verdict, NULL, err);
}

static int run_read(drift_connection *connection, void *payload, drift_error *err)
{
    return drift_query(connection, payload, NULL, 0, NULL, NULL, err);
}

static int ask(bool *answered, drift_error *why, drift_connection *connection, drift__trial_fn trial, drift__str *sql,
               drift_error *err)
{
    char *text = NULL;
    *answered = false;
    int rc = drift__str_take(&text, sql, err);
    if (rc == DRIFT_OK) rc = drift__try(answered, why, connection, trial, text, err);
    drift__free(text);
    return rc;
}

static int read_one(bool *answered, drift_error *why, drift_connection *connection, const char *table, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_puts(&sql, "SELECT * FROM main.");
    drift__put_quoted(&sql, table);
    drift__str_puts(&sql, " LIMIT 1");
    return ask(answered, why, connection, run_read, &sql, err);
}

/* What a check gives: fine, broken, or an error that may only say that there is none to be had, as in an SQLite without
 * rtreecheck. Then what can be read is as fine as one can tell. */
static int is_sound(bool *sound, drift_error *why, drift_connection *connection, const drift__object *table,
                    const char *module, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    bool answered = false;
    drift__index_check_put(&sql, table->name, module);
    int rc = ask(&answered, why, connection, run_check, &sql, err);
    if (!answered) return rc;
    *sound = rc == DRIFT_OK;
    if (rc == DRIFT_OK || rc == DRIFT_NOT_A_DATABASE) return DRIFT_OK;
    rc = read_one(&answered, why, connection, table->name, err);
    *sound = rc == DRIFT_OK;
    return answered ? DRIFT_OK : rc;
}

static int was_sound(bool *sound, const drift__hidden *hidden, const drift__object *now, const char *module,
                     drift_error *err)
{
    const drift__object *old = drift__hidden_object(&hidden->before, now->kind, "main", now->name);
    drift_error why = {0};
    *sound = true;
    return old ? is_sound(sound, &why, hidden->judgement->before, old, module, err) : DRIFT_OK;
}

static int judge_table(drift__hidden *hidden, const drift__object *table, const char *module, drift_error *err)
{
    drift_error why = {0};
    bool sound = true, before = true;
    int rc = is_sound(&sound, &why, hidden->judgement->after, table, module, err);
    if (rc != DRIFT_OK || sound) return rc;
    rc = was_sound(&before, hidden, table, module, err);
    if (rc == DRIFT_OK && before && !drift__hidden_is_meant(hidden, "fts", table->name))
        drift__judgement_find(hidden->judgement, DRIFT_FINDING_HIDDEN_FTS, table->name, NULL, NULL,
                              "the %s index does not agree with its content: %s",
                              kind_of(module) == SPATIAL ? "spatial" : "full-text", why.text);
    return rc;
}

int drift__hidden_index(drift__hidden *hidden, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < hidden->after.count; i++) {
        const drift__object *object = &hidden->after.items[i];
        if (object->kind != DRIFT__OBJECT_VIRTUAL_TABLE || strcmp(object->database, "main") != 0) continue;
        const char *module = drift__module_of(&hidden->arena, object->sql);
        if (hidden->arena.failed) return drift__no_memory(err);
        if (kind_of(module) != NO_INDEX && !has_no_check(object, kind_of(module)))
            rc = judge_table(hidden, object, module, err);
    }
    return rc;
}
