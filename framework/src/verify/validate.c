/* validate.c — is a live database what its schema says?
 *
 * The reference is built before it is compared, because a schema may hold statements (Drift's special queries) whose
 * effect nobody knows but SQLite: a scratch database in memory, drift_migrator_create_all, and both sides are read in
 * the same way.
 */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "drift/render.h"
#include "runtime/stand_in.h"
#include "stand_in/text.h"
#include "verify/verifier.h"

/* How many differences an error's one line names. */
enum { TOLD = 3 };

/* --- the reference --- */

static int stand_in_for(drift_connection *scratch, const drift_entity *entity, drift_error *err)
{
    char *rendered = NULL;
    int rc = entity->sql ? DRIFT_OK : drift_render_entity(&rendered, entity, err);
    const char *sql = rendered ? rendered : entity->sql;
    if (rc == DRIFT_OK && sql) rc = drift__stand_in_functions(scratch, sql, strlen(sql), err);
    drift_free(rendered);
    return rc;
}

/* What a function gives decides no schema, so that stand-ins do. */
static int stand_in_for_all(drift_connection *scratch, const drift_schema *schema, drift_error *err)
{
    int rc = drift__stand_in_collations(scratch, err);
    for (size_t i = 0; rc == DRIFT_OK && i < schema->entity_count; i++)
        rc = stand_in_for(scratch, &schema->entities[i], err);
    return rc;
}

static int create_all(drift_connection *scratch, const drift_schema *schema, drift_error *err)
{
    drift_migrator *migrator = NULL;
    int rc = drift_migrator_new(&migrator, scratch, schema, err);
    if (rc == DRIFT_OK) rc = drift_migrator_create_all(migrator, err);
    drift_migrator_free(migrator);
    return rc;
}

static int expected_schema(drift_schema **out, const drift_schema *schema, const drift_validate_options *options,
                           drift_error *err)
{
    const drift_connection_options open = {.setup = options->setup, .setup_payload = options->setup_payload};
    drift_connection *scratch = NULL;
    int rc = drift_connection_memory(&scratch, &open, err);
    if (rc == DRIFT_OK) rc = stand_in_for_all(scratch, schema, err);
    if (rc == DRIFT_OK) rc = create_all(scratch, schema, err);
    if (rc == DRIFT_OK) rc = drift_introspect(out, scratch, err);
    drift_connection_close(scratch);
    return rc;
}

/* --- the answer --- */

static int put_difference(drift__str *line, const drift_difference *difference, drift_error *err)
{
    char *text = NULL;
    const char *what = difference->column_name ? "column" : drift_entity_kind_name(difference->kind);
    const int rc = drift_difference_print_text(&text, difference, err);
    if (rc == DRIFT_OK) drift__str_printf(line, "%s %s: %s", what, difference->object, text);
    drift_free(text);
    return rc;
}

static int mismatch(const drift_diff *diff, const char *name, int version, drift_error *err)
{
    drift__str line = DRIFT__STR_INIT;
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < diff->count && i < TOLD; i++) {
        if (i) drift__str_puts(&line, "; ");
        rc = put_difference(&line, &diff->differences[i], err);
    }
    if (diff->count > TOLD) drift__str_puts(&line, "; …");
    if (rc == DRIFT_OK && line.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK)
        rc = drift__error(err, DRIFT_MISMATCH,
                          "expected %s to have the schema of version %d, found %zu difference%s: %s", name, version,
                          diff->count, diff->count == 1 ? "" : "s", line.text);
    drift__str_dispose(&line);
    return rc;
}

int drift__validate_schema(drift_connection *connection, const char *name, int version, const drift_schema *schema,
                           const drift_validate_options *options, drift_error *err)
{
    static const drift_validate_options defaults = {0};
    if (!options) options = &defaults;
    drift_schema *expected = NULL, *actual = NULL;
    drift_diff *diff = NULL;
    if (options->differences) *options->differences = NULL;
    int rc = expected_schema(&expected, schema, options, err);
    if (rc == DRIFT_OK) rc = drift_introspect(&actual, connection, err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, expected, actual, options->diff, err);
    if (rc == DRIFT_OK && diff->count && options->differences)
        rc = drift_diff_print_text(options->differences, diff, err);
    if (rc == DRIFT_OK && diff->count) rc = mismatch(diff, name, version, err);
    drift_diff_free(diff);
    drift_schema_free(actual);
    drift_schema_free(expected);
    return rc;
}

int drift_validate_database_schema(drift_database *database, const drift_validate_options *options, drift_error *err)
{
    const drift_schema *schema = drift_database_target_schema(database);
    const char *name = drift_database_get_definition(database)->name;
    if (options && options->differences) *options->differences = NULL;
    if (!name) name = "the database";
    if (!schema) {
        drift__error(err, DRIFT_MISUSE, "expected a schema to compare %s with, found none", name);
        drift__error_hint(err, "set the schema of the database definition");
        return DRIFT_MISUSE;
    }
    return drift__validate_schema(drift_database_connection(database), name, drift_database_target_version(database),
                                  schema, options, err);
}
