/* planted.c — one function is hidden that planted.h declares, one is exported that it does not declare. */
#include "planted.h"

void drift_told(void);
__attribute__((visibility("default"))) void drift_told(void)
{
}

int drift_kept(const char *name, int count)
{
    return name ? count : 0;
}

drift_thing *drift_kept_pointer(void)
{
    return 0;
}

const char *const drift_kept_names[] = {"kept", 0};
