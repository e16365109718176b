/* scratch.c */
#include "rebuild/scratch.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "rebuild/text.h"
#include "runtime/stand_in.h"
#include "sql/quote.h"

int drift__scratch_open(drift_connection **out, drift_error *err)
{
    int rc = drift_connection_memory(out, NULL, err);
    if (rc == DRIFT_OK) rc = drift__stand_in_collations(*out, err);
    if (rc == DRIFT_OK) return rc;
    drift_connection_close(*out);
    *out = NULL;
    return rc;
}

int drift__scratch_be_strict(drift_connection *scratch, drift_error *err)
{
    sqlite3 *handle = drift_connection_handle(scratch);
    if (sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL) == SQLITE_OK &&
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL) == SQLITE_OK)
        return DRIFT_OK;
    return drift__error(err, DRIFT_UNSUPPORTED, "this SQLite cannot tell names in double quotes from strings");
}

/* Registers a stand-in for the function that a failure names, if it names one: "no such function: f". Asked for one by
 * one, since looking through every text for names costs more than all the rest. */
static bool stood_in(drift_connection *scratch, const drift_error *why)
{
    static const char words[] = "no such function: ";
    if (why->code != DRIFT_SQL || strncmp(why->text, words, sizeof words - 1) != 0) return false;
    return drift__stand_in_function(scratch, why->text + sizeof words - 1, NULL) == DRIFT_OK;
}

static int run(drift_connection *scratch, const char *sql, drift_error *why)
{
    int rc;
    do {
        *why = (drift_error){0};
        rc = drift_exec(scratch, sql, why);
    } while (rc < 0 && stood_in(scratch, why));
    return rc;
}

int drift__scratch_run(drift_connection *scratch, const char *sql, drift_error *err)
{
    drift_error why;
    const int rc = run(scratch, sql, &why);
    if (rc < 0 && err && !err->code) *err = why;
    return rc;
}

int drift__scratch_compiles(bool *compiles, drift_error *why, drift_connection *scratch, const drift__object *object,
                            drift_error *err)
{
    int rc;
    do {
        rc = drift__object_compiles(compiles, why, scratch, object, err);
    } while (rc == DRIFT_OK && !*compiles && stood_in(scratch, why));
    return rc;
}

/* Whether a failure is the statement's, not the machine's. */
static bool is_refusal(int rc)
{
    return rc == DRIFT_SQL || rc == DRIFT_SYNTAX || rc == DRIFT_CONSTRAINT;
}

static int create(bool *created, drift_error *why, drift_connection *scratch, const drift__object *object,
                  drift_error *err)
{
    char *sql = NULL;
    int rc = drift__text_place(&sql, object->sql, object->database, NULL, why);
    if (rc == DRIFT_OK) rc = run(scratch, sql, why);
    drift__free(sql);
    *created = rc == DRIFT_OK;
    if (rc == DRIFT_OK || is_refusal(rc)) return DRIFT_OK;
    if (err && !err->code) *err = *why;
    return rc;
}

static int put_column(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *s = payload;
    const char *name = drift_column_text(row, 0, NULL);
    if (!name) return drift__no_memory(err);
    drift__str_puts(s, s->text[s->length - 1] == '(' ? "" : ", ");
    drift__put_quoted(s, name);
    return DRIFT_OK;
}

/* An ordinary table with a virtual one's columns, those that are hidden too. Where the module is missing in the live
 * database as well nothing can be told of them, and nothing is created. */
static int imitate(drift_connection *scratch, drift_connection *connection, const drift__object *object,
                   drift_error *err)
{
    const drift_value bind[] = {DRIFT_BIND_TEXT(object->name, strlen(object->name))};
    drift__str s = DRIFT__STR_INIT;
    drift_error inner = {0};
    drift__str_puts(&s, "CREATE TABLE ");
    drift__put_quoted(&s, object->name);
    drift__str_puts(&s, "(");
    int rc = s.failed
                 ? drift__no_memory(&inner)
                 : drift_query(connection, "SELECT name FROM pragma_table_xinfo(?1)", bind, 1, put_column, &s, &inner);
    drift__str_putc(&s, ')');
    if (rc == DRIFT_OK) rc = s.failed ? drift__no_memory(&inner) : drift_exec(scratch, s.text, &inner);
    drift__str_dispose(&s);
    if (rc == DRIFT_OK || is_refusal(rc)) return DRIFT_OK;
    if (err && !err->code) *err = inner;
    return rc;
}

static int fill_one(drift_connection *scratch, drift_connection *connection, const drift__object *object,
                    drift_error *err)
{
    drift_error why = {0};
    bool created = false;
    const int rc = create(&created, &why, scratch, object, err);
    if (rc < 0 || created || object->kind != DRIFT__OBJECT_VIRTUAL_TABLE) return rc;
    return imitate(scratch, connection, object, err);
}

int drift__scratch_fill(drift_connection *scratch, drift_connection *connection, const drift__objects *objects,
                        bool (*except)(const drift__object *object, const void *payload), const void *payload,
                        drift_error *err)
{
    int rc = DRIFT_OK;
    for (int kind = DRIFT__OBJECT_TABLE; kind <= DRIFT__OBJECT_TRIGGER; kind++) {
        for (size_t i = 0; rc == DRIFT_OK && i < objects->count; i++) {
            const drift__object *object = &objects->items[i];
            if ((int)object->kind != kind || (except && except(object, payload))) continue;
            rc = fill_one(scratch, connection, object, err);
        }
    }
    return rc;
}

static int drop(drift_connection *scratch, const drift__object *object, drift_error *err)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s, "DROP %s %s.", drift__object_word(object->kind), object->database);
    drift__put_quoted(&s, object->name);
    const int rc = s.failed ? drift__no_memory(err) : drift_exec(scratch, s.text, err);
    drift__str_dispose(&s);
    return rc;
}

int drift__scratch_try(bool *works, drift_error *why, drift_connection *scratch, const drift__object *object,
                       drift_error *err)
{
    *why = (drift_error){0};
    int rc = create(works, why, scratch, object, err);
    if (rc < 0 || !*works || object->kind == DRIFT__OBJECT_INDEX) return rc;
    if ((rc = drift__scratch_compiles(works, why, scratch, object, err)) < 0 || *works) return rc;
    return drop(scratch, object, err);
}
