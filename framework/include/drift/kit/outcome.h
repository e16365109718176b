/* outcome.h (kit) — what a verification learned, as data. Who verifies fills it, who reports reads it.
 *
 * Texts and arrays are borrowed from the outcome that holds them. An outcome that nobody changes may be read from any
 * number of threads.
 */
#ifndef DRIFT_KIT_OUTCOME_H
#define DRIFT_KIT_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drift/error.h"
#include "drift/export.h"
#include "drift/kit/diff.h"

DRIFT_BEGIN_DECLS

/**
 * Findings beside those of the schema, once: X(NAME, code, what it means). The findings of the schema are
 * DRIFT_FACET_MAP (diff.h), and come first in the enumeration, so that a drift_facet is a drift_finding_code.
 */
#define DRIFT_FINDING_MAP(X)                                                                     \
    X(MIGRATION_FAILED, "migration.failed", "a statement of the migration failed")               \
    X(MIGRATION_VERSION, "migration.version", "the version stamp is not the target's")           \
    X(MIGRATION_TRANSACTION, "migration.transaction", "a transaction was left open")             \
    X(MIGRATION_RESIDUE, "migration.residue", "the migration failed and left something")         \
    X(EXPECT_STALE, "expect.stale", "an expectation names nothing, or never took effect")        \
    X(DATA_LOST_ROWS, "data.lost_rows", "rows did not survive")                                  \
    X(DATA_EXTRA_ROWS, "data.extra_rows", "rows appeared that were not there")                   \
    X(DATA_CHANGED, "data.changed", "a value of an unchanged column differs")                    \
    X(DATA_AFFINITY, "data.affinity", "a value was lost by a change of its column's type")       \
    X(DATA_NULLED, "data.nulled", "a value became NULL")                                         \
    X(DATA_COLLATERAL, "data.collateral", "rows changed in a table that the step does not name") \
    X(FK_VIOLATION, "fk.violation", "a row violates a foreign key")                              \
    X(FK_DANGLING, "fk.dangling", "a foreign key names a table that does not exist")             \
    X(HIDDEN_ROWID, "hidden.rowid", "a row's rowid changed")                                     \
    X(HIDDEN_SEQUENCE, "hidden.sequence", "an AUTOINCREMENT sequence was lost or lowered")       \
    X(HIDDEN_FTS, "hidden.fts", "a full-text or spatial index is out of step with its content")  \
    X(HIDDEN_VIEW, "hidden.view", "a view does not compile")                                     \
    X(HIDDEN_TRIGGER, "hidden.trigger", "a trigger does not compile")                            \
    X(HIDDEN_INSERT, "hidden.insert", "a table refuses a valid row")                             \
    X(HIDDEN_TEMP, "hidden.temp", "a temporary object was left behind or lost")                  \
    X(HIDDEN_INTEGRITY, "hidden.integrity", "the database fails SQLite's integrity check")       \
    X(PATH_SCHEMA, "path.schema", "two routes to one version end in different schemas")          \
    X(PATH_DATA, "path.data", "two routes to one version end in different rows")                 \
    X(ERROR_BUILD, "error.build", "the database of the old version could not be built")          \
    X(ERROR_SEED, "error.seed", "a table of the old version could not be filled with a row")     \
    X(ERROR_EXEC, "error.exec", "what migrates could not be started")                            \
    X(ERROR_TIMEOUT, "error.timeout", "the migration took longer than allowed")

typedef enum drift_finding_code {
#define DRIFT_FINDING_FACET_ENUM(name, code, word) DRIFT_FINDING_SCHEMA_##name,
    DRIFT_FACET_MAP(DRIFT_FINDING_FACET_ENUM)
#undef DRIFT_FINDING_FACET_ENUM
#define DRIFT_FINDING_ENUM(name, code, text) DRIFT_FINDING_##name,
        DRIFT_FINDING_MAP(DRIFT_FINDING_ENUM)
#undef DRIFT_FINDING_ENUM
} drift_finding_code;

/** The code as reports spell it ("data.lost_rows"), or NULL if there is no such code. Static. */
DRIFT_API const char *drift_finding_code_name(drift_finding_code code);

/** One finding. Texts are UTF-8: a byte that is none became U+FFFD. A text that does not apply is NULL; values in
 * `expected` and `actual` are SQL literals. */
typedef struct drift_finding {
    drift_finding_code code;
    const char *object;   /**< "todos", "todos.category" */
    const char *step;     /**< "2->3": the step that is to blame, where that is known */
    const char *expected; /**< SQL text or an SQL literal */
    const char *actual;
    const char *message; /**< one line, never NULL */
} drift_finding;

/** The status of a run, once: X(NAME, word in reports). ERROR: the case could not be run. */
#define DRIFT_RUN_STATUS_MAP(X) \
    X(PASSED, "passed")         \
    X(FAILED, "failed")         \
    X(ERROR, "error")

typedef enum drift_run_status {
#define DRIFT_RUN_STATUS_ENUM(name, word) DRIFT_RUN_##name,
    DRIFT_RUN_STATUS_MAP(DRIFT_RUN_STATUS_ENUM)
#undef DRIFT_RUN_STATUS_ENUM
} drift_run_status;

/** The word for a status ("passed"), or NULL if there is no such status. Static. */
DRIFT_API const char *drift_run_status_name(drift_run_status status);

/** What became of a table or a column in a step, once: X(NAME, word in reports, what it means). */
#define DRIFT_LEDGER_MAP(X)                                                              \
    X(IDENTITY, "identity", "kept, every value as it was")                               \
    X(RENAMED, "renamed", "kept under another name, every value as it was")              \
    X(TRANSFORMED, "transformed", "kept, with values that are others now")               \
    X(FILLED, "filled", "kept or new, with values only where there was NULL or nothing") \
    X(DROPPED, "dropped", "not there any more, as the target schema declares")           \
    X(ADDED, "added", "not there before; a column's values are NULL")

typedef enum drift_ledger_kind {
#define DRIFT_LEDGER_ENUM(name, word, text) DRIFT_LEDGER_##name,
    DRIFT_LEDGER_MAP(DRIFT_LEDGER_ENUM)
#undef DRIFT_LEDGER_ENUM
} drift_ledger_kind;

/** The word for a kind ("identity"), or NULL if there is no such kind. Static. */
DRIFT_API const char *drift_ledger_kind_name(drift_ledger_kind kind);

/** What became of a column. */
typedef struct drift_ledger_column {
    const char *column;  /**< its name before the step; of one that is new, its name */
    const char *renamed; /**< its name after the step, if that is another; else NULL */
    drift_ledger_kind kind;
    int64_t changed; /**< matched rows in which its value is another than before: type or bytes */
} drift_ledger_column;

/** What became of a table in a step: what was observed, whether or not it is a finding. matched + lost = rows_in,
 * matched + extra = rows_out; of a table that is dropped or added no row is lost or extra. */
typedef struct drift_ledger_entry {
    int from, to;           /**< the step; the pair where its steps were not judged one by one */
    const char *table;      /**< its name before the step; of one that is new, its name */
    const char *renamed;    /**< its name after the step, if that is another; else NULL */
    drift_ledger_kind kind; /**< IDENTITY, RENAMED, DROPPED or ADDED */
    int64_t rows_in;        /**< before the step */
    int64_t rows_out;       /**< after the step */
    int64_t matched;        /**< rows that were found again, by key where there is one */
    int64_t lost;           /**< rows that were not, those that an expectation lets go included */
    int64_t extra;          /**< rows that were not there before, those that an expectation lets come included */
    const drift_ledger_column *columns; /**< none of tables that are dropped or added */
    size_t column_count;
} drift_ledger_entry;

/** A step file that was run, by its versions. */
typedef struct drift_run_step {
    int from;
    int to;
} drift_run_step;

/** One case: a pair of versions with one level of data. */
typedef struct drift_run {
    int from;
    int to;
    int started_at;   /**< the version stamp that was read before the migration; 0 if it was not reached */
    const char *data; /**< the data level: "empty", "one" */
    drift_run_status status;
    int64_t duration_us; /**< microseconds of building, migrating and judging */
    int64_t rows;        /**< rows in the database before the migration */
    const drift_finding *findings;
    size_t finding_count;
    const drift_ledger_entry *ledger; /**< by step, then table; none where there was nothing to judge, nor rows */
    size_t ledger_count;
    const drift_run_step *steps; /**< the way from `from` to `to`; none of a definition or a command */
    size_t step_count;
    bool stepped; /**< the migration went on from where the run to an earlier version had ended */
} drift_run;

/** A table in which no run from this version had a row, though other tables had: its migration proves nothing. */
typedef struct drift_empty_table {
    int version;
    const char *table;
} drift_empty_table;

typedef struct drift_outcome_summary {
    size_t versions;
    size_t pairs;
    size_t runs;
    size_t passed;
    size_t failed;
    size_t errors;
    size_t findings;
    size_t stepped; /**< of the runs, those that went on from another */
} drift_outcome_summary;

/** What the runs showed of an expectation; expect.stale is judged by it once all runs are there. */
typedef struct drift_evidence {
    int from, to;       /**< its step */
    const char *kind;   /**< "transform": the key in the file of expectations */
    const char *object; /**< "todos", "todos.category" */
    const char *value;  /**< its expression, condition or new name; may be NULL */
    bool ran;           /**< its step was judged on rows that would have shown an effect */
    bool effective;     /**< it had one */
    bool unjudged;      /**< it may have had one in a migration that failed */
    const char *fault;  /**< why it names nothing, or cannot be evaluated; or NULL */
    int fault_from;     /**< the pair in which it could not be evaluated; 0: the fault is in the schemas */
    int fault_to;
} drift_evidence;

/**
 * What an outcome is a part of. In a part nothing is judged that takes all runs: which step is to blame for a finding
 * of several steps, and expect.stale.
 */
typedef struct drift_part {
    size_t index;           /**< from 1 */
    size_t count;           /**< of how many parts */
    const char *schemas;    /**< a digest of the schemas; "" if it was not taken */
    const char *migrations; /**< a digest of the step files; "" of a definition or a command */
    const char *options;    /**< what was asked for, in words */
    const drift_evidence *expectations;
    size_t expectation_count;
} drift_part;

typedef struct drift_outcome {
    const char *schemas;    /**< what the schemas were read from: a folder */
    const char *migrations; /**< what migrated: a folder of step files, a definition's name */
    const char *runner;     /**< how it was run: "drift", "transaction", "plain" */
    int64_t seed;
    const drift_run *runs; /**< by from, to, level */
    size_t run_count;
    drift_outcome_summary summary;
    const drift_empty_table *empty_tables; /**< by version; told as a note, no finding */
    size_t empty_table_count;
    const char *expectations; /**< what was told about intended changes was read from: a file; NULL: from none */
    const drift_part *part;   /**< the shard that it is; NULL: it is the whole */
    const char *tool;         /**< of an outcome that was read from a report: the version of drift; NULL: this one */
    const char *sqlite;       /**< and that of SQLite; NULL: the one that is linked */
} drift_outcome;

/** Frees an outcome. Accepts NULL. */
DRIFT_API void drift_outcome_free(drift_outcome *outcome);

/**
 * Makes the whole out of all of its parts, in any order: what the verification had given at once, durations aside.
 * @param out the caller frees it with drift_outcome_free; it borrows nothing from the parts.
 * @param names what errors call the parts: files.
 * @return DRIFT_OK; MISUSE if there is no part; FORMAT, with the part's name as the error's source, if one is no part,
 * is of another verification, or is there twice, and if one is missing; NO_MEMORY.
 */
DRIFT_API int drift_outcome_merge(drift_outcome **out, const drift_outcome *const *parts, const char *const *names,
                                  size_t count, drift_error *err);

/** Hears what happens while it happens. Every callback may be NULL; what they are given is borrowed for the call. */
typedef struct drift_listener {
    void (*run_begins)(int from, int to, const char *data, size_t number, size_t count, void *payload);
    void (*run_ended)(const drift_run *run, size_t number, size_t count, void *payload);
    void *payload;
} drift_listener;

DRIFT_END_DECLS

#endif
