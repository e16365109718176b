/* catalog.c */
#include "compare/catalog.h"

#include <string.h>

#include "base/fold.h"
#include "sql/cursor.h"
#include "sql/keyword.h"
#include "sql/quote.h"

bool drift__catalog_leaves_out(const drift_entity *entity)
{
    if (entity->kind == DRIFT_ENTITY_QUERY || !entity->name) return true;
    if (strlen(entity->name) >= 7 && drift__same_word(entity->name, 7, "sqlite_")) return true;
    return entity->kind == DRIFT_ENTITY_TABLE && drift__same_name(entity->name, "android_metadata");
}

int drift__catalog_init(drift__catalog *catalog, const drift_schema *schema)
{
    *catalog = (drift__catalog){.schema = schema};
    for (size_t i = 0; i < schema->entity_count; i++) {
        const drift_entity *entity = &schema->entities[i];
        if (drift__catalog_leaves_out(entity)) continue;
        drift__map *map = entity->kind == DRIFT_ENTITY_TRIGGER ? &catalog->triggers : &catalog->objects;
        void *first = NULL;
        if (drift__map_put(map, entity->name, entity, &first) != 0) return -1;
        if (first && drift__map_put(map, entity->name, first, NULL) != 0) return -1; /* SQLite refuses a second one */
    }
    return 0;
}

void drift__catalog_dispose(drift__catalog *catalog)
{
    drift__map_dispose(&catalog->objects);
    drift__map_dispose(&catalog->triggers);
    drift__map_dispose(&catalog->words);
    drift__arena_dispose(&catalog->arena);
}

const drift_entity *drift__catalog_find(const drift__catalog *catalog, drift_entity_kind kind, const char *name)
{
    return drift__map_get(kind == DRIFT_ENTITY_TRIGGER ? &catalog->triggers : &catalog->objects, name);
}

const drift_table *drift__catalog_table(const drift__catalog *catalog, const char *name)
{
    const drift_entity *entity = drift__map_get(&catalog->objects, name);
    return entity && entity->kind == DRIFT_ENTITY_TABLE ? entity->as.table : NULL;
}

/* -- The words of views and triggers. -- */

static int add_word(drift__catalog *catalog, const char *word)
{
    if (!word) return -1;
    return drift__map_get(&catalog->words, word) ? 0 : drift__map_put(&catalog->words, word, word, NULL);
}

static int add_columns(drift__catalog *catalog, const drift_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (add_word(catalog, columns[i].name) != 0) return -1;
    }
    return 0;
}

static int add_names(drift__catalog *catalog, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (add_word(catalog, names[i]) != 0) return -1;
    }
    return 0;
}

static bool ends_operand(const drift__lexeme *token)
{
    if (token->kind == DRIFT__TOKEN_WORD)
        return drift__lexeme_is(token, "END") || !drift__is_keyword(token->text, token->length);
    return token->kind == DRIFT__TOKEN_QUOTED || token->kind == DRIFT__TOKEN_CLOSE ||
           token->kind == DRIFT__TOKEN_STRING || token->kind == DRIFT__TOKEN_INTEGER;
}

/* Whether a token is a name wherever it may point: a word that is no keyword, [x] and `x`, "x" as an alias or beside a
 * dot. A "x" that stands as an operand does not tell, and neither does TRUE. */
static bool is_surely_name(const drift__lexeme *before, const drift__lexeme *token, const drift__lexeme *next)
{
    if (drift__lexeme_is(token, "TRUE") || drift__lexeme_is(token, "FALSE")) return false;
    if (token->kind == DRIFT__TOKEN_WORD) return !drift__is_reserved(token->text, token->length);
    if (token->kind != DRIFT__TOKEN_QUOTED) return false;
    return token->text[0] != '"' || before->kind == DRIFT__TOKEN_DOT || next->kind == DRIFT__TOKEN_DOT ||
           drift__lexeme_is(before, "AS") || ends_operand(before);
}

static int add_text(drift__catalog *catalog, const char *text)
{
    if (!text) return 0;
    drift__cursor c = drift__cursor_at(text, strlen(text));
    drift__lexeme before = {DRIFT__TOKEN_END, text, 0};
    for (; c.token.kind != DRIFT__TOKEN_END; drift__cursor_next(&c)) {
        const drift__lexeme next = drift__cursor_peek(&c);
        if (is_surely_name(&before, &c.token, &next) &&
            add_word(catalog, drift__unquote(&catalog->arena, c.token.text, c.token.length)) != 0)
            return -1;
        before = c.token;
    }
    return 0;
}

static int add_virtual_table(drift__catalog *catalog, const drift_virtual_table *table)
{
    for (size_t i = 0; i < table->argument_count; i++) {
        if (add_text(catalog, table->arguments[i]) != 0) return -1;
        const drift__cursor first = drift__cursor_at(table->arguments[i], strlen(table->arguments[i]));
        if (add_word(catalog, drift__unquote(&catalog->arena, first.token.text, first.token.length)) != 0) return -1;
    }
    return add_columns(catalog, table->columns, table->column_count);
}

static int add_entity(drift__catalog *catalog, const drift_entity *entity)
{
    if (entity->name && add_word(catalog, entity->name) != 0) return -1;
    if (entity->as.table) return add_columns(catalog, entity->as.table->columns, entity->as.table->column_count);
    if (entity->as.virtual_table) return add_virtual_table(catalog, entity->as.virtual_table);
    const drift_view *view = entity->as.view;
    if (view) return add_names(catalog, view->columns, view->column_count) ? -1 : add_text(catalog, view->select);
    const drift_trigger *trigger = entity->as.trigger;
    if (trigger) return add_text(catalog, trigger->when) ? -1 : add_text(catalog, trigger->body);
    return 0;
}

/* Columns that no schema lists: those of the table-valued functions that SQLite has
 * (https://www.sqlite.org/json1.html#the_json_each_and_json_tree_table_valued_functions,
 * https://www.sqlite.org/series.html) and the hidden ones of FTS. */
static const char *const hidden[] = {"key",  "value", "type",  "atom", "id",   "parent", "fullkey", "path",
                                     "json", "root",  "start", "stop", "step", "rank",   "docid"};

static int learn_words(drift__catalog *catalog)
{
    if (add_names(catalog, hidden, sizeof hidden / sizeof *hidden) != 0) return -1;
    for (size_t i = 0; i < catalog->schema->entity_count; i++) {
        if (add_entity(catalog, &catalog->schema->entities[i]) != 0) return -1;
    }
    catalog->words_known = true;
    return 0;
}

static bool has_word(const char *text, const char *word)
{
    drift__cursor c = drift__cursor_at(text, strlen(text));
    while (c.token.kind != DRIFT__TOKEN_END && !drift__cursor_is(&c, word)) drift__cursor_next(&c);
    return c.token.kind != DRIFT__TOKEN_END;
}

int drift__catalog_scope(drift__scope *scope, drift__catalog *catalog, const char *text)
{
    *scope = (drift__scope){.rowid = true};
    if (has_word(text, "WITH")) return 0;
    if (!catalog->words_known && learn_words(catalog) != 0) return -1;
    scope->names = &catalog->words;
    return 0;
}
