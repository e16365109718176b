/* wrong.c — a user's mistakes, one for each WRONG from 1: wrong.cmake asserts that without them this compiles, and with
 * any of them it does not. */
#include "schema_steps.h"
#include "schema_v3.h"
#include "schema_v4.h"

#if WRONG == 1
#define SCHEMA_OF_2 todos_v3_schema /* another version's schema */
#else
#define SCHEMA_OF_2 todos_v2_schema
#endif

#if WRONG == 2
#define ADDED priority /* a column of version 3 */
#else
#define ADDED due_date
#endif

#if WRONG == 3
#define CREATED todos_by_due_date.table /* an index has no table */
#elif WRONG == 4
#define CREATED todos_by_due_date.index /* nor is it one */
#else
#define CREATED reminders.table
#endif

#if WRONG == 5
#define TITLE DRIFT_SET_INT64(1) /* a text */
#else
#define TITLE DRIFT_SET_TEXT("Buy milk")
#endif

#if WRONG == 6
#define CATEGORY DRIFT_SET_TEXT("7") /* an integer from version 4 on */
#else
#define CATEGORY DRIFT_SET_INT64(7)
#endif

#if WRONG == 7
#define COMPANION todos_v3_todo_companion /* another version's companion */
#undef CATEGORY
#define CATEGORY DRIFT_SET_TEXT("7")
#else
#define COMPANION todos_v4_todo_companion
#endif

#if WRONG == 8
#define ROW todos_v3_todo /* another version's row */
#else
#define ROW todos_v4_todo
#endif

#if WRONG == 9
#define FIELD titel
#else
#define FIELD title
#endif

static int from1_to2(drift_migrator *m, const SCHEMA_OF_2 *v2, const void *payload, drift_error *err)
{
    const int rc = drift_migrator_create_table(m, v2->CREATED, err);
    (void)payload;
    return rc == DRIFT_OK ? drift_migrator_add_column(m, v2->todos.table, v2->todos.ADDED, err) : rc;
}

const todos_steps wrong_steps = {.from1_to2 = from1_to2};

int wrong_rows(ROW **rows, size_t *count, drift_connection *connection, drift_error *err);

int wrong_rows(ROW **rows, size_t *count, drift_connection *connection, drift_error *err)
{
    const COMPANION companion = {.FIELD = TITLE, .category = CATEGORY};
    const int rc = todos_v4_todo_insert(connection, &companion, NULL, err);
    return rc == DRIFT_OK ? todos_v4_todo_all(rows, count, connection, err) : rc;
}
