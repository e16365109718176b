/* pool.h — an allocator for a program that does its work in one thread and ends soon: what is freed is kept, by size,
 * and handed out again; nothing goes back to the system before the end.
 *
 * SQLite allocates a great many small pieces of few sizes for a short time: a fifth of what `drift verify` does went
 * into libc's malloc and free.
 */
#ifndef DRIFT_CLI_POOL_H
#define DRIFT_CLI_POOL_H

/** Puts the pool in SQLite's allocator's place, and with it in that of base/alloc.h. Before anything else touches
 * SQLite, and only where one thread uses it; the second time it is there. Where a sanitizer watches memory it is left
 * alone.
 * @return SQLite's status. */
int drift__pool_install(void);

#endif
