/* versions.c — prints the versions that the generated code knows. */
#include <stdio.h>

#include "schema_versions.h"

int main(void)
{
    for (int i = 0; i < app_version_count; i++) printf("%d;", app_versions[i]);
    return 0;
}
