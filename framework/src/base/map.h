/* map.h — names to values, in constant time. Names are matched as SQLite does (fold.h). */
#ifndef DRIFT_BASE_MAP_H
#define DRIFT_BASE_MAP_H

#include <stddef.h>

/** `drift__map map = DRIFT__MAP_INIT` starts one. Names and values are borrowed and must outlive the map. */
typedef struct drift__map {
    struct drift__map_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
} drift__map;

#define DRIFT__MAP_INIT \
    {                   \
        NULL, 0, 0      \
    }

/** The value of this name, or NULL. */
void *drift__map_get(const drift__map *map, const char *name);

/**
 * Sets the value of this name, which must not be NULL.
 * @param old the value it had, or NULL; may itself be NULL.
 * @return 0, or -1 if there is no memory.
 */
int drift__map_put(drift__map *map, const char *name, const void *value, void **old);

void drift__map_dispose(drift__map *map);

#endif
