/* values.c — the values of the levels `boundary` and `hostile`: tables of them, and what a column's constraints and
 * type speak of. */
#include "seed/values.h"

#include <math.h>
#include <string.h>

#include "base/fold.h"
#include "runtime/value.h"
#include "sql/token.h"

enum { MOST_VALUES = 400, LONG_TEXT = 2000, LONGEST_TYPE = 4096 };

#define I(v) DRIFT_BIND_INT64(v)
#define R(v) DRIFT_BIND_DOUBLE(v)
#define T(v) DRIFT_BIND_TEXT(v, sizeof(v) - 1)
#define B(v) DRIFT_BIND_BLOB(v, sizeof(v) - 1)

/* The limits of 64 bits, and of the integers that a double holds; seconds and milliseconds at the ends of what
 * date() takes (https://www.sqlite.org/lang_datefunc.html: 0000-01-01 to 9999-12-31). */
static const drift_value boundary_integers[] = {I(0),
                                                I(1),
                                                I(-1),
                                                I(2147483647),
                                                I(2147483648),
                                                I(-2147483648),
                                                I(9007199254740991),
                                                I(9007199254740992),
                                                I(9007199254740993),
                                                I(-9007199254740993),
                                                I(INT64_MAX),
                                                I(INT64_MIN),
                                                I(253402300799),
                                                I(253402300799999),
                                                I(-62167219200)};
/* A key: nothing at 2^63-1, after which AUTOINCREMENT finds no further one and others have to search. */
static const drift_value boundary_keys[] = {
    I(0), I(-1), I(1000), I(2147483647), I(2147483648), I(-2147483648), I(9007199254740990), I(INT64_MIN)};
/* A key below 2^53, also with the sequence ahead of it. */
static const drift_value sequence_keys[] = {I(1000), I(2147483647), I(2147483648), I(9007199254730000)};
static const drift_value boundary_reals[] = {
    R(0.0),
    R(-0.0),
    R(1.0),
    R(-1.0),
    R(0.1),
    R(1.5),
    R(-2.5),
    R(1e15 + 0.3),
    R(9007199254740993.0),
    R(1.7976931348623157e308),
    R(-1.7976931348623157e308),
    R(2.2250738585072014e-308),
    R(4.9406564584124654e-324),
};
static const drift_value boundary_texts[] = {
    T(""), T("a"), T(" "), T("0000-01-01"), T("9999-12-31"), T("9999-12-31T23:59:59.999Z"), T("1969-12-31 23:59:59"),
};
static const drift_value boundary_blobs[] = {B(""), B("\0"), B("\xff"), B("\0\x01\x7f\x80\xfe\xff"),
                                             B("0123456789abcdef")};

/* What looks like another type, and what a C string, an encoding, a collation or a quoting cannot bear. */
static const drift_value hostile_texts[] = {
    T("007"),
    T("12345678901234567890"),
    T("abc"),
    T("1e5"),
    T("0x10"),
    T("+1"),
    T("-0"),
    T("1.0"),
    T(" 5"),
    T("5 "),
    T("0.1"),
    T("NULL"),
    T("O'Brien said \"no\"; --"),
    T("nul\0inside"),
    T("\xff\xfe not utf-8 \xc3"),
    T("caf\xc3\xa9"),
    T("cafe\xcc\x81"),
    T("cafe"),
    T("CAFE"),
    T("Cafe "),
    T("\xf0\x9f\x98\x80\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"),
    T("line\r\nbreak\ttab"),
    T("%_\\*?[a]"),
    T(""),
};
static const drift_value hostile_numbers[] = {
    T("abc"),
    T("007"),
    T("12x"),
    T(""),
    T("9223372036854775808"),
    R(1.5),
    R(0.1),
    R((double)INFINITY),
    R(-(double)INFINITY),
    R(9007199254740993.0),
    B("\x01\xff"),
    I(-7),
    I(INT64_MAX),
    T("NULL"),
    T("caf\xc3\xa9"),
    T("nul\0inside"),
};
static const drift_value hostile_reals[] = {
    T("abc"),
    T("007"),
    T("1,5"),
    T(""),
    R((double)INFINITY),
    R(-(double)INFINITY),
    R(0.1),
    R(-0.0),
    I(9007199254740993),
    B("\x01\xff"),
};
static const drift_value hostile_blobs[] = {
    B("\0\xff\xfe"),     B(""), T("abc"), T("007"), T("nul\0inside"), T("\xff\xfe not utf-8 \xc3"), I(7), R(0.1),
    R((double)INFINITY),
};
static const drift_value hostile_keys[] = {I(-7), I(0), I(4294967296), I(1000000007)};

/* A column of JSON: every kind of value, and what a reader of it may not bear. */
static const drift_value boundary_jsons[] = {
    T("{}"),    T("[]"), T("null"), T("{\"a\":null}"),     T("[1,-1,0.1,1.5e300]"), T("{\"a\":{\"b\":[{\"c\":[]}]}}"),
    T("false"), T("0"),  T("\"\""), T("9007199254740993"),
};
static const drift_value hostile_jsons[] = {
    T(" {\"a\" : 1}\r\n"),
    T("{\"a\":1,\"a\":2}"),
    T("{\"\":\"\"}"),
    T("{\"O'Brien\":\"said \\\"no\\\"; --\"}"),
    T("{\"caf\xc3\xa9\":\"\xf0\x9f\x98\x80\"}"),
    T("[\"\\u0000\",\"\\ud83d\\ude00\"]"),
    T("\"007\""),
    T("-0"),
    T("1e400"),
    T("12345678901234567890"),
};

#undef I
#undef R
#undef T
#undef B

/* ---- adding ---- */

typedef struct adding {
    drift__seed_values *values;
    const drift__seed_column *column;
    drift__arena *arena;
} adding;

static void add(const adding *a, const drift_value *value)
{
    drift__seed_values *v = a->values;
    if (v->count == MOST_VALUES || a->arena->failed || !drift__seed_allows(a->column->domain, value)) return;
    for (size_t i = 0; i < v->count; i++) {
        if (drift__value_same(&v->items[i], value)) return;
    }
    if (v->count == v->capacity) {
        const size_t capacity = v->capacity ? v->capacity * 2 : 32;
        drift_value *grown = drift__arena_array(a->arena, capacity, sizeof *grown);
        if (!grown) return;
        if (v->count) memcpy(grown, v->items, v->count * sizeof *grown);
        v->items = grown;
        v->capacity = capacity;
    }
    v->items[v->count++] = *value;
}

static void add_all(const adding *a, const drift_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) add(a, &values[i]);
}

#define ADD_ALL(a, values) add_all((a), (values), sizeof(values) / sizeof((values)[0]))

static void add_length(const adding *a, drift_value_kind kind, size_t length)
{
    char *bytes = drift__arena_alloc(a->arena, length + 1);
    if (bytes) memset(bytes, 'x', length);
    if (bytes) add(a, &(drift_value){.kind = kind, .bytes = bytes, .length = length});
}

/* VARCHAR(20): SQLite does not mind a longer text, others do. */
static void add_declared_length(const adding *a)
{
    const char *open = strchr(a->column->type, '(');
    size_t length = 0;
    for (const char *at = open ? open + 1 : ""; *at >= '0' && *at <= '9' && length <= LONGEST_TYPE; at++)
        length = length * 10 + (size_t)(*at - '0');
    if (!length || length > LONGEST_TYPE) return;
    add_length(a, DRIFT_TEXT, length);
    add_length(a, DRIFT_TEXT, length + 1);
}

/* The words of the constraints and the literals beside them: every CHECK's edge, every enum value. */
static void add_mined(const adding *a)
{
    const drift__seed_class *c = drift__seed_class_root(a->column->class_of);
    add_all(a, c->candidates, c->mined);
}

/* ---- levels ---- */

static bool is_typeless(const drift__seed_column *column)
{
    return !column->type[0] || drift__same_name(column->type, "ANY");
}

static void add_boundary(const adding *a)
{
    switch (a->column->affinity) {
    case DRIFT__AFFINITY_NUMERIC:
        ADD_ALL(a, boundary_reals);
        ADD_ALL(a, boundary_integers);
        break;
    case DRIFT__AFFINITY_INTEGER: ADD_ALL(a, boundary_integers); break;
    case DRIFT__AFFINITY_REAL: ADD_ALL(a, boundary_reals); break;
    case DRIFT__AFFINITY_TEXT:
        ADD_ALL(a, boundary_texts);
        add_length(a, DRIFT_TEXT, LONG_TEXT);
        add_declared_length(a);
        break;
    case DRIFT__AFFINITY_BLOB:
        ADD_ALL(a, boundary_blobs);
        add_length(a, DRIFT_BLOB, LONG_TEXT);
        if (!is_typeless(a->column)) break;
        ADD_ALL(a, boundary_texts);
        ADD_ALL(a, boundary_integers);
        ADD_ALL(a, boundary_reals);
    }
}

static void add_hostile(const adding *a)
{
    static const drift_value bytes = DRIFT_BIND_BLOB("\x00\xff\xfe", 3), real = DRIFT_BIND_DOUBLE(0.1);
    static const drift_value integer = DRIFT_BIND_INT64(7);
    switch (a->column->affinity) {
    case DRIFT__AFFINITY_NUMERIC:
    case DRIFT__AFFINITY_INTEGER: ADD_ALL(a, hostile_numbers); break;
    case DRIFT__AFFINITY_REAL: ADD_ALL(a, hostile_reals); break;
    case DRIFT__AFFINITY_TEXT:
        ADD_ALL(a, hostile_texts);
        add(a, &bytes);
        add(a, &real);
        add(a, &integer);
        break;
    case DRIFT__AFFINITY_BLOB:
        ADD_ALL(a, hostile_blobs);
        if (is_typeless(a->column)) ADD_ALL(a, hostile_texts);
    }
}

static void add_jsons(const adding *a, drift_data_level level)
{
    if (level == DRIFT_DATA_BOUNDARY)
        ADD_ALL(a, boundary_jsons);
    else
        ADD_ALL(a, hostile_jsons);
}

static void add_keys(const adding *a, const drift__seed_table *table, drift_data_level level)
{
    if (table->autoincrement)
        ADD_ALL(a, sequence_keys);
    else if (level == DRIFT_DATA_BOUNDARY)
        ADD_ALL(a, boundary_keys);
    else
        ADD_ALL(a, hostile_keys);
}

void drift__seed_values_fill(drift__seed_values *values, const drift__seed_table *table,
                             const drift__seed_column *column, drift_data_level level, drift__arena *arena)
{
    static const drift_value null = DRIFT_BIND_NULL;
    const adding a = {values, column, arena};
    if (column->is_rowid) {
        add_keys(&a, table, level);
        return;
    }
    if (!column->not_null) add(&a, &null);
    if (column->dangling || (column->domain && strcmp(column->domain, "null") == 0)) return;
    if (drift__seed_is_json_domain(column->domain))
        add_jsons(&a, level);
    else if (level == DRIFT_DATA_BOUNDARY)
        add_boundary(&a);
    else
        add_hostile(&a);
    add_mined(&a);
}
