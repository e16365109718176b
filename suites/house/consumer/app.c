/* app.c — links what an app ships. */
#include <drift/drift.h>
#include <stdio.h>

int main(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    int64_t answer = 0;
    int rc = drift_connection_memory(&connection, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_query_int64(&answer, connection, "SELECT 42", NULL, 0, &err);
    drift_connection_close(connection);
    if (rc == DRIFT_OK && answer == 42) return 0;
    fprintf(stderr, "expected 42, found %lld: %s\n", (long long)answer, err.text);
    return 1;
}
