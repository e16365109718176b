/* proof.c — links the test kit: two spellings of one schema are equal. */
#include <drift/kit.h>
#include <stdio.h>
#include <string.h>

static const char plain[] = "CREATE TABLE todos (id INTEGER PRIMARY KEY, title TEXT NOT NULL)";
static const char quoted[] = "create table \"todos\" (\"id\" integer primary key, \"title\" text not null)";

int main(void)
{
    drift_error err = {0};
    drift_schema *expected = NULL, *actual = NULL;
    drift_diff *diff = NULL;
    int rc = drift_schema_parse(&expected, plain, strlen(plain), &err);
    if (rc == DRIFT_OK) rc = drift_schema_parse(&actual, quoted, strlen(quoted), &err);
    if (rc == DRIFT_OK) rc = drift_diff_schemas(&diff, expected, actual, NULL, &err);
    const int equal = rc == DRIFT_OK && diff->count == 0;
    if (!equal) fprintf(stderr, "expected no difference: %s\n", err.text);
    drift_diff_free(diff);
    drift_schema_free(actual);
    drift_schema_free(expected);
    return equal ? 0 : 1;
}
