/* node.c */
#include "compare/node.h"

#include <string.h>

#include "base/fold.h"
#include "compare/number.h"

drift__node *drift__node_new(drift__arena *arena, drift__node_kind kind, const char *text)
{
    drift__node *node = text ? drift__arena_alloc(arena, sizeof *node) : NULL;
    if (!node) return NULL;
    node->kind = kind;
    node->text = text;
    node->height = 1;
    return node;
}

void drift__node_add(drift__node *list, drift__node *child)
{
    if (!list || !child) return;
    if (list->last)
        list->last->next = child;
    else
        list->first = child;
    list->last = child;
    if (child->height >= list->height) list->height = child->height + 1;
}

drift__node *drift__node_list(drift__arena *arena, const char *text, size_t count, drift__node *a, drift__node *b,
                              drift__node *c)
{
    drift__node *children[] = {a, b, c};
    drift__node *list = drift__node_new(arena, DRIFT__NODE_LIST, text);
    for (size_t i = 0; i < count && i < sizeof children / sizeof *children; i++) {
        if (!children[i]) return NULL;
        drift__node_add(list, children[i]);
    }
    return list;
}

bool drift__node_is(const drift__node *node, const char *text)
{
    return node && node->kind == DRIFT__NODE_LIST && strcmp(node->text, text) == 0;
}

static void put_name(drift__str *out, const char *name)
{
    drift__str_putc(out, '"');
    if (strchr(name, '"')) {
        for (; *name; name++) {
            if (*name == '"') drift__str_putc(out, '"');
            drift__str_putc(out, drift__fold_char(*name));
        }
    } else {
        drift__str_put_folded(out, name);
    }
    drift__str_putc(out, '"');
}

/* Braces stand for lists: SQL has none, so that no run of tokens prints like a list. */
static void put_list(drift__str *out, const drift__node *list)
{
    drift__str_putc(out, '{');
    drift__str_puts(out, list->text);
    for (const drift__node *child = list->first; child; child = child->next) {
        drift__str_putc(out, ' ');
        drift__node_print(out, child);
    }
    drift__str_putc(out, '}');
}

void drift__node_print(drift__str *out, const drift__node *node)
{
    switch (node->kind) {
    case DRIFT__NODE_NAME: put_name(out, node->text); break;
    case DRIFT__NODE_INTEGER: drift__number_put_integer(out, node->text); break;
    case DRIFT__NODE_REAL:
    case DRIFT__NODE_TRUTH:
    case DRIFT__NODE_LITERAL: drift__str_puts(out, node->text); break;
    case DRIFT__NODE_WORD: drift__str_put_folded(out, node->text); break;
    case DRIFT__NODE_LIST: put_list(out, node); break;
    }
}
