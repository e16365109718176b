/* check.c — the CHECKs of a CREATE TABLE statement, the expressions of its generated columns and those of indexes,
 * found by their tokens: SQLite has accepted the statement, so a CHECK or AS that is followed by a parenthesis, at
 * depth one, is one. */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/fold.h"
#include "seed/graph.h"
#include "sql/cursor.h"
#include "sql/quote.h"

bool drift__seed_name_of(const char **name, size_t *length, const drift__lexeme *token)
{
    const bool quoted = token->kind == DRIFT__TOKEN_QUOTED || token->kind == DRIFT__TOKEN_STRING;
    *name = token->text + quoted;
    *length = quoted && token->length > 2 ? token->length - 2 : quoted ? 0 : token->length;
    return quoted || token->kind == DRIFT__TOKEN_WORD;
}

bool drift__seed_mentions(const char *text, size_t length, const char *column)
{
    for (drift__cursor c = drift__cursor_at(text, length); c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const char *name = NULL;
        size_t name_length = 0;
        if (drift__seed_name_of(&name, &name_length, &c.token) && drift__same_word(name, name_length, column))
            return true;
    }
    return false;
}

static int add(drift__seed_table *table, size_t *capacity, drift__seed_check check, drift_error *err)
{
    if (drift__reserve((void **)&table->checks, capacity, table->check_count + 1, sizeof *table->checks) != 0)
        return drift__no_memory(err);
    table->checks[table->check_count++] = check;
    return DRIFT_OK;
}

/* The name after CONSTRAINT, if the cursor stands there; the cursor then stands behind it. */
static const char *take_constraint_name(drift__cursor *c, drift__arena *arena)
{
    if (!drift__cursor_take(c, "CONSTRAINT")) return NULL;
    const char *name = drift__unquote(arena, c->token.text, c->token.length);
    drift__cursor_next(c);
    return name;
}

/* CREATE INDEX name ON table (…) WHERE …, one behind another: from the parenthesis to the next CREATE. */
static int read_indexes(drift__seed_table *table, size_t *capacity, drift_error *err)
{
    int rc = DRIFT_OK;
    drift__cursor c = drift__cursor_at(table->indexes, strlen(table->indexes));
    while (rc == DRIFT_OK && c.token.kind != DRIFT__TOKEN_END) {
        if (c.token.kind != DRIFT__TOKEN_OPEN) {
            drift__cursor_next(&c);
            continue;
        }
        const char *from = c.token.text;
        while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, "CREATE")) drift__cursor_next(&c);
        rc = add(table, capacity, (drift__seed_check){NULL, from, (size_t)(c.previous_end - from)}, err);
    }
    return rc;
}

static int read_constraints(drift__seed_table *table, size_t *capacity, drift__arena *arena, drift_error *err)
{
    int rc = DRIFT_OK, depth = 0;
    drift__cursor c = drift__cursor_at(table->sql, strlen(table->sql));
    while (rc == DRIFT_OK && c.token.kind != DRIFT__TOKEN_END) {
        const char *name = depth == 1 ? take_constraint_name(&c, arena) : NULL;
        /* CHECK (…), GENERATED ALWAYS AS (…) */
        const bool speaks = drift__cursor_is(&c, "CHECK") || drift__cursor_is(&c, "AS");
        if (depth == 1 && speaks && drift__cursor_peek(&c).kind == DRIFT__TOKEN_OPEN) {
            drift__cursor_next(&c);
            const char *from = c.token.text + 1;
            if (!drift__cursor_skip_balanced(&c)) break;
            rc = add(table, capacity, (drift__seed_check){name, from, (size_t)(c.previous_end - 1 - from)}, err);
            continue;
        }
        if (name) continue;
        depth += c.token.kind == DRIFT__TOKEN_OPEN ? 1 : c.token.kind == DRIFT__TOKEN_CLOSE ? -1 : 0;
        drift__cursor_next(&c);
    }
    return rc;
}

int drift__seed_checks_read(drift__seed_table *table, drift__arena *arena, drift_error *err)
{
    size_t capacity = 0;
    int rc = read_constraints(table, &capacity, arena, err);
    if (rc == DRIFT_OK) rc = read_indexes(table, &capacity, err);
    drift__seed_check *found = table->checks;
    table->checks = drift__arena_copy(arena, found, table->check_count, sizeof *found);
    drift__free(found);
    return rc == DRIFT_OK && !table->checks ? drift__no_memory(err) : rc;
}
