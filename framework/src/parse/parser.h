/* parser.h — what the files of this module share: the walk over one statement, and growing lists in the arena. */
#ifndef DRIFT_PARSE_PARSER_H
#define DRIFT_PARSE_PARSER_H

#include <stdbool.h>

#include "base/arena.h"
#include "drift/error.h"
#include "drift/schema.h"
#include "sql/cursor.h"

typedef struct drift__parser {
    drift__cursor c; /* over the statement's text, which is the entity's `sql` */
    drift__arena *arena;
    drift__arena *scratch; /* in which lists grow; freed with the statement */
    drift_error *err;
    const char *source; /* what errors call the text */
    const char *script; /* the whole text that holds the statement, for positions */
    size_t base;        /* the statement's offset in the script */
} drift__parser;

/* A list that grows in the scratch arena; items are zeroed. */
typedef struct drift__list {
    void *items;
    size_t count;
    size_t capacity;
} drift__list;

/* A new item at the list's end, or NULL if there is no memory. */
void *drift__list_add(drift__parser *p, drift__list *list, size_t size);

/* The finished list, in the arena, as long as it is. NULL if it is empty, or if there is no memory, which is told. */
void *drift__list_take(drift__parser *p, const drift__list *list, size_t size);

/* SYNTAX at the current token: "expected <what>, found <token>". */
int drift__expected(drift__parser *p, const char *what);

int drift__take_name(drift__parser *p, const char **name, const char *what);
int drift__expect_word(drift__parser *p, const char *word);
int drift__expect_kind(drift__parser *p, drift__token_kind kind, const char *what);

/* Whether the current token can be a name: a quoted word, a string, or a word that is not reserved. */
bool drift__at_name(const drift__parser *p);

/* The source text from `start` to the end of the token before the current one, in the arena. */
const char *drift__text_since(drift__parser *p, const char *start);

/* The span of the same in the statement. */
drift_span drift__span_since(const drift__parser *p, const char *start);

/* The text inside a balanced (…), trimmed, with the parentheses gone past; SYNTAX if nothing closes it. */
int drift__take_parenthesised(drift__parser *p, const char **text);

/* [schema.]name; `database` becomes NULL without a schema. */
int drift__take_qualified(drift__parser *p, const char **database, const char **name, const char *what);

/* (name, name, …) if there is one; count 0 otherwise. */
int drift__take_name_list(drift__parser *p, const char *const **names, size_t *count);

/* ASC or DESC, if it stands here. */
drift_sort drift__take_sort(drift__parser *p);

/* (expr [COLLATE c] [ASC|DESC], …) */
int drift__take_indexed_columns(drift__parser *p, const drift_indexed_column **columns, size_t *count);

/* What stands behind CREATE [TEMP] and the kind's words. The cursor is at IF or the name. */
int drift__parse_table(drift__parser *p, drift_entity *entity);
int drift__parse_index(drift__parser *p, drift_entity *entity, bool unique);
int drift__parse_view(drift__parser *p, drift_entity *entity);
int drift__parse_trigger(drift__parser *p, drift_entity *entity);
int drift__parse_virtual_table(drift__parser *p, drift_entity *entity);

/* [IF NOT EXISTS] [schema.]name into the entity. */
int drift__take_entity_name(drift__parser *p, drift_entity *entity);

/* Constraints of one column, into its list, until something else comes. Deferral clauses that stand by themselves go to
 * *last_reference, the table's last foreign key, as SQLite applies them. */
int drift__parse_column_constraints(drift__parser *p, drift__list *constraints, drift_reference **last_reference);

/* The table constraints up to the closing parenthesis. */
int drift__parse_table_constraints(drift__parser *p, drift__list *constraints, drift_reference **last_reference);

/* Whether a table constraint begins at the cursor. */
bool drift__at_table_constraint(const drift__parser *p);

#endif
