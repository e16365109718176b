/* own_sqlite.c — stands for an SQLite that the application brings: it differs in what it says of its version. */
#include <sqlite3.h>

const char *sqlite3_libversion(void)
{
    return "3.999.0";
}
