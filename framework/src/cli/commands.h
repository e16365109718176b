/* commands.h — the records, one file each. */
#ifndef DRIFT_CLI_COMMANDS_H
#define DRIFT_CLI_COMMANDS_H

#include "cli/command.h"

extern const drift__command drift__command_dump;
extern const drift__command drift__command_export;
extern const drift__command drift__command_diff;
extern const drift__command drift__command_schema_generate;
extern const drift__command drift__command_schema_steps;
extern const drift__command drift__command_make_migrations;
extern const drift__command drift__command_seed;
extern const drift__command drift__command_check;
extern const drift__command drift__command_verify;
extern const drift__command drift__command_report_merge;
extern const drift__command drift__command_report_convert;

#endif
