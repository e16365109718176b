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

/* Parses one statement without its ';', which stands at `base` of `script`. Its text goes from its first token to its
 * last: tokens are read once, in a copy of all of it, which is cut where they end. */
static int parse_statement(drift_entity *out, drift__arena *arena, const char *script, size_t base, size_t length,
                           const char *source, drift_error *err)
{
    char *copy = drift__arena_strndup(arena, script + base, length);
    if (!copy) return drift__no_memory(err);
    drift__arena scratch = DRIFT__ARENA_INIT;
    drift__parser p = {drift__cursor_at(copy, length), arena, &scratch, err, source, script, base};
    const size_t start = drift__cursor_offset(&p.c);
    drift_entity entity = {.name = "", .sql = copy + start};
    p.c.start = entity.sql;
    p.base += start;
    const size_t before_nul = start + strlen(entity.sql);
    if (before_nul < length)
        return drift__error_in(err, DRIFT_SYNTAX, source, script, base + before_nul, "a NUL byte stands in the SQL");
    int rc = parse_create(&p, &entity);
    if (rc == DRIFT_OK && p.c.token.kind != DRIFT__TOKEN_END) rc = drift__expected(&p, "the end of the statement");
    drift__arena_dispose(&scratch);
    if (rc == DRIFT_OK && arena->failed) rc = drift__no_memory(err);
    if (rc != DRIFT_OK) return rc;
    copy[p.c.previous_end - copy] = '\0';
    *out = entity;
    return DRIFT_OK;
}

/* Whether a text holds more than white space, comments and semicolons; *at is where. */
static bool holds_statement(size_t *at, const char *sql, size_t length)
{
    drift__cursor c = drift__cursor_at(sql, length);
    while (drift__cursor_take_kind(&c, DRIFT__TOKEN_SEMICOLON)) continue;
    *at = drift__cursor_offset(&c);
    return c.token.kind != DRIFT__TOKEN_END;
}

int drift__parse_entity(drift_entity *out, drift__arena *arena, const char *sql, size_t length, const char *source,
                        drift_error *err)
{
    size_t next = 0, more = 0;
    drift_error ignored = {0};
    /* Without a ';' it is one statement, or none, and need not be measured first: in a database all but triggers. */
    const int whole =
        memchr(sql, ';', length) ? DRIFT_SYNTAX : parse_statement(out, arena, sql, 0, length, source, &ignored);
    if (whole == DRIFT_OK) return DRIFT_OK;
    if (whole == DRIFT_NO_MEMORY) return drift__no_memory(err);
    const size_t statement = drift__statement_length(&next, sql, length);
    const int rc = parse_statement(out, arena, sql, 0, statement, source, err);
    if (rc != DRIFT_OK) return rc;
    if (holds_statement(&more, sql + next, length - next))
        return drift__error_in(err, DRIFT_SYNTAX, source, sql, next + more,
                               "expected one statement, found another behind it");
    return DRIFT_OK;
}

int drift__parse_entity_lenient(drift_entity *out, drift__arena *arena, drift_entity_kind kind, const char *name,
                                const char *sql, size_t length, drift_error *err)
{
    drift_error ignored = {0};
    const int rc = drift__parse_entity(out, arena, sql, length, NULL, &ignored);
    if (rc == DRIFT_OK && out->kind == kind) return DRIFT_OK;
    if (rc == DRIFT_NO_MEMORY) return drift__no_memory(err);
    *out = (drift_entity){.kind = kind, .opaque = true};
    out->name = drift__arena_strdup(arena, name);
    out->sql = drift__arena_strndup(arena, sql, length);
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
static int parse_statements(drift__parser *lists, drift__list *entities, const char *script, size_t length)
{
    for (size_t at = 0, next = 0, first = 0; at < length; at += next) {
        const size_t statement = drift__statement_length(&next, script + at, length - at);
        if (!holds_statement(&first, script + at, statement)) continue;
        drift_entity *entity = drift__list_add(lists, entities, sizeof *entity);
        if (!entity) return DRIFT_NO_MEMORY;
        const int rc = parse_statement(entity, lists->arena, script, at, statement, NULL, lists->err);
        if (rc != DRIFT_OK) return rc;
    }
    return DRIFT_OK;
}

static int parse_script(drift_schema *schema, drift__arena *arena, const char *script, size_t length, drift_error *err)
{
    drift__arena scratch = DRIFT__ARENA_INIT;
    drift__parser lists = {.arena = arena, .scratch = &scratch, .err = err};
    drift__list entities = {0};
    int rc = parse_statements(&lists, &entities, script, length);
    if (rc == DRIFT_OK) {
        schema->entities = drift__list_take(&lists, &entities, sizeof *schema->entities);
        schema->entity_count = entities.count;
        if (entities.count && !schema->entities) rc = DRIFT_NO_MEMORY;
    }
    drift__arena_dispose(&scratch);
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
