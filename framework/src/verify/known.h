/* known.h — what the definitions of a database decide by themselves, whatever rows it holds: found out once for each
 * set of definitions, since most versions are reached from many others with the same. */
#ifndef DRIFT_VERIFY_KNOWN_H
#define DRIFT_VERIFY_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "digest/digest.h"
#include "drift/schema.h"
#include "rebuild/object.h"

struct drift__live_known; /* verify/live.h */

/** Of one set of definitions. What is false, or NULL, was not found out, or is not so. */
typedef struct drift__known {
    drift__digest definitions;
    size_t users; /**< private: who holds it */
    drift__arena arena;
    drift__objects objects;           /**< as drift__objects_read */
    bool has_sequences;               /**< there is a table sqlite_sequence */
    struct drift__live_known *tables; /**< as drift__live_read; NULL: not read yet */
    const drift_schema *matching;     /**< a schema from which they differ in nothing */
    const drift_schema *compared;     /**< the schema that drift__known_is last asked for, and the answer */
    bool is_compared;
    bool compiles; /**< every view and every trigger is sound */
    bool readable; /**< every table compiles */
    bool keys_fit; /**< every foreign key refers to a key of a table that is there */
} drift__known;

/** All that is known; all zero starts it. */
typedef struct drift__known_all {
    drift__known **items;
    size_t count, capacity;
    size_t next; /**< private: the next to make room */
} drift__known_all;

/** What is known of a database's definitions. The caller hands it back with drift__known_release. */
int drift__known_take(drift__known **out, drift__known_all *all, drift_connection *connection, drift_error *err);
void drift__known_release(drift__known *known); /* accepts NULL */
void drift__known_dispose(drift__known_all *all);

/** The tables. `connection` is one with these definitions. Borrowed. */
int drift__known_tables(const struct drift__live_known **out, drift__known *known, drift_connection *connection,
                        drift_error *err);

/** Whether the definitions are a schema's own, token for token, and nothing else: what SQLite does with a database that
 * is built of the schema, it does with this one, as far as rows do not matter. Virtual tables count as something else,
 * since their definition does not tell all. */
bool drift__known_is(drift__known *known, const drift_schema *schema);

#endif
