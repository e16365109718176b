/* private_copy.h — a copy of a database and its journals, to read what a journal holds without touching the original.
 */
#ifndef DRIFT_RUNTIME_PRIVATE_COPY_H
#define DRIFT_RUNTIME_PRIVATE_COPY_H

#include <stdbool.h>

#include "drift/error.h"

/** Whether a database has a journal that is not empty beside it: opened as immutable it would be read without it. */
int drift__has_journal(bool *out, const char *path, drift_error *err);

/**
 * Copies a database with its `-wal` or `-journal` into a new folder that only this user can read.
 * @param folder the folder; remove it with drift__private_copy_remove, which frees the text too.
 * @param file the path of the copy; the caller frees it.
 * @return BUSY if the files keep changing while they are copied.
 */
int drift__private_copy_make(char **folder, char **file, const char *path, drift_error *err);

/** Makes such a folder with nothing in it. `file` is where its database may be made. */
int drift__private_folder_make(char **folder, char **file, drift_error *err);

/** Removes the folder of a copy and frees its name. Accepts NULL. */
void drift__private_copy_remove(char *folder);

#endif
