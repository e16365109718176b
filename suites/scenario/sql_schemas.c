/* sql_schemas.c */
#include "scenario/sql_schemas.h"

#include <string.h>

#include "support/suite.h"

static int versions(const int **out, size_t *count, const void *payload, drift_error *err)
{
    const sql_schemas *s = payload;
    (void)err;
    *out = s->versions;
    *count = s->count;
    return DRIFT_OK;
}

static int schema(const drift_schema **out, int version, const void *payload, drift_error *err)
{
    const sql_schemas *s = payload;
    *out = NULL;
    if (version < 1 || (size_t)version > s->count) {
        if (err && !err->code) {
            err->code = DRIFT_NOT_FOUND;
            strcpy(err->text, "no such version");
        }
        return DRIFT_NOT_FOUND;
    }
    *out = s->schemas[version - 1];
    return DRIFT_OK;
}

void sql_schemas_begin(sql_schemas *out, const char *const *sql, size_t count)
{
    drift_error err = {0};
    *out = (sql_schemas){.provider = {"the test", versions, schema, out}, .count = count};
    for (size_t i = 0; i < count; i++) {
        ck_assert_drift(drift_schema_parse(&out->schemas[i], sql[i], strlen(sql[i]), &err));
        out->versions[i] = out->schemas[i]->version = (int)i + 1;
    }
}

void sql_schemas_end(sql_schemas *schemas)
{
    for (size_t i = 0; i < schemas->count; i++) drift_schema_free(schemas->schemas[i]);
}
