/* load.h — bytes to a JSON tree, within limits that hold before the tree is built (scan.h). */
#ifndef DRIFT_SNAPSHOT_LOAD_H
#define DRIFT_SNAPSHOT_LOAD_H

#include <jansson.h>
#include <stddef.h>

#include "drift/error.h"

/**
 * Reads JSON text. A byte order mark is skipped, as editors on Windows write one. Duplicate keys are refused.
 * @param out the tree; the caller gives it back with json_decref.
 * @param name what errors call the text.
 * @return DRIFT_OK; FORMAT with line and column; TOO_LARGE beyond the limits; NO_MEMORY.
 */
int drift__json_load(json_t **out, const char *text, size_t length, const char *name, drift_error *err);

/** The same with a limit of its own on the number of values and keys. */
int drift__json_load_most(json_t **out, const char *text, size_t length, size_t most, const char *name,
                          drift_error *err);

#endif
