/* place.h — whether something could be written somewhere: asked before work is done that would be lost otherwise. */
#ifndef DRIFT_CLI_PLACE_H
#define DRIFT_CLI_PLACE_H

#include "drift/error.h"

/** A file, which may be there already, in a folder that is there. MISUSE if no file can have this name; PERMISSION. */
int drift__place_check_file(const char *path, drift_error *err);

/** Files in a folder, which is made with those above it where they are missing. MISUSE if it cannot be one; PERMISSION.
 */
int drift__place_check_folder(const char *path, drift_error *err);

#endif
