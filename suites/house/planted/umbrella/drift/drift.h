/* drift.h — leaves out b.h. */
#include "drift/a.h"
