/* diff.h (kit) — when two schemas are equal, and how they differ. */
#ifndef DRIFT_KIT_DIFF_H
#define DRIFT_KIT_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/**
 * What differs, once: X(NAME, finding code, facet in text reports). The finding code is what `drift verify` reports;
 * the facet is what stands between the object and "expected …" in the text form. TABLE_SQL is of tables that are known
 * only as text, where no other facet can be told.
 */
#define DRIFT_FACET_MAP(X)                                          \
    X(MISSING, "schema.missing", "missing")                         \
    X(UNEXPECTED, "schema.unexpected", "unexpected")                \
    X(KIND, "schema.kind", "kind")                                  \
    X(COLUMN_MISSING, "schema.column.missing", "missing")           \
    X(COLUMN_UNEXPECTED, "schema.column.unexpected", "unexpected")  \
    X(COLUMN_TYPE, "schema.column.type", "type")                    \
    X(COLUMN_NULL, "schema.column.null", "null")                    \
    X(COLUMN_DEFAULT, "schema.column.default", "default")           \
    X(COLUMN_COLLATION, "schema.column.collation", "collation")     \
    X(COLUMN_GENERATED, "schema.column.generated", "generated")     \
    X(COLUMN_CONSTRAINT, "schema.column.constraint", "constraint")  \
    X(PRIMARY_KEY, "schema.table.primary_key", "primary key")       \
    X(UNIQUE, "schema.table.unique", "unique")                      \
    X(CHECK, "schema.table.check", "check")                         \
    X(FOREIGN_KEY, "schema.table.foreign_key", "foreign key")       \
    X(WITHOUT_ROWID, "schema.table.without_rowid", "without rowid") \
    X(STRICT, "schema.table.strict", "strict")                      \
    X(TABLE_SQL, "schema.table.sql", "sql")                         \
    X(INDEX_COLUMNS, "schema.index.columns", "columns")             \
    X(INDEX_UNIQUE, "schema.index.unique", "unique")                \
    X(INDEX_WHERE, "schema.index.where", "where")                   \
    X(VIEW_SQL, "schema.view.sql", "sql")                           \
    X(TRIGGER_SQL, "schema.trigger.sql", "sql")                     \
    X(VIRTUAL_SQL, "schema.virtual.sql", "sql")                     \
    X(ORDER, "schema.order", "order")

typedef enum drift_facet {
#define DRIFT_FACET_ENUM(name, code, word) DRIFT_FACET_##name,
    DRIFT_FACET_MAP(DRIFT_FACET_ENUM)
#undef DRIFT_FACET_ENUM
} drift_facet;

/** The finding code of a facet ("schema.column.type"); NULL if there is no such facet. Static. */
DRIFT_API const char *drift_facet_code(drift_facet facet);

/** What a facet is called in texts ("type"); NULL if there is no such facet. Static. */
DRIFT_API const char *drift_facet_word(drift_facet facet);

/** One difference. Texts are borrowed from the diff; entities from the two schemas, which must outlive it. */
typedef struct drift_difference {
    drift_facet facet;
    drift_entity_kind
        kind; /**< of the entity that differs, as the expected side has it (the actual side's if unexpected) */
    const char *object;      /**< "todos", or "todos.category" for a column */
    const char *entity_name; /**< "todos" */
    const char *column_name; /**< "category", or NULL if not a column's */
    const char *expected;    /**< SQL text on one line (line breaks inside quotes stay); NULL: there is none, or, if
                                both are NULL, the facet alone says it */
    const char *actual;      /**< as `expected` */
    const drift_entity *expected_entity; /**< NULL if unexpected */
    const drift_entity *actual_entity;   /**< NULL if missing */
    drift_span expected_span;            /**< in expected_entity->sql */
    drift_span actual_span;              /**< in actual_entity->sql */
} drift_difference;

/** A remark that is no difference: a name that differs only in case. */
typedef struct drift_diff_note {
    const char *object;
    const char *text;
} drift_diff_note;

typedef struct drift_diff {
    const drift_difference
        *differences; /**< in the order of the expected schema, nested as it is; unexpected entities last */
    size_t count;
    const drift_diff_note *notes;
    size_t note_count;
} drift_diff;

typedef struct drift_diff_options {
    bool allow_unexpected; /**< entities that the reference does not have are no difference (Drift's validateDropped:
                              false) */
    bool ignore_column_constraints; /**< constraints of columns and tables are not compared (Drift's
                                       validateColumnConstraints: false) */
    bool strict; /**< also column order, declared type names, constraint names, constraint position, index names that
                    SQLite made */
    bool unique_index_is_constraint; /**< CREATE UNIQUE INDEX is equal to a UNIQUE constraint (level `semantic`); no
                                        effect under `strict` */
    /** Globs of object paths ("temp_*", "todos.cache_*"), ended by NULL, or NULL: * is any run, ? one character, ASCII
     * case aside. What stands on an ignored table is ignored with it. Only read during the call. */
    const char *const *ignore;
} drift_diff_options;

/**
 * Compares two schemas by what SQLite enforces and stores. `options` may be NULL.
 * @param out the differences; count 0 if the schemas are equal. The caller frees; both schemas must outlive it.
 * @return DRIFT_OK, also if they differ; NO_MEMORY.
 */
DRIFT_API int drift_diff_schemas(drift_diff **out, const drift_schema *expected, const drift_schema *actual,
                                 const drift_diff_options *options, drift_error *err);

DRIFT_API void drift_diff_free(drift_diff *diff); /**< accepts NULL */

/**
 * One difference on one line, without its object: "type: expected INTEGER, found TEXT", "missing". Of two long texts
 * only what differs is shown, "…" standing for the rest; control characters are escaped.
 * @param out the text; free it with drift_free.
 */
DRIFT_API int drift_difference_print_text(char **out, const drift_difference *difference, drift_error *err);

/**
 * A diff as text: one difference a line, nested as the schema is, then the notes, and last how many differences there
 * are.
 * @param out the text; free it with drift_free.
 */
DRIFT_API int drift_diff_print_text(char **out, const drift_diff *diff, drift_error *err);

/**
 * A diff as JSON: {"format": 1, "differences": [{"code", "kind", "object", "expected", "actual", "expected_span",
 * "actual_span", "message"}], "notes": [{"object", "message"}], "summary": {"differences": N}}. Spans are of bytes in
 * the entity's statement and are left out where they are not known.
 * @param out the text, valid UTF-8; free it with drift_free.
 */
DRIFT_API int drift_diff_print_json(char **out, const drift_diff *diff, drift_error *err);

DRIFT_END_DECLS

#endif
