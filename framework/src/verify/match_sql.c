/* match_sql.c — writing it. */
#include "verify/match_sql.h"

#include "sql/quote.h"
#include "verify/referee.h"

bool drift__is_special(const drift__match_column *column)
{
    return column->want == DRIFT__WANT_TRANSFORM || column->want == DRIFT__WANT_FILL || column->cast ||
           column->null_may_go;
}

bool drift__has_special(const drift__match *match)
{
    for (size_t i = 0; i < match->column_count; i++) {
        if (drift__is_special(&match->columns[i])) return true;
    }
    return false;
}

static bool has_expression(const drift__match_column *column)
{
    return column->want == DRIFT__WANT_TRANSFORM || column->want == DRIFT__WANT_FILL;
}

/* What an expression gives is not cast. */
static bool may_be_cast(const drift__match_column *column)
{
    return column->cast && column->want != DRIFT__WANT_TRANSFORM;
}

/* ---- the two sides ---- */

/* An expression in parentheses of its own, so that a comment at its end ends with the line. */
static void put_parenthesised(drift__str *sql, const char *expression)
{
    drift__str_printf(sql, "(%s\n)", expression);
}

static void put_rowid(drift__str *sql, const drift__match_side *side)
{
    if (side->rowid)
        drift__put_quoted(sql, side->rowid);
    else
        drift__str_puts(sql, "NULL");
    drift__str_puts(sql, " AS r");
}

static void put_condition(drift__str *sql, const drift__match_side *side)
{
    drift__str_puts(sql, ", ");
    if (side->condition)
        put_parenthesised(sql, side->condition);
    else
        drift__str_putc(sql, '0');
    drift__str_puts(sql, " AS d");
}

static void put_old_column(drift__str *sql, const drift__match_column *column, size_t index)
{
    drift__str_puts(sql, ", ");
    if (column->old_name)
        drift__put_quoted(sql, column->old_name);
    else
        drift__str_puts(sql, "NULL");
    drift__str_printf(sql, " AS c%zu", index);
    if (has_expression(column)) {
        drift__str_puts(sql, ", drift__stored(");
        put_parenthesised(sql, column->expression);
        drift__str_printf(sql, ", '%s') AS e%zu", column->affinity, index);
    }
    if (column->cast) {
        drift__str_puts(sql, ", CAST(");
        drift__put_quoted(sql, column->old_name);
        drift__str_printf(sql, " AS %s) AS f%zu", column->cast, index);
    }
}

void drift__put_table(drift__str *sql, const drift__match *match, bool of_old)
{
    drift__str_puts(sql, of_old ? DRIFT__REFEREE_OLD "." : DRIFT__REFEREE_NEW ".");
    drift__put_quoted(sql, of_old ? match->old.table : match->new.table);
}

/* An index that has all columns that are asked for would be read in its order, and the other side's rows be looked up
 * one here and one there. */
static void put_from(drift__str *sql, const drift__match *match, bool of_old)
{
    drift__str_puts(sql, " FROM ");
    drift__put_table(sql, match, of_old);
    if (match->in_place && !match->staged) drift__str_puts(sql, " NOT INDEXED");
}

static void put_old_select(drift__str *sql, const drift__match *match)
{
    drift__str_puts(sql, "SELECT ");
    put_rowid(sql, &match->old);
    for (size_t i = 0; i < match->column_count; i++) put_old_column(sql, &match->columns[i], i);
    put_condition(sql, &match->old);
    put_from(sql, match, true);
}

static void put_new_select(drift__str *sql, const drift__match *match)
{
    drift__str_puts(sql, "SELECT ");
    put_rowid(sql, &match->new);
    for (size_t i = 0; i < match->column_count; i++) {
        drift__str_puts(sql, ", ");
        drift__put_quoted(sql, match->columns[i].new_name);
        drift__str_printf(sql, " AS c%zu", i);
    }
    put_condition(sql, &match->new);
    put_from(sql, match, false);
}

void drift__put_side(drift__str *sql, const drift__match *match, bool of_old)
{
    if (match->staged) {
        drift__str_puts(sql, of_old ? "temp.drift__old o" : "temp.drift__new n");
        return;
    }
    drift__str_putc(sql, '(');
    if (of_old)
        put_old_select(sql, match);
    else
        put_new_select(sql, match);
    drift__str_puts(sql, of_old ? ") o" : ") n");
}

/* Columns without a type, so that every value stays what it is; a row without a rowid gets one. */
void drift__put_stage(drift__str *sql, const drift__match *match, bool of_old)
{
    const char *name = of_old ? "drift__old" : "drift__new";
    drift__str_printf(sql, "CREATE TEMP TABLE %s (r INTEGER PRIMARY KEY", name);
    for (size_t i = 0; i < match->column_count; i++) {
        drift__str_printf(sql, ", c%zu", i);
        if (of_old && has_expression(&match->columns[i])) drift__str_printf(sql, ", e%zu", i);
        if (of_old && match->columns[i].cast) drift__str_printf(sql, ", f%zu", i);
    }
    drift__str_printf(sql, ", d); INSERT INTO temp.%s ", name);
    if (of_old)
        put_old_select(sql, match);
    else
        put_new_select(sql, match);
}

/* ---- columns ---- */

void drift__put_expected(drift__str *sql, const drift__match *match, size_t column)
{
    switch (match->columns[column].want) {
    case DRIFT__WANT_TRANSFORM: drift__str_printf(sql, "o.e%zu", column); break;
    case DRIFT__WANT_FILL:
        drift__str_printf(sql, "CASE WHEN o.c%zu IS NULL THEN o.e%zu ELSE o.c%zu END", column, column, column);
        break;
    default: drift__str_printf(sql, "o.c%zu", column);
    }
}

/* The time, or a random value: nobody can say it again, but for what it is. */
static void put_unsteady(drift__str *sql, const drift__match_column *c, size_t column)
{
    drift__str_printf(sql, " OR (typeof(o.e%zu) = typeof(n.c%zu)", column, column);
    if (c->want == DRIFT__WANT_FILL) drift__str_printf(sql, " AND o.c%zu IS NULL", column);
    drift__str_putc(sql, ')');
}

static void put_same_as_expected(drift__str *sql, const drift__match *match, size_t column)
{
    drift__str_puts(sql, "drift__same(");
    drift__put_expected(sql, match, column);
    drift__str_printf(sql, ", n.c%zu)", column);
}

void drift__put_accepted(drift__str *sql, const drift__match *match, size_t column)
{
    const drift__match_column *c = &match->columns[column];
    drift__str_putc(sql, '(');
    if (c->want != DRIFT__WANT_SAME || !c->cast) put_same_as_expected(sql, match, column);
    if (c->want == DRIFT__WANT_FILL && c->cast) /* an old NULL is filled with the expression and nothing else */
        drift__str_printf(sql, " OR o.c%zu IS NOT NULL AND ", column);
    if (may_be_cast(c)) drift__str_printf(sql, "drift__carried(o.c%zu, o.f%zu, n.c%zu)", column, column, column);
    if (c->unsteady) put_unsteady(sql, c, column);
    if (c->null_may_go && c->want == DRIFT__WANT_SAME) drift__str_printf(sql, " OR o.c%zu IS NULL", column);
    drift__str_putc(sql, ')');
}

/* Between the pairs that drift__same is given, and before the first: as many as a function takes. */
static void put_pair(drift__str *sql, size_t index)
{
    if (index % (DRIFT__REFEREE_ARGUMENTS / 2))
        drift__str_puts(sql, ", ");
    else
        drift__str_puts(sql, index ? ") AND drift__same(" : "drift__same(");
}

void drift__put_all_accepted(drift__str *sql, const drift__match *match)
{
    size_t plain = 0;
    drift__str_puts(sql, "1");
    for (size_t i = 0; i < match->column_count; i++) {
        if (drift__is_special(&match->columns[i]) || match->columns[i].want == DRIFT__WANT_ANY) continue;
        if (!plain) drift__str_puts(sql, " AND ");
        put_pair(sql, plain++);
        drift__str_printf(sql, "o.c%zu, n.c%zu", i, i);
    }
    if (plain) drift__str_putc(sql, ')');
    for (size_t i = 0; i < match->column_count; i++) {
        if (!drift__is_special(&match->columns[i])) continue;
        drift__str_puts(sql, " AND ");
        drift__put_accepted(sql, match, i);
    }
}

/* ---- rows ---- */

static void put_view(drift__str *sql, const drift__match *match, drift__view_of view, size_t column)
{
    const drift__match_column *c = &match->columns[column];
    if (view == DRIFT__OF_NEW)
        drift__str_printf(sql, "n.c%zu", column);
    else if (view == DRIFT__OF_OLD || !may_be_cast(c))
        drift__put_expected(sql, match, column);
    else if (c->want == DRIFT__WANT_FILL)
        drift__str_printf(sql, "CASE WHEN o.c%zu IS NULL THEN o.e%zu ELSE o.f%zu END", column, column, column);
    else
        drift__str_printf(sql, "o.f%zu", column);
}

/* The columns that a digest is made of. */
static bool is_in_digest(const drift__match *match, size_t column, bool of_key)
{
    if (!of_key) return match->columns[column].want != DRIFT__WANT_ANY;
    for (size_t i = 0; i < match->key_count; i++) {
        if (match->key[i] == column) return true;
    }
    return false;
}

void drift__put_values(drift__str *sql, const drift__match *match, drift__view_of view, bool of_key)
{
    size_t values = 0, count = 0;
    for (size_t i = 0; i < match->column_count; i++) values += is_in_digest(match, i, of_key);
    const bool in_parts = values > DRIFT__REFEREE_VALUES;
    for (size_t i = 0; i < match->column_count; i++) {
        if (!is_in_digest(match, i, of_key)) continue;
        if (in_parts && count % DRIFT__REFEREE_VALUES == 0)
            drift__str_puts(sql, count ? "), drift__digest(" : ", drift__digest(");
        else
            drift__str_puts(sql, ", ");
        put_view(sql, match, view, i);
        count++;
    }
    if (in_parts) drift__str_putc(sql, ')');
}

void drift__put_has_key(drift__str *sql, const drift__match *match, bool of_old)
{
    drift__str_putc(sql, match->key_count ? '1' : '0');
    for (size_t i = 0; i < match->key_count; i++) {
        drift__str_puts(sql, " AND (");
        put_view(sql, match, of_old ? DRIFT__OF_OLD : DRIFT__OF_NEW, match->key[i]);
        drift__str_puts(sql, ") IS NOT NULL");
    }
}

void drift__put_rows_of(drift__str *sql, const drift__match *match, drift__rows_of rows, bool of_old,
                        const char *before)
{
    if (!match->key_count) return;
    drift__str_printf(sql, "%s%s(", before, rows == DRIFT__WITH_KEY ? "" : "NOT ");
    drift__put_has_key(sql, match, of_old);
    drift__str_putc(sql, ')');
}

bool drift__has_cast(const drift__match *match, bool of_key)
{
    for (size_t i = 0; i < match->column_count; i++) {
        if (match->columns[i].cast && is_in_digest(match, i, of_key)) return true;
    }
    return false;
}

/* "Any column … except an INTEGER PRIMARY KEY column, may be used to store a value of any storage class"
 * (https://www.sqlite.org/datatype3.html, section 2): two of these that are equal are the same. */
static bool has_equal_rowids(const drift__match *match)
{
    return match->rowid_key && !drift__is_special(&match->columns[match->key[0]]);
}

void drift__put_same_key(drift__str *sql, const drift__match *match, const char *before)
{
    drift__str_puts(sql, before);
    for (size_t i = 0; i < match->key_count; i++) {
        put_pair(sql, i);
        drift__str_printf(sql, "n.c%zu, ", match->key[i]);
        put_view(sql, match, DRIFT__OF_OLD, match->key[i]);
    }
    drift__str_putc(sql, ')');
}

/* The index finds the row, by its own collation and affinity; drift__same decides. */
void drift__put_join(drift__str *sql, const drift__match *match)
{
    if (!match->key_count) {
        drift__str_puts(sql, "n.r = o.r");
        return;
    }
    for (size_t i = 0; i < match->key_count; i++) {
        drift__str_printf(sql, "%sn.c%zu = ", i ? " AND " : "", match->key[i]);
        put_view(sql, match, DRIFT__OF_OLD, match->key[i]);
    }
    if (!has_equal_rowids(match)) drift__put_same_key(sql, match, " AND ");
}

/* ---- counting ---- */

bool drift__is_named_by_key(const drift__match *match)
{
    return !match->staged && !match->old.rowid;
}

void drift__put_partner(drift__str *sql, const drift__match *match)
{
    if (match->staged || match->new.rowid)
        drift__str_puts(sql, "n.r");
    else
        drift__str_printf(sql, "n.c%zu", match->key[0]);
}

drift__tally_kind drift__tally_kind_of(const drift__match_column *column)
{
    if (!drift__is_special(column)) return DRIFT__TALLY_PLAIN;
    return column->want == DRIFT__WANT_SAME && !column->null_may_go ? DRIFT__TALLY_CAST : DRIFT__TALLY_WANTED;
}

static void begin_tally(drift__str *sql, const drift__match *match, size_t at, drift__tally_kind kind)
{
    drift__str_printf(sql, ", %s(?1, %zu, ", drift__tally_function(kind), at);
    drift__put_partner(sql, match);
    if (!drift__is_named_by_key(match)) drift__str_puts(sql, ", o.r");
    for (size_t i = 0; drift__is_named_by_key(match) && i < match->key_count; i++)
        drift__str_printf(sql, ", o.c%zu", match->key[i]);
}

/* What is known to be equal to the view is as it should be, but what CAST made of it has to lead back. */
static void put_accepted_as(drift__str *sql, const drift__match *match, size_t column, drift__view_of view)
{
    const drift__match_column *c = &match->columns[column];
    if (view == DRIFT__OF_NEW)
        drift__put_accepted(sql, match, column);
    else if (view == DRIFT__OF_OLD_CAST && may_be_cast(c))
        drift__str_printf(sql, "(o.c%zu IS NULL OR drift__carried(o.c%zu, o.f%zu, o.f%zu))", column, column, column,
                          column);
    else
        drift__str_putc(sql, '1');
}

static void put_counted(drift__str *sql, const drift__match *match, size_t column, drift__tally_kind kind,
                        drift__view_of view)
{
    drift__str_printf(sql, ", o.c%zu, ", column);
    put_view(sql, match, view, column);
    if (kind == DRIFT__TALLY_CAST) drift__str_printf(sql, ", o.f%zu", column);
    if (kind != DRIFT__TALLY_WANTED) return;
    drift__str_puts(sql, ", ");
    put_accepted_as(sql, match, column, view);
}

/* Most rows are as they were, and cost no more than to see it. */
static void put_tally_call(drift__str *sql, const drift__match *match, size_t at, size_t count, drift__tally_kind kind,
                           drift__view_of view)
{
    const size_t *columns = match->tally->order + at;
    begin_tally(sql, match, at, kind);
    for (size_t i = 0; i < count; i++) put_counted(sql, match, columns[i], kind, view);
    drift__str_putc(sql, ')');
    if (kind != DRIFT__TALLY_PLAIN) return;
    drift__str_puts(sql, " FILTER (WHERE NOT drift__same(");
    for (size_t i = 0; i < count; i++)
        drift__str_printf(sql, "%so.c%zu, n.c%zu", i ? ", " : "", columns[i], columns[i]);
    drift__str_puts(sql, "))");
}

/* All columns of a kind, as many at once as a function takes. */
static void put_tally_calls(drift__str *sql, const drift__match *match, drift__tally_kind kind, drift__view_of view)
{
    const drift__tally *tally = match->tally;
    const size_t values = DRIFT__REFEREE_VALUES - (tally->key_count ? tally->key_count : 1);
    const size_t most = values / (kind == DRIFT__TALLY_PLAIN ? 2 : 3), end = tally->kinds[kind + 1];
    for (size_t at = tally->kinds[kind], count; at < end; at += count) {
        count = end - at < most ? end - at : most;
        put_tally_call(sql, match, at, count, kind, view);
    }
}

/* The kinds of columns that may not be as they were: those of the new row, of what was expected, of what was cast. */
static int first_kind(drift__view_of view)
{
    if (view == DRIFT__OF_NEW) return DRIFT__TALLY_PLAIN;
    return view == DRIFT__OF_OLD ? DRIFT__TALLY_WANTED : DRIFT__TALLY_CAST;
}

bool drift__has_counted(const drift__match *match, drift__view_of view)
{
    return match->tally->kinds[first_kind(view)] != match->tally->kinds[DRIFT__TALLY_KINDS];
}

void drift__put_tally(drift__str *sql, const drift__match *match, drift__view_of view)
{
    for (int kind = first_kind(view); kind < DRIFT__TALLY_KINDS; kind++)
        put_tally_calls(sql, match, (drift__tally_kind)kind, view);
}
