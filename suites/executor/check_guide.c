/* check_guide.c — the examples of framework/docs/background.md, taken out of it, each run. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "drift/drift.h"
#include "executor/cases.h"
#include "executor/office.h"
#include "support/suite.h"

/* The examples are whole files of the guide, and belong to this one. */
/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "guide/opening.c"

#include "guide/batches.c"
#include "guide/requests.c"
#include "guide/transactions.c"
#include "guide/watching.c"
/* NOLINTEND(bugprone-suspicious-include) */

START_TEST(a_database_is_opened_in_the_background)
{
    drift_error err = {0};
    drift_database *database = NULL;
    int64_t notes = 0;
    char path[1024];
    char *folder = suite_folder();
    snprintf(path, sizeof path, "%s/notes.db", folder);
    ck_assert_drift(open_and_add(path, &err));
    ck_assert_drift(open_and_add(path, &err)); /* it is not created again */
    ck_assert_drift(drift_database_open(&database, &notes_database, &(drift_open_options){.path = path}, &err));
    ck_assert_drift(
        drift_query_int64(&notes, drift_database_connection(database), "SELECT count(*) FROM notes", NULL, 0, &err));
    ck_assert_int_eq(notes, 2);
    drift_database_close(database);
    suite_folder_remove(folder);
}
END_TEST

START_TEST(an_opening_that_is_refused_is_told_to_its_clients)
{
    drift_error err = {0}, refused = {0};
    drift_executor *executor = NULL;
    drift_client *client = NULL;
    drift_open_options options = {.memory = true, .path = "both"};
    drift_database_opening opening = {&notes_database, &options};
    ck_assert_drift(drift_executor_spawn(&executor, drift_database_connect, &opening, NULL, &err));
    ck_assert_int_eq(drift_executor_connect(&client, executor, -1, &refused), DRIFT_MISUSE);
    ck_assert_str_eq(refused.text, "expected exactly one of path and memory, and no connection");
    drift_executor_free(executor);
}
END_TEST

static void wait_for_notes(live_list *list, size_t notes)
{
    pthread_mutex_lock(&list->lock);
    while (list->notes != notes) pthread_cond_wait(&list->changed, &list->lock);
    pthread_mutex_unlock(&list->lock);
}

START_TEST(notes_are_written_listed_and_watched)
{
    static const char *const many[] = {"three", "four", "five"};
    drift_error err = {0};
    office o = {0};
    drift_watch *watch = NULL;
    live_list list = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 99, {0}};
    outcome told = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, DRIFT_COMPLETION_FAILED, 0};
    office_open(&o, "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)", NULL);
    drift_client *client = office_client(&o);
    ck_assert_drift(watch_notes(&watch, client, &list, &err));
    wait_for_notes(&list, 0);
    ck_assert_drift(add_two(drift_client_connection(client), "one", "two", &err));
    wait_for_notes(&list, 2);
    ck_assert_drift(add_many(drift_client_connection(client), many, 3, &err));
    wait_for_notes(&list, 5);
    ck_assert_drift(list_later(client, &told, &err));
    pthread_mutex_lock(&told.lock);
    while (!told.is_told) pthread_cond_wait(&told.changed, &told.lock);
    pthread_mutex_unlock(&told.lock);
    ck_assert_int_eq(told.completion, DRIFT_COMPLETION_DONE);
    ck_assert_uint_eq(told.rows, 5);
    ck_assert_int_eq(list.failure.code, DRIFT_OK);
    drift_unwatch(watch);
    drift_client_free(client);
    office_close(&o);
}
END_TEST

TCase *guide_case(void)
{
    TCase *tcase = suite_case("guide");
    tcase_add_test(tcase, a_database_is_opened_in_the_background);
    tcase_add_test(tcase, an_opening_that_is_refused_is_told_to_its_clients);
    tcase_add_test(tcase, notes_are_written_listed_and_watched);
    return tcase;
}
