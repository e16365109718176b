/* property.c */
#include "migrate/property.h"

#include <stdio.h>
#include <string.h>

#include "sql/quote.h"

int property_random(property *p, int limit)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return (int)((p->random >> 11) % (uint64_t)limit);
}

static bool chance(property *p, int percent)
{
    return property_random(p, 100) < percent;
}

/* --- making it up --- */

static const char *const table_names[PROPERTY_TABLES][3] = {
    {"todos", "Order", "a b"},
    {"cate\"gories", "drift__rebuild_1", "group"},
    {"\xc3\x9cn\xc3\xaf", "x.y", "it's"},
    {"b]c", "sqlite", "drift__rename_1"},
};

static const char *const column_stems[] = {"name", "order", "a b", "qu\"ote", "\xc3\xa9t\xc3\xa9", "rowid", "value's"};

static const char *const actions[] = {"",
                                      " ON DELETE CASCADE ON UPDATE CASCADE",
                                      " ON DELETE SET NULL",
                                      " ON DELETE SET DEFAULT",
                                      " ON DELETE RESTRICT",
                                      " DEFERRABLE INITIALLY DEFERRED"};

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

property_column property_make_column(property *p, int table)
{
    static const char *const types[] = {"INTEGER", "TEXT", "REAL", "BLOB"};
    static const char *const tails[] = {"",
                                        " DEFAULT NULL",
                                        " DEFAULT -5",
                                        " NOT NULL DEFAULT 'n'",
                                        " CHECK (1 <> 2)",
                                        " DEFAULT (abs(-7))",
                                        " NULL COLLATE NOCASE"};
    property_column column = {.id = ++p->last_id, .parent = -1};
    const property_table *t = &p->tables[table];
    snprintf(column.name, sizeof column.name, "%s%d", column_stems[property_random(p, COUNT(column_stems))], column.id);
    column.type = types[property_random(p, COUNT(types))];
    column.tail = tails[property_random(p, COUNT(tails))];
    if (strcmp(column.tail, " NOT NULL DEFAULT 'n'") == 0) column.type = "TEXT";
    if (strstr(column.tail, "DEFAULT -5") || strstr(column.tail, "abs")) column.type = "INTEGER";
    if (chance(p, 15) && t->column_count > 1) {
        column.generated_from = t->columns[property_random(p, t->column_count)].id;
        column.stored = chance(p, 50);
        column.type = "TEXT";
        column.tail = "";
        for (int i = 0; i < t->column_count; i++) /* of a column that is itself stored */
            if (t->columns[i].id == column.generated_from && t->columns[i].generated_from)
                column.generated_from = t->columns[0].id;
    } else if (chance(p, 10)) {
        column.is_unique = true;
        column.type = "INTEGER";
        column.tail = "";
    }
    return column;
}

/* Tables before this one, and itself, whose key can be referenced. */
static void add_reference(property *p, int table)
{
    const int parent = property_random(p, table + 1);
    property_column column = {.id = ++p->last_id, .parent = parent, .type = "INTEGER", .tail = ""};
    if (!p->tables[parent].has_key) return;
    snprintf(column.name, sizeof column.name, "parent%d", column.id);
    column.actions = actions[property_random(p, COUNT(actions))];
    p->tables[table].columns[p->tables[table].column_count++] = column;
}

static void make_table(property *p, int table)
{
    property_table *t = &p->tables[table];
    const int kind = property_random(p, 4);
    const int columns = 1 + property_random(p, 4);
    *t = (property_table){.exists = true, .has_key = kind != 0, .row_count = property_random(p, 6)};
    t->autoincrement = kind == 2;
    t->without_rowid = kind == 3;
    t->strict = chance(p, 25);
    snprintf(t->name, sizeof t->name, "%s", table_names[table][property_random(p, 3)]);
    t->columns[t->column_count++] = (property_column){
        .id = ++p->last_id, .name = "id", .type = "INTEGER", .tail = "", .parent = -1, .is_key = t->has_key};
    for (int i = 0; i < columns; i++) t->columns[t->column_count++] = property_make_column(p, table);
    if (chance(p, 70)) add_reference(p, table);
}

static void make_user(property *p)
{
    property_user user = {.use = (property_use)property_random(p, PROPERTY_USES),
                          .table = property_random(p, PROPERTY_TABLES)};
    const property_table *t = &p->tables[user.table];
    user.elsewhere = (user.table + 1) % PROPERTY_TABLES;
    user.column = t->columns[property_random(p, t->column_count)].id;
    if (user.use == PROPERTY_VIEW_OF_VIEW || user.use == PROPERTY_INSTEAD_OF_TRIGGER) {
        user.view = -1;
        for (int i = 0; i < p->user_count; i++)
            if (p->users[i].use == PROPERTY_VIEW) user.view = i;
        if (user.view < 0) user.use = PROPERTY_VIEW;
        if (user.view >= 0) {
            user.table = p->users[user.view].table;
            user.column = p->users[user.view].column;
        }
    }
    p->users[p->user_count++] = user;
}

void property_make(property *p, uint64_t seed)
{
    *p = (property){.random = seed * UINT64_C(0x9E3779B97F4A7C15) + 1};
    for (int i = 0; i < PROPERTY_TABLES; i++) make_table(p, i);
    for (int i = 0; i < PROPERTY_USERS; i++) make_user(p);
}

/* --- asking --- */

property_column *property_find(property_table *table, int id)
{
    for (int i = 0; i < table->column_count; i++)
        if (table->columns[i].id == id) return &table->columns[i];
    return NULL;
}

bool property_is_used(const property *p, int table, int id)
{
    for (int i = 0; i < p->user_count; i++)
        if (p->users[i].table == table && p->users[i].column == id) return true;
    for (int i = 0; i < p->tables[table].column_count; i++)
        if (p->tables[table].columns[i].generated_from == id) return true;
    return false;
}

bool property_is_named(const property *p, int table)
{
    for (int i = 0; i < p->user_count; i++)
        if (p->users[i].table == table || p->users[i].elsewhere == table) return true;
    for (int t = 0; t < PROPERTY_TABLES; t++)
        for (int i = 0; i < p->tables[t].column_count && t != table && p->tables[t].exists; i++)
            if (p->tables[t].columns[i].parent == table) return true;
    return false;
}

/* --- writing --- */

void property_put_column(drift__str *s, const property *p, const property_column *column, const property_table *table)
{
    drift__put_quoted(s, column->name);
    drift__str_printf(s, " %s%s", column->type, column->tail);
    if (column->is_key) drift__str_puts(s, table->autoincrement ? " PRIMARY KEY AUTOINCREMENT" : " PRIMARY KEY");
    if (column->is_unique) drift__str_puts(s, " UNIQUE");
    if (column->parent >= 0) {
        drift__str_puts(s, " REFERENCES ");
        drift__put_quoted(s, p->tables[column->parent].name);
        drift__str_printf(s, "(id)%s", column->actions);
    }
    for (int i = 0; column->generated_from && i < table->column_count; i++) {
        if (table->columns[i].id != column->generated_from) continue;
        drift__str_puts(s, " AS (typeof(");
        drift__put_quoted(s, table->columns[i].name);
        drift__str_puts(s, column->stored ? ")) STORED" : "))");
    }
}

static void put_table(drift__str *s, const property *p, const property_table *table)
{
    drift__str_puts(s, "CREATE TABLE ");
    drift__put_quoted(s, table->name);
    for (int i = 0; i < table->column_count; i++) {
        drift__str_puts(s, i ? ", " : "(");
        property_put_column(s, p, &table->columns[i], table);
    }
    drift__str_puts(s, ")");
    if (table->without_rowid) drift__str_puts(s, " WITHOUT ROWID");
    if (table->strict) drift__str_puts(s, table->without_rowid ? ", STRICT" : " STRICT");
    drift__str_puts(s, ";\n");
}

/* %n is the object's name, %t and %c its table and column, %v its view, %e the table elsewhere. */
static const char *const templates[PROPERTY_USES] = {
    [PROPERTY_INDEX] = "CREATE INDEX %n ON %t (%c COLLATE NOCASE DESC)",
    [PROPERTY_PARTIAL_INDEX] = "CREATE INDEX %n ON %t (id) WHERE %c IS NOT NULL",
    [PROPERTY_EXPRESSION_INDEX] = "CREATE INDEX %n ON %t (typeof(%c), id)",
    [PROPERTY_VIEW] = "CREATE VIEW %n AS SELECT %c AS seen FROM %t",
    [PROPERTY_VIEW_OF_VIEW] = "CREATE VIEW %n AS SELECT seen FROM %v WHERE seen IS NOT NULL",
    [PROPERTY_INSTEAD_OF_TRIGGER] =
        "CREATE TRIGGER %n INSTEAD OF INSERT ON %v BEGIN INSERT INTO log SELECT new.seen, count(*) FROM %t; END",
    [PROPERTY_TRIGGER] = "CREATE TRIGGER %n AFTER INSERT ON %t BEGIN INSERT INTO log VALUES ('insert', new.%c); END",
    [PROPERTY_UPDATE_OF_TRIGGER] =
        "CREATE TRIGGER %n BEFORE UPDATE OF %c ON %t BEGIN INSERT INTO log VALUES ('update', NULL); END",
    [PROPERTY_TRIGGER_ELSEWHERE] =
        "CREATE TRIGGER %n AFTER DELETE ON %e BEGIN INSERT INTO log SELECT 'elsewhere', %c FROM %t; END",
};

static void put_user(drift__str *s, const property *p, int number)
{
    const property_user *user = &p->users[number];
    property_table table = p->tables[user->table];
    const property_column *column = property_find(&table, user->column);
    for (const char *at = templates[user->use]; *at; at++) {
        const char kind = *at == '%' ? *++at : '\0';
        switch (kind) {
        case 'n': drift__str_printf(s, "user%d", number); break;
        case 'v': drift__str_printf(s, "user%d", user->view); break;
        case 't': drift__put_quoted(s, table.name); break;
        case 'e': drift__put_quoted(s, p->tables[user->elsewhere].name); break;
        case 'c': drift__put_quoted(s, column ? column->name : "vanished"); break;
        default: drift__str_putc(s, *at); break;
        }
    }
    drift__str_puts(s, ";\n");
}

void property_put_schema(drift__str *s, const property *p)
{
    drift__str_puts(s, "CREATE TABLE log(what, who);\n");
    for (int i = 0; i < PROPERTY_TABLES; i++)
        if (p->tables[i].exists) put_table(s, p, &p->tables[i]);
    for (int i = 0; i < p->user_count; i++) put_user(s, p, i);
}

static void put_value(drift__str *s, property *p, const property_column *column, int row)
{
    static const char *const texts[] = {"'007'", "'a''b'", "''", "'\xc3\xa9'", "'1e3'"};
    const bool not_null = strstr(column->tail, "NOT NULL") != NULL;
    if (column->is_unique)
        drift__str_printf(s, "%d", row * 1000 + 7);
    else if (column->parent >= 0)
        drift__str_puts(s, "NULL");
    else if (!not_null && chance(p, 25))
        drift__str_puts(s, "NULL");
    else if (strcmp(column->type, "TEXT") == 0)
        drift__str_puts(s, texts[property_random(p, COUNT(texts))]);
    else if (strcmp(column->type, "REAL") == 0)
        drift__str_printf(s, "%d.25", property_random(p, 1000));
    else if (strcmp(column->type, "BLOB") == 0)
        drift__str_puts(s, "x'00ff27'");
    else
        drift__str_printf(s, "%d", property_random(p, 2000000000) - 1000000000);
}

/* The rows' ids are 1 to row_count; a table without a key has rowids of its own. */
static void put_row(drift__str *s, property *p, const property_table *table, int row)
{
    drift__str_puts(s, "INSERT INTO ");
    drift__put_quoted(s, table->name);
    drift__str_puts(s, table->has_key ? "(" : "(_rowid_, ");
    for (int i = 0, first = 1; i < table->column_count; i++) {
        if (table->columns[i].generated_from) continue;
        drift__str_puts(s, first ? "" : ", ");
        drift__put_quoted(s, table->columns[i].name);
        first = 0;
    }
    drift__str_puts(s, ") VALUES (");
    if (!table->has_key) drift__str_printf(s, "%d, ", 100 - 3 * row);
    for (int i = 0; i < table->column_count; i++) {
        if (table->columns[i].generated_from) continue;
        if (i) drift__str_puts(s, ", ");
        if (i == 0)
            drift__str_printf(s, "%d", row);
        else
            put_value(s, p, &table->columns[i], row);
    }
    drift__str_puts(s, ");\n");
}

/* Children refer to parents that exist. */
static void put_references(drift__str *s, property *p, const property_table *table)
{
    for (int i = 0; i < table->column_count; i++) {
        const property_column *column = &table->columns[i];
        if (column->parent < 0 || !p->tables[column->parent].row_count) continue;
        drift__str_puts(s, "UPDATE ");
        drift__put_quoted(s, table->name);
        drift__str_puts(s, " SET ");
        drift__put_quoted(s, column->name);
        drift__str_printf(s, " = 1 + (id * 7) %% %d WHERE id %% 3 <> 0;\n", p->tables[column->parent].row_count);
    }
}

void property_put_rows(drift__str *s, property *p)
{
    for (int t = 0; t < PROPERTY_TABLES; t++) {
        for (int row = 1; row <= p->tables[t].row_count; row++) put_row(s, p, &p->tables[t], row);
        put_references(s, p, &p->tables[t]);
    }
    for (int t = 0; t < PROPERTY_TABLES; t++) { /* marks above the largest key */
        if (!p->tables[t].autoincrement) continue;
        drift__str_puts(s, "UPDATE sqlite_sequence SET seq = 100 WHERE name = ");
        drift__put_string(s, p->tables[t].name);
        drift__str_puts(s, ";\n");
    }
}
