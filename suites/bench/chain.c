/* chain.c — the chain is generated on a database that goes along with it: rebuilds are written from what stands there.
 */
#include "bench/chain.h"

#include <string.h>

#include "bench/bench.h"

static const char first_version[] =
    "CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, email TEXT UNIQUE, created_at "
    "INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE, "
    "title "
    "TEXT NOT NULL COLLATE NOCASE, body TEXT, score REAL DEFAULT 0);"
    "CREATE TABLE tags (name TEXT PRIMARY KEY, color TEXT CHECK (color LIKE '#%')) WITHOUT ROWID;"
    "CREATE INDEX posts_author ON posts (author, score DESC);";

/* One text out of a query, its rows joined; freed with sqlite3_free. */
static char *joined(sqlite3 *db, const char *format, const char *table)
{
    sqlite3_stmt *rows = NULL;
    sqlite3_str *all = sqlite3_str_new(db);
    bench_must_sql(sqlite3_prepare_v2(db, format, -1, &rows, NULL), db, format);
    if (table) sqlite3_bind_text(rows, 1, table, -1, SQLITE_STATIC);
    while (sqlite3_step(rows) == SQLITE_ROW) sqlite3_str_appendf(all, "%s", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    return sqlite3_str_finish(all);
}

/* SQLite's recipe for a table that stands there now, with one CHECK more. */
static char *rebuild(sqlite3 *db, const char *table, const char *check)
{
    char *sql = joined(db, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table);
    char *columns = joined(
        db, "SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_xinfo(?) WHERE hidden = 0", table);
    char *others = joined(db,
                          "SELECT sql || ';' FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL "
                          "AND tbl_name = ? ORDER BY rowid",
                          table);
    const char *body = strchr(sql, '(');
    char *step = sqlite3_mprintf("CREATE TABLE new_%s %.*s, %s);INSERT INTO new_%s (%s) SELECT %s FROM %s;DROP TABLE "
                                 "%s;PRAGMA legacy_alter_table = ON;ALTER TABLE new_%s RENAME TO %s;PRAGMA "
                                 "legacy_alter_table = OFF;%s",
                                 table, (int)strlen(body) - 1, body, check, table, columns, columns, table, table,
                                 table, table, others);
    sqlite3_free(others);
    sqlite3_free(columns);
    sqlite3_free(sql);
    return step;
}

/* The n-th step of round c. */
static char *make_step(sqlite3 *db, int n, int c)
{
    char *name = NULL, *step = NULL, *check = sqlite3_mprintf("CHECK (length(%d) > 0)", n * 1000 + c);
    switch (n) {
    case 0:
        step =
            sqlite3_mprintf("CREATE TABLE comments_%d (id INTEGER PRIMARY KEY, post INTEGER NOT NULL REFERENCES posts "
                            "(id) ON DELETE CASCADE, author INTEGER REFERENCES users (id) ON DELETE SET NULL, body "
                            "TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'plain', likes INTEGER NOT NULL DEFAULT 0 "
                            "CHECK (likes >= 0), payload BLOB, at TEXT DEFAULT CURRENT_TIMESTAMP)",
                            c);
        break;
    case 1: step = sqlite3_mprintf("ALTER TABLE posts ADD COLUMN extra_%d TEXT", c); break;
    case 2: step = sqlite3_mprintf("CREATE INDEX posts_extra_%d ON posts (extra_%d COLLATE NOCASE)", c, c); break;
    case 4:
        step =
            sqlite3_mprintf("CREATE VIEW recent_%d AS SELECT p.id, p.title, u.name FROM posts p JOIN users u ON u.id "
                            "= p.author WHERE p.score > %d",
                            c, c);
        break;
    case 5:
        step = sqlite3_mprintf("CREATE TRIGGER posts_touch_%d AFTER UPDATE OF title ON posts BEGIN UPDATE users SET "
                               "created_at = created_at + 1 WHERE id = new.author; END",
                               c);
        break;
    case 6: step = sqlite3_mprintf("ALTER TABLE posts RENAME COLUMN extra_%d TO note_%d", c, c); break;
    case 7:
        step =
            sqlite3_mprintf("CREATE TABLE settings_%d (scope TEXT NOT NULL, name TEXT NOT NULL, value ANY, PRIMARY KEY "
                            "(scope, name)) STRICT, WITHOUT ROWID",
                            c);
        break;
    case 8:
        step = sqlite3_mprintf("ALTER TABLE users ADD COLUMN label_%d TEXT GENERATED ALWAYS AS (upper(name) || %d) "
                               "VIRTUAL",
                               c, c);
        break;
    case 10:
        step =
            sqlite3_mprintf("CREATE TABLE attachments_%d (id INTEGER PRIMARY KEY, post INTEGER REFERENCES posts (id), "
                            "path TEXT NOT NULL UNIQUE, size INTEGER)",
                            c);
        break;
    case 11: step = sqlite3_mprintf("ALTER TABLE attachments_%d RENAME TO files_%d", c, c); break;
    case 12: step = sqlite3_mprintf("ALTER TABLE users ADD COLUMN flags_%d INTEGER NOT NULL DEFAULT 0", c); break;
    case 14:
        step = sqlite3_mprintf("CREATE UNIQUE INDEX files_size_%d ON files_%d (size, path) WHERE size > 0", c, c);
        break;
    case 15:
        step = sqlite3_mprintf("DROP VIEW recent_%d; CREATE VIEW recent_%d AS SELECT p.id, p.title, p.note_%d, u.name "
                               "FROM posts p JOIN users u ON u.id = p.author",
                               c, c, c);
        break;
    case 16: step = sqlite3_mprintf("ALTER TABLE users DROP COLUMN flags_%d", c); break;
    case 18:
        step = sqlite3_mprintf("DROP INDEX files_size_%d; CREATE TRIGGER comments_count_%d AFTER INSERT ON comments_%d "
                               "BEGIN UPDATE posts SET score = score + 1 WHERE id = new.post; END",
                               c, c, c);
        break;
    case 13:
        name = sqlite3_mprintf("comments_%d", c);
        step = rebuild(db, name, check);
        break;
    case 9: step = rebuild(db, "users", check); break;
    default: step = rebuild(db, "posts", check); break; /* 3 and 17 */
    }
    sqlite3_free(name);
    sqlite3_free(check);
    return step;
}

static char *schema_of(sqlite3 *db)
{
    return joined(
        db,
        "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "ORDER BY type <> 'table', rowid",
        NULL);
}

void bench_chain_make(bench_chain *chain, int versions)
{
    sqlite3 *db = NULL;
    chain->versions = versions;
    chain->steps = sqlite3_malloc64(sizeof(char *) * (size_t)versions);
    chain->schemas = sqlite3_malloc64(sizeof(char *) * (size_t)versions);
    bench_must_sql(sqlite3_open(":memory:", &db), db, "a database in memory");
    bench_exec(db, first_version);
    for (int i = 0; i < versions; i++) {
        chain->schemas[i] = schema_of(db);
        chain->steps[i] = i + 1 < versions ? make_step(db, i % 19, i / 19) : NULL;
        if (chain->steps[i]) bench_exec(db, chain->steps[i]);
    }
    sqlite3_close(db);
}

void bench_chain_dispose(bench_chain *chain)
{
    for (int i = 0; i < chain->versions; i++) {
        sqlite3_free(chain->steps[i]);
        sqlite3_free(chain->schemas[i]);
    }
    sqlite3_free(chain->steps);
    sqlite3_free(chain->schemas);
}
