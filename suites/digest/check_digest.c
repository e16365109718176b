/* check_digest.c — digests and fingerprints. */
#include <check.h>
#include <string.h>

#include "digest/case.h"
#include "digest/digest.h"
#include "digest/fingerprint.h"
#include "support/memory.h"
#include "support/suite.h"

/* Outputs of SipHash-2-4-128 for the key 00…0f and the messages "", 00, 00 01, 00…0e and 00…3e, as its authors publish
 * them. */
START_TEST(the_digest_is_siphash)
{
    static const size_t lengths[] = {0, 1, 2, 15, 63};
    static const unsigned char expected[][16] = {
        {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93},
        {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45},
        {0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a, 0xff, 0xe4},
        {0x54, 0x93, 0xe9, 0x99, 0x33, 0xb0, 0xa8, 0x11, 0x7e, 0x08, 0xec, 0x0f, 0x97, 0xcf, 0xc3, 0xd9},
        {0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a, 0x50, 0x3e, 0x06, 0x9a, 0x97, 0x3f, 0xbd, 0x7c}};
    unsigned char message[64];
    for (size_t i = 0; i < sizeof message; i++) message[i] = (unsigned char)i;
    for (size_t n = 0; n < sizeof lengths / sizeof lengths[0]; n++) {
        drift__digest_state state;
        drift__digest_begin_keyed(&state, 0x0706050403020100u, 0x0f0e0d0c0b0a0908u);
        drift__digest_bytes(&state, message, lengths[n]);
        const drift__digest digest = drift__digest_end(&state);
        for (int i = 0; i < 16; i++) {
            const uint64_t half = i < 8 ? digest.low : digest.high;
            ck_assert_uint_eq(half >> 8 * (i % 8) & 0xff, expected[n][i]);
        }
    }
}
END_TEST

START_TEST(a_digest_does_not_depend_on_how_the_bytes_come)
{
    static const char bytes[] = "the quick brown fox jumps over the lazy dog";
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        drift__digest_state whole, parts;
        drift__digest_begin(&whole);
        drift__digest_begin(&parts);
        drift__digest_bytes(&whole, bytes, sizeof bytes);
        drift__digest_bytes(&parts, bytes, cut);
        drift__digest_bytes(&parts, bytes + cut, sizeof bytes - cut);
        ck_assert(drift__digest_same(drift__digest_end(&whole), drift__digest_end(&parts)));
    }
}
END_TEST

START_TEST(neighbouring_values_do_not_run_together)
{
    const drift_value a[] = {DRIFT_BIND_TEXT("ab", 2), DRIFT_BIND_TEXT("c", 1)};
    const drift_value b[] = {DRIFT_BIND_TEXT("a", 1), DRIFT_BIND_TEXT("bc", 2)};
    const drift_value c[] = {DRIFT_BIND_BLOB("ab", 2), DRIFT_BIND_TEXT("c", 1)};
    const drift_value *lists[] = {a, b, c};
    drift__digest digests[3];
    for (int i = 0; i < 3; i++) {
        drift__digest_state state;
        drift__digest_begin(&state);
        for (int k = 0; k < 2; k++) drift__digest_value(&state, &lists[i][k]);
        digests[i] = drift__digest_end(&state);
    }
    ck_assert(!drift__digest_same(digests[0], digests[1]));
    ck_assert(!drift__digest_same(digests[0], digests[2]));
}
END_TEST

/* ---- fingerprints ---- */

static const char schema[] =
    "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b TEXT);"
    "CREATE TABLE k (x TEXT PRIMARY KEY, y) WITHOUT ROWID;"
    "CREATE TABLE shadowed (rowid, oid, z); CREATE TABLE all_taken (rowid, _rowid_, oid);"
    "CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT a FROM t;"
    "CREATE VIRTUAL TABLE f USING fts5 (body);"
    "INSERT INTO t (a, b) VALUES (1, 'x'), (2.5, x'00'); INSERT INTO k VALUES ('p', 1); INSERT INTO f VALUES ('word');"
    "INSERT INTO shadowed VALUES (1, 2, 3); INSERT INTO all_taken VALUES (1, 2, 3);";

static const struct {
    const char *change;
    const char *part; /* NULL: it changes nothing */
} changes[] = {
    {"SELECT 1", NULL},
    {"BEGIN; DELETE FROM t; ROLLBACK", NULL},
    {"PRAGMA user_version = 3", "user_version"},
    {"PRAGMA application_id = 3", "application_id"},
    {"DROP INDEX i", "index i"},
    {"DROP VIEW v; CREATE VIEW v AS SELECT b FROM t", "view v"},
    {"CREATE TABLE another (a)", "table another"},
    {"UPDATE t SET a = 1.0 WHERE a = 1", "rows of t"},
    {"UPDATE t SET b = CAST(b AS TEXT)", "rows of t"},
    {"UPDATE k SET y = 2", "rows of k"},
    {"UPDATE shadowed SET _rowid_ = 9", "rows of shadowed"},
    {"UPDATE all_taken SET oid = 9", "rows of all_taken"},
    {"INSERT INTO t (a) VALUES (3); DELETE FROM t WHERE a = 3", "rows of sqlite_sequence"},
    {"INSERT INTO f VALUES ('more')", "rows of f_content"},
};

START_TEST(a_fingerprint_names_what_changed)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__fingerprint *before = NULL, *after = NULL;
    ck_assert_drift(drift_connection_memory(&connection, NULL, &err));
    ck_assert_drift(drift_exec(connection, schema, &err));
    ck_assert_drift(drift__fingerprint_take(&before, connection, &err));
    ck_assert_drift(drift_exec(connection, changes[_i].change, &err));
    ck_assert_drift(drift__fingerprint_take(&after, connection, &err));
    const char *difference = drift__fingerprint_difference(before, after);
    if (changes[_i].part)
        ck_assert_str_eq(difference ? difference : "nothing", changes[_i].part);
    else
        ck_assert_ptr_null(difference);
    ck_assert_int_eq(drift__fingerprint_difference(after, before) != NULL, changes[_i].part != NULL);
    drift__fingerprint_free(before);
    drift__fingerprint_free(after);
    drift_connection_close(connection);
}
END_TEST

static int attempt_a_fingerprint(void)
{
    drift_error err = {0};
    drift_connection *connection = NULL;
    drift__fingerprint *fingerprint = NULL;
    int rc = drift_connection_memory(&connection, NULL, &err);
    if (rc == DRIFT_OK) rc = drift_exec(connection, "CREATE TABLE t (a); INSERT INTO t VALUES (1)", &err);
    if (rc == DRIFT_OK) rc = drift__fingerprint_take(&fingerprint, connection, &err);
    drift__fingerprint_free(fingerprint);
    drift_connection_close(connection);
    return rc;
}

START_TEST(a_fingerprint_without_memory_is_an_error)
{
    suite_memory_sweep(attempt_a_fingerprint);
}
END_TEST

int main(void)
{
    suite_memory_install();
    Suite *suite = suite_create("digest");
    TCase *tcase = suite_case("digest");
    tcase_add_test(tcase, the_digest_is_siphash);
    tcase_add_test(tcase, a_digest_does_not_depend_on_how_the_bytes_come);
    tcase_add_test(tcase, neighbouring_values_do_not_run_together);
    tcase_add_loop_test(tcase, a_fingerprint_names_what_changed, 0, (int)(sizeof changes / sizeof changes[0]));
    tcase_add_test(tcase, a_fingerprint_without_memory_is_an_error);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, case_table());
    return suite_run(suite);
}
