/* files.h — what the makers of files share. */
#ifndef DRIFT_CODEGEN_FILES_H
#define DRIFT_CODEGEN_FILES_H

#include "base/str.h"
#include "codegen/codegen.h"

/** Adds a file with this name (printf), and empties the text. */
int drift__codegen_put(drift__codegen *out, drift__str *text, drift_error *err, const char *format, ...)
    DRIFT_PRINTF(4, 5);

/** Adds schema_versions.{h,c}. (versions.c) */
int drift__codegen_versions(drift__codegen *out, const drift_schema *const *schemas, size_t count, const char *prefix,
                            drift_error *err);

/** Writes "#ifndef P_NAME_H" and its #define: `name` in capitals, what is no letter or digit as '_'. */
void drift__put_guard(drift__str *s, const char *prefix, const char *name);

#endif
