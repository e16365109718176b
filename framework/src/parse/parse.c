/* parse.c — statements, one by one, to entities. */
#include "parse/parse.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "drift/kit/parse.h"
#include "parse/parser.h"

/* What a schema that the kit made is inside: the public part first, so that free finds the rest. */
typedef struct owned_schema {
    drift_schema schema;
    drift__arena arena;
} owned_schema;

/* CREATE [TEMP] and the words that tell the kind. */
static int parse_create(drift__parser *p, drift_entity *entity)
{
    int rc = drift__expect_word(p, "CREATE");
    if (rc != DRIFT_OK) return rc;
    entity->temporary = drift__cursor_take(&p->c, "TEMP") || drift__cursor_take(&p->c, "TEMPORARY");
    const bool unique = !entity->temporary && drift__cursor_take(&p->c, "UNIQUE");
    if (unique || (!entity->temporary && drift__cursor_is(&p->c, "INDEX"))) {
        entity->kind = DRIFT_ENTITY_INDEX;
        rc = drift__expect_word(p, "INDEX");
        return rc == DRIFT_OK ? drift__parse_index(p, entity, unique) : rc;
    }
    if (!entity->temporary && drift__cursor_take(&p->c, "VIRTUAL")) {
        entity->kind = DRIFT_ENTITY_VIRTUAL_TABLE;
        rc = drift__expect_word(p, "TABLE");
        return rc == DRIFT_OK ? drift__parse_virtual_table(p, entity) : rc;
    }
    if (drift__cursor_take(&p->c, "TABLE")) {
        entity->kind = DRIFT_ENTITY_TABLE;
        return drift__parse_table(p, entity);
    }
    if (drift__cursor_take(&p->c, "VIEW")) {
        entity->kind = DRIFT_ENTITY_VIEW;
        return drift__parse_view(p, entity);
    }
    if (drift__cursor_take(&p->c, "TRIGGER")) {
        entity->kind = DRIFT_ENTITY_TRIGGER;
        return drift__parse_trigger(p, entity);
    }
    return drift__expected(p, "TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE");
}

/* Parses one statement without its ';': `length` bytes of `text`, which stand at `base` of the parser's script. The
 * entity's text begins with its first token in `text`, and ends at `*end`, behind its last, where the caller cuts it.
 */
static int parse_text(drift_entity *out, size_t *end, drift__parser *p, const char *text, size_t base, size_t length)
{
    p->c = drift__cursor_at(text, length);
    const size_t start = drift__cursor_offset(&p->c);
    const char *nul = memchr(text + start, '\0', length - start);
    drift_entity entity = {.name = "", .sql = text + start};
    if (nul)
        return drift__error_in(p->err, DRIFT_SYNTAX, p->source, p->script, base + (size_t)(nul - text),
                               "a NUL byte stands in the SQL");
    p->c.start = entity.sql;
    p->base = base + start;
    int rc = parse_create(p, &entity);
    if (rc == DRIFT_OK && p->c.token.kind != DRIFT__TOKEN_END) rc = drift__expected(p, "the end of the statement");
    if (rc == DRIFT_OK && p->arena->failed) rc = drift__no_memory(p->err);
    if (rc != DRIFT_OK) return rc;
    *end = (size_t)(p->c.previous_end - text);
    *out = entity;
    return DRIFT_OK;
}

/* The same, in a copy of `length` bytes at `base` of the parser's script. */
static int parse_copy(drift_entity *out, drift__parser *p, size_t base, size_t length)
{
    size_t end = 0;
    char *copy = drift__arena_strndup(p->arena, p->script + base, length);
    if (!copy) return drift__no_memory(p->err);
    const int rc = parse_text(out, &end, p, copy, base, length);
    if (rc == DRIFT_OK) copy[end] = '\0';
    return rc;
}

/* Whether a text holds more than white space, comments and semicolons; *at is where. */
static bool holds_statement(size_t *at, const char *sql, size_t length)
{
    drift__cursor c = drift__cursor_at(sql, length);
    while (drift__cursor_take_kind(&c, DRIFT__TOKEN_SEMICOLON)) continue;
    *at = drift__cursor_offset(&c);
    return c.token.kind != DRIFT__TOKEN_END;
}

/* As drift__statement_length. Without a ';' it is one statement, or none, and need not be measured: in a database all
 * but triggers. */
static size_t only_length(size_t *next, const char *sql, size_t length)
{
    size_t first = 0;
    *next = length;
    if (memchr(sql, ';', length)) return drift__statement_length(next, sql, length);
    return holds_statement(&first, sql, length) ? length : 0;
}

static int refuse_more(const drift__parser *p, size_t next, size_t length)
{
    size_t more = 0;
    if (!holds_statement(&more, p->script + next, length - next)) return DRIFT_OK;
    return drift__error_in(p->err, DRIFT_SYNTAX, p->source, p->script, next + more,
                           "expected one statement, found another behind it");
}

int drift__parse_entity(drift_entity *out, drift__arena *arena, const char *sql, size_t length, const char *source,
                        drift_error *err)
{
    size_t next = 0;
    drift__arena scratch = DRIFT__ARENA_INIT;
    drift__parser p = {.arena = arena, .scratch = &scratch, .err = err, .source = source, .script = sql};
    int rc = parse_copy(out, &p, 0, only_length(&next, sql, length));
    if (rc == DRIFT_OK) rc = refuse_more(&p, next, length);
    drift__arena_dispose(&scratch);
    return rc;
}

int drift__parse_entity_lenient(drift_entity *out, drift__arena *arena, drift__arena *scratch, drift_entity_kind kind,
                                const char *name, char *sql, size_t length, drift_error *err)
{
    size_t next = 0, end = 0;
    drift__parser p = {.arena = arena, .scratch = scratch, .script = sql}; /* nobody is told why */
    int rc = parse_text(out, &end, &p, sql, 0, only_length(&next, sql, length));
    if (rc == DRIFT_OK) rc = refuse_more(&p, next, length);
    drift__arena_reset(scratch);
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    if (rc == DRIFT_OK && out->kind == kind) {
        sql[end] = '\0';
        return DRIFT_OK;
    }
    *out = (drift_entity){.kind = kind, .name = drift__arena_strdup(arena, name), .sql = sql, .opaque = true};
    return arena->failed ? drift__no_memory(err) : DRIFT_OK;
}

size_t drift__statement_length(size_t *next, const char *sql, size_t length)
{
    drift__cursor c = drift__cursor_at(sql, length);
    drift__lexeme before = {0}, last = {0};
    bool create = false, trigger = false;
    size_t count = 0, depth = 0;
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c), count++) {
        if (count == 0) create = drift__cursor_is(&c, "CREATE");
        /* CREATE [TEMP] TRIGGER: its statements end in ';' too, and the trigger only behind "; END". */
        if (create && count > 0 && count < 3 && drift__cursor_is(&c, "TRIGGER")) trigger = true;
        if (c.token.kind == DRIFT__TOKEN_OPEN) depth++;
        if (c.token.kind == DRIFT__TOKEN_CLOSE && depth) depth--;
        const bool ends = !trigger || (drift__lexeme_is(&last, "END") && before.kind == DRIFT__TOKEN_SEMICOLON);
        if (c.token.kind == DRIFT__TOKEN_SEMICOLON && ends && !depth) {
            *next = drift__cursor_offset(&c) + 1;
            return drift__cursor_offset(&c);
        }
        before = last;
        last = c.token;
    }
    *next = length;
    return count ? length : 0;
}

int drift__schema_new(drift_schema **out, drift__arena **arena, drift_error *err)
{
    owned_schema *owned = drift__calloc(1, sizeof *owned);
    *out = owned ? &owned->schema : NULL;
    *arena = owned ? &owned->arena : NULL;
    return owned ? DRIFT_OK : drift__no_memory(err);
}

void drift_schema_free(drift_schema *schema)
{
    owned_schema *owned = (owned_schema *)(void *)schema;
    if (!owned) return;
    drift__arena_dispose(&owned->arena);
    drift__free(owned);
}

/* All statements of a script that ends with NUL. */
static int parse_statements(drift__parser *lists, drift__list *entities, drift__parser *p, size_t length)
{
    for (size_t at = 0, next = 0, first = 0; at < length; at += next) {
        const size_t statement = drift__statement_length(&next, p->script + at, length - at);
        if (!holds_statement(&first, p->script + at, statement)) continue;
        drift_entity *entity = drift__list_add(lists, entities, sizeof *entity);
        if (!entity) return DRIFT_NO_MEMORY;
        const int rc = parse_copy(entity, p, at, statement);
        drift__arena_reset(p->scratch);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int parse_script(drift_schema *schema, drift__arena *arena, const char *script, size_t length, drift_error *err)
{
    drift__arena whole = DRIFT__ARENA_INIT, scratch = DRIFT__ARENA_INIT;
    drift__parser lists = {.arena = arena, .scratch = &whole, .err = err};
    drift__parser p = {.arena = arena, .scratch = &scratch, .err = err, .script = script};
    drift__list entities = {0};
    int rc = parse_statements(&lists, &entities, &p, length);
    if (rc == DRIFT_OK) {
        schema->entities = drift__list_take(&lists, &entities, sizeof *schema->entities);
        schema->entity_count = entities.count;
        if (entities.count && !schema->entities) rc = DRIFT_NO_MEMORY;
    }
    drift__arena_dispose(&scratch);
    drift__arena_dispose(&whole);
    return rc;
}

int drift_schema_parse(drift_schema **out, const char *sql, size_t length, drift_error *err)
{
    drift__arena *arena = NULL;
    *out = NULL;
    char *script = drift__strndup(sql, length); /* positions are counted in a text that ends with NUL */
    int rc = script ? drift__schema_new(out, &arena, err) : drift__no_memory(err);
    if (rc == DRIFT_OK) rc = parse_script(*out, arena, script, length, err);
    drift__free(script);
    if (rc != DRIFT_OK) {
        drift_schema_free(*out);
        *out = NULL;
    }
    return rc;
}
