/* hostile.h — a schema whose names and texts try to get out of where they are written. */
#ifndef DRIFT_SUITES_CODEGEN_HOSTILE_H
#define DRIFT_SUITES_CODEGEN_HOSTILE_H

/** CREATE statements that SQLite accepts; freed with drift_free. NULL if there is no memory. */
char *hostile_sql(void);

#endif
