#include "parse/parse.h"
