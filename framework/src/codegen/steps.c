/* steps.c — typed step-by-step migrations: a callback for each pair of neighbouring versions, and what runs them. */
#include <string.h>

#include "base/error.h"
#include "codegen/codegen.h"
#include "codegen/files.h"
#include "codegen/writer.h"

static void put_header(drift__str *s, const int *versions, size_t count, const char *name, const char *prefix)
{
    drift__str_puts(s, DRIFT__GENERATED_HEAD);
    drift__put_guard(s, prefix, name);
    drift__str_puts(s, "\n#include <drift/migrator.h>\n\n");
    for (size_t i = 1; i < count; i++) drift__str_printf(s, "#include \"schema_v%d.h\"\n", versions[i]);
    drift__str_printf(s,
                      "\nDRIFT_BEGIN_DECLS\n\n/* How each version becomes the next one. A callback is given the schema "
                      "that it leads to; its migrator knows that\n * schema too, so that create_all means it. */\n"
                      "typedef struct %s_steps {\n",
                      prefix);
    for (size_t i = 1; i < count; i++)
        drift__str_printf(s,
                          "    int (*from%d_to%d)(drift_migrator *migrator, const " DRIFT__V "_schema *v%d, const void "
                          "*payload, drift_error *err);\n",
                          versions[i - 1], versions[i], prefix, versions[i], versions[i]);
    drift__str_printf(s, "    const void *payload; /* handed to every callback */\n} %s_steps;\n\n", prefix);
    drift__str_printf(
        s,
        "/* An on_upgrade whose strategy's payload is of type %s_steps: runs the steps that lead from one "
        "version to another. A callback that\n * is missing on the way is an error before any runs. "
        "*/\nint %s_run_steps(drift_migrator *migrator, int from, int to, const void *payload, "
        "drift_error *err);\n\nDRIFT_END_DECLS\n\n#endif\n",
        prefix, prefix);
}

static void put_step(drift__str *s, int from, int to, const char *prefix)
{
    drift__str_printf(s,
                      "\nstatic int %s_run%d_to%d(drift_migrator *migrator, int from, int to, const void *payload, "
                      "drift_error *err)\n{\n    const %s_steps *steps = (const %s_steps *)payload;\n    (void)from;\n "
                      "   (void)to;\n    return steps->from%d_to%d(migrator, &" DRIFT__V ", steps->payload, err);\n}\n",
                      prefix, from, to, prefix, prefix, from, to, prefix, to);
}

static void put_list(drift__str *s, const int *versions, size_t count, const char *prefix)
{
    drift__str_puts(s, "    const drift_migration_step list[] = {\n");
    for (size_t i = 1; i < count; i++)
        drift__str_printf(s,
                          "        {%d, %d, &" DRIFT__V
                          "_entities, steps && steps->from%d_to%d ? %s_run%d_to%d : NULL, "
                          "steps},\n",
                          versions[i - 1], versions[i], prefix, versions[i], versions[i - 1], versions[i], prefix,
                          versions[i - 1], versions[i]);
    drift__str_printf(s,
                      "    };\n    return drift_migrator_run_steps(migrator, list, sizeof list / sizeof *list, from, "
                      "to, err);\n");
}

static void put_source(drift__str *s, const int *versions, size_t count, const char *name, const char *prefix)
{
    drift__str_printf(s, DRIFT__GENERATED_HEAD "#include \"%s.h\"\n", name);
    for (size_t i = 1; i < count; i++) put_step(s, versions[i - 1], versions[i], prefix);
    drift__str_printf(s,
                      "\nint %s_run_steps(drift_migrator *migrator, int from, int to, const void *payload, drift_error "
                      "*err)\n{\n",
                      prefix);
    if (count > 1) {
        drift__str_printf(s, "    const %s_steps *steps = (const %s_steps *)payload;\n", prefix, prefix);
        put_list(s, versions, count, prefix);
    } else {
        drift__str_puts(s,
                        "    (void)payload;\n    return drift_migrator_run_steps(migrator, NULL, 0, from, to, err);\n");
    }
    drift__str_puts(s, "}\n");
}

/* The name stands in an #include and in the names of two files. */
static int check_name(const char *name, drift_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    const size_t length = strlen(name);
    if (length && length <= 64 && *name != '.' && *name != '-' && strspn(name, allowed) == length) return DRIFT_OK;
    drift__error(err, DRIFT_MISUSE, "expected a name for the files of the steps, found \"%s\"", name);
    drift__error_hint(err, "letters, digits, '_', '-' and '.', at most 64, as in generated/app/schema_steps");
    return DRIFT_MISUSE;
}

static int check_versions(const int *versions, size_t count, drift_error *err)
{
    if (!count) return drift__error(err, DRIFT_MISUSE, "expected at least one version, found none");
    for (size_t i = 0; i < count; i++) {
        if (versions[i] <= (i ? versions[i - 1] : 0))
            return drift__error(err, DRIFT_MISUSE, "expected ascending versions, found version %d", versions[i]);
    }
    return DRIFT_OK;
}

int drift__codegen_steps(drift__codegen *out, const int *versions, size_t count, const char *name, const char *prefix,
                         drift_error *err)
{
    drift__str header = DRIFT__STR_INIT, source = DRIFT__STR_INIT;
    *out = (drift__codegen){.arena = DRIFT__ARENA_INIT};
    int rc = drift__codegen_check_prefix(prefix, err);
    if (rc == DRIFT_OK) rc = check_name(name, err);
    if (rc == DRIFT_OK) rc = check_versions(versions, count, err);
    if (rc != DRIFT_OK) return rc;
    put_header(&header, versions, count, name, prefix);
    put_source(&source, versions, count, name, prefix);
    rc = drift__codegen_put(out, &header, err, "%s.h", name);
    if (rc == DRIFT_OK) rc = drift__codegen_put(out, &source, err, "%s.c", name);
    drift__str_dispose(&source);
    return rc;
}
