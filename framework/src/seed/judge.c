/* judge.c — what came of it: whether every table holds rows, and no orphan. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/str.h"
#include "seed/seeding.h"
#include "sql/quote.h"

int drift__seed_refuse(drift__seeding *s, drift__seed_table *table, const char *reason, drift_error *err)
{
    if (!table->reason) table->reason = drift__arena_strdup(&s->graph.arena, reason);
    return s->graph.arena.failed ? drift__no_memory(err) : DRIFT_OK;
}

int drift__seed_sql(char **out, const char *before, const drift__seed_table *table, const char *after, drift_error *err)
{
    drift__str sql = DRIFT__STR_INIT;
    drift__str_printf(&sql, "%s main.", before);
    drift__put_quoted(&sql, table->name);
    drift__str_puts(&sql, after);
    return drift__str_take(out, &sql, err);
}

static int query_table(int64_t *out, drift__seeding *s, const char *before, const drift__seed_table *table,
                       const char *after, drift_error *err)
{
    char *sql = NULL;
    int rc = drift__seed_sql(&sql, before, table, after, err);
    if (rc == DRIFT_OK) rc = drift_query_int64(out, s->connection, sql, NULL, 0, err);
    drift__free(sql);
    return rc;
}

/* A trigger may take a row away again (RAISE(IGNORE) says nothing), and a row may be an orphan: then it is none that an
 * application could have written. */
static int judge_table(drift__seeding *s, drift__seed_table *table, drift_error *err)
{
    int64_t found = 0, orphans = 0;
    int rc = query_table(&found, s, "SELECT EXISTS (SELECT 1 FROM", table, ")", err);
    if (rc == DRIFT_OK && !found) return drift__seed_refuse(s, table, "a row was inserted, but did not stay", err);
    if (rc == DRIFT_OK && !s->keys_hold && !s->options->orphans)
        rc = drift__seed_count_orphans(&orphans, s->connection, table, err);
    return rc == DRIFT_OK && orphans ? drift__seed_refuse(s, table, "no row was found whose foreign keys hold", err)
                                     : rc;
}

int drift__seed_judge(drift__seeding *s, drift_error *err)
{
    int rc = DRIFT_OK;
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
        drift__seed_table *table = &s->graph.tables[i];
        if (!table->is_virtual && !table->reason) rc = judge_table(s, table, err);
    }
    return rc;
}

/* ---- the report ---- */

/* The first member is what the caller sees. */
typedef struct report {
    drift_seed_report shown;
    drift__arena arena;
} report;

/* A virtual table that cannot be counted shows no rows. */
static int count_rows(int64_t *out, drift__seeding *s, const drift__seed_table *table, drift_error *err)
{
    drift_error why = {0};
    const int rc = query_table(out, s, "SELECT count(*) FROM", table, "", &why);
    if (rc == DRIFT_SQL && table->is_virtual) return DRIFT_OK;
    if (rc != DRIFT_OK && err && !err->code) *err = why;
    return rc;
}

static int compare_names(const void *a, const void *b)
{
    const drift_seeded_table *left = a, *right = b;
    return strcmp(left->table, right->table);
}

static int tell_table(report *r, drift_seeded_table *told, drift__seeding *s, const drift__seed_table *table,
                      drift_error *err)
{
    told->table = drift__arena_strdup(&r->arena, table->name);
    told->reason = drift__arena_strdup(&r->arena, table->reason);
    if (r->arena.failed) return drift__no_memory(err);
    const int rc = count_rows(&told->rows, s, table, err);
    r->shown.rows += told->rows;
    return rc;
}

static int tell_tables(report *r, drift__seeding *s, drift_error *err)
{
    int rc = DRIFT_OK;
    drift_seeded_table *tables = drift__arena_array(&r->arena, s->graph.table_count + 1, sizeof *tables);
    if (!tables) return drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < s->graph.table_count; i++) {
        const drift__seed_table *table = &s->graph.tables[i];
        if (!table->is_read_only) rc = tell_table(r, &tables[r->shown.count++], s, table, err);
    }
    if (rc != DRIFT_OK) return rc; /* the last of them may have no name */
    if (r->shown.count) qsort(tables, r->shown.count, sizeof *tables, compare_names);
    r->shown.tables = tables;
    return DRIFT_OK;
}

int drift__seed_tell(drift_seed_report **out, drift__seeding *s, drift_error *err)
{
    report *r = drift__calloc(1, sizeof *r);
    if (!r) return drift__no_memory(err);
    r->arena = (drift__arena)DRIFT__ARENA_INIT;
    const int rc = tell_tables(r, s, err);
    if (rc == DRIFT_OK)
        *out = &r->shown;
    else
        drift_seed_report_free(&r->shown);
    return rc;
}

void drift_seed_report_free(drift_seed_report *shown)
{
    if (!shown) return;
    report *r = (report *)shown; /* its first member */
    drift__arena_dispose(&r->arena);
    drift__free(r);
}
