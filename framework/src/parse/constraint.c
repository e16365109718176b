/* constraint.c — constraints of columns and tables (https://www.sqlite.org/syntax/column-constraint.html and
 * table-constraint.html; where these are stricter than SQLite itself, src/parse.y decides). */
#include "base/error.h"
#include "parse/parser.h"

static int parse_conflict(drift__parser *p, drift_conflict *conflict)
{
    static const struct {
        const char *word;
        drift_conflict conflict;
    } kinds[] = {{"ROLLBACK", DRIFT_CONFLICT_ROLLBACK},
                 {"ABORT", DRIFT_CONFLICT_ABORT},
                 {"FAIL", DRIFT_CONFLICT_FAIL},
                 {"IGNORE", DRIFT_CONFLICT_IGNORE},
                 {"REPLACE", DRIFT_CONFLICT_REPLACE}};
    if (!drift__cursor_take(&p->c, "ON")) return DRIFT_OK;
    const int rc = drift__expect_word(p, "CONFLICT");
    if (rc != DRIFT_OK) return rc;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!drift__cursor_take(&p->c, kinds[i].word)) continue;
        *conflict = kinds[i].conflict;
        return DRIFT_OK;
    }
    return drift__expected(p, "ROLLBACK, ABORT, FAIL, IGNORE or REPLACE");
}

/* DEFAULT (expr) | [+|-] term | name. What is kept is the text as written. */
static int parse_default(drift__parser *p, drift_constraint *constraint)
{
    const char *start = p->c.token.text;
    if (p->c.token.kind == DRIFT__TOKEN_OPEN) {
        if (!drift__cursor_skip_balanced(&p->c)) return drift__expected(p, ")");
    } else {
        if (p->c.token.kind == DRIFT__TOKEN_OPERATOR && (*p->c.token.text == '-' || *p->c.token.text == '+'))
            drift__cursor_next(&p->c);
        switch (p->c.token.kind) {
        case DRIFT__TOKEN_WORD:
        case DRIFT__TOKEN_QUOTED:
        case DRIFT__TOKEN_STRING:
        case DRIFT__TOKEN_BLOB:
        case DRIFT__TOKEN_INTEGER:
        case DRIFT__TOKEN_FLOAT: drift__cursor_next(&p->c); break;
        default: return drift__expected(p, "a default value");
        }
    }
    constraint->kind = DRIFT_CONSTRAINT_DEFAULT;
    constraint->expression = drift__text_since(p, start);
    return constraint->expression ? DRIFT_OK : DRIFT_NO_MEMORY;
}

static int parse_action(drift__parser *p, drift_action *action)
{
    if (drift__cursor_take(&p->c, "SET")) {
        if (drift__cursor_take(&p->c, "NULL"))
            *action = DRIFT_ACTION_SET_NULL;
        else if (drift__cursor_take(&p->c, "DEFAULT"))
            *action = DRIFT_ACTION_SET_DEFAULT;
        else
            return drift__expected(p, "NULL or DEFAULT");
        return DRIFT_OK;
    }
    if (drift__cursor_take(&p->c, "NO")) {
        *action = DRIFT_ACTION_NO_ACTION;
        return drift__expect_word(p, "ACTION");
    }
    if (drift__cursor_take(&p->c, "CASCADE"))
        *action = DRIFT_ACTION_CASCADE;
    else if (drift__cursor_take(&p->c, "RESTRICT"))
        *action = DRIFT_ACTION_RESTRICT;
    else
        return drift__expected(p, "SET NULL, SET DEFAULT, CASCADE, RESTRICT or NO ACTION");
    return DRIFT_OK;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED|IMMEDIATE], if it stands here. */
static int parse_deferral(drift__parser *p, drift_deferral *deferral, bool *found)
{
    const bool negated = drift__lexeme_is(&p->c.next, "DEFERRABLE") && drift__cursor_is(&p->c, "NOT");
    *found = negated || drift__cursor_is(&p->c, "DEFERRABLE");
    if (!*found) return DRIFT_OK;
    if (negated) drift__cursor_next(&p->c);
    drift__cursor_next(&p->c);
    if (!drift__cursor_take(&p->c, "INITIALLY")) {
        *deferral = negated ? DRIFT_NOT_DEFERRABLE : DRIFT_DEFERRABLE;
    } else if (drift__cursor_take(&p->c, "DEFERRED")) {
        *deferral = negated ? DRIFT_NOT_DEFERRABLE_INITIALLY_DEFERRED : DRIFT_DEFERRABLE_INITIALLY_DEFERRED;
    } else if (drift__cursor_take(&p->c, "IMMEDIATE")) {
        *deferral = negated ? DRIFT_NOT_DEFERRABLE_INITIALLY_IMMEDIATE : DRIFT_DEFERRABLE_INITIALLY_IMMEDIATE;
    } else {
        return drift__expected(p, "DEFERRED or IMMEDIATE");
    }
    return DRIFT_OK;
}

/* ON DELETE …, ON UPDATE …, MATCH …, in any order and number; the last of each counts. SQLite also parses ON INSERT,
 * and ignores it. */
static int parse_reference_arguments(drift__parser *p, drift_reference *reference)
{
    for (;;) {
        int rc;
        drift_action ignored = DRIFT_ACTION_NONE;
        if (drift__cursor_take(&p->c, "MATCH")) {
            rc = drift__take_name(p, &reference->match, "a name");
        } else if (!drift__cursor_take(&p->c, "ON")) {
            return DRIFT_OK;
        } else if (drift__cursor_take(&p->c, "DELETE")) {
            rc = parse_action(p, &reference->on_delete);
        } else if (drift__cursor_take(&p->c, "UPDATE")) {
            rc = parse_action(p, &reference->on_update);
        } else if (drift__cursor_take(&p->c, "INSERT")) {
            rc = parse_action(p, &ignored);
        } else {
            rc = drift__expected(p, "DELETE or UPDATE");
        }
        if (rc != DRIFT_OK) return rc;
    }
}

/* The cursor is behind REFERENCES. */
static int parse_reference(drift__parser *p, drift_constraint *constraint, drift_reference **last)
{
    int rc;
    bool found = false;
    drift_reference *reference = drift__arena_alloc(p->arena, sizeof *reference);
    if (!reference) return drift__no_memory(p->err);
    constraint->kind = DRIFT_CONSTRAINT_FOREIGN_KEY;
    constraint->reference = reference;
    *last = reference;
    if ((rc = drift__take_name(p, &reference->table, "the parent table's name")) != DRIFT_OK ||
        (rc = drift__take_name_list(p, &reference->columns, &reference->column_count)) != DRIFT_OK ||
        (rc = parse_reference_arguments(p, reference)) != DRIFT_OK)
        return rc;
    return parse_deferral(p, &reference->deferral, &found);
}

/* [GENERATED ALWAYS] AS (expr) [STORED|VIRTUAL] */
static int parse_generated(drift__parser *p, drift_constraint *constraint)
{
    int rc;
    constraint->kind = DRIFT_CONSTRAINT_GENERATED;
    if (drift__cursor_take(&p->c, "GENERATED")) {
        constraint->always = true;
        if ((rc = drift__expect_word(p, "ALWAYS")) != DRIFT_OK) return rc;
    }
    if ((rc = drift__expect_word(p, "AS")) != DRIFT_OK ||
        (rc = drift__take_parenthesised(p, &constraint->expression)) != DRIFT_OK)
        return rc;
    constraint->stored = drift__cursor_take(&p->c, "STORED");
    if (!constraint->stored) constraint->virtual_written = drift__cursor_take(&p->c, "VIRTUAL");
    return DRIFT_OK;
}

static int parse_check(drift__parser *p, drift_constraint *constraint)
{
    constraint->kind = DRIFT_CONSTRAINT_CHECK;
    const int rc = drift__take_parenthesised(p, &constraint->expression);
    return rc == DRIFT_OK ? parse_conflict(p, &constraint->conflict) : rc;
}

static int parse_column_primary_key(drift__parser *p, drift_constraint *constraint)
{
    int rc = drift__expect_word(p, "KEY");
    if (rc != DRIFT_OK) return rc;
    constraint->kind = DRIFT_CONSTRAINT_PRIMARY_KEY;
    constraint->sort = drift__take_sort(p);
    if ((rc = parse_conflict(p, &constraint->conflict)) != DRIFT_OK) return rc;
    constraint->autoincrement = drift__cursor_take(&p->c, "AUTOINCREMENT");
    return DRIFT_OK;
}

static int parse_collate(drift__parser *p, drift_constraint *constraint)
{
    constraint->kind = DRIFT_CONSTRAINT_COLLATE;
    return drift__take_name(p, &constraint->expression, "a collation's name");
}

static int parse_plain(drift__parser *p, drift_constraint *constraint, drift_constraint_kind kind)
{
    constraint->kind = kind;
    return parse_conflict(p, &constraint->conflict);
}

static int parse_not_null(drift__parser *p, drift_constraint *constraint)
{
    const int rc = drift__expect_word(p, "NULL");
    return rc == DRIFT_OK ? parse_plain(p, constraint, DRIFT_CONSTRAINT_NOT_NULL) : rc;
}

/* One constraint of a column. *found is false if none begins here, which the first letter mostly tells. */
static int parse_column_constraint(drift__parser *p, drift_constraint *constraint, drift_reference **last, bool *found)
{
    *found = true;
    switch (p->c.token.kind == DRIFT__TOKEN_WORD ? drift__fold_char(*p->c.token.text) : '\0') {
    case 'n':
        if (drift__cursor_take(&p->c, "NOT")) return parse_not_null(p, constraint);
        if (drift__cursor_take(&p->c, "NULL")) return parse_plain(p, constraint, DRIFT_CONSTRAINT_NULL);
        break;
    case 'p':
        if (drift__cursor_take(&p->c, "PRIMARY")) return parse_column_primary_key(p, constraint);
        break;
    case 'u':
        if (drift__cursor_take(&p->c, "UNIQUE")) return parse_plain(p, constraint, DRIFT_CONSTRAINT_UNIQUE);
        break;
    case 'c':
        if (drift__cursor_take(&p->c, "CHECK")) return parse_check(p, constraint);
        if (drift__cursor_take(&p->c, "COLLATE")) return parse_collate(p, constraint);
        break;
    case 'd':
        if (drift__cursor_take(&p->c, "DEFAULT")) return parse_default(p, constraint);
        break;
    case 'r':
        if (drift__cursor_take(&p->c, "REFERENCES")) return parse_reference(p, constraint, last);
        break;
    case 'g':
    case 'a':
        if (drift__cursor_is(&p->c, "GENERATED") || drift__cursor_is(&p->c, "AS"))
            return parse_generated(p, constraint);
        break;
    default: break;
    }
    *found = false;
    return DRIFT_OK;
}

/* CONSTRAINT name, if it stands here. */
static int take_constraint_name(drift__parser *p, const char **name)
{
    *name = NULL;
    return drift__cursor_take(&p->c, "CONSTRAINT") ? drift__take_name(p, name, "a constraint's name") : DRIFT_OK;
}

/* Deferral clauses by themselves: SQLite applies them to the table's last foreign key, and ignores them if there is
 * none. */
static int take_lone_deferrals(drift__parser *p, drift_reference *last)
{
    for (;;) {
        bool found = false;
        drift_deferral deferral = DRIFT_DEFERRAL_NONE;
        const int rc = parse_deferral(p, &deferral, &found);
        if (rc != DRIFT_OK || !found) return rc;
        if (last) last->deferral = deferral;
    }
}

static int add_constraint(drift__parser *p, drift__list *constraints, const drift_constraint *constraint,
                          const char *start)
{
    drift_constraint *added = drift__list_add(p, constraints, sizeof *added);
    if (!added) return DRIFT_NO_MEMORY;
    *added = *constraint;
    added->span = drift__span_since(p, start);
    return DRIFT_OK;
}

/* CONSTRAINT names what comes behind it, whether or not a deferral clause by itself stands between. */
int drift__parse_column_constraints(drift__parser *p, drift__list *constraints, drift_reference **last)
{
    while (p->c.token.kind == DRIFT__TOKEN_WORD) {
        int rc;
        bool found = false;
        drift_constraint constraint = {0};
        const char *start = p->c.token.text;
        if ((rc = take_constraint_name(p, &constraint.name)) != DRIFT_OK ||
            (rc = take_lone_deferrals(p, *last)) != DRIFT_OK)
            return rc;
        if (!constraint.name) start = p->c.token.text;
        if ((rc = parse_column_constraint(p, &constraint, last, &found)) != DRIFT_OK) return rc;
        if (!found && !constraint.name && !drift__cursor_is(&p->c, "CONSTRAINT")) return DRIFT_OK;
        if ((found || constraint.name) && (rc = add_constraint(p, constraints, &constraint, start)) != DRIFT_OK)
            return rc;
    }
    return DRIFT_OK;
}

static int parse_key_columns(drift__parser *p, drift_constraint *constraint)
{
    int rc = drift__take_indexed_columns(p, &constraint->columns, &constraint->column_count);
    for (size_t i = 0; rc == DRIFT_OK && i < constraint->column_count; i++)
        constraint->autoincrement |= constraint->columns[i].autoincrement;
    return rc == DRIFT_OK ? parse_conflict(p, &constraint->conflict) : rc;
}

static int parse_foreign_key(drift__parser *p, drift_constraint *constraint, drift_reference **last)
{
    int rc;
    if ((rc = drift__expect_word(p, "KEY")) != DRIFT_OK ||
        (rc = drift__take_indexed_columns(p, &constraint->columns, &constraint->column_count)) != DRIFT_OK ||
        (rc = drift__expect_word(p, "REFERENCES")) != DRIFT_OK)
        return rc;
    return parse_reference(p, constraint, last);
}

bool drift__at_table_constraint(const drift__parser *p)
{
    return drift__cursor_is(&p->c, "CONSTRAINT") || drift__cursor_is(&p->c, "PRIMARY") ||
           drift__cursor_is(&p->c, "UNIQUE") || drift__cursor_is(&p->c, "CHECK") || drift__cursor_is(&p->c, "FOREIGN");
}

static int parse_table_constraint(drift__parser *p, drift_constraint *constraint, drift_reference **last)
{
    if (drift__cursor_take(&p->c, "PRIMARY")) {
        const int rc = drift__expect_word(p, "KEY");
        constraint->kind = DRIFT_CONSTRAINT_PRIMARY_KEY;
        return rc == DRIFT_OK ? parse_key_columns(p, constraint) : rc;
    }
    if (drift__cursor_take(&p->c, "UNIQUE")) {
        constraint->kind = DRIFT_CONSTRAINT_UNIQUE;
        return parse_key_columns(p, constraint);
    }
    if (drift__cursor_take(&p->c, "CHECK")) return parse_check(p, constraint);
    if (drift__cursor_take(&p->c, "FOREIGN")) return parse_foreign_key(p, constraint, last);
    return DRIFT_OK; /* CONSTRAINT name with nothing behind it */
}

/* SQLite takes table constraints without a comma between them. */
int drift__parse_table_constraints(drift__parser *p, drift__list *constraints, drift_reference **last)
{
    while (drift__at_table_constraint(p)) {
        int rc;
        drift_constraint constraint = {0};
        const char *start = p->c.token.text;
        if ((rc = take_constraint_name(p, &constraint.name)) != DRIFT_OK ||
            (rc = parse_table_constraint(p, &constraint, last)) != DRIFT_OK ||
            (rc = add_constraint(p, constraints, &constraint, start)) != DRIFT_OK)
            return rc;
        if (drift__cursor_take_kind(&p->c, DRIFT__TOKEN_COMMA) && !drift__at_table_constraint(p))
            return drift__expected(p, "a table constraint");
    }
    return DRIFT_OK;
}
