/* generate.c — the files of all versions. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "codegen/codegen.h"
#include "codegen/files.h"
#include "codegen/identifier.h"
#include "codegen/plan.h"
#include "codegen/writer.h"

void drift__codegen_dispose(drift__codegen *codegen)
{
    drift__arena_dispose(&codegen->arena);
    drift__free(codegen->files);
    drift__free(codegen->notes);
    *codegen = (drift__codegen){0};
}

int drift__codegen_check_prefix(const char *prefix, drift_error *err)
{
    if (drift__identifier_is_prefix(prefix)) return DRIFT_OK;
    drift__error(err, DRIFT_MISUSE, "expected a prefix for names in C, found \"%s\"", prefix);
    drift__error_hint(err, "small letters, digits and single underscores, a letter first, at most 32, no word of C or "
                           "C++, not drift");
    return DRIFT_MISUSE;
}

const char *drift__codegen_default_prefix(drift__arena *arena, const char *folder)
{
    const char *end = folder + strlen(folder);
    while (end > folder && end[-1] == '/') end--;
    const char *path = drift__arena_strndup(arena, folder, (size_t)(end - folder));
    const char *prefix = path ? drift__identifier_fold(arena, drift__path_name(path)) : NULL;
    const char *name = path ? drift__path_name(path) : "";
    if (!prefix) return NULL;
    const bool unnamed = !*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    return unnamed || !drift__identifier_is_prefix(prefix) ? "app" : prefix;
}

int drift__codegen_put(drift__codegen *out, drift__str *text, drift_error *err, const char *format, ...)
{
    va_list args;
    drift__str name = DRIFT__STR_INIT;
    drift__codegen_file file = {0};
    va_start(args, format);
    drift__str_vprintf(&name, format, args);
    va_end(args);
    file.name = name.failed ? NULL : drift__arena_strdup(&out->arena, drift__str_text(&name));
    file.text = text->failed ? NULL : drift__arena_strndup(&out->arena, drift__str_text(text), text->length);
    file.length = text->length;
    drift__str_dispose(&name);
    drift__str_dispose(text);
    if (!file.name || !file.text ||
        drift__reserve((void **)&out->files, &out->file_capacity, out->file_count + 1, sizeof file) != 0)
        return drift__no_memory(err);
    out->files[out->file_count++] = file;
    return DRIFT_OK;
}

/* A note's text is in the plan's arena, which is the output's. */
typedef struct notes {
    drift__codegen *out;
    int version;
    bool failed;
} notes;

static void take_note(const char *text, void *payload)
{
    notes *n = payload;
    const char *line = drift__arena_printf(&n->out->arena, "version %d: %s", n->version, text);
    if (!line || drift__reserve((void **)&n->out->notes, &n->out->note_capacity, n->out->note_count + 1,
                                sizeof *n->out->notes) != 0) {
        n->failed = true;
        return;
    }
    n->out->notes[n->out->note_count++] = line;
}

/* One file of a version, with a writer of its own. */
static int write_file(drift__codegen *out, const drift__plan *plan, void (*write)(drift__writer *),
                      const char *extension, drift_error *err)
{
    drift__writer w = {.plan = plan, .arena = &out->arena, .out = DRIFT__STR_INIT};
    write(&w);
    if (out->arena.failed) w.out.failed = 1;
    return drift__codegen_put(out, &w.out, err, "schema_v%d.%s", plan->version, extension);
}

static int generate_version(drift__codegen *out, const drift_schema *schema, const drift__codegen_options *options,
                            drift_error *err)
{
    drift__plan plan;
    notes n = {out, schema->version, false};
    int rc = drift__plan_make(&plan, &out->arena, schema, options->prefix, options->data_classes, options->companions,
                              take_note, &n, err);
    if (rc == DRIFT_OK && n.failed) rc = drift__no_memory(err);
    if (rc == DRIFT_OK) rc = write_file(out, &plan, drift__write_header, "h", err);
    if (rc == DRIFT_OK) rc = write_file(out, &plan, drift__write_source, "c", err);
    return rc;
}

static int check_versions(const drift_schema *const *schemas, size_t count, drift_error *err)
{
    if (!count) return drift__error(err, DRIFT_MISUSE, "expected at least one schema, found none");
    for (size_t i = 0; i < count; i++) {
        if (schemas[i]->version <= (i ? schemas[i - 1]->version : 0))
            return drift__error(err, DRIFT_MISUSE, "expected schemas in the order of their versions, found version %d",
                                schemas[i]->version);
    }
    return DRIFT_OK;
}

int drift__codegen_generate(drift__codegen *out, const drift_schema *const *schemas, size_t count,
                            const drift__codegen_options *options, drift_error *err)
{
    *out = (drift__codegen){.arena = DRIFT__ARENA_INIT};
    int rc = drift__codegen_check_prefix(options->prefix, err);
    if (rc == DRIFT_OK) rc = check_versions(schemas, count, err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++) rc = generate_version(out, schemas[i], options, err);
    if (rc == DRIFT_OK) rc = drift__codegen_versions(out, schemas, count, options->prefix, err);
    return rc;
}
