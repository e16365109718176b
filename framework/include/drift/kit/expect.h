/* expect.h (kit) — what a step means to change, declared: in a JSON file (drift verify --expect FILE), or as this
 * struct.
 *
 * An expectation is checked, never trusted: a transformed value must equal the expression over the old row (as the new
 * column stores it), a row that is gone must satisfy the condition of its table, a row that is new likewise.
 * Expressions and conditions are evaluated in the database before the step, those of ADD_ROWS in the one after it; they
 * may hold subqueries. On a path of several steps each step that expectations speak of is judged against the database
 * that the step before left.
 *
 * An entry is stale, a finding of its own (expect.stale), if it names nothing in its step's two schemas, if its
 * expression cannot be evaluated, or if its step ran with rows in the table and it never took effect. The last is told
 * only where the levels `boundary` and `hostile`, or `many`, were verified: one row a table does not show it.
 */
#ifndef DRIFT_KIT_EXPECT_H
#define DRIFT_KIT_EXPECT_H

#include <stddef.h>

#include "drift/error.h"
#include "drift/export.h"

DRIFT_BEGIN_DECLS

/** Kinds of expectations, once: X(NAME, key in the file, what subject and value are). */
#define DRIFT_EXPECTATION_MAP(X)                                                                          \
    X(TRANSFORM, "transform", "table.column: an expression over the old row, which the new value equals") \
    X(DOMAIN, "domain", "table.column: the storage class of its seeded values, or json")                  \
    X(FILL, "fill", "table.column: what stands where there was NULL, or in a new column")                 \
    X(RENAME_TABLE, "rename_table", "old name: new name")                                                 \
    X(RENAME_COLUMN, "rename_column", "table.column: the column's new name")                              \
    X(DROP_ROWS, "drop_rows", "table: a condition over the old row under which it goes")                  \
    X(ADD_ROWS, "add_rows", "table: a condition over the new row under which it may be new")              \
    X(TOUCHES, "touches", "a table whose rows the step changes though it does not name it")               \
    X(HIDDEN, "hidden", "table: what the step changes that no value shows: rowid, sequence or fts")

typedef enum drift_expectation_kind {
#define DRIFT_EXPECTATION_ENUM(name, key, text) DRIFT_EXPECT_##name,
    DRIFT_EXPECTATION_MAP(DRIFT_EXPECTATION_ENUM)
#undef DRIFT_EXPECTATION_ENUM
} drift_expectation_kind;

/** One entry, of the step between two versions. Names are those before the step, but of fills, added rows and hidden
 * state. */
typedef struct drift_expectation {
    int from, to;
    drift_expectation_kind kind;
    const char *table;
    const char *column; /**< NULL where the kind has none */
    const char *value;  /**< an expression, a condition, a name, a domain, "rowid" …; NULL for TOUCHES */
} drift_expectation;

typedef struct drift_expectations {
    const char *source; /**< what messages call it: a file; may be NULL */
    const drift_expectation *items;
    size_t count;
} drift_expectations;

/**
 * Reads an expectation file: {"steps": {"3->4": {"transform": {"todos.category": "CAST(category AS INTEGER)"},
 * "touches": ["audit_log"]}}}, with the keys of DRIFT_EXPECTATION_MAP. A name that holds a dot is quoted as in SQL
 * ("\"a.b\".c").
 * @param out the caller frees it with drift_expectations_free.
 * @return DRIFT_OK; NOT_FOUND, IO; FORMAT, naming the place in the file and what was expected there.
 */
DRIFT_API int drift_expectations_read(drift_expectations **out, const char *path, drift_error *err);
DRIFT_API void drift_expectations_free(drift_expectations *expectations); /**< accepts NULL; only for what was read */

DRIFT_END_DECLS

#endif
