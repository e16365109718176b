#include "codegen/hostile.h"

#include "base/str.h"
#include "sql/quote.h"

/* Names of tables; each gets a column and a default of that text too. */
static const char *const texts[] = {
    "\"; system(\"reboot\"); //",
    "*/ int main(void) { return 1; } /*",
    "a?\?/b?\?'c?\?(d?\?>?\?!",
    "line\nline\r\n#error out\n",
    "back\\slash\\",
    "\\\"\\n\\0",
    "%n%s%d%%",
    "\x01\x02\x1f\x7f",
    "\xc3\xbc\xc3\x9f",
    "\xf0\x9f\x98\x80",
    "\xe2\x80\xae right to left",
    "\xff\xfe not UTF-8",
    "int",
    "class",
    "errno",
    "NULL",
    "assert",
    "stdin",
    "drift_text",
    "drift_column",
    "int64_t",
    "bool",
    "linux",
    "_",
    "__",
    "_Bool",
    "__FILE__",
    "__attribute__",
    "9lives",
    "0",
    "007",
    "",
    " ",
    "table",
    "entity",
    "entities",
    "schema",
    "schemas",
    "companion",
    "todo",
    "todos",
    "todo_row",
    "todo_rows",
    "todo_insert",
    "todo_companions",
    "todo_free_all",
    "todo row",
    "todo-row",
    "todoRow",
    "a b",
    "a_b",
    "a-b",
    "a__b",
    "aB",
    "s",
    "_s",
    "row",
    "rows",
    "count",
    "connection",
    "err",
    "key",
    "key_key",
    "read",
    "rc",
    "where",
    "offsetof",
    "hostile_v1",
    "hostile_v1_schema",
    "hostile_v1_schemas",
    "hostile_v1_all_of_them",
    "hostile_data1_table_1",
    "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890",
};

static void put_thousand(drift__str *s, char last)
{
    for (int i = 0; i < 999; i++) drift__str_putc(s, 'x');
    drift__str_putc(s, last);
}

/* CREATE TABLE "text" (id INTEGER PRIMARY KEY, "text" TEXT DEFAULT 'text', "id " …) */
static void put_table(drift__str *s, const char *text)
{
    drift__str_puts(s, "CREATE TABLE ");
    drift__put_quoted(s, text);
    drift__str_puts(s, " (id INTEGER PRIMARY KEY, _id INTEGER, ID_ INTEGER, \"i-d\" TEXT DEFAULT ");
    drift__put_string(s, text);
    drift__str_puts(s, ", ");
    drift__put_quoted(s, text);
    drift__str_puts(s, " TEXT NOT NULL DEFAULT ");
    drift__put_string(s, text);
    drift__str_puts(s, " CHECK (1 OR ");
    drift__put_quoted(s, text);
    drift__str_puts(s, " <> ");
    drift__put_string(s, text);
    drift__str_puts(s, "));\n");
}

/* A column for every text, in one table: what collides in one scope. */
static void put_all_columns(drift__str *s)
{
    drift__str_puts(s, "CREATE TABLE all_of_them (k INTEGER PRIMARY KEY");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        drift__str_puts(s, ", ");
        drift__put_quoted(s, texts[i]);
        drift__str_puts(s, " TEXT");
    }
    drift__str_puts(s, ");\n");
}

/* Longer than a literal may be, with everything that needs an escape in it. */
static void put_long_default(drift__str *s)
{
    drift__str_puts(s, "CREATE TABLE long_text (a TEXT NOT NULL DEFAULT '");
    for (int i = 0; i < 900; i++) drift__str_puts(s, "?\"\\\xc3\xbc\n*/%n7");
    drift__str_puts(s, "');\n");
}

char *hostile_sql(void)
{
    drift__str s = DRIFT__STR_INIT;
    drift_error err = {0};
    char *sql = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) put_table(&s, texts[i]);
    put_all_columns(&s);
    put_long_default(&s);
    for (char last = 'a'; last <= 'b'; last++) {
        drift__str thousand = DRIFT__STR_INIT;
        put_thousand(&thousand, last);
        put_table(&s, drift__str_text(&thousand));
        drift__str_dispose(&thousand);
    }
    drift__str_puts(&s, "CREATE TABLE every_key (a BLOB, b REAL, c TEXT, d BOOLEAN, e, f INTEGER,"
                        " PRIMARY KEY (f, e, d, c, b, a)) WITHOUT ROWID;\n");
    drift__str_puts(&s, "CREATE VIEW \"*/ view\" AS SELECT id AS \"*/\", _id AS \"int\" FROM todos;\n");
    return drift__str_take(&sql, &s, &err) == DRIFT_OK ? sql : NULL;
}
