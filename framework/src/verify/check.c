/* check.c — is a database what its version stamp says? */
#include "base/error.h"
#include "base/str.h"
#include "drift/kit/introspect.h"
#include "drift/kit/parse.h"
#include "drift/kit/verify.h"

static int no_such_version(int version, const int *versions, size_t count, const char *name, drift_error *err)
{
    drift__str list = DRIFT__STR_INIT;
    for (size_t i = 0; i < count; i++) drift__str_printf(&list, "%s%d", i ? ", " : "", versions[i]);
    drift__error(err, DRIFT_NOT_FOUND, "the database is at version %d, of which %s has no snapshot", version, name);
    drift__error_hint(err, "it has versions %s", drift__str_text(&list));
    drift__str_dispose(&list);
    return DRIFT_NOT_FOUND;
}

int drift_check_database(drift_check_result *result, drift_connection *connection, const drift_schema_provider *schemas,
                         const drift_diff_options *options, drift_error *err)
{
    const drift_schema *expected = NULL;
    const int *versions = NULL;
    size_t count = 0, i = 0;
    int rc = drift_introspect(&result->actual, connection, err);
    if (rc == DRIFT_OK) rc = schemas->versions(&versions, &count, schemas->payload, err);
    if (rc != DRIFT_OK) return rc;
    result->version = result->actual->version;
    while (i < count && versions[i] != result->version) i++;
    if (i == count) return no_such_version(result->version, versions, count, schemas->name, err);
    rc = schemas->schema(&expected, result->version, schemas->payload, err);
    return rc == DRIFT_OK ? drift_diff_schemas(&result->diff, expected, result->actual, options, err) : rc;
}

void drift_check_result_dispose(drift_check_result *result)
{
    if (!result) return;
    drift_diff_free(result->diff);
    drift_schema_free(result->actual);
    *result = (drift_check_result){0};
}
