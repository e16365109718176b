#include "drift/kit/parse.h"
