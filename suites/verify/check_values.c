/* check_values.c — what the referee calls the same, and what it takes for the old value that CAST carried over, against
 * the same asked in SQL's own words. */
#include <stdio.h>

#include "base/str.h"
#include "support/memory.h"
#include "support/suite.h"
#include "verify/match_cases.h"
#include "verify/referee.h"
#include "verify/world.h"

static const char *const encodings[] = {"UTF-8", "UTF-16le", "UTF-16be"};
static const char *const types[] = {"TEXT", "INTEGER", "REAL", "NUMERIC", "BLOB"};

enum { ENCODINGS = sizeof encodings / sizeof encodings[0], TYPES = sizeof types / sizeof types[0] };

/* Numbers at their limits and next to them, texts that are numbers in more than one way, and the bytes of either. */
#define VALUES                                                                                                         \
    "(NULL), (0), (1), (-1), (7), (9007199254740993), (9223372036854775807), (-9223372036854775808), (0.0), (-0.0),"   \
    "(0.0 * -1), (1.0), (7.0), (1.5), (0.1), (1e15), (1e100), (9007199254740992.0), (9223372036854775808.0), (9e999)," \
    "(''),"                                                                                                            \
    "('0'), ('1'), ('7'), ('007'), ('+7'), (' 7'), ('7 '), ('7a'), ('1.0'), ('1.5'), ('1.50'), ('1e15'), ('1.0e+15')," \
    "('0.1'), ('-1'), ('-0'), ('a'), ('A'), ('\xc3\xa4'), ('9007199254740993'), ('9223372036854775808'), ('Inf'),"     \
    "(CAST(x'37003700' AS TEXT)), (CAST(x'00370037' AS TEXT)), (x''), (x'37'), (x'3700'), (x'0037'), (x'0030'),"       \
    "(x'3000'), (x'312e35'), (x'31002e003500'), (x'0031002e0035'), (x'370037'), (x'61'), (x'00')"

/* All values, and what CAST makes of them. */
#define MAKE                                                                                                  \
    "CREATE TABLE v (a); INSERT INTO v VALUES " VALUES "; CREATE TABLE n (a); INSERT INTO n SELECT a FROM v;" \
    "INSERT INTO n SELECT CAST(a AS TEXT) FROM v UNION ALL SELECT CAST(a AS INTEGER) FROM v UNION ALL"        \
    " SELECT CAST(a AS REAL) FROM v UNION ALL SELECT CAST(a AS BLOB) FROM v;"

typedef struct world {
    drift_connection *before, *after, *referee;
} world;

static void open_world(world *w, const char *encoding)
{
    static const drift_verify_options options = {0};
    drift_error err = {0};
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA encoding = '%s'", encoding);
    ck_assert_drift(drift__world_open(&w->before, &options, &err));
    ck_assert_drift(drift_exec(w->before, sql, &err));
    ck_assert_drift(drift_exec(w->before, MAKE, &err));
    ck_assert_drift(drift__world_clone(&w->after, w->before, &options, &err));
    ck_assert_drift(drift__referee_open(&w->referee, w->before, w->after, &options, &err));
}

static void close_world(const world *w)
{
    drift_connection_close(w->referee);
    drift_connection_close(w->after);
    drift_connection_close(w->before);
}

static int64_t ask(const world *w, const char *sql)
{
    drift_error err = {0};
    int64_t answer = -1;
    ck_assert_drift(drift_query_int64(&answer, w->referee, sql, NULL, 0, &err));
    return answer;
}

/* Of one class; numbers are then equal, which says nothing of the sign of a zero, and the others have the same bytes.
 */
#define SAME                                                                                          \
    "(typeof(o.a) = typeof(n.a) AND CASE WHEN typeof(o.a) IN ('text', 'blob') THEN CAST(o.a AS BLOB)" \
    " = CAST(n.a AS BLOB) ELSE o.a IS n.a END)"
#define ZEROES "(typeof(o.a) = 'real' AND o.a = 0 AND n.a = 0)"

START_TEST(the_same_are_class_and_bytes)
{
    world w = {0};
    open_world(&w, encodings[_i]);
    ck_assert_int_eq(ask(&w, "SELECT count(*) FROM drift_old.n o, drift_new.n n WHERE NOT " ZEROES
                             " AND drift__same(o.a, n.a) IS NOT " SAME),
                     0);
    ck_assert_int_eq(ask(&w, "SELECT drift__same(0.0, 0.0) AND NOT drift__same(0.0, 0.0 * -1)"), 1);
    ck_assert_int_eq(ask(&w, "SELECT drift__same(1, 1, 'a', 'a', NULL, NULL) AND NOT drift__same(1, 1, 'a', 'A') AND"
                             " NOT drift__same(1, 1.0, 'a', 'a')"),
                     1);
    close_world(&w);
}
END_TEST

/* The old value itself, or what CAST made of it and only where CAST to the old one's type gives the old one. */
START_TEST(a_cast_value_is_carried_where_cast_leads_back)
{
    world w = {0};
    int64_t carried = 0;
    open_world(&w, encodings[_i]);
    for (int type = 0; type < TYPES; type++) {
        char sql[1024];
        snprintf(sql, sizeof sql,
                 "WITH p AS (SELECT o.a, CAST(o.a AS %s) AS f, n.a AS b FROM drift_old.v o, drift_new.n n),"
                 " q AS (SELECT a, f, b, CASE typeof(a) WHEN 'text' THEN CAST(f AS TEXT) WHEN 'integer' THEN"
                 " CAST(f AS INTEGER) WHEN 'real' THEN CAST(f AS REAL) WHEN 'blob' THEN CAST(f AS BLOB) END AS back"
                 " FROM p) SELECT count(*) FROM q WHERE drift__carried(a, f, b) IS NOT (drift__same(a, b) OR"
                 " (f IS NOT NULL AND drift__same(f, b) AND drift__same(a, back)))",
                 types[type]);
        ck_assert_int_eq(ask(&w, sql), 0);
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM drift_old.v o, drift_new.n n WHERE NOT drift__same(o.a, n.a) AND"
                 " drift__carried(o.a, CAST(o.a AS %s), n.a)",
                 types[type]);
        carried += ask(&w, sql);
    }
    ck_assert_int_gt(carried, 0);
    close_world(&w);
}
END_TEST

TCase *case_values(void)
{
    TCase *tcase = suite_case("values");
    tcase_add_loop_test(tcase, the_same_are_class_and_bytes, 0, ENCODINGS);
    tcase_add_loop_test(tcase, a_cast_value_is_carried_where_cast_leads_back, 0, ENCODINGS);
    return tcase;
}
