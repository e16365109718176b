/* library_rows.h — one library, as every release would have written it down. */
#ifndef DRIFT_SUITES_SCENARIO_LIBRARY_ROWS_H
#define DRIFT_SUITES_SCENARIO_LIBRARY_ROWS_H

#include "drift/connection.h"

/** Types the library's rows into a database of this version. */
void library_type_rows(drift_connection *db, int version);

/** Asserts that a database of this version holds that library, whichever version its rows were typed in at. */
void library_assert_rows(drift_connection *db, int version);

#endif
