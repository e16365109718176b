/* scope.c */
#include "compare/scope.h"

#include "base/fold.h"

static bool is_rowid(const char *name)
{
    return drift__same_name(name, "rowid") || drift__same_name(name, "oid") || drift__same_name(name, "_rowid_");
}

bool drift__scope_hides(const drift__scope *scope, const char *word)
{
    if (scope->columns) return drift__columns_find(scope->columns, word);
    return scope->names && drift__map_get(scope->names, word);
}

bool drift__scope_has(const drift__scope *scope, const char *name)
{
    const bool every = !scope->columns && !scope->names;
    return every || drift__scope_hides(scope, name) || (scope->rowid && is_rowid(name));
}
