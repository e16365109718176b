#include "sql/token.h"
