/* typed.h — what reading and writing typed rows share. */
#ifndef DRIFT_TYPED_TYPED_H
#define DRIFT_TYPED_TYPED_H

#include "base/str.h"
#include "drift/typed.h"

/** Writes "table"."column". */
void drift__typed_put_column(drift__str *sql, const drift_typed_table *table, const drift_typed_column *column);

/** Writes WHERE and the expression; nothing for NULL. */
void drift__typed_put_where(drift__str *sql, const char *where);

/** The column at a place of the primary key, from 1; NULL behind its end. */
const drift_typed_column *drift__typed_key(const drift_typed_table *table, int place);

#endif
