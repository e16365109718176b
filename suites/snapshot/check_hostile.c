/* check_hostile.c — files that want to do harm: an error or a valid reading, in bounded time and memory. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "snapshot/cases.h"
#include "support/memory.h"

static char *sample_text(int version, size_t *length)
{
    char relative[64], *text = NULL;
    drift_error err = {0};
    snprintf(relative, sizeof relative, "suites/snapshot/samples/drift_schema_v%d.json", version);
    ck_assert_drift(drift__file_read(&text, length, suite_source(relative), &err));
    return text;
}

/* Either a snapshot or an error that says something. */
static bool try_read(const char *text, size_t length, bool entities_only)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    const int rc = drift_snapshot_parse(&snapshot, text, length, "hostile.json",
                                        &(drift_snapshot_options){.entities_only = entities_only}, &err);
    ck_assert_int_eq(rc, err.code);
    ck_assert((rc == DRIFT_OK) == (snapshot != NULL));
    ck_assert(rc == DRIFT_OK || err.text[0]);
    drift_snapshot_free(snapshot);
    return rc == DRIFT_OK;
}

START_TEST(a_file_that_ends_early_is_an_error_at_every_offset)
{
    for (int version = 1; version <= 5; version++) {
        size_t length = 0;
        char *text = sample_text(version, &length);
        while (length && strchr(" \n", text[length - 1])) length--;
        for (size_t cut = 0; cut < length; cut++) {
            char *part = drift__strndup(text, cut); /* a block of its own size, so that reading past it is seen */
            ck_assert_msg(!try_read(part, cut, false), "v%d read to byte %zu only", version, cut);
            drift__free(part);
        }
        drift__free(text);
    }
}
END_TEST

START_TEST(a_byte_that_flips_is_an_error_or_a_valid_reading)
{
    for (int version = 1; version <= 5; version++) {
        size_t length = 0;
        char *text = sample_text(version, &length);
        for (size_t at = 0; at < length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                text[at] = (char)(text[at] ^ (1 << bit));
                try_read(text, length, true);
                text[at] = (char)(text[at] ^ (1 << bit));
            }
        }
        ck_assert(try_read(text, length, true));
        drift__free(text);
    }
}
END_TEST

static void check_too_large(const drift__str *json, const char *text)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    const int64_t start = drift__clock_us();
    ck_assert_drift_fails(drift_snapshot_parse(&snapshot, json->text, json->length, "hostile.json", NULL, &err),
                          DRIFT_TOO_LARGE);
    ck_assert_str_eq(err.text, text);
    ck_assert_int_lt(drift__clock_us() - start, 2000000);
}

START_TEST(nesting_has_a_limit)
{
    drift__str json = DRIFT__STR_INIT;
    for (int i = 0; i < 1000000; i++) drift__str_putc(&json, '[');
    check_too_large(&json, "JSON nested deeper than 64 levels");
    drift__str_dispose(&json);
}
END_TEST

START_TEST(sixty_four_levels_are_read)
{
    drift__str json = DRIFT__STR_INIT;
    drift__str_puts(&json, "{\"_meta\": {\"version\": \"1.0.0\"}, \"entities\": [], \"deep\": ");
    for (int i = 0; i < 63; i++) drift__str_putc(&json, '[');
    for (int i = 0; i < 63; i++) drift__str_putc(&json, ']');
    drift__str_putc(&json, '}');
    ck_assert(try_read(json.text, json.length, false));
    drift__str_dispose(&json);
}
END_TEST

/* The limit holds before the tree is built, which would cost many times the text. */
START_TEST(the_number_of_values_has_a_limit)
{
    drift__str json = DRIFT__STR_INIT;
    drift__str_putc(&json, '[');
    for (int i = 0; i < 1000001; i++) drift__str_puts(&json, "0,");
    drift__str_puts(&json, "0]");
    sqlite3_memory_highwater(1);
    const sqlite3_int64 before = sqlite3_memory_used();
    check_too_large(&json, "JSON with more than 1000000 values");
    ck_assert_int_lt(sqlite3_memory_highwater(0) - before, 65536);
    drift__str_dispose(&json);
}
END_TEST

START_TEST(brackets_inside_strings_do_not_count)
{
    drift__str json = DRIFT__STR_INIT;
    drift__str_puts(&json, "{\"_meta\": {\"version\": \"1.0.0\"}, \"entities\": [], \"x\": \"\\\"");
    for (int i = 0; i < 1000; i++) drift__str_puts(&json, "[{");
    drift__str_puts(&json, "\\\\\"}");
    ck_assert(try_read(json.text, json.length, false));
    drift__str_dispose(&json);
}
END_TEST

START_TEST(many_entities_of_one_name_take_linear_time)
{
    drift__str json = DRIFT__STR_INIT;
    drift__str_puts(&json, "{\"_meta\": {\"version\": \"1.3.0\"}, \"entities\": [");
    for (int i = 0; i < 40000; i++)
        drift__str_printf(&json,
                          "%s{\"id\":%d,\"references\":[],\"type\":\"special-query\",\"data\":{\"scenario\":\"create\","
                          "\"sql\":\"SELECT 1\"}}",
                          i ? "," : "", 40000 - i);
    drift__str_puts(&json, "], \"fixed_sql\": [");
    for (int i = 0; i < 40000; i++)
        drift__str_printf(&json, "%s{\"name\":\"$internal$\",\"sql\":[{\"dialect\":\"sqlite\",\"sql\":\"SELECT %d\"}]}",
                          i ? "," : "", i);
    drift__str_puts(&json, "]}");
    const int64_t start = drift__clock_us();
    ck_assert(try_read(json.text, json.length, false));
    ck_assert_int_lt(drift__clock_us() - start, 10000000);
    drift__str_dispose(&json);
}
END_TEST

/* ---- memory ---- */

static char *swept;
static size_t swept_length;

static int read_swept(void)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    const int rc = drift_snapshot_parse(&snapshot, swept, swept_length, "drift_schema_v1.json",
                                        &(drift_snapshot_options){.entities_only = true}, &err);
    drift_snapshot_free(snapshot);
    return rc;
}

START_TEST(reading_survives_every_allocation_that_fails)
{
    for (int version = 1; version <= 5; version++) {
        size_t length = 0;
        char *text = sample_text(version, &length);
        static char kept[16384]; /* outside SQLite's count, which the sweep expects to be zero */
        ck_assert_uint_lt(length, sizeof kept);
        memcpy(kept, text, length);
        drift__free(text);
        swept = kept;
        swept_length = length;
        suite_memory_sweep(read_swept);
    }
}
END_TEST

static int print_swept(void)
{
    drift_error err = {0};
    drift_snapshot *snapshot = NULL;
    char *text = NULL;
    int rc = drift_snapshot_parse(&snapshot, swept, swept_length, "drift_schema_v4.json", NULL, &err);
    if (rc == DRIFT_OK) rc = drift_snapshot_print(&text, NULL, &snapshot->schema, &err);
    drift_free(text);
    drift_snapshot_free(snapshot);
    return rc;
}

START_TEST(writing_survives_every_allocation_that_fails)
{
    size_t length = 0;
    char *text = sample_text(4, &length);
    static char kept[16384];
    ck_assert_uint_lt(length, sizeof kept);
    memcpy(kept, text, length);
    drift__free(text);
    swept = kept;
    swept_length = length;
    suite_memory_sweep(print_swept);
}
END_TEST

static int list_swept(void)
{
    drift_error err = {0};
    drift_snapshot_folder *folder = NULL;
    const int rc = drift_snapshot_folder_read(&folder, suite_source("suites/snapshot/samples"), &err);
    drift_snapshot_folder_free(folder);
    return rc;
}

START_TEST(listing_survives_every_allocation_that_fails)
{
    suite_memory_sweep(list_swept);
}
END_TEST

TCase *hostile_case(void)
{
    TCase *c = suite_case("hostile");
    tcase_add_test(c, a_file_that_ends_early_is_an_error_at_every_offset);
    tcase_add_test(c, a_byte_that_flips_is_an_error_or_a_valid_reading);
    tcase_add_test(c, nesting_has_a_limit);
    tcase_add_test(c, sixty_four_levels_are_read);
    tcase_add_test(c, the_number_of_values_has_a_limit);
    tcase_add_test(c, brackets_inside_strings_do_not_count);
    tcase_add_test(c, many_entities_of_one_name_take_linear_time);
    tcase_add_test(c, reading_survives_every_allocation_that_fails);
    tcase_add_test(c, writing_survives_every_allocation_that_fails);
    tcase_add_test(c, listing_survives_every_allocation_that_fails);
    return c;
}
