#include "attic/old.h"
