/* kit.h — leaves out drift.h and d.h. */
#include "drift/kit/c.h"
