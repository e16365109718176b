/* check_typed.c — rows and companions, with a description written by hand as generated code has it. */
#include "drift/typed.h"

#include "support/memory.h"
#include "support/suite.h"

static drift_connection *db;
static drift_error err;

typedef struct item {
    int64_t id;
    drift_nullable_int64 number;
    drift_nullable_bool flag;
    drift_nullable_double weight;
    drift_nullable_text name;
    drift_nullable_blob bytes;
    drift_value anything;
    drift_nullable_int64 twice;
} item;

typedef struct item_companion {
    drift_value_int64 id, number;
    drift_value_bool flag;
    drift_value_double weight;
    drift_value_text name;
    drift_value_blob bytes;
    drift_value_any anything;
} item_companion;

#define FIELD(column, kind, key)                                                                 \
    {                                                                                            \
#column, kind, (key) == 0, key, offsetof(item, column), offsetof(item_companion, column) \
    }
static const drift_typed_column item_columns[] = {
    FIELD(id, DRIFT_TYPED_INT64, 1),
    FIELD(number, DRIFT_TYPED_INT64, 0),
    FIELD(flag, DRIFT_TYPED_BOOL, 0),
    FIELD(weight, DRIFT_TYPED_DOUBLE, 0),
    FIELD(name, DRIFT_TYPED_TEXT, 0),
    FIELD(bytes, DRIFT_TYPED_BLOB, 0),
    FIELD(anything, DRIFT_TYPED_ANY, 0),
    {"twice", DRIFT_TYPED_INT64, true, 0, offsetof(item, twice), DRIFT_TYPED_NO_FIELD},
};
static const drift_typed_table items = {
    "items", item_columns, sizeof item_columns / sizeof *item_columns, sizeof(item), sizeof(item_companion), false};

/* The same columns under the name of a table that lacks them. */
static const drift_typed_table absent = {
    "others", item_columns, sizeof item_columns / sizeof *item_columns, sizeof(item), sizeof(item_companion), false};

/* Two columns of a key, in another order than the columns'. */
typedef struct pair {
    drift_text a;
    int64_t b;
} pair;
typedef struct pair_companion {
    drift_value_text a;
    drift_value_int64 b;
    drift_value_int64 c;
} pair_companion;
static const drift_typed_column pair_columns[] = {
    {"a", DRIFT_TYPED_TEXT, false, 2, offsetof(pair, a), offsetof(pair_companion, a)},
    {"b", DRIFT_TYPED_INT64, false, 1, offsetof(pair, b), offsetof(pair_companion, b)},
};
static const drift_typed_table pairs = {"pairs", pair_columns, 2, sizeof(pair), sizeof(pair_companion), true};

static void setup(void)
{
    err = (drift_error){0};
    ck_assert_drift(drift_connection_memory(&db, NULL, &err));
    ck_assert_drift(drift_exec(db,
                               "CREATE TABLE items (id INTEGER PRIMARY KEY, number INTEGER DEFAULT 7, flag BOOLEAN,"
                               " weight REAL, name TEXT, bytes BLOB, anything, twice AS (number * 2));"
                               "CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;"
                               "CREATE TABLE others (id INTEGER PRIMARY KEY)",
                               &err));
}

static void teardown(void)
{
    drift_connection_close(db);
    db = NULL;
}

static item *all(size_t *count)
{
    void *rows = NULL;
    ck_assert_drift(drift_typed_select(&rows, count, db, &items, NULL, NULL, 0, &err));
    return rows;
}

static item *only(void)
{
    size_t count = 0;
    item *row = all(&count);
    ck_assert_uint_eq(count, 1);
    return row;
}

static void assert_text(drift_text text, const char *bytes, size_t length)
{
    ck_assert_uint_eq(text.length, length);
    ck_assert_mem_eq(text.data, bytes, length + 1);
}

/* ---- reading and writing ---- */

START_TEST(every_type_comes_back_as_it_was_written)
{
    static const char text[] = "a\0b";
    static const unsigned char bytes[] = {0, 255, 1};
    const drift_value anything = DRIFT_BIND_BLOB("xyz", 3);
    const item_companion companion = {
        .id = DRIFT_SET_INT64(INT64_MIN),
        .number = DRIFT_SET_INT64(INT64_MAX / 4),
        .flag = DRIFT_SET_BOOL(true),
        .weight = DRIFT_SET_DOUBLE(0.1),
        .name = DRIFT_SET_TEXT_N(text, 3),
        .bytes = DRIFT_SET_BLOB(bytes, 3),
        .anything = DRIFT_SET_ANY(anything),
    };
    int64_t rowid = 0;
    ck_assert_drift(drift_typed_insert(db, &items, &companion, &rowid, &err));
    ck_assert_int_eq(rowid, INT64_MIN);
    item *row = only();
    ck_assert_int_eq(row->id, INT64_MIN);
    ck_assert(row->number.has_value && row->number.value == INT64_MAX / 4);
    ck_assert(row->flag.has_value && row->flag.value);
    ck_assert(row->weight.has_value && row->weight.value == 0.1);
    ck_assert(row->name.has_value);
    assert_text(row->name.value, text, 3);
    ck_assert(row->bytes.has_value && row->bytes.value.length == 3);
    ck_assert_mem_eq(row->bytes.value.data, bytes, 3);
    ck_assert_int_eq(row->anything.kind, DRIFT_BLOB);
    ck_assert_mem_eq(row->anything.bytes, "xyz", 3);
    ck_assert(row->twice.has_value && row->twice.value == INT64_MAX / 4 * 2);
    drift_typed_free(row);
}
END_TEST

START_TEST(an_absent_field_takes_the_default_and_null_is_null)
{
    const item_companion companion = {.weight = DRIFT_SET_NULL, .name = DRIFT_SET_NULL};
    int64_t rowid = 0;
    ck_assert_drift(drift_typed_insert(db, &items, &companion, &rowid, &err));
    item *row = only();
    ck_assert_int_eq(row->id, rowid);
    ck_assert(row->number.has_value && row->number.value == 7);
    ck_assert(!row->flag.has_value && !row->weight.has_value && !row->name.has_value && !row->bytes.has_value);
    ck_assert_int_eq(row->anything.kind, DRIFT_NULL);
    drift_typed_free(row);
}
END_TEST

START_TEST(a_companion_with_nothing_inserts_the_defaults)
{
    ck_assert_drift(drift_typed_insert(db, &items, &(item_companion){0}, NULL, &err));
    item *row = only();
    ck_assert_int_eq(row->id, 1);
    drift_typed_free(row);
}
END_TEST

START_TEST(empty_texts_and_blobs_are_not_null)
{
    const item_companion companion = {.name = DRIFT_SET_TEXT(""), .bytes = DRIFT_SET_BLOB(NULL, 0)};
    ck_assert_drift(drift_typed_insert(db, &items, &companion, NULL, &err));
    item *row = only();
    ck_assert(row->name.has_value && row->bytes.has_value);
    assert_text(row->name.value, "", 0);
    ck_assert_ptr_nonnull(row->bytes.value.data);
    drift_typed_free(row);
}
END_TEST

START_TEST(many_rows_are_read_in_the_order_of_the_key)
{
    item_companion companions[100] = {0};
    size_t count = 0;
    for (int i = 0; i < 100; i++) companions[i].id = (drift_value_int64)DRIFT_SET_INT64((i * 37) % 100);
    ck_assert_drift(drift_typed_insert_many(db, &items, companions, 100, &err));
    item *rows = all(&count);
    ck_assert_uint_eq(count, 100);
    for (int i = 0; i < 100; i++) ck_assert_int_eq(rows[i].id, i);
    drift_typed_free(rows);
}
END_TEST

START_TEST(no_row_is_no_memory)
{
    size_t count = 1;
    ck_assert_ptr_null(all(&count));
    ck_assert_uint_eq(count, 0);
    ck_assert_drift(drift_typed_insert_many(db, &items, NULL, 0, &err));
}
END_TEST

START_TEST(many_are_inserted_all_or_none)
{
    const item_companion twice[] = {{.id = DRIFT_SET_INT64(1)}, {.id = DRIFT_SET_INT64(1)}};
    size_t count = 1;
    ck_assert_drift_fails(drift_typed_insert_many(db, &items, twice, 2, &err), DRIFT_CONSTRAINT);
    ck_assert_str_eq(err.hint, "at row 2 of 2; none was inserted");
    ck_assert_ptr_null(all(&count));
}
END_TEST

START_TEST(where_takes_parameters_and_may_end_in_a_comment)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(2)};
    void *rows = NULL;
    size_t count = 0;
    const item_companion three[] = {{.id = DRIFT_SET_INT64(1)}, {.id = DRIFT_SET_INT64(2)}, {.id = DRIFT_SET_INT64(3)}};
    ck_assert_drift(drift_typed_insert_many(db, &items, three, 3, &err));
    ck_assert_drift(drift_typed_select(&rows, &count, db, &items, "id >= ? -- and so on", binds, 1, &err));
    ck_assert_uint_eq(count, 2);
    ck_assert_int_eq(((item *)rows)->id, 2);
    drift_typed_free(rows);
}
END_TEST

START_TEST(a_column_that_the_table_lacks_is_an_error_not_its_name)
{
    void *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_exec(db, "INSERT INTO others VALUES (1)", &err));
    ck_assert_drift_fails(drift_typed_select(&rows, &count, db, &absent, NULL, NULL, 0, &err), DRIFT_SQL);
    ck_assert_str_eq(err.text, "no such column: others.number");
    ck_assert_ptr_null(rows);
}
END_TEST

/* ---- keys ---- */

START_TEST(a_row_is_found_by_its_key)
{
    const drift_value key[] = {DRIFT_BIND_INT64(2), DRIFT_BIND_TEXT("x", 1)};
    const pair_companion two[] = {{.a = DRIFT_SET_TEXT("x"), .b = DRIFT_SET_INT64(2)},
                                  {.a = DRIFT_SET_TEXT("w"), .b = DRIFT_SET_INT64(3)}};
    int64_t rowid = 5;
    void *row = NULL;
    ck_assert_drift(drift_typed_insert(db, &pairs, &two[0], &rowid, &err));
    ck_assert_int_eq(rowid, 0);
    ck_assert_drift(drift_typed_insert(db, &pairs, &two[1], NULL, &err));
    ck_assert_drift(drift_typed_find(&row, db, &pairs, key, 2, &err));
    assert_text(((pair *)row)->a, "x", 1);
    drift_typed_free(row);
}
END_TEST

START_TEST(a_key_that_is_not_there_is_not_found)
{
    const drift_value key[] = {DRIFT_BIND_INT64(2), DRIFT_BIND_TEXT("x", 1), DRIFT_BIND_NULL};
    void *row = NULL;
    ck_assert_drift_fails(drift_typed_find(&row, db, &pairs, key, 2, &err), DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "\"pairs\" has no row with this primary key");
    ck_assert_ptr_null(row);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_typed_find(&row, db, &pairs, key, 3, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, "expected a primary key of 3 columns in \"pairs\", found 2");
}
END_TEST

/* ---- updates ---- */

START_TEST(an_update_writes_what_is_set_into_the_row_of_the_key)
{
    const item_companion row = {.id = DRIFT_SET_INT64(4), .name = DRIFT_SET_TEXT("old"), .weight = DRIFT_SET_DOUBLE(1)};
    const item_companion change = {.id = DRIFT_SET_INT64(4), .name = DRIFT_SET_TEXT("new"), .number = DRIFT_SET_NULL};
    ck_assert_drift(drift_typed_insert(db, &items, &row, NULL, &err));
    ck_assert_drift(drift_typed_update(db, &items, &change, &err));
    item *read = only();
    assert_text(read->name.value, "new", 3);
    ck_assert(!read->number.has_value);
    ck_assert(read->weight.value == 1.0);
    drift_typed_free(read);
}
END_TEST

START_TEST(an_update_needs_a_key_a_field_and_a_row)
{
    const item_companion no_key = {.name = DRIFT_SET_TEXT("x")}, no_field = {.id = DRIFT_SET_INT64(1)};
    const item_companion null_key = {.id = DRIFT_SET_NULL, .name = DRIFT_SET_TEXT("x")};
    const item_companion no_row = {.id = DRIFT_SET_INT64(1), .name = DRIFT_SET_TEXT("x")};
    static const char key_text[] = "expected a companion of \"items\" with its primary key, found no value for \"id\"";
    ck_assert_drift_fails(drift_typed_update(db, &items, &no_key, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, key_text);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_typed_update(db, &items, &null_key, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, key_text);
    err = (drift_error){0};
    ck_assert_drift_fails(drift_typed_update(db, &items, &no_field, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, "expected a companion of \"items\" with a field to write, found none");
    err = (drift_error){0};
    ck_assert_drift_fails(drift_typed_update(db, &items, &no_row, &err), DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "\"items\" has no row with this primary key");
}
END_TEST

START_TEST(a_table_without_a_key_is_not_updated_by_it)
{
    const drift_typed_column column = {"number", DRIFT_TYPED_INT64,      true,
                                       0,        offsetof(item, number), offsetof(item_companion, number)};
    const drift_typed_table keyless = {"items", &column, 1, sizeof(item), sizeof(item_companion), false};
    const item_companion change = {.number = DRIFT_SET_INT64(1)};
    ck_assert_drift_fails(drift_typed_update(db, &keyless, &change, &err), DRIFT_MISUSE);
    ck_assert_str_eq(err.text, "expected a primary key in \"items\"");
}
END_TEST

START_TEST(an_update_where_counts_its_rows)
{
    const drift_value binds[] = {DRIFT_BIND_INT64(1), DRIFT_BIND_INT64(3)};
    const item_companion three[] = {{.id = DRIFT_SET_INT64(1)}, {.id = DRIFT_SET_INT64(2)}, {.id = DRIFT_SET_INT64(3)}};
    const item_companion change = {.name = DRIFT_SET_TEXT("x"), .number = DRIFT_SET_INT64(9)};
    int64_t changed = 0;
    ck_assert_drift(drift_typed_insert_many(db, &items, three, 3, &err));
    ck_assert_drift(drift_typed_update_where(&changed, db, &items, &change, "id IN (?, ?)", binds, 2, &err));
    ck_assert_int_eq(changed, 2);
    ck_assert_drift(drift_typed_update_where(&changed, db, &items, &change, NULL, NULL, 0, &err));
    ck_assert_int_eq(changed, 3);
    ck_assert_drift(drift_typed_update_where(NULL, db, &items, &change, "number = 9 AND name = 'y'", NULL, 0, &err));
    ck_assert_drift_fails(drift_typed_update_where(NULL, db, &items, &(item_companion){0}, NULL, NULL, 0, &err),
                          DRIFT_MISUSE);
}
END_TEST

/* ---- values that are not of their column's type ---- */

static void assert_refused(const char *insert, const char *text)
{
    void *rows = NULL;
    size_t count = 1;
    err = (drift_error){0};
    ck_assert_drift(drift_exec(db, "DELETE FROM items", &err));
    ck_assert_drift(drift_exec(db, insert, &err));
    ck_assert_drift_fails(drift_typed_select(&rows, &count, db, &items, NULL, NULL, 0, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, text);
    ck_assert_str_eq(err.hint, "read such rows with drift_query, which takes every value as it is stored");
    ck_assert_ptr_null(rows);
    ck_assert_uint_eq(count, 0);
}

START_TEST(a_value_of_another_type_is_refused_with_its_place)
{
    assert_refused("INSERT INTO items (id, number) VALUES (1, 2), (2, 'two')",
                   "row 2 of \"items\": expected an integer in the column \"number\", found a text");
    assert_refused("INSERT INTO items (number) VALUES (2.5)",
                   "row 1 of \"items\": expected an integer in the column \"number\", found a real number");
    assert_refused("INSERT INTO items (flag) VALUES (2)",
                   "row 1 of \"items\": expected 0 or 1 in the column \"flag\", found another integer");
    assert_refused("INSERT INTO items (flag) VALUES ('yes')",
                   "row 1 of \"items\": expected 0 or 1 in the column \"flag\", found a text");
    assert_refused("INSERT INTO items (weight) VALUES ('heavy')",
                   "row 1 of \"items\": expected a real number in the column \"weight\", found a text");
    assert_refused("INSERT INTO items (name) VALUES (x'00')",
                   "row 1 of \"items\": expected a text in the column \"name\", found a blob");
    assert_refused("INSERT INTO items (bytes) VALUES (1)",
                   "row 1 of \"items\": expected a blob in the column \"bytes\", found an integer");
}
END_TEST

START_TEST(null_where_none_is_expected_is_refused)
{
    const drift_typed_column column = {"number", DRIFT_TYPED_INT64, false, 0, 0, DRIFT_TYPED_NO_FIELD};
    const drift_typed_table strict = {"items", &column, 1, sizeof(int64_t), 0, false};
    void *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_exec(db, "INSERT INTO items (number) VALUES (NULL)", &err));
    ck_assert_drift_fails(drift_typed_select(&rows, &count, db, &strict, NULL, NULL, 0, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text, "row 1 of \"items\": expected an integer in the column \"number\", found NULL");
}
END_TEST

START_TEST(an_integer_is_a_double_only_where_it_is_exact)
{
    const drift_typed_column column = {"anything", DRIFT_TYPED_DOUBLE, false, 0, 0, DRIFT_TYPED_NO_FIELD};
    const drift_typed_table doubles = {"items", &column, 1, sizeof(double), 0, false};
    void *rows = NULL;
    size_t count = 0;
    ck_assert_drift(drift_exec(db, "INSERT INTO items (anything) VALUES (-9007199254740992)", &err));
    ck_assert_drift(drift_typed_select(&rows, &count, db, &doubles, NULL, NULL, 0, &err));
    ck_assert(*(double *)rows == -9007199254740992.0);
    drift_typed_free(rows);
    ck_assert_drift(drift_exec(db, "UPDATE items SET anything = 9007199254740993", &err));
    ck_assert_drift_fails(drift_typed_select(&rows, &count, db, &doubles, NULL, NULL, 0, &err), DRIFT_MISMATCH);
    ck_assert_str_eq(err.text,
                     "row 1 of \"items\": expected a real number in the column \"anything\", found an integer");
}
END_TEST

/* ---- versions ---- */

START_TEST(a_version_that_is_not_there_lists_those_that_are)
{
    static const drift_schema one = {1, NULL, 0}, four = {4, NULL, 0};
    static const drift_schema *const both[] = {&one, &four};
    ck_assert_ptr_eq(drift_schema_of_version(both, 2, 4, &err), &four);
    ck_assert_ptr_null(drift_schema_of_version(both, 2, 3, &err));
    ck_assert_int_eq(err.code, DRIFT_NOT_FOUND);
    ck_assert_str_eq(err.text, "expected one of the versions 1, 4, found version 3");
}
END_TEST

/* ---- memory ---- */

static int write_and_read(void)
{
    const item_companion row = {.id = DRIFT_SET_INT64(1), .name = DRIFT_SET_TEXT("a name"), .weight = DRIFT_SET_NULL};
    const drift_value key[] = {DRIFT_BIND_INT64(1)};
    drift_connection *connection = NULL;
    drift_error told = {0};
    void *read = NULL;
    int rc = drift_connection_memory(&connection, NULL, &told);
    if (rc == DRIFT_OK)
        rc = drift_exec(
            connection,
            "CREATE TABLE items (id INTEGER PRIMARY KEY, number, flag, weight, name, bytes, anything, twice)", &told);
    if (rc == DRIFT_OK) rc = drift_typed_insert_many(connection, &items, &row, 1, &told);
    if (rc == DRIFT_OK) rc = drift_typed_update(connection, &items, &row, &told);
    if (rc == DRIFT_OK) rc = drift_typed_find(&read, connection, &items, key, 1, &told);
    drift_typed_free(read);
    drift_connection_close(connection);
    /* SQLite ends a transaction by itself when it runs out of memory, and that is then told. */
    return rc == DRIFT_TRANSACTION ? DRIFT_NO_MEMORY : rc;
}

START_TEST(every_allocation_may_fail)
{
    suite_memory_sweep(write_and_read);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("typed");
    TCase *rows = suite_case("rows");
    tcase_add_checked_fixture(rows, setup, teardown);
    tcase_add_test(rows, every_type_comes_back_as_it_was_written);
    tcase_add_test(rows, an_absent_field_takes_the_default_and_null_is_null);
    tcase_add_test(rows, a_companion_with_nothing_inserts_the_defaults);
    tcase_add_test(rows, empty_texts_and_blobs_are_not_null);
    tcase_add_test(rows, many_rows_are_read_in_the_order_of_the_key);
    tcase_add_test(rows, no_row_is_no_memory);
    tcase_add_test(rows, many_are_inserted_all_or_none);
    tcase_add_test(rows, where_takes_parameters_and_may_end_in_a_comment);
    tcase_add_test(rows, a_column_that_the_table_lacks_is_an_error_not_its_name);
    tcase_add_test(rows, a_row_is_found_by_its_key);
    tcase_add_test(rows, a_key_that_is_not_there_is_not_found);
    tcase_add_test(rows, an_update_writes_what_is_set_into_the_row_of_the_key);
    tcase_add_test(rows, an_update_needs_a_key_a_field_and_a_row);
    tcase_add_test(rows, a_table_without_a_key_is_not_updated_by_it);
    tcase_add_test(rows, an_update_where_counts_its_rows);
    tcase_add_test(rows, a_value_of_another_type_is_refused_with_its_place);
    tcase_add_test(rows, null_where_none_is_expected_is_refused);
    tcase_add_test(rows, an_integer_is_a_double_only_where_it_is_exact);
    suite_add_tcase(suite, rows);
    TCase *others = suite_case("others");
    tcase_add_test(others, a_version_that_is_not_there_lists_those_that_are);
    tcase_add_test(others, every_allocation_may_fail);
    suite_add_tcase(suite, others);
    return suite_run(suite);
}
