/* file.h — files and folders, read whole and written atomically. */
#ifndef DRIFT_BASE_FILE_H
#define DRIFT_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "drift/error.h"

/** The largest text file that is read: 64 MB. */
#define DRIFT__FILE_LIMIT ((size_t)64 * 1024 * 1024)

/**
 * Reads a whole file; links are followed, but it must then be a regular file of at most DRIFT__FILE_LIMIT bytes.
 * @param out the bytes with a NUL behind them; the caller frees them with drift__free.
 * @return DRIFT_OK; NOT_FOUND, PERMISSION, IO; FORMAT if it is no regular file, TOO_LARGE; MISUSE for "".
 */
int drift__file_read(char **out, size_t *length, const char *path, drift_error *err);

/** FORMAT for a text that begins with the byte order mark of UTF-16. */
int drift__file_refuse_utf16(const char *text, size_t length, const char *path, drift_error *err);

/**
 * Writes a file under a temporary name beside it, syncs it and renames it, so that a reader sees the old file or the
 * whole new one. On failure nothing is left behind and the old file stands.
 */
int drift__file_write(const char *path, const char *bytes, size_t length, drift_error *err);

/** Whether something exists under this path (a link counts as what it points to). */
bool drift__file_exists(const char *path);

/** Whether a folder exists under this path. */
bool drift__is_folder(const char *path);

/** Makes a folder and its parents where they are missing. */
int drift__folder_make(const char *path, drift_error *err);

/** The names in a folder, without "." and "..", sorted by bytes. Free with drift__names_free. NOT_FOUND if there is no
 * such folder, MISUSE for "". */
int drift__folder_list(char ***names, size_t *count, const char *path, drift_error *err);
void drift__names_free(char **names, size_t count);

/** The part of a path behind its last '/'. Borrowed. */
const char *drift__path_name(const char *path);

/** Whether a path ends with this suffix (ASCII case does not count: ".SQL"). */
bool drift__path_has_suffix(const char *path, const char *suffix);

/** "folder/name", the caller frees; NULL if there is no memory. A folder that ends with '/' gets no second one. */
char *drift__path_join(const char *folder, const char *name);

#endif
