/* map.c — open addressing with linear probing, at most two thirds full. */
#include "base/map.h"

#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fold.h"

struct drift__map_slot {
    const char *name; /* NULL: free */
    void *value;
};

/* FNV-1a of bytes with the bit set in which the two cases of a letter differ; that a few other bytes meet by it as
 * well costs a comparison. */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (; *name; name++) {
        hash ^= (unsigned char)*name | 0x20u;
        hash *= 1099511628211u;
    }
    return hash;
}

static size_t find(const drift__map *map, const char *name)
{
    size_t at = (size_t)hash_of(name) & (map->capacity - 1);
    while (map->slots[at].name && !drift__same_name(map->slots[at].name, name)) at = (at + 1) & (map->capacity - 1);
    return at;
}

static int grow(drift__map *map)
{
    drift__map grown = {NULL, map->capacity ? map->capacity * 2 : 16, map->count};
    grown.slots = drift__calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots) return -1;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].name) grown.slots[find(&grown, map->slots[i].name)] = map->slots[i];
    }
    drift__free(map->slots);
    *map = grown;
    return 0;
}

void *drift__map_get(const drift__map *map, const char *name)
{
    return map->capacity ? map->slots[find(map, name)].value : NULL;
}

int drift__map_put(drift__map *map, const char *name, const void *value, void **old)
{
    if (old) *old = NULL;
    if ((map->count + 1) * 3 > map->capacity * 2 && grow(map) != 0) return -1;
    struct drift__map_slot *slot = &map->slots[find(map, name)];
    if (slot->name && old) *old = slot->value;
    if (!slot->name) {
        slot->name = name;
        map->count++;
    }
    slot->value = (void *)(uintptr_t)value;
    return 0;
}

void drift__map_dispose(drift__map *map)
{
    drift__free(map->slots);
    *map = (drift__map)DRIFT__MAP_INIT;
}
