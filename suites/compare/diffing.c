/* diffing.c */
#include "compare/diffing.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/fold.h"
#include "base/str.h"
#include "drift/kit/parse.h"
#include "support/suite.h"

/* A pair that SQLite refuses would show nothing. */
static void assert_sqlite_takes(const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) ck_abort_msg("SQLite refuses %s: %s", sql, message);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

drift_schema *parsed(const char *sql)
{
    drift_schema *schema = NULL;
    drift_error err = {0};
    assert_sqlite_takes(sql);
    ck_assert_drift(drift_schema_parse(&schema, sql, strlen(sql), &err));
    return schema;
}

static drift_diff *diffed(const drift_schema *expected, const drift_schema *actual, const drift_diff_options *options)
{
    drift_diff *diff = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_schemas(&diff, expected, actual, options, &err));
    return diff;
}

static void assert_empty(const drift_diff *diff, const char *a, const char *b)
{
    char *text = NULL;
    drift_error err = {0};
    ck_assert_drift(drift_diff_print_text(&text, diff, &err));
    if (diff->count) ck_abort_msg("%s\n%s\nshould be equal:\n%s", a, b, text);
    drift_free(text);
}

void same_with(const char *a, const char *b, const drift_diff_options *options)
{
    drift_schema *x = parsed(a), *y = parsed(b);
    drift_diff *there = diffed(x, y, options), *back = diffed(y, x, options);
    assert_empty(there, a, b);
    assert_empty(back, b, a);
    drift_diff_free(there);
    drift_diff_free(back);
    drift_schema_free(x);
    drift_schema_free(y);
}

void same(const char *a, const char *b)
{
    same_with(a, b, NULL);
}

static drift_facet mirrored(drift_facet facet)
{
    switch (facet) {
    case DRIFT_FACET_MISSING: return DRIFT_FACET_UNEXPECTED;
    case DRIFT_FACET_UNEXPECTED: return DRIFT_FACET_MISSING;
    case DRIFT_FACET_COLUMN_MISSING: return DRIFT_FACET_COLUMN_UNEXPECTED;
    case DRIFT_FACET_COLUMN_UNEXPECTED: return DRIFT_FACET_COLUMN_MISSING;
    default: return facet;
    }
}

static bool same_value(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_mirror(const drift_difference *a, const drift_difference *b)
{
    return a->facet == mirrored(b->facet) && drift__same_name(a->object, b->object) &&
           same_value(a->expected, b->actual) && same_value(a->actual, b->expected) &&
           a->expected_span.offset == b->actual_span.offset && a->expected_span.length == b->actual_span.length;
}

static void assert_mirrored(const drift_diff *there, const drift_diff *back, const char *a, const char *b)
{
    if (there->count != back->count)
        ck_abort_msg("%s\n%s\n%zu differences one way, %zu the other", a, b, there->count, back->count);
    for (size_t i = 0; i < there->count; i++) {
        size_t mirrors = 0;
        for (size_t k = 0; k < back->count; k++) mirrors += is_mirror(&there->differences[i], &back->differences[k]);
        if (mirrors != 1)
            ck_abort_msg("%s\n%s\n%s of %s is found %zu times the other way", a, b,
                         drift_facet_code(there->differences[i].facet), there->differences[i].object, mirrors);
    }
}

void differ_with(const char *a, const char *b, const char *text, const drift_diff_options *options)
{
    drift_schema *x = parsed(a), *y = parsed(b);
    drift_diff *there = diffed(x, y, options), *back = diffed(y, x, options);
    drift_error err = {0};
    char *told = NULL, want[4096];
    ck_assert_drift(drift_diff_print_text(&told, there, &err));
    snprintf(want, sizeof want, "%s%zu difference%s\n", text, there->count, there->count == 1 ? "" : "s");
    if (strcmp(told, want) != 0) ck_abort_msg("%s\n%s\nshould give\n%snot\n%s", a, b, want, told);
    assert_mirrored(there, back, a, b);
    drift_free(told);
    drift_diff_free(there);
    drift_diff_free(back);
    drift_schema_free(x);
    drift_schema_free(y);
}

void differ(const char *a, const char *b, const char *text)
{
    differ_with(a, b, text, NULL);
}

/* -- Tables of pairs. -- */

static char *between(const char *prefix, const char *text, const char *suffix)
{
    char *whole = NULL;
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    drift__str_printf(&s, "%s%s%s", prefix, text, suffix);
    ck_assert_drift(drift__str_take(&whole, &s, &err));
    return whole;
}

void same_pairs(const char *prefix, const char *suffix, const char *const (*pairs)[2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *a = between(prefix, pairs[i][0], suffix), *b = between(prefix, pairs[i][1], suffix);
        same(a, b);
        drift_free(a);
        drift_free(b);
    }
}

static void assert_codes(const drift_diff *diff, const char *told, const char *a, const char *b)
{
    char *codes = NULL;
    drift_error err = {0};
    drift__str s = DRIFT__STR_INIT;
    for (size_t i = 0; i < diff->count; i++)
        drift__str_printf(&s, "%s%s %s", i ? "," : "", drift_facet_code(diff->differences[i].facet),
                          diff->differences[i].object);
    ck_assert_drift(drift__str_take(&codes, &s, &err));
    if (strcmp(codes, told) != 0) ck_abort_msg("%s\n%s\nshould give %s, not %s", a, b, told, codes);
    drift_free(codes);
}

static void differ_by_codes(const char *prefix, const char *suffix, const char *const *texts, const char *told)
{
    char *a = between(prefix, texts[0], suffix), *b = between(prefix, texts[1], suffix);
    drift_schema *x = parsed(a), *y = parsed(b);
    drift_diff *there = diffed(x, y, NULL), *back = diffed(y, x, NULL);
    assert_codes(there, told, a, b);
    assert_mirrored(there, back, a, b);
    drift_diff_free(there);
    drift_diff_free(back);
    drift_schema_free(x);
    drift_schema_free(y);
    drift_free(a);
    drift_free(b);
}

void differ_pairs(const char *prefix, const char *suffix, const char *const (*pairs)[2], size_t count, const char *told)
{
    for (size_t i = 0; i < count; i++) differ_by_codes(prefix, suffix, pairs[i], told);
}

void differ_as_told(const char *prefix, const char *suffix, const char *const (*pairs)[3], size_t count)
{
    for (size_t i = 0; i < count; i++) differ_by_codes(prefix, suffix, pairs[i], pairs[i][2]);
}
