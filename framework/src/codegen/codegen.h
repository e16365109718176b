/* codegen.h — snapshots to C: one pair of files a version, a pair for the list of versions, a pair for the steps.
 *
 * The files are made in memory, whole; folder.h puts them where they belong. The same schemas give the same bytes with
 * every version of SQLite that has the modules of their virtual tables; where one is missing, a note says what was left
 * out.
 */
#ifndef DRIFT_CODEGEN_CODEGEN_H
#define DRIFT_CODEGEN_CODEGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"

typedef struct drift__codegen_options {
    const char *prefix; /* what every name begins with: "todos" */
    bool data_classes;  /* row structs, and reading them */
    bool companions;    /* companions, and writing them */
} drift__codegen_options;

typedef struct drift__codegen_file {
    const char *name; /* "schema_v3.h" */
    const char *text;
    size_t length;
} drift__codegen_file;

typedef struct drift__codegen {
    drift__arena arena;
    drift__codegen_file *files;
    size_t file_count, file_capacity;
    const char **notes; /* what was left out, a line each */
    size_t note_count, note_capacity;
} drift__codegen;

/**
 * The files schema_vN.{h,c} for every schema, and schema_versions.{h,c}.
 * @param out all of it; dispose also after a failure.
 * @param schemas ascending by version, each with one; else MISUSE.
 * @return DRIFT_OK; MISUSE, also for a prefix that is no identifier; NO_MEMORY.
 */
int drift__codegen_generate(drift__codegen *out, const drift_schema *const *schemas, size_t count,
                            const drift__codegen_options *options, drift_error *err);

/**
 * The files <name>.{h,c}: a callback for each pair of neighbouring versions, and P_run_steps, which is an on_upgrade.
 * They include the files of drift__codegen_generate, which stand in the same folder.
 */
int drift__codegen_steps(drift__codegen *out, const int *versions, size_t count, const char *name, const char *prefix,
                         drift_error *err);

/**
 * The file check_v<from>_to_v<to>.c: a Check program that tests one upgrade with the kit and the files of
 * drift__codegen_generate. It is a person's from then on, so it does not begin with the line of generated files. It
 * expects the application's definition under the name P_database.
 * @param from less than `to`, both above 0; else MISUSE.
 */
int drift__codegen_test(drift__codegen *out, int from, int to, const char *prefix, drift_error *err);

/** What a schema says, as a number: its entities' names and statements. schema_vN.c tells that of its schema, so that a
 * snapshot that was edited since is known. (stamp.c) */
uint64_t drift__codegen_stamp(const drift_schema *schema);

/** The number that a source tells. False if it tells none. */
bool drift__codegen_stamp_read(uint64_t *out, const char *source);

void drift__codegen_dispose(drift__codegen *codegen);

/**
 * The prefix for a folder of snapshots: its name, spelt as identifier.h spells names; "app" if that cannot be one.
 * In the arena; NULL if there is no memory.
 */
const char *drift__codegen_default_prefix(drift__arena *arena, const char *folder);

/** MISUSE for a prefix that names cannot begin with. */
int drift__codegen_check_prefix(const char *prefix, drift_error *err);

#endif
