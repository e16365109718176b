/* generated.h — what the commands that generate C share. */
#ifndef DRIFT_CLI_GENERATED_H
#define DRIFT_CLI_GENERATED_H

#include "cli/command.h"
#include "codegen/codegen.h"

/** Writes generated files into a folder (codegen/folder.h) and says on standard error what was done. */
int drift__generated_write(const drift__invocation *invocation, const drift__codegen *generated, const char *folder,
                           bool prune, drift_error *err);

#endif
