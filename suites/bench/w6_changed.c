/* w6_changed.c — W6 where something differs: tables of N rows and 10 columns with keys of every kind, before and after
 * a change, are judged, against the time of reading both once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/data.h"
#include "drift/kit.h"

#define MOST                                                                                         \
    ", note TEXT, price REAL NOT NULL, amount INTEGER NOT NULL, active INTEGER NOT NULL DEFAULT 1, " \
    "created_at INTEGER NOT NULL, payload BLOB, code "
#define REST MOST "TEXT, parent INTEGER"
/* Names come in no order, as random keys do. */
#define ROWS                                                                                                        \
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) INSERT INTO item SELECT i, "   \
    "'name ' || (i * 79190071 %% 1000000007), CASE WHEN i %% 3 THEN 'a note of some length ' || i END, i / 7.0, i " \
    "%% 97, i & 1, 1600000000 + i, zeroblob(16), CAST(i * 31 AS TEXT), nullif(i / 10, 0) FROM n"
#define KEYLESS "CREATE TABLE item (id INTEGER, name TEXT"
#define COPY    "ALTER TABLE item RENAME TO old; %s; INSERT INTO item SELECT * FROM old ORDER BY %s; DROP TABLE old"

#define REBUILT KEYLESS MOST "INTEGER, parent INTEGER)"

typedef struct kind {
    const char *name, *schema;
    bool moves;   /* rows have a rowid that is not their key */
    bool keyless; /* and nothing else */
} kind;

static const kind kinds[] = {
    {"W6 integer key", "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL" REST ")", false, false},
    {"W6 text key", "CREATE TABLE item (id INTEGER, name TEXT PRIMARY KEY" REST ")", true, false},
    {"W6 composite key", "CREATE TABLE item (id INTEGER, name TEXT" REST ", PRIMARY KEY (active, name))", true, false},
    {"W6 without rowid", "CREATE TABLE item (id INTEGER, name TEXT PRIMARY KEY" REST ") WITHOUT ROWID", false, false},
    {"W6 no key", KEYLESS REST ")", true, true},
};

/* What is done to a copy, and what has to be found: of every `each`-th row one value is changed, or the row is lost. */
typedef struct change {
    const char *title, *sql; /* %lld: `each` */
    int64_t parts;           /* each = rows / parts, or -parts; 0: nothing is found */
    bool lost, moved;
    const char *schema; /* the new one, of a table without a key */
} change;

static const change changes[] = {
    {"equal", "SELECT %lld", 0, false, false, NULL},
    {"10 changed", "UPDATE item SET amount = amount + 1000 WHERE id %% %lld = 0", 10, false, false, NULL},
    {"10 lost", "DELETE FROM item WHERE id %% %lld = 0", 10, true, false, NULL},
    {"half changed", "UPDATE item SET code = code || 'x' WHERE id %% %lld = 0", -2, false, false, NULL},
    {"all rowids moved", "UPDATE item SET rowid = rowid + 1000000000 WHERE %lld", 0, false, true, NULL},
    {"in another order", NULL, 0, false, true, NULL},
    {"all rowids moved, a column more",
     "UPDATE item SET rowid = rowid + 1000000000; ALTER TABLE item ADD COLUMN state INTEGER DEFAULT %lld", -1, false,
     true, KEYLESS REST ", state INTEGER DEFAULT 1)"},
    {"all rowids moved, another affinity",
     "ALTER TABLE item RENAME TO old;" REBUILT ";INSERT INTO item (rowid, id, name, note, price, amount, active,"
     " created_at, payload, code, parent) SELECT rowid + 1000000000, * FROM old WHERE %lld; DROP TABLE old",
     -1, false, true, REBUILT},
};

typedef struct comparison {
    const kind *kind;
    const change *change;
    char *left, *right;
    int64_t rows;
    drift_schema *schema;
} comparison;

/* ---- the two files ---- */

static int64_t rows_found(const comparison *c)
{
    const int64_t parts = c->change->parts;
    return parts < 0 ? c->rows / -parts : parts;
}

static void build_left(const comparison *c)
{
    sqlite3 *db = NULL;
    char *fill = sqlite3_mprintf(ROWS, (long long)c->rows);
    (void)remove(c->left);
    bench_must_sql(sqlite3_open(c->left, &db), db, c->left);
    bench_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
    bench_exec(db, c->kind->schema);
    bench_exec(db, fill);
    sqlite3_close(db);
    sqlite3_free(fill);
}

static char *statement_of(const comparison *c)
{
    const int64_t found = rows_found(c);
    if (!c->change->sql) return sqlite3_mprintf(COPY, c->kind->schema, "name");
    return sqlite3_mprintf(c->change->sql, (long long)(found ? c->rows / found : 1));
}

static void build_right(const comparison *c)
{
    sqlite3 *db = NULL;
    char *attach = sqlite3_mprintf("VACUUM INTO %Q", c->right), *sql = statement_of(c);
    (void)remove(c->right);
    bench_must_sql(sqlite3_open(c->left, &db), db, c->left);
    bench_exec(db, attach);
    sqlite3_close(db);
    bench_must_sql(sqlite3_open(c->right, &db), db, c->right);
    bench_exec(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
    bench_exec(db, sql);
    sqlite3_close(db);
    sqlite3_free(attach);
    sqlite3_free(sql);
}

/* ---- raw: every value of both, by cursors ---- */

static void read_value(bench_done *done, sqlite3_stmt *rows, int column)
{
    switch (sqlite3_column_type(rows, column)) {
    case SQLITE_NULL: break;
    case SQLITE_INTEGER: done->digest += (uint64_t)sqlite3_column_int64(rows, column); break;
    case SQLITE_FLOAT: done->digest += sqlite3_column_double(rows, column) > 0; break;
    default:
        done->digest += sqlite3_column_blob(rows, column) != NULL;
        done->digest += (uint64_t)sqlite3_column_bytes(rows, column);
    }
}

static void read_file(bench_done *done, const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    bench_must_sql(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), db, path);
    bench_must_sql(sqlite3_prepare_v2(db, "SELECT * FROM item", -1, &rows, NULL), db, path);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        done->count++;
        for (int i = 0; i < sqlite3_column_count(rows); i++) read_value(done, rows, i);
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

/* The digest of what was read keeps it from being read in vain; what counts is what was to be found. */
static void read_both(bench_done *done, void *state)
{
    const comparison *c = state;
    read_file(done, c->left);
    read_file(done, c->right);
    done->digest = (uint64_t)rows_found(c) << 1 | (done->digest == 0);
}

/* ---- drift ---- */

static void judge(bench_done *done, void *state)
{
    const comparison *c = state;
    bench_data found;
    bench_judge_data(&found, c->left, c->right, c->schema);
    done->count = found.before + found.after;
    done->digest = (uint64_t)(c->change->lost ? found.lost : found.changed) << 1;
    if ((c->change->lost ? found.changed : found.lost) || found.extra) done->digest = UINT64_MAX;
}

/* In a process of its own, whose memory is not that of the runs. */
static void build(const comparison *c, void (*file)(const comparison *))
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        file(c);
        _exit(0);
    }
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0) return;
    fprintf(stderr, "the files could not be built\n");
    exit(1);
}

static int measure(comparison *c, const bench_options *options)
{
    static const bench_side sides[] = {{"raw, both read", NULL, read_both, NULL}, {"drift", NULL, judge, NULL}};
    char *title = sqlite3_mprintf("%s, %lld rows x 10", c->change->title, (long long)c->rows);
    const char *schema = c->change->schema ? c->change->schema : c->kind->schema;
    drift_error err = {0};
    bench_must(drift_schema_parse(&c->schema, schema, strlen(schema), &err), &err, "the schema");
    build(c, build_right);
    const int failed = bench_measure(&(bench_work){.name = c->kind->name,
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = c,
                                                   .units = c->rows,
                                                   .unit = "rows",
                                                   .seconds = 2},
                                     options);
    drift_schema_free(c->schema);
    sqlite3_free(title);
    return failed;
}

static bool applies(const change *to, const kind *of)
{
    return (!to->moved || of->moves) && (!to->schema || of->keyless);
}

static int measure_kind(comparison *c, const bench_options *options)
{
    int failed = 0;
    if (options->work && strcmp(options->work, c->kind->name) != 0) return 0;
    build(c, build_left);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        c->change = &changes[i];
        if (applies(&changes[i], c->kind)) failed |= measure(c, options);
    }
    return failed;
}

int main(int argc, char **argv)
{
    bench_options options;
    int failed = 0;
    bench_begin(&options, argc, argv, "W6: judges --size rows (100,000) of 10 columns, with keys of every kind.");
    comparison c = {.left = bench_path(&options, "left.db"),
                    .right = bench_path(&options, "right.db"),
                    .rows = options.size    ? options.size
                            : options.smoke ? 2000
                                            : 100000};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        c.kind = &kinds[i];
        failed |= measure_kind(&c, &options);
    }
    sqlite3_free(c.left);
    sqlite3_free(c.right);
    bench_end(&options);
    return failed;
}
