/* check_json.c — reading the triggers' JSON back: everything they write comes back as it was, anything else is told. */
#include <string.h>

#include "track/json.h"
#include "track/world.h"

static const struct {
    const char *text;
    int column;
    const char *says;
} refused[] = {
    {"", 1, "expected an object in the key"},
    {"[1]", 1, "expected an object in the key"},
    {"{", 2, "expected a name and a value in the key"},
    {"{\"a\"}", 2, "expected a name and a value in the key"},
    {"{\"a\"1:2}", 5, "expected \":\" in the key"},
    {"{a:1}", 2, "expected a string in the key"},
    {"{\"a\":}", 6, "expected a value in the key"},
    {"{\"a\":01}", 6, "expected a value in the key"},
    {"{\"a\":1.}", 6, "expected a value in the key"},
    {"{\"a\":1e}", 6, "expected a value in the key"},
    {"{\"a\":-}", 6, "expected a value in the key"},
    {"{\"a\":nul}", 6, "expected a value in the key"},
    {"{\"a\":9223372036854775808}", 6, "expected an integer of at most 64 bits in the key"},
    {"{\"a\":-9223372036854775809}", 6, "expected an integer of at most 64 bits in the key"},
    {"{\"a\":1", 7, "expected \",\" or \"}\" in the key"},
    {"{\"a\":1,}", 8, "expected a name and a value in the key"},
    {"{\"a\":1} x", 9, "expected nothing behind the object in the key"},
    {"{\"a\":1,\"A\":2}", 11, "expected each name once in the key"},
    {"{\"a\\u0000b\":1}", 12, "expected a name without NUL in the key"},
    {"{\"a\":\"x", 8, "expected a string without control characters, and its end in the key"},
    {"{\"a\":\"\n\"}", 7, "expected a string without control characters, and its end in the key"},
    {"{\"a\":\"\\x\"}", 8, "expected an escape that JSON knows in the key"},
    {"{\"a\":\"\\", 8, "expected an escape that JSON knows in the key"},
    {"{\"a\":\"\\u12g4\"}", 11, "expected four hexadecimal digits of a character in the key"},
    {"{\"a\":\"\\ud83d\"}", 13, "expected four hexadecimal digits of a character in the key"},
    {"{\"a\":\"\\ud83d\\u0041\"}", 19, "expected the second half of a surrogate pair in the key"},
    {"{\"a\":\"\\ude00\"}", 13, "expected four hexadecimal digits of a character in the key"},
    {"{\"a\":{}}", 7, "expected a string in the key"},
    {"{\"a\":{\"$hex\":\"0\"}}", 18, "expected an even number of hexadecimal digits in the key"},
    {"{\"a\":{\"$hex\":\"0g\"}}", 19, "expected hexadecimal digits in the key"},
    {"{\"a\":{\"$real\":\"nan\"}}", 21, "expected \"inf\" or \"-inf\" in the key"},
    {"{\"a\":{\"$date\":\"x\"}}", 19, "expected \"$hex\" or \"$real\" in the key"},
    {"{\"a\":{\"$hex\":\"00\",\"b\":1}}", 18, "expected \"}\" in the key"},
    {"{\"a\":{\"$hex\" \"00\"}}", 14, "expected \":\" in the key"},
};

START_TEST(what_is_no_object_of_scalars_is_refused_with_its_place)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__json_object object;
    ck_assert_drift_fails(drift__json_read(&object, &arena, refused[_i].text, "the key", &err), DRIFT_FORMAT);
    ck_assert_str_eq(err.text, refused[_i].says);
    ck_assert_int_eq(err.column, refused[_i].column);
    drift__arena_dispose(&arena);
}
END_TEST

static const struct {
    const char *text;
    drift_value value;
    bool real;
} read[] = {
    {"{\"a\":null}", DRIFT_BIND_NULL, false},
    {" { \"a\" : true } ", DRIFT_BIND_INT64(1), false},
    {"{\"a\":false}", DRIFT_BIND_INT64(0), false},
    {"{\"a\":-0}", DRIFT_BIND_INT64(0), false},
    {"{\"a\":9223372036854775807}", DRIFT_BIND_INT64(INT64_MAX), false},
    {"{\"a\":-9223372036854775808}", DRIFT_BIND_INT64(INT64_MIN), false},
    {"{\"a\":-1.5e-3}", DRIFT_BIND_TEXT("-1.5e-3", 7), true},
    {"{\"a\":1E+9}", DRIFT_BIND_TEXT("1E+9", 4), true},
    {"{\"a\":{\"$real\":\"-inf\"}}", DRIFT_BIND_TEXT("-9e999", 6), true},
    {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", DRIFT_BIND_TEXT("\"\\/\b\f\n\r\t", 8), false},
    {"{\"a\":\"x\\u0000y\"}", DRIFT_BIND_TEXT("x\0y", 3), false},
    {"{\"a\":\"\\u00e9\\u20AC\\ud83d\\ude00\"}", DRIFT_BIND_TEXT("é€😀", 9), false},
    {"{\"a\":{ \"$hex\" : \"00fF7b\" }}", DRIFT_BIND_BLOB("\0\xff{", 3), false},
};

START_TEST(every_form_of_a_value_is_read)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__json_object object;
    ck_assert_drift(drift__json_read(&object, &arena, read[_i].text, "the key", &err));
    ck_assert_uint_eq(object.count, 1);
    const drift__json_field *field = drift__json_field_of(&object, "A");
    ck_assert_ptr_nonnull(field);
    ck_assert_int_eq(field->value.kind, read[_i].value.kind);
    ck_assert_int_eq(field->real, read[_i].real);
    ck_assert_int_eq(field->value.integer, read[_i].value.integer);
    ck_assert_uint_eq(field->value.length, read[_i].value.length);
    if (field->value.length) ck_assert_mem_eq(field->value.bytes, read[_i].value.bytes, field->value.length);
    drift__arena_dispose(&arena);
}
END_TEST

START_TEST(an_object_without_fields_is_one)
{
    drift_error err = {0};
    drift__arena arena = DRIFT__ARENA_INIT;
    drift__json_object object;
    ck_assert_drift(drift__json_read(&object, &arena, " {} ", "the key", &err));
    ck_assert_uint_eq(object.count, 0);
    ck_assert_ptr_null(drift__json_field_of(&object, "a"));
    drift__arena_dispose(&arena);
}
END_TEST

TCase *json_case(void)
{
    TCase *tcase = suite_case("json");
    tcase_add_loop_test(tcase, what_is_no_object_of_scalars_is_refused_with_its_place, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_loop_test(tcase, every_form_of_a_value_is_read, 0, sizeof read / sizeof *read);
    tcase_add_test(tcase, an_object_without_fields_is_one);
    return tcase;
}
