/* versions.c — schema_versions.{h,c}: every version by its number, and a provider of them for the verifier. */
#include "codegen/files.h"
#include "codegen/writer.h"

static void put_capitals(drift__str *s, const char *text)
{
    for (const char *at = text; *at; at++) {
        const bool letter = *at >= 'a' && *at <= 'z';
        const bool kept = (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9');
        drift__str_putc(s, letter ? (char)(*at - 'a' + 'A') : kept ? *at : '_');
    }
}

void drift__put_guard(drift__str *s, const char *prefix, const char *name)
{
    static const char *const directives[] = {"#ifndef ", "#define "};
    if (!name) {
        s->failed = 1;
        return;
    }
    for (int i = 0; i < 2; i++) {
        drift__str_puts(s, directives[i]);
        put_capitals(s, prefix);
        drift__str_putc(s, '_');
        put_capitals(s, name);
        drift__str_puts(s, "_H\n");
    }
}

static void put_header(drift__str *s, const drift_schema *const *schemas, size_t count, const char *prefix)
{
    drift__str_puts(s, DRIFT__GENERATED_HEAD);
    drift__put_guard(s, prefix, "schema_versions");
    drift__str_puts(s, "\n#include <drift/kit/verify.h>\n#include <drift/typed.h>\n\n");
    for (size_t i = 0; i < count; i++) drift__str_printf(s, "#include \"schema_v%d.h\"\n", schemas[i]->version);
    drift__str_puts(s, "\nDRIFT_BEGIN_DECLS\n\n");
    drift__str_printf(s, "enum { %s_version_count = %zu, %s_latest_version = %d };\n\n", prefix, count, prefix,
                      schemas[count - 1]->version);
    drift__str_printf(s,
                      "/* All versions, ascending, and their schemas. */\nextern const int %s_versions[%zu];\nextern "
                      "const drift_schema *const %s_schemas[%zu];\n\n",
                      prefix, count, prefix, count);
    drift__str_printf(s,
                      "/* The schema of a version; NULL, with a NOT_FOUND error that lists those that there are, if it "
                      "is not there. */\nconst drift_schema *%s_schema_at(int version, drift_error *err);\n\n",
                      prefix);
    drift__str_printf(s, "/* The same for drift_verifier_new. */\nextern const drift_schema_provider %s_provider;\n",
                      prefix);
    drift__str_puts(s, "\nDRIFT_END_DECLS\n\n#endif\n");
}

static void put_source(drift__str *s, const drift_schema *const *schemas, size_t count, const char *prefix)
{
    drift__str_puts(s, DRIFT__GENERATED_HEAD "#include \"schema_versions.h\"\n\n");
    drift__str_printf(s, "const int %s_versions[%zu] = {", prefix, count);
    for (size_t i = 0; i < count; i++) drift__str_printf(s, "%s%d", i ? ", " : "", schemas[i]->version);
    drift__str_printf(s, "};\n\nconst drift_schema *const %s_schemas[%zu] = {\n", prefix, count);
    for (size_t i = 0; i < count; i++)
        drift__str_printf(s, "    &" DRIFT__V "_entities,\n", prefix, schemas[i]->version);
    drift__str_printf(s,
                      "};\n\nconst drift_schema *%s_schema_at(int version, drift_error *err)\n{\n    return "
                      "drift_schema_of_version(%s_schemas, %zu, version, err);\n}\n",
                      prefix, prefix, count);
    drift__str_printf(s,
                      "\nstatic int %s_provide_versions(const int **versions, size_t *count, const void *payload, "
                      "drift_error *err)\n{\n    (void)payload;\n    (void)err;\n    *versions = %s_versions;\n    "
                      "*count = %zu;\n    return DRIFT_OK;\n}\n",
                      prefix, prefix, count);
    drift__str_printf(s,
                      "\nstatic int %s_provide_schema(const drift_schema **out, int version, const void *payload, "
                      "drift_error *err)\n{\n    (void)payload;\n    *out = %s_schema_at(version, err);\n    return "
                      "*out ? DRIFT_OK : DRIFT_NOT_FOUND;\n}\n",
                      prefix, prefix);
    drift__str_printf(s,
                      "\nconst drift_schema_provider %s_provider = {\"%s\", %s_provide_versions, %s_provide_schema, "
                      "NULL};\n",
                      prefix, prefix, prefix, prefix);
}

int drift__codegen_versions(drift__codegen *out, const drift_schema *const *schemas, size_t count, const char *prefix,
                            drift_error *err)
{
    drift__str header = DRIFT__STR_INIT, source = DRIFT__STR_INIT;
    put_header(&header, schemas, count, prefix);
    put_source(&source, schemas, count, prefix);
    int rc = drift__codegen_put(out, &header, err, "schema_versions.h");
    if (rc == DRIFT_OK) rc = drift__codegen_put(out, &source, err, "schema_versions.c");
    drift__str_dispose(&source);
    return rc;
}
