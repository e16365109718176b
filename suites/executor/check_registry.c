/* check_registry.c — executors by name. */
#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

START_TEST(a_name_stands_for_an_executor_as_long_as_it_lives)
{
    drift_error err = {0};
    drift_registry *registry = NULL;
    drift_executor *found = NULL;
    office o = {0};
    office_open(&o, "", NULL);
    ck_assert_drift(drift_registry_new(&registry, &err));
    ck_assert_drift(drift_registry_put(registry, "main", o.executor, &err));
    ck_assert_drift(drift_registry_get(&found, registry, "main", &err));
    ck_assert_ptr_eq(found, o.executor);
    drift_executor_free(found);
    ck_assert_drift_fails(drift_registry_get(&found, registry, "Main", &err), DRIFT_NOT_FOUND);
    drift_error taken = {0}, dead = {0};
    ck_assert_int_eq(drift_registry_put(registry, "main", o.executor, &taken), DRIFT_MISUSE);
    ck_assert_int_eq(drift_executor_shutdown(o.executor, 0, NULL), DRIFT_OK);
    ck_assert_int_eq(drift_registry_get(&found, registry, "main", &dead), DRIFT_NOT_FOUND);
    ck_assert_ptr_null(found);
    drift_registry_free(registry);
    drift_registry_free(NULL);
    office_close(&o);
}
END_TEST

START_TEST(a_registry_keeps_no_executor_running)
{
    drift_error err = {0};
    drift_registry *registry = NULL;
    drift_executor *found = NULL;
    office o = {0};
    office_open(&o, "", NULL);
    ck_assert_drift(drift_registry_new(&registry, &err));
    ck_assert_drift(drift_registry_put(registry, "main", o.executor, &err));
    drift_registry_remove(registry, "other");
    drift_executor_free(o.executor);
    ck_assert_drift_fails(drift_registry_get(&found, registry, "main", &err), DRIFT_NOT_FOUND);
    drift_registry_free(registry);
}
END_TEST

START_TEST(a_name_that_was_taken_out_is_gone)
{
    drift_error err = {0};
    drift_registry *registry = NULL;
    drift_executor *found = NULL;
    office o = {0};
    office_open(&o, "", NULL);
    ck_assert_drift(drift_registry_new(&registry, &err));
    ck_assert_drift(drift_registry_put(registry, "main", o.executor, &err));
    drift_registry_remove(registry, "main");
    ck_assert_drift_fails(drift_registry_get(&found, registry, "main", &err), DRIFT_NOT_FOUND);
    drift_registry_free(registry);
    office_close(&o);
}
END_TEST

typedef struct stranger {
    drift_registry *registry;
    office *o;
    drift_executor *got;
} stranger;

static void get_or_spawn(void *payload)
{
    stranger *s = payload;
    drift_registry_get_or_spawn(&s->got, s->registry, "main", office_connect, s->o, NULL, NULL);
}

START_TEST(strangers_that_ask_at_once_share_one_executor)
{
    enum { STRANGERS = 8 };
    drift_error err = {0};
    drift_registry *registry = NULL;
    office o = {.schema = "CREATE TABLE t (a)"};
    worker_thread threads[STRANGERS];
    stranger strangers[STRANGERS];
    ck_assert_drift(drift_registry_new(&registry, &err));
    for (int i = 0; i < STRANGERS; i++) {
        strangers[i] = (stranger){registry, &o, NULL};
        office_start(&threads[i], get_or_spawn, &strangers[i]);
    }
    for (int i = 0; i < STRANGERS; i++) office_join(&threads[i]);
    for (int i = 0; i < STRANGERS; i++) ck_assert_ptr_eq(strangers[i].got, strangers[0].got);
    o.executor = strangers[0].got;
    drift_client *client = office_client(&o);
    office_exec(client, "INSERT INTO t VALUES (1)");
    ck_assert_int_eq(o.openings, 1);
    drift_client_free(client);
    for (int i = 0; i < STRANGERS; i++) drift_executor_free(strangers[i].got);
    drift_executor *again = NULL;
    drift_error gone = {0};
    ck_assert_int_eq(drift_registry_get(&again, registry, "main", &gone), DRIFT_NOT_FOUND);
    drift_registry_free(registry);
}
END_TEST

TCase *registry_case(void)
{
    TCase *tcase = suite_case("registry");
    tcase_add_test(tcase, a_name_stands_for_an_executor_as_long_as_it_lives);
    tcase_add_test(tcase, a_registry_keeps_no_executor_running);
    tcase_add_test(tcase, a_name_that_was_taken_out_is_gone);
    tcase_add_test(tcase, strangers_that_ask_at_once_share_one_executor);
    return tcase;
}
