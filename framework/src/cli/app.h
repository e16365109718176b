/* app.h — an application's own definition, out of a shared library. */
#ifndef DRIFT_CLI_APP_H
#define DRIFT_CLI_APP_H

#include "drift/database.h"

/** All zero is none. */
typedef struct drift__app {
    void *library;
    const drift_database_definition *definition; /* the library's */
} drift__app;

/**
 * Loads "LIBRARY" or "LIBRARY:SYMBOL"; the symbol is a drift_database_definition, drift_app if it is not given.
 * NOT_FOUND if there is no such file or symbol; FORMAT if it cannot be loaded, with the loader's reason.
 */
int drift__app_open(drift__app *out, const char *argument, drift_error *err);

void drift__app_close(drift__app *app);

#endif
