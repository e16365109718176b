/* pool.c — classes of sizes, a list of free pieces for each, and blocks that pieces are cut from.
 *
 * A piece begins with its size, so that it can be given back and asked for its size
 * (https://www.sqlite.org/c3ref/mem_methods.html); what SQLite gets lies behind it, aligned to 8 bytes as SQLite asks.
 * Blocks, and what is larger than the largest class, come from the allocator that SQLite had before.
 */
#include "cli/pool.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { STEP = 32, CLASSES = 160, BLOCK = 256 * 1024 };

typedef struct piece {
    uint64_t size; /* of what lies behind: a multiple of STEP up to STEP * CLASSES, or a large one's own */
    struct piece *next;
} piece;

enum { HEAD = offsetof(piece, next), LARGEST = STEP * CLASSES };

/* SQLite hands its allocator no context: there is one in a process, as there is one SQLite. */
static struct {
    sqlite3_mem_methods before;
    piece *free[CLASSES + 1];
    char *block; /* what is left of the newest */
    size_t left;
} pool;

static int round_up(int size)
{
    return size <= LARGEST ? (size + STEP - 1) / STEP * STEP : (size + 7) / 8 * 8;
}

/* What is left of a block is lost when a larger piece is asked for: at most LARGEST of BLOCK. */
static piece *cut(size_t size)
{
    if (pool.left < HEAD + size) {
        char *block = pool.before.xMalloc(BLOCK);
        if (!block) return NULL;
        pool.block = block;
        pool.left = BLOCK;
    }
    piece *p = (piece *)(void *)pool.block;
    pool.block += HEAD + size;
    pool.left -= HEAD + size;
    return p;
}

static void *allocate(int wanted)
{
    if (wanted <= 0) return NULL;
    const size_t size = (size_t)round_up(wanted);
    piece **list = &pool.free[size <= LARGEST ? size / STEP : 0];
    piece *p = *list;
    if (size > LARGEST)
        p = pool.before.xMalloc((int)(HEAD + size));
    else if (p)
        *list = p->next;
    else
        p = cut(size);
    if (!p) return NULL;
    p->size = size;
    return (char *)p + HEAD;
}

static piece *piece_of(void *memory)
{
    return (piece *)(void *)((char *)memory - HEAD);
}

static int size_of(void *memory)
{
    return memory ? (int)piece_of(memory)->size : 0;
}

static void release(void *memory)
{
    if (!memory) return;
    piece *p = piece_of(memory);
    if (p->size > LARGEST) {
        pool.before.xFree(p);
        return;
    }
    p->next = pool.free[p->size / STEP];
    pool.free[p->size / STEP] = p;
}

static void *reallocate(void *memory, int wanted)
{
    piece *p = piece_of(memory);
    const size_t size = (size_t)round_up(wanted);
    if (size == p->size) return memory;
    if (p->size > LARGEST && size > LARGEST) {
        p = pool.before.xRealloc(p, (int)(HEAD + size));
        if (!p) return NULL;
        p->size = size;
        return (char *)p + HEAD;
    }
    void *other = allocate(wanted);
    if (!other) return NULL;
    memcpy(other, memory, size < p->size ? size : (size_t)p->size);
    release(memory);
    return other;
}

static int begin(void *data)
{
    (void)data;
    return pool.before.xInit(pool.before.pAppData);
}

static void end(void *data)
{
    (void)data;
    pool.before.xShutdown(pool.before.pAppData);
}

#if defined(__SANITIZE_ADDRESS__)
enum { WATCHED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
enum { WATCHED = 1 };
#else
enum { WATCHED = 0 };
#endif
#else
enum { WATCHED = 0 };
#endif

int drift__pool_install(void)
{
    static sqlite3_mem_methods methods = {allocate, release, reallocate, size_of, round_up, begin, end, NULL};
    if (WATCHED || pool.before.xMalloc) return SQLITE_OK;
    const int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &pool.before);
    return rc == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) : rc;
}
