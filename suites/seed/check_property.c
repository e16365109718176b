/* check_property.c — schemas put together at random, out of constraints each of which can be satisfied: every level
 * fills every table, the rows are sound, and the same seed gives the same again. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "seed/cases.h"
#include "support/digest.h"
#include "support/suite.h"

enum { SCHEMAS = 60 };

typedef struct chance {
    uint64_t state;
} chance;

static unsigned draw(chance *c, unsigned below)
{
    c->state = c->state * 6364136223846793005u + 1442695040888963407u;
    return below ? (unsigned)(c->state >> 33) % below : 0;
}

/* A column; %s is its name. */
static const char *const columns[] = {
    "%s INTEGER",
    "%s TEXT NOT NULL",
    "%s REAL DEFAULT 1.5",
    "%s BLOB NOT NULL",
    "%s",
    "%s NUMERIC UNIQUE",
    "%s DATETIME DEFAULT CURRENT_TIMESTAMP",
    "%s TEXT NOT NULL UNIQUE COLLATE NOCASE",
    "%s BOOLEAN NOT NULL CHECK (%s IN (0, 1))",
    "%s TEXT CHECK (%s IN ('red', 'green', 'it''s blue'))",
    "%s INT NOT NULL CHECK (%s BETWEEN -3 AND 12)",
    "%s INT UNIQUE CHECK (%s > 1000 AND %s %% 2 = 0)",
    "%s TEXT NOT NULL CHECK (length(%s) BETWEEN 3 AND 40)",
    "%s TEXT UNIQUE CHECK (length(%s) = 8)",
    "%s TEXT NOT NULL CHECK (%s LIKE '%%_@_%%._%%')",
    "%s TEXT CHECK (%s GLOB '[A-Z][0-9][0-9]*')",
    "%s TEXT NOT NULL CHECK (json_valid(%s))",
    "%s TEXT CHECK (%s IS NULL OR date(%s) = %s)",
    "%s TEXT NOT NULL CHECK (%s = lower(%s) AND %s <> '')",
    "%s NOT NULL CHECK (typeof(%s) IN ('integer', 'text'))",
    "%s REAL NOT NULL CHECK (%s >= -90.0 AND %s <= 90.0)",
    "%s INT CHECK (%s IS NULL OR %s & 1 = 1)",
    "%s INT NOT NULL ON CONFLICT REPLACE DEFAULT 7",
    "%s TEXT UNIQUE ON CONFLICT IGNORE",
};

/* A constraint over two columns. */
static const char *const pairs[] = {
    ", CHECK (%s IS NOT NULL OR %s IS NOT NULL)",
    ", CHECK (typeof(%s) <> 'blob' OR %s IS NOT NULL OR 1)",
    ", UNIQUE (%s, %s)",
    ", CONSTRAINT odd CHECK (%s IS NOT %s OR 1)",
};

static void put_named(drift__str *sql, const char *pattern, const char *name)
{
    for (const char *at = pattern; *at; at++) {
        if (*at == '%' && at[1] == 's')
            drift__str_puts(sql, name);
        else if (*at == '%')
            drift__str_putc(sql, '%');
        else
            drift__str_putc(sql, *at);
        at += *at == '%';
    }
}

static void put_key(drift__str *sql, unsigned kind)
{
    static const char *const keys[] = {"id INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY AUTOINCREMENT",
                                       "id TEXT NOT NULL PRIMARY KEY", "id INT PRIMARY KEY NOT NULL"};
    drift__str_puts(sql, keys[kind]);
}

/* Table `number` of `count`: its foreign keys may go forwards, backwards, and to itself. */
static void put_table(drift__str *sql, chance *c, unsigned number, unsigned count)
{
    char name[32];
    const unsigned key = draw(c, 4), width = 1 + draw(c, 6);
    drift__str_printf(sql, "CREATE TABLE t%u (", number);
    put_key(sql, key);
    for (unsigned i = 0; i < width; i++) {
        snprintf(name, sizeof name, "c%u", i);
        drift__str_puts(sql, ", ");
        put_named(sql, columns[draw(c, sizeof columns / sizeof columns[0])], name);
    }
    for (unsigned i = draw(c, 3); i > 0; i--) {
        static const char *const kinds[] = {"", " NOT NULL", " UNIQUE", " NOT NULL DEFERRABLE INITIALLY DEFERRED"};
        const unsigned kind = draw(c, 4);
        const bool deferred = kind == 3;
        drift__str_printf(sql, ", f%u%s REFERENCES t%u (id)%s", i, deferred ? " NOT NULL" : kinds[kind], draw(c, count),
                          deferred ? " DEFERRABLE INITIALLY DEFERRED" : "");
    }
    if (width > 1 && draw(c, 2)) {
        const char *pattern = pairs[draw(c, sizeof pairs / sizeof pairs[0])];
        const char *second = strstr(strstr(pattern, "%s") + 2, "%s");
        drift__str_putn(sql, pattern, (size_t)(strstr(pattern, "%s") - pattern));
        drift__str_puts(sql, "c0");
        drift__str_putn(sql, strstr(pattern, "%s") + 2, (size_t)(second - strstr(pattern, "%s") - 2));
        drift__str_printf(sql, "c1%s", second + 2);
    }
    drift__str_puts(sql, key != 1 && draw(c, 4) == 0 ? ") WITHOUT ROWID;" : ");");
}

static void put_extras(drift__str *sql, chance *c, unsigned count)
{
    const unsigned table = draw(c, count);
    switch (draw(c, 4)) {
    case 0:
        drift__str_printf(sql,
                          "CREATE TABLE log (id INTEGER PRIMARY KEY, t REFERENCES t%u (id)); CREATE TRIGGER r AFTER"
                          " INSERT ON t%u BEGIN INSERT INTO log (t) VALUES (new.id); END;",
                          table, table);
        break;
    case 1: drift__str_printf(sql, "CREATE UNIQUE INDEX i ON t%u (id, lower(c0)) WHERE c0 IS NOT NULL;", table); break;
    case 2:
        drift__str_printf(sql,
                          "CREATE TRIGGER r BEFORE INSERT ON t%u WHEN new.c0 = 'abc' BEGIN SELECT RAISE(ABORT, 'no');"
                          " END;",
                          table);
        break;
    default: drift__str_puts(sql, "CREATE VIRTUAL TABLE words USING fts5 (a, b);");
    }
}

static char *random_schema(unsigned number)
{
    drift_error err = {0};
    drift__str sql = DRIFT__STR_INIT;
    char *text = NULL;
    chance c = {number * 7919u + 17u};
    const unsigned count = 1 + draw(&c, 4);
    for (unsigned i = 0; i < count; i++) put_table(&sql, &c, i, count);
    put_extras(&sql, &c, count);
    ck_assert_drift(drift__str_take(&text, &sql, &err));
    return text;
}

START_TEST(any_schema_is_filled)
{
    char *schema = random_schema((unsigned)_i);
    for (int level = DRIFT_DATA_ONE; level <= DRIFT_DATA_MANY; level++) {
        drift_error err = {0};
        drift_seed_report *report = NULL;
        const drift_seed_options options = {.level = (drift_data_level)level, .seed = _i, .rows = 25};
        drift_connection *one = with_schema(schema), *same = with_schema(schema);
        ck_assert_drift(drift_seed_database(&report, one, &options, &err));
        for (size_t i = 0; i < report->count; i++) {
            if (report->tables[i].reason)
                ck_abort_msg("%s at %s: %s: %s", schema, drift_data_level_name(options.level), report->tables[i].table,
                             report->tables[i].reason);
        }
        assert_sound(one);
        ck_assert_drift(drift_seed_database(NULL, same, &options, &err));
        suite_same_digest(suite_digest(one, NULL), suite_digest(same, NULL));
        drift_seed_report_free(report);
        drift_connection_close(one);
        drift_connection_close(same);
    }
    drift_free(schema);
}
END_TEST

TCase *case_property(void)
{
    TCase *tcase = suite_case("property");
    tcase_add_loop_test(tcase, any_schema_is_filled, 0, SCHEMAS);
    return tcase;
}
