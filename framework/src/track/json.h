/* json.h — the JSON that the triggers write, read back: one object of scalars, {"$hex": …} and {"$real": …}. */
#ifndef DRIFT_TRACK_JSON_H
#define DRIFT_TRACK_JSON_H

#include "base/arena.h"
#include "drift/connection.h"
#include "drift/error.h"

typedef struct drift__json_field {
    const char *name;
    drift_value value; /**< true and false are 1 and 0 */
    bool real;         /**< `value` is the TEXT of a REAL, for SQLite to convert */
} drift__json_field;

typedef struct drift__json_object {
    drift__json_field *fields;
    size_t count;
} drift__json_object;

/**
 * Reads an object, all of it in the arena. SQLite's own functions end a string at \u0000 and cannot hold a BLOB.
 * @param what begins the error's text: "the key".
 * @return FORMAT with the place for anything else, and for an integer beyond 64 bits.
 */
int drift__json_read(drift__json_object *out, drift__arena *arena, const char *text, const char *what,
                     drift_error *err);

/** The field of this name (as SQLite matches names), or NULL. */
const drift__json_field *drift__json_field_of(const drift__json_object *object, const char *name);

#endif
