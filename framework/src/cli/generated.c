/* generated.c */
#include "cli/generated.h"

#include "cli/output.h"
#include "codegen/folder.h"

typedef struct tally {
    const drift__invocation *invocation;
    size_t wrote, kept;
} tally;

static void told(drift__folder_act act, const char *path, void *payload)
{
    tally *t = payload;
    switch (act) {
    case DRIFT__FOLDER_WROTE: t->wrote++; break;
    case DRIFT__FOLDER_KEPT: t->kept++; break;
    case DRIFT__FOLDER_REMOVED: drift__note(t->invocation, "removed %s, whose version is gone", path); break;
    }
    if (act == DRIFT__FOLDER_WROTE && t->invocation->verbose) drift__note(t->invocation, "wrote %s", path);
}

int drift__generated_write(const drift__invocation *invocation, const drift__codegen *generated, const char *folder,
                           bool prune, drift_error *err)
{
    tally t = {invocation, 0, 0};
    for (size_t i = 0; i < generated->note_count; i++) drift__note(invocation, "%s", generated->notes[i]);
    const int rc = drift__codegen_write(generated, folder, prune, told, &t, err);
    if (rc == DRIFT_OK) drift__note(invocation, "%s: %zu files written, %zu unchanged", folder, t.wrote, t.kept);
    return rc;
}
