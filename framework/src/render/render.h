/* render.h — parts of statements, for the modules that write some of their own. */
#ifndef DRIFT_RENDER_RENDER_H
#define DRIFT_RENDER_RENDER_H

#include "base/str.h"
#include "drift/schema.h"

/** Writes a column's definition: name, type, constraints, as it stands in CREATE TABLE. */
void drift__put_column(drift__str *s, const drift_column *column);

#endif
