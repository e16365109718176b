/* render.h — a schema to SQL. */
#ifndef DRIFT_RENDER_H
#define DRIFT_RENDER_H

#include "drift/error.h"
#include "drift/export.h"
#include "drift/schema.h"

DRIFT_BEGIN_DECLS

/**
 * Writes an entity's CREATE statement from its data (not from its source text): names quoted where they need it,
 * expressions as they were written, without a final ';'. An opaque entity's source text is taken as it is. Parsing the
 * result gives the same data.
 * @param out the text; free it with drift_free.
 */
DRIFT_API int drift_render_entity(char **out, const drift_entity *entity, drift_error *err);

DRIFT_END_DECLS

#endif
