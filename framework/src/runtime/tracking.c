/* tracking.c — a tracker on a direct connection. */
#include "base/error.h"
#include "runtime/direct.h"

int drift__track(drift_connection *connection, drift__commit_fn on_commit, void *payload, drift_error *err)
{
    drift__direct *direct = drift__direct_of(connection);
    drift__statements_forget(&direct->statements);
    return drift__tracker_new(&direct->tracker, direct->handle, on_commit, payload, err);
}

void drift__track_find(drift__table_set *out, drift_connection *connection, const char *table)
{
    drift__tracker_find(out, drift__direct_of(connection)->tracker, table);
}

static drift__direct_statement *tracked(const drift_statement *statement)
{
    return (drift__direct_statement *)statement;
}

bool drift__tracked_reads_only(const drift_statement *statement)
{
    const drift__direct_statement *direct = tracked(statement);
    return direct->footprint.span == DRIFT__SPAN_NONE && !direct->footprint.schema &&
           sqlite3_stmt_readonly(direct->handle) != 0;
}

uint64_t drift__tracked_row_statements(drift_connection *connection)
{
    return drift__direct_of(connection)->tracker->row_statements;
}

void drift__direct_set_last_insert_rowid(drift_connection *connection, int64_t rowid)
{
    sqlite3_set_last_insert_rowid(drift__direct_of(connection)->handle, rowid);
}

/* A virtual table of the set. */
typedef struct search {
    const drift__footprint *footprint;
    drift__tracker *tracker;
    bool found;
} search;

static int match_virtual(drift_statement *row, void *payload, drift_error *err)
{
    search *s = payload;
    drift__table_set one = {0};
    (void)err;
    const char *schema = drift_column_text(row, 0, NULL), *name = drift_column_text(row, 1, NULL);
    if (schema && name)
        drift__tracker_add(&one, s->tracker, schema, name);
    else
        one.all = true;
    if (drift__table_set_meets(&one, &s->footprint->reads)) s->found = true;
    drift__table_set_dispose(&one);
    return DRIFT_OK;
}

/* What a virtual table depends on only its module knows (https://www.sqlite.org/vtab.html). Eponymous ones, as
 * json_each, are not in this list: they depend on their arguments alone. */
int drift__tracked_reads(drift__table_set *out, drift_statement *statement, drift_error *err)
{
    static const char virtual_tables[] = "SELECT schema, name FROM pragma_table_list WHERE type = 'virtual'";
    search s = {&tracked(statement)->footprint, drift__direct_of(statement->connection)->tracker, false};
    const int rc = drift_query(statement->connection, virtual_tables, NULL, 0, match_virtual, &s, err);
    drift__table_set_clear(out);
    drift__table_set_merge(out, &s.footprint->reads);
    if (s.found) out->all = true;
    return rc;
}
