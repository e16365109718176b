/* schema_text.h — everything that a schema's data says, as text: two schemas are the same data if the texts are equal.
 */
#ifndef DRIFT_SUITES_CODEGEN_SCHEMA_TEXT_H
#define DRIFT_SUITES_CODEGEN_SCHEMA_TEXT_H

#include "base/str.h"
#include "drift/schema.h"

/** Writes every field of every struct, texts with their lengths. */
void schema_text(drift__str *out, const drift_schema *schema);

#endif
