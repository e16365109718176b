/* folder.h — generated files into a folder that may hold other people's. */
#ifndef DRIFT_CODEGEN_FOLDER_H
#define DRIFT_CODEGEN_FOLDER_H

#include "codegen/codegen.h"

/** What happened to a file. */
typedef enum drift__folder_act { DRIFT__FOLDER_WROTE, DRIFT__FOLDER_KEPT, DRIFT__FOLDER_REMOVED } drift__folder_act;

typedef void (*drift__folder_fn)(drift__folder_act act, const char *path, void *payload);

/**
 * Writes the files into a folder, which is made if it is missing. A file with the same bytes is left alone, so that
 * nothing is compiled again. Only regular files that begin with our line are overwritten: anything else under a name
 * that is needed (another's file, a link, a folder) is MISUSE, and then nothing at all was written.
 * @param prune remove files schema_vN.{h,c} that begin with our line and are not among these: versions that are gone.
 * @param told is called for every file; may be NULL.
 */
int drift__codegen_write(const drift__codegen *codegen, const char *folder, bool prune, drift__folder_fn told,
                         void *payload, drift_error *err);

/** What drift__codegen_write would refuse, for callers that write elsewhere too. Writes nothing. */
int drift__codegen_check(const drift__codegen *codegen, const char *folder, drift_error *err);

#endif
