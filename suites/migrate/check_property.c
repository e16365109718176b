/* check_property.c — whatever the schema, the rows, the call and the nesting: what the call says happens, and nothing
 * else does. Every round makes up a database, changes it a few times through the migrator, and after each call compares
 * rows, schema and settings with what was computed apart from the migrator. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "drift/kit/diff.h"
#include "drift/kit/introspect.h"
#include "migrate/given.h"
#include "migrate/property.h"
#include "sql/quote.h"

enum { ROUNDS = 120, CALLS = 6 };

/* A round: the database, and what it is expected to be. */
typedef struct trial {
    given g;
    property now, next;       /* before and after the call */
    int table;                /* that is changed */
    char *expected;           /* its rows afterwards, or NULL: as before */
    bool refused;             /* the call is to be refused with MIGRATION */
    drift_schema *schema;     /* the next one */
    drift_migrator *migrator; /* of the next schema */
    char told[256];           /* what is done, for messages */
} trial;

/* --- rows --- */

static int put_values(drift_statement *row, void *payload, drift_error *err)
{
    drift__str *s = payload;
    (void)err;
    for (int i = 0; i < drift_column_count(row); i++) {
        const char *text = drift_column_text(row, i, NULL);
        drift__str_printf(s, "%s|", text ? text : "-");
    }
    drift__str_putc(s, '\n');
    return DRIFT_OK;
}

static char *rows_of(drift_connection *connection, const char *sql)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    char *out = NULL;
    ck_assert_drift(drift_query(connection, sql, NULL, 0, put_values, &s, &err));
    ck_assert_drift(drift__str_take(&out, &s, &err));
    return out;
}

/* The value that a column is to have, as an expression over the old row. NULL in `values`: its own. */
static void put_expression(drift__str *s, property_table *table, const property_column *column,
                           const char *const *values, int index)
{
    if (values && values[index]) {
        drift__str_puts(s, values[index]);
        return;
    }
    const property_column *from = column->generated_from ? property_find(table, column->generated_from) : NULL;
    if (!values || !from) {
        drift__put_quoted(s, column->name);
        return;
    }
    drift__str_puts(s, "typeof(");
    put_expression(s, table, from, values, (int)(from - table->columns));
    drift__str_putc(s, ')');
}

/* SELECT rowid, type and value of each column of `table` as it is to be, FROM `source`. */
static char *select_rows(property_table *table, const char *source, const char *const *values)
{
    drift__str s = DRIFT__STR_INIT;
    drift_error err = {0};
    char *out = NULL;
    drift__str_puts(&s, table->without_rowid ? "SELECT 0" : "SELECT _rowid_");
    for (int i = 0; i < table->column_count; i++) {
        drift__str_puts(&s, ", typeof(");
        put_expression(&s, table, &table->columns[i], values, i);
        drift__str_puts(&s, "), quote(");
        put_expression(&s, table, &table->columns[i], values, i);
        drift__str_puts(&s, ")");
    }
    drift__str_puts(&s, " FROM main.");
    drift__put_quoted(&s, source);
    drift__str_puts(&s, " ORDER BY id");
    ck_assert_drift(drift__str_take(&out, &s, &err));
    return out;
}

static char *table_rows(const trial *r, property_table *table, const char *source, const char *const *values)
{
    char *sql = select_rows(table, source, values);
    char *rows = rows_of(r->g.connection, sql);
    drift__free(sql);
    return rows;
}

/* The marks of AUTOINCREMENT, by table; tables may be renamed. */
static char *marks_of(const trial *r, const property *p)
{
    drift__str s = DRIFT__STR_INIT;
    drift_error err = {0};
    char *out = NULL;
    for (int t = 0; t < PROPERTY_TABLES; t++) {
        const drift_value bind[] = {DRIFT_BIND_TEXT(p->tables[t].name, strlen(p->tables[t].name))};
        if (p->tables[t].autoincrement && p->tables[t].exists)
            ck_assert_drift(drift_query(r->g.connection,
                                        "SELECT name IS NULL, seq FROM sqlite_sequence WHERE name = ?1", bind, 1,
                                        put_values, &s, &err));
    }
    ck_assert_drift(drift__str_take(&out, &s, &err));
    return out;
}

/* --- what is compared after a call --- */

static void same(const trial *r, const char *what, char *expected, char *found)
{
    if (strcmp(expected, found) != 0) ck_abort_msg("%s: %s: expected\n%sfound\n%s", r->told, what, expected, found);
    drift__free(expected);
    drift__free(found);
}

static void check_schema(const trial *r, const property *p)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    drift_schema *expected = NULL, *live = NULL;
    property_put_schema(&s, p);
    ck_assert_drift(drift_schema_parse(&expected, s.text, s.length, &err));
    drift__str_dispose(&s);
    drift_diff *diff = NULL;
    char *text = NULL;
    ck_assert_drift(drift_introspect(&live, r->g.connection, &err));
    ck_assert_drift(drift_diff_schemas(&diff, expected, live, NULL, &err));
    ck_assert_drift(drift_diff_print_text(&text, diff, &err));
    ck_assert_msg(diff->count == 0, "%s: %s", r->told, text);
    drift_free(text);
    drift_diff_free(diff);
    drift_schema_free(expected);
    drift_schema_free(live);
}

static void run(const trial *r, const char *sql)
{
    drift_error err = {0};
    const int rc = drift_exec(r->g.connection, sql, &err);
    ck_assert_msg(rc == DRIFT_OK, "%s: %s: %s", r->told, sql, err.text);
}

/* What fires the triggers of a table; what reads a view. */
static int compile_one(drift_statement *row, void *payload, drift_error *err)
{
    const trial *r = payload;
    drift__str s = DRIFT__STR_INIT;
    (void)err;
    drift__str_puts(&s, drift_column_text(row, 0, NULL));
    run(r, s.text);
    drift__str_dispose(&s);
    return DRIFT_OK;
}

static void check_compiling(trial *r)
{
    drift_error err = {0};
    static const char statements[] =
        "SELECT 'EXPLAIN SELECT * FROM \"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_schema WHERE type = "
        "'view' UNION ALL SELECT 'EXPLAIN INSERT INTO ' || tbl_name || ' DEFAULT VALUES' FROM sqlite_schema WHERE sql "
        "LIKE '% INSTEAD OF %' UNION ALL SELECT 'EXPLAIN DELETE FROM \"' || replace(name, '\"', '\"\"') || '\"; "
        "EXPLAIN "
        "INSERT INTO \"' || replace(name, '\"', '\"\"') || '\" DEFAULT VALUES; EXPLAIN UPDATE \"' || replace(name, "
        "'\"', '\"\"') || '\" SET ' || (SELECT group_concat('\"' || replace(x.name, '\"', '\"\"') || '\" = NULL') FROM "
        "pragma_table_xinfo(s.name) AS x WHERE hidden = 0) FROM sqlite_schema AS s WHERE type = 'table' AND name NOT "
        "LIKE 'sqlite\\_%' ESCAPE '\\'";
    ck_assert_drift(drift_query(r->g.connection, statements, NULL, 0, compile_one, r, &err));
}

static void check_database(trial *r)
{
    drift_connection *connection = r->g.connection;
    ck_assert_value(connection, "PRAGMA integrity_check", "ok");
    ck_assert_value(connection, "SELECT count(*) FROM pragma_foreign_key_check", "0");
    check_compiling(r);
}

/* --- calls --- */

static void swap_case(char *name)
{
    for (; *name; name++)
        if ((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z')) *name ^= 0x20;
}

/* The next schema as the migrator is to know it. */
static void parse_next(trial *r)
{
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    property_put_schema(&s, &r->next);
    ck_assert(!s.failed);
    ck_assert_drift(drift_schema_parse(&r->schema, s.text, s.length, &err));
    ck_assert_drift(drift_migrator_new(&r->migrator, r->g.connection, r->schema, &err));
    drift__str_dispose(&s);
}

static const drift_table *next_table(const trial *r)
{
    const drift_table *table = drift_schema_table(r->schema, r->next.tables[r->table].name);
    ck_assert_ptr_nonnull(table);
    return table;
}

static property_table *begin_change(trial *r, const char *what)
{
    r->next = r->now;
    snprintf(r->told, sizeof r->told, "%s of \"%s\"", what, r->now.tables[r->table].name);
    return &r->next.tables[r->table];
}

static void remove_column(property_table *table, int index)
{
    memmove(&table->columns[index], &table->columns[index + 1],
            (size_t)(table->column_count - index - 1) * sizeof *table->columns);
    table->column_count--;
}

/* A column that holds plain numbers and may become something else; 0 if there is none. */
static int plain_number(const property_table *table)
{
    for (int i = 1; i < table->column_count; i++) {
        const property_column *c = &table->columns[i];
        const bool number = strcmp(c->type, "INTEGER") == 0 || strcmp(c->type, "REAL") == 0;
        if (number && !c->generated_from && !c->is_unique && c->parent < 0 && !*c->tail) return i;
    }
    return 0;
}

/* Rebuilds: as it is, with a column of another type, with a column more, in another order, with a column less. */
static int alter(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "alter_table");
    const char *values[PROPERTY_COLUMNS] = {NULL};
    char cast[128] = "", name[96];
    const int number = plain_number(t), how = property_random(&r->now, 5);
    int added = 0, cast_at = 0;
    if (how == 1 && number) {
        sqlite3_snprintf(sizeof cast, cast, "CAST(\"%w\" AS TEXT)", t->columns[number].name);
        t->columns[number].type = "TEXT";
        values[cast_at = number] = cast;
    } else if (how == 2 && t->column_count < PROPERTY_COLUMNS) {
        added = t->column_count;
        t->columns[t->column_count++] = (property_column){
            .id = ++r->next.last_id, .name = "added", .type = "TEXT", .tail = " NOT NULL DEFAULT 'x''y'", .parent = -1};
        snprintf(t->columns[added].name, sizeof t->columns[added].name, "added%d", r->next.last_id);
        values[added] = "'x''y'";
    } else if (how == 3 && t->column_count > 2) {
        const property_column last = t->columns[t->column_count - 1];
        memmove(&t->columns[2], &t->columns[1], (size_t)(t->column_count - 2) * sizeof *t->columns);
        t->columns[1] = last;
    } else if (how == 4 && t->column_count > 2) {
        const int gone = 1 + property_random(&r->now, t->column_count - 1);
        r->refused = property_is_used(&r->next, r->table, t->columns[gone].id);
        remove_column(t, gone);
        if (r->refused) /* what is generated from it has nothing to be generated from */
            for (int i = t->column_count - 1; i > 0; i--)
                if (t->columns[i].generated_from && !property_find(t, t->columns[i].generated_from))
                    remove_column(t, i);
        if (r->refused) {
            r->refused = false;
            for (int i = 0; i < r->next.user_count; i++)
                r->refused |= r->next.users[i].table == r->table && !property_find(t, r->next.users[i].column);
        }
    }
    if (!r->refused) r->expected = table_rows(r, t, r->now.tables[r->table].name, values);
    snprintf(name, sizeof name, "%s", t->columns[cast_at].name);
    const char *column_added = t->columns[added].name;
    parse_next(r);
    const drift_table *table = next_table(r);
    const drift_column_transform transforms[] = {{drift_table_column(table, name), cast}, {0}};
    const drift_column *const new_columns[] = {drift_table_column(table, column_added), NULL};
    return drift_migrator_alter_table(r->migrator,
                                      &(drift_table_migration){.table = table,
                                                               .transforms = cast_at ? transforms : NULL,
                                                               .new_columns = added ? new_columns : NULL},
                                      err);
}

static int add_column(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "add_column");
    const char *values[PROPERTY_COLUMNS] = {NULL};
    if (t->column_count == PROPERTY_COLUMNS) return alter(r, err);
    property_column column = property_make_column(&r->next, r->table);
    const int at = t->column_count;
    t->columns[t->column_count++] = column;
    const char *value = strstr(column.tail, "-5")    ? "-5"
                        : strstr(column.tail, "'n'") ? "'n'"
                        : strstr(column.tail, "abs") ? "7"
                                                     : "NULL";
    if (!column.generated_from) values[at] = value;
    r->expected = table_rows(r, t, r->now.tables[r->table].name, values);
    parse_next(r);
    const drift_table *table = next_table(r);
    return drift_migrator_add_column(r->migrator, table, drift_table_column(table, column.name), err);
}

static int drop_column(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "drop_column");
    if (t->column_count < 3) return alter(r, err);
    const int at = 1 + property_random(&r->now, t->column_count - 1);
    const property_column gone = t->columns[at];
    r->refused = gone.is_unique || gone.parent >= 0 || property_is_used(&r->now, r->table, gone.id);
    if (!r->refused) {
        remove_column(t, at);
        r->expected = table_rows(r, t, t->name, NULL);
    }
    parse_next(r);
    return drift_migrator_drop_column(r->migrator, t->name, gone.name, err);
}

static int rename_column(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "rename_column");
    if (t->column_count < 2) return alter(r, err);
    property_column *column = &t->columns[1 + property_random(&r->now, t->column_count - 1)];
    char was[sizeof column->name];
    memcpy(was, column->name, sizeof was);
    if (property_random(&r->now, 2))
        swap_case(column->name);
    else
        snprintf(column->name, sizeof column->name, "re \"named\" %d", column->id);
    r->expected = table_rows(r, &r->now.tables[r->table], t->name, NULL);
    parse_next(r);
    return drift_migrator_rename_column(r->migrator, t->name, was, column->name, err);
}

static int rename_table(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "rename_table");
    const char *was = r->now.tables[r->table].name;
    const size_t length = strlen(t->name);
    if (property_random(&r->now, 2) || length > 30) {
        swap_case(t->name);
    } else {
        t->name[length] = 'x';
        t->name[length + 1] = '\0';
    }
    r->expected = table_rows(r, t, was, NULL);
    parse_next(r);
    return drift_migrator_rename_table(r->migrator, was, t->name, err);
}

static int drop_table(trial *r, drift_error *err)
{
    property_table *t = begin_change(r, "drop_table");
    if (property_is_named(&r->now, r->table)) return alter(r, err);
    t->exists = false;
    parse_next(r);
    return drift_migrator_drop_table(r->migrator, t->name, err);
}

static int recreate_views(trial *r, drift_error *err)
{
    begin_change(r, "recreate_all_views");
    parse_next(r);
    return drift_migrator_recreate_all_views(r->migrator, err);
}

typedef int (*call_fn)(trial *r, drift_error *err);
static const call_fn calls[] = {alter,       alter,         alter,        add_column, add_column,
                                drop_column, rename_column, rename_table, drop_table, recreate_views};

/* --- a round --- */

static const char *const beginnings[] = {"SELECT 1", "BEGIN", "SAVEPOINT one", "BEGIN; SAVEPOINT one; SAVEPOINT two"};
static const char *const endings[] = {"SELECT 1", "COMMIT", "RELEASE one", "RELEASE two; RELEASE one; COMMIT"};

static void compare(trial *r, char *const *before, char *marks)
{
    property *after = r->refused ? &r->now : &r->next;
    for (int t = 0; t < PROPERTY_TABLES; t++) {
        if (!after->tables[t].exists) {
            drift__free(before[t]);
            continue;
        }
        char *expected = before[t];
        if (t == r->table && r->expected) {
            drift__free(expected);
            expected = r->expected;
            r->expected = NULL;
        }
        same(r, after->tables[t].name, expected, table_rows(r, &after->tables[t], after->tables[t].name, NULL));
    }
    if (after->tables[r->table].exists)
        same(r, "marks", marks, marks_of(r, after));
    else
        drift__free(marks);
    check_schema(r, after);
    check_database(r);
}

static void one_call(trial *r)
{
    drift_error err = {0};
    char *before[PROPERTY_TABLES] = {NULL};
    r->expected = NULL;
    r->refused = false;
    r->schema = NULL;
    r->migrator = NULL;
    do r->table = property_random(&r->now, PROPERTY_TABLES);
    while (!r->now.tables[r->table].exists);
    for (int t = 0; t < PROPERTY_TABLES; t++)
        if (r->now.tables[t].exists) before[t] = table_rows(r, &r->now.tables[t], r->now.tables[t].name, NULL);
    char *marks = marks_of(r, &r->now), *log = rows_of(r->g.connection, "SELECT * FROM log");
    char *keys = suite_value(r->g.connection, "PRAGMA foreign_keys");
    const int depth = property_random(&r->now, (int)(sizeof beginnings / sizeof *beginnings));
    run(r, beginnings[depth]);
    const int rc = calls[property_random(&r->now, (int)(sizeof calls / sizeof *calls))](r, &err);
    ck_assert_msg(rc == (r->refused ? DRIFT_MIGRATION : DRIFT_OK), "%s: %s %s", r->told, drift_status_name(rc),
                  err.text);
    ck_assert(drift_in_transaction(r->g.connection) == (depth != 0));
    ck_assert_value(r->g.connection, "PRAGMA foreign_keys", keys);
    ck_assert_value(r->g.connection, "PRAGMA legacy_alter_table", "0");
    run(r, endings[depth]);
    compare(r, before, marks);
    same(r, "log", log, rows_of(r->g.connection, "SELECT * FROM log"));
    drift_free(keys);
    drift_migrator_free(r->migrator);
    drift_schema_free(r->schema);
    const uint64_t random = r->now.random;
    if (!r->refused) r->now = r->next;
    r->now.random = random;
}

START_TEST(a_call_does_what_it_says_and_nothing_else)
{
    drift__str s = DRIFT__STR_INIT;
    trial r = {.told = "the beginning"};
    property_make(&r.now, (uint64_t)_i + 1);
    property_put_schema(&s, &r.now);
    property_put_rows(&s, &r.now);
    ck_assert(!s.failed);
    const given_world world = _i % 16 == 1 ? GIVEN_FILE : _i % 16 == 2 ? GIVEN_WAL : GIVEN_MEMORY;
    r.g = given_database_in(world, s.text, "");
    drift__str_dispose(&s);
    if (property_random(&r.now, 2)) run(&r, "PRAGMA foreign_keys = ON");
    check_database(&r);
    for (int i = 0; i < CALLS; i++) one_call(&r);
    given_end(&r.g);
}
END_TEST

TCase *property_case(void)
{
    TCase *tcase = suite_case("properties");
    tcase_add_loop_test(tcase, a_call_does_what_it_says_and_nothing_else, 0, ROUNDS);
    return tcase;
}
