/* walk_virtual.c — virtual tables. */
#include <string.h>

#include "base/fold.h"
#include "compare/expression.h"
#include "compare/text.h"
#include "compare/walk.h"
#include "sql/cursor.h"
#include "sql/quote.h"

/* SQLite hands the arguments to the module as text. Names fold as everywhere; in `option = value` the full-text modules
 * take any quotes, or none, around the value (https://www.sqlite.org/fts5.html, section 4). */
static const char *canonical_argument(const char *argument, bool full_text, drift__arena *arena)
{
    static const drift__scope any = {0};
    drift__cursor c = drift__cursor_at(argument, strlen(argument));
    const drift__lexeme option = c.token;
    drift__cursor_next(&c);
    const bool assigns = c.token.length == 1 && *c.token.text == '=';
    drift__cursor_next(&c);
    const drift__lexeme value = c.token;
    drift__cursor_next(&c);
    if (!full_text || !assigns || option.kind != DRIFT__TOKEN_WORD || c.token.kind != DRIFT__TOKEN_END)
        return drift__expression_canonical(arena, argument, &any);
    const char *name = drift__arena_strndup(arena, option.text, option.length);
    const char *literal = drift__text_literal(arena, drift__unquote(arena, value.text, value.length));
    return name && literal ? drift__arena_printf(arena, "%s = %s", drift__text_folded(arena, name), literal) : NULL;
}

static bool is_full_text(const char *module)
{
    return drift__same_name(module, "fts3") || drift__same_name(module, "fts4") || drift__same_name(module, "fts5");
}

static const char *canonical_virtual(const drift_virtual_table *table, drift__arena *arena)
{
    drift__str text = DRIFT__STR_INIT;
    const char *module = drift__text_folded(arena, table->module);
    if (module) drift__put_quoted(&text, module);
    for (size_t i = 0; i < table->argument_count; i++) {
        const char *argument = canonical_argument(table->arguments[i], is_full_text(table->module), arena);
        drift__str_puts(&text, ", ");
        if (argument) drift__str_puts(&text, argument);
    }
    return drift__text_take(arena, &text);
}

static drift__told told_virtual(drift__walk *walk, const drift_entity *entity)
{
    const drift_virtual_table *table = entity->as.virtual_table;
    drift__str text = DRIFT__STR_INIT;
    drift__put_name(&text, table->module);
    drift__str_putc(&text, '(');
    for (size_t i = 0; i < table->argument_count; i++) {
        if (i) drift__str_puts(&text, ", ");
        drift__text_put_sql(&text, table->arguments[i]);
    }
    drift__str_putc(&text, ')');
    return drift__walk_told(walk, &text, entity);
}

int drift__walk_virtual_table(drift__walk *walk, drift__pair pair)
{
    const char *want = canonical_virtual(pair.expected->as.virtual_table, &walk->scratch);
    const char *got = canonical_virtual(pair.actual->as.virtual_table, &walk->scratch);
    if (!want || !got || walk->scratch.failed) return -1;
    if (!drift__same_text(want, got))
        drift__answer_add(walk->answer, DRIFT_FACET_VIRTUAL_SQL, pair, NULL, told_virtual(walk, pair.expected),
                          told_virtual(walk, pair.actual));
    return 0;
}
