/* row.h — a tracked row, found by the key that the outbox has for it, and written. */
#ifndef DRIFT_TRACK_ROW_H
#define DRIFT_TRACK_ROW_H

#include "track/json.h"
#include "track/track.h"

/** Sets the revision of the row with this key (JSON); no row is no error. */
int drift__row_set_revision(drift_connection *connection, const char *table, const char *column, const char *key,
                            const drift_value *revision, drift_error *err);

/** Writes a row, inserting it if it is not there. Of `payload` the columns that are tracked are taken. */
int drift__row_write(drift_connection *connection, const drift__tracked *tracked, const drift__json_object *key,
                     const drift__json_object *payload, const drift_value *revision, drift_error *err);

/** Deletes a row; no row is no error. */
int drift__row_delete(drift_connection *connection, const drift__tracked *tracked, const drift__json_object *key,
                      drift_error *err);

/** FORMAT unless the object has a value for each column of the key, and nothing else. */
int drift__row_check_key(const drift__tracked *tracked, const drift__json_object *key, drift_error *err);

#endif
