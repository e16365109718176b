/* app.c */
#include "cli/app.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static const char default_symbol[] = "drift_app";

/* The loader searches for a name without '/' elsewhere than in the current folder, where a file that is named lies. */
static int load(void **out, const char *path, drift_error *err)
{
    struct stat st;
    if (!*path) return drift__error(err, DRIFT_MISUSE, "expected the name of a file to read, found \"\"");
    if (stat(path, &st) != 0) return drift__error_errno(err, errno, "load", path);
    /* Of a named pipe the loader would wait for a writer. */
    if (!S_ISREG(st.st_mode)) return drift__error(err, DRIFT_FORMAT, "cannot load %s: it is not a regular file", path);
    char *place = strchr(path, '/') ? drift__strdup(path) : drift__path_join(".", path);
    if (!place) return drift__no_memory(err);
    *out = dlopen(place, RTLD_NOW | RTLD_LOCAL);
    drift__free(place);
    if (*out) return DRIFT_OK;
    const char *reason = dlerror();
    return drift__error(err, DRIFT_FORMAT, "cannot load %s: %s", path, reason ? reason : "no reason is known");
}

/* A ':' behind the last '/' begins the symbol, unless the whole is a file's name. */
static const char *symbol_in(const char *argument)
{
    const char *colon = strrchr(drift__path_name(argument), ':');
    return colon && !drift__file_exists(argument) ? colon : NULL;
}

int drift__app_open(drift__app *out, const char *argument, drift_error *err)
{
    const char *colon = symbol_in(argument);
    const char *symbol = colon ? colon + 1 : default_symbol;
    char *path = drift__strndup(argument, colon ? (size_t)(colon - argument) : strlen(argument));
    *out = (drift__app){0};
    int rc = path ? load(&out->library, path, err) : drift__no_memory(err);
    if (rc == DRIFT_OK && !(out->definition = dlsym(out->library, symbol))) {
        rc = drift__error(err, DRIFT_NOT_FOUND, "%s has no symbol %s", path, symbol);
        drift__error_hint(err, "export a drift_database_definition, and name it as LIBRARY:SYMBOL");
    }
    drift__free(path);
    if (rc != DRIFT_OK) drift__app_close(out);
    return rc;
}

void drift__app_close(drift__app *app)
{
    if (app->library) dlclose(app->library);
    *app = (drift__app){0};
}
