/* version.c — a schema out of a list of generated ones. */
#include "base/error.h"
#include "base/str.h"
#include "drift/typed.h"

static int not_found(const drift_schema *const *schemas, size_t count, int version, drift_error *err)
{
    drift__str list = DRIFT__STR_INIT;
    for (size_t i = 0; i < count; i++) drift__str_printf(&list, "%s%d", i ? ", " : "", schemas[i]->version);
    drift__error(err, DRIFT_NOT_FOUND, "expected one of the versions %s, found version %d", drift__str_text(&list),
                 version);
    drift__str_dispose(&list);
    return DRIFT_NOT_FOUND;
}

const drift_schema *drift_schema_of_version(const drift_schema *const *schemas, size_t count, int version,
                                            drift_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (schemas[i]->version == version) return schemas[i];
    not_found(schemas, count, version, err);
    return NULL;
}
