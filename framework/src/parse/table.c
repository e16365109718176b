/* table.c — CREATE TABLE and CREATE VIRTUAL TABLE (https://www.sqlite.org/lang_createtable.html, lang_createvtab.html).
 */
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "parse/parser.h"
#include "sql/keyword.h"

/* Types as nearly all schemas write them: their texts are shared, not copied. */
static const char *usual_type(const drift__lexeme *token)
{
    const char *usual = NULL;
    switch (token->kind == DRIFT__TOKEN_WORD ? *token->text : '\0') {
    case 'I': usual = "INTEGER"; break;
    case 'T': usual = "TEXT"; break;
    case 'R': usual = "REAL"; break;
    case 'B': usual = "BLOB"; break;
    case 'i': usual = "integer"; break;
    case 't': usual = "text"; break;
    case 'r': usual = "real"; break;
    case 'b': usual = "blob"; break;
    default: return NULL;
    }
    return token->length == strlen(usual) && memcmp(token->text, usual, token->length) == 0 ? usual : NULL;
}

/* Whether nothing of the type can follow the token behind its first word. */
static bool ends_type(const drift__lexeme *next)
{
    return next->kind == DRIFT__TOKEN_COMMA || next->kind == DRIFT__TOKEN_CLOSE ||
           (next->kind == DRIFT__TOKEN_WORD && drift__is_reserved(next->text, next->length));
}

/* A type of one word; *taken is false where it has more, or there is none. */
static int take_one_word(drift__parser *p, drift_column *column, bool *taken)
{
    const drift__lexeme word = p->c.token;
    const char *usual = usual_type(&word);
    *taken = (usual || (word.kind == DRIFT__TOKEN_WORD && drift__at_name(p))) && ends_type(&p->c.next);
    if (!*taken) return DRIFT_OK;
    column->type = usual ? usual : drift__arena_strndup(p->arena, word.text, word.length);
    drift__cursor_next(&p->c);
    return column->type ? DRIFT_OK : drift__no_memory(p->err);
}

/*
 * Words, then at most one pair of parentheses: VARCHAR(10), DECIMAL(10, 2). To SQLite's grammar GENERATED ALWAYS are
 * words like others, which it takes off the type's end afterwards (src/build.c, sqlite3AddColumn); *generated is where
 * they stand.
 */
static int parse_type(drift__parser *p, drift_column *column, const char **generated)
{
    drift__str type = DRIFT__STR_INIT;
    drift__lexeme last = {0};
    size_t length_before = 0; /* of the type without its last two words */
    size_t length_last = 0;
    bool one_word = false;
    *generated = NULL;
    int rc = take_one_word(p, column, &one_word);
    if (rc != DRIFT_OK || one_word) return rc;
    while (drift__at_name(p)) {
        *generated = drift__lexeme_is(&last, "GENERATED") && drift__cursor_is(&p->c, "ALWAYS") ? last.text : NULL;
        length_before = length_last;
        length_last = type.length;
        if (type.length) drift__str_putc(&type, ' ');
        drift__str_putn(&type, p->c.token.text, p->c.token.length);
        last = p->c.token;
        drift__cursor_next(&p->c);
    }
    if (type.length && p->c.token.kind == DRIFT__TOKEN_OPEN) {
        const char *arguments = NULL;
        *generated = NULL;
        if ((rc = drift__take_parenthesised(p, &arguments)) != DRIFT_OK) goto done;
        drift__str_printf(&type, "(%s)", arguments);
    }
    if (*generated) drift__str_truncate(&type, length_before);
    if (type.failed || !(column->type = drift__arena_strdup(p->arena, drift__str_text(&type))))
        rc = drift__no_memory(p->err);
done:
    drift__str_dispose(&type);
    return rc;
}

/* Gives the words GENERATED ALWAYS that stood at the type's end to the AS (…) that they belong to. */
static void claim_generated(const drift__parser *p, drift_constraint *constraints, size_t count, const char *generated)
{
    for (size_t i = 0; generated && i < count; i++) {
        drift_constraint *constraint = &constraints[i];
        if (constraint->kind != DRIFT_CONSTRAINT_GENERATED || constraint->always) continue;
        constraint->always = true;
        if (i > 0) return; /* others stand between: the words are no part of its text */
        const size_t start = (size_t)(generated - p->c.start);
        constraint->span.length += constraint->span.offset - start;
        constraint->span.offset = start;
        return;
    }
}

/* The shortcuts repeat what the constraints say; where one is written twice, SQLite takes the last. */
static void set_shortcuts(drift_column *column)
{
    for (size_t i = 0; i < column->constraint_count; i++) {
        const drift_constraint *constraint = &column->constraints[i];
        switch (constraint->kind) {
        case DRIFT_CONSTRAINT_NOT_NULL: column->not_null = true; break;
        case DRIFT_CONSTRAINT_DEFAULT: column->default_value = constraint->expression; break;
        case DRIFT_CONSTRAINT_COLLATE: column->collation = constraint->expression; break;
        case DRIFT_CONSTRAINT_GENERATED:
            column->generated = constraint->expression;
            column->generated_stored = constraint->stored;
            break;
        default: break;
        }
    }
}

static int parse_column(drift__parser *p, drift_column *column, drift_reference **last)
{
    int rc;
    drift__list constraints = {0};
    const char *start = p->c.token.text, *generated = NULL;
    if ((rc = drift__take_name(p, &column->name, "a column's name")) != DRIFT_OK ||
        (rc = parse_type(p, column, &generated)) != DRIFT_OK ||
        (rc = drift__parse_column_constraints(p, &constraints, last)) != DRIFT_OK)
        return rc;
    claim_generated(p, constraints.items, constraints.count, generated);
    column->constraints = drift__list_take(p, &constraints, sizeof *column->constraints);
    column->constraint_count = column->constraints ? constraints.count : 0;
    column->span = drift__span_since(p, start);
    set_shortcuts(column);
    return DRIFT_OK;
}

/* (column, column, … [, constraint …]): behind the first table constraint no column may follow. */
static int parse_body(drift__parser *p, drift_table *table)
{
    drift__list columns = {0}, constraints = {0};
    drift_reference *last = NULL;
    int rc = drift__expect_kind(p, DRIFT__TOKEN_OPEN, "( or AS");
    if (rc != DRIFT_OK) return rc;
    do {
        if (columns.count && drift__at_table_constraint(p)) {
            if ((rc = drift__parse_table_constraints(p, &constraints, &last)) != DRIFT_OK) return rc;
            break;
        }
        drift_column *column = drift__list_add(p, &columns, sizeof *column);
        if (!column) return DRIFT_NO_MEMORY;
        if ((rc = parse_column(p, column, &last)) != DRIFT_OK) return rc;
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    table->columns = drift__list_take(p, &columns, sizeof *table->columns);
    table->column_count = table->columns ? columns.count : 0;
    table->constraints = drift__list_take(p, &constraints, sizeof *table->constraints);
    table->constraint_count = table->constraints ? constraints.count : 0;
    return drift__expect_kind(p, DRIFT__TOKEN_CLOSE, ", or )");
}

/* WITHOUT ROWID, STRICT, separated by commas; SQLite takes a comma before the first as well. */
static int parse_options(drift__parser *p, drift_table *table)
{
    if (p->c.token.kind == DRIFT__TOKEN_END) return DRIFT_OK;
    drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA);
    do {
        if (drift__cursor_take(&p->c, "WITHOUT")) {
            const int rc = drift__expect_word(p, "ROWID");
            if (rc != DRIFT_OK) return rc;
            table->without_rowid = true;
        } else if (drift__cursor_take(&p->c, "STRICT")) {
            table->strict = true;
        } else {
            return drift__expected(p, "WITHOUT ROWID, STRICT or the end of the statement");
        }
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    return DRIFT_OK;
}

int drift__parse_table(drift__parser *p, drift_entity *entity)
{
    int rc = drift__take_entity_name(p, entity);
    if (rc != DRIFT_OK) return rc;
    if (drift__cursor_is(&p->c, "AS"))
        return drift__error_in(
            p->err, DRIFT_UNSUPPORTED, p->source, p->script, p->base + drift__cursor_offset(&p->c),
            "CREATE TABLE %s AS SELECT has no columns to parse; they are known only once SQLite has run it",
            entity->name);
    drift_table *table = drift__arena_alloc(p->arena, sizeof *table);
    if (!table) return drift__no_memory(p->err);
    table->name = entity->name;
    entity->as.table = table;
    rc = parse_body(p, table);
    return rc == DRIFT_OK ? parse_options(p, table) : rc;
}

/* One argument of a module: its tokens as they are written, up to a comma or the closing parenthesis of the list. */
static int take_argument(drift__parser *p, const char **argument)
{
    const char *start = p->c.token.text;
    size_t depth = 0;
    for (;; drift__cursor_next(&p->c)) {
        const drift__token_kind kind = p->c.token.kind;
        if (kind == DRIFT__TOKEN_END || kind == DRIFT__TOKEN_ILLEGAL) return drift__expected(p, ")");
        if (!depth && (kind == DRIFT__TOKEN_COMMA || kind == DRIFT__TOKEN_CLOSE)) break;
        if (kind == DRIFT__TOKEN_OPEN) depth++;
        if (kind == DRIFT__TOKEN_CLOSE) depth--;
    }
    *argument = p->c.token.text == start ? "" : drift__text_since(p, start);
    return *argument ? DRIFT_OK : DRIFT_NO_MEMORY;
}

int drift__parse_virtual_table(drift__parser *p, drift_entity *entity)
{
    int rc;
    drift__list arguments = {0};
    drift_virtual_table *table = drift__arena_alloc(p->arena, sizeof *table);
    if (!table) return drift__no_memory(p->err);
    entity->as.virtual_table = table;
    if ((rc = drift__take_entity_name(p, entity)) != DRIFT_OK || (rc = drift__expect_word(p, "USING")) != DRIFT_OK ||
        (rc = drift__take_name(p, &table->module, "a module's name")) != DRIFT_OK)
        return rc;
    table->name = entity->name;
    if (!drift__cursor_take_kind(&p->c, DRIFT__TOKEN_OPEN)) return DRIFT_OK;
    do {
        const char **argument = drift__list_add(p, &arguments, sizeof *argument);
        if (!argument) return DRIFT_NO_MEMORY;
        if ((rc = take_argument(p, argument)) != DRIFT_OK) return rc;
    } while (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA));
    table->arguments = drift__list_take(p, &arguments, sizeof *table->arguments);
    table->argument_count = table->arguments ? arguments.count : 0;
    return drift__expect_kind(p, DRIFT__TOKEN_CLOSE, ", or )");
}
