/* check_snapshot.c — the suite's main, and what its cases share. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "snapshot/cases.h"
#include "support/memory.h"

static char *built(drift__str *s)
{
    char *text = NULL;
    drift_error err = {0};
    ck_assert_drift(drift__str_take(&text, s, &err));
    return text;
}

char *snapshot_with(const char *entities)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s, "{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [%s]}", entities);
    return built(&s);
}

char *table_element(int id, const char *references, const char *name, const char *columns, const char *more)
{
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s,
                      "{\"id\": %d, \"references\": [%s], \"type\": \"table\", \"data\": {\"name\": \"%s\", "
                      "\"was_declared_in_moor\": false, \"columns\": [%s], \"is_virtual\": false%s}}",
                      id, references, name, columns, more);
    return built(&s);
}

drift_snapshot *snapshot_of(const char *json, const drift_snapshot_options *options)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    ck_assert_drift(drift_snapshot_parse(&snapshot, json, strlen(json), "test.json", options, &err));
    return snapshot;
}

char *statements_of(const drift_schema *schema)
{
    drift__str s = DRIFT__STR_INIT;
    for (size_t i = 0; i < schema->entity_count; i++) drift__str_printf(&s, "%s;\n", schema->entities[i].sql);
    return built(&s);
}

int main(void)
{
    Suite *suite = suite_create("snapshot");
    suite_memory_install();
    json_set_alloc_funcs(drift__malloc, drift__free);
    suite_add_tcase(suite, dart_case());
    suite_add_tcase(suite, error_case());
    suite_add_tcase(suite, folder_case());
    suite_add_tcase(suite, hostile_case());
    suite_add_tcase(suite, order_case());
    suite_add_tcase(suite, read_case());
    suite_add_tcase(suite, write_case());
    return suite_run(suite);
}
