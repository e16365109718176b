#include "verify/run.h"
