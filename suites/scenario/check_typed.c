/* check_typed.c — the library's upgrades as tests with generated code are written: rows of an old version go in as that
 * version's companions, and come out as the new version's rows. */
#include <string.h>

#include "library/migrations.h"
#include "scenario/scenario.h"
#include "support/suite.h"

static void assert_text(drift_text text, const char *expected)
{
    ck_assert_uint_eq(text.length, strlen(expected));
    ck_assert_str_eq(text.data, expected);
}

/* --- schemas alone --- */

START_TEST(every_schema_becomes_every_later_one)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    for (int from = 1; from < library_latest_version; from++)
        for (int to = from + 1; to <= library_latest_version; to++) {
            drift_initialized_schema *old = NULL;
            ck_assert_drift(drift_verifier_schema_at(&old, verifier, from, &err));
            ck_assert_drift(drift_verifier_migrate_and_validate(verifier, old, &library_database, to, NULL, &err));
            drift_initialized_schema_free(old);
        }
    drift_verifier_free(verifier);
}
END_TEST

/* --- rows --- */

/* An author, a book with two copies, and a borrower who has it. */
static int lend_at_1(drift_connection *db, void *payload, drift_error *err)
{
    const library_v1_author_companion author = {.id = DRIFT_SET_INT64(4), .name = DRIFT_SET_TEXT("Tove Jansson")};
    const library_v1_book_companion book = {.isbn = DRIFT_SET_TEXT("0007"),
                                            .title = DRIFT_SET_TEXT("Trollvinter"),
                                            .author = DRIFT_SET_INT64(4),
                                            .published = DRIFT_SET_TEXT("1957"),
                                            .copies = DRIFT_SET_INT64(2)};
    const library_v1_borrower_companion borrower = {.first_name = DRIFT_SET_TEXT("Ada"),
                                                    .last_name = DRIFT_SET_TEXT("Lovelace"),
                                                    .joined_at = DRIFT_SET_INT64(100)};
    int64_t who = 0;
    (void)payload;
    int rc = library_v1_author_insert(db, &author, NULL, err);
    if (rc == DRIFT_OK) rc = library_v1_book_insert(db, &book, NULL, err);
    if (rc == DRIFT_OK) rc = library_v1_borrower_insert(db, &borrower, &who, err);
    if (rc != DRIFT_OK) return rc;
    const library_v1_loan_companion loan = {
        .book = DRIFT_SET_TEXT("0007"), .borrower = DRIFT_SET_INT64(who), .lent_at = DRIFT_SET_INT64(1000)};
    return library_v1_loan_insert(db, &loan, NULL, err);
}

static int find_at_2(drift_connection *db, void *payload, drift_error *err)
{
    library_v2_book *book = NULL;
    library_v2_book_search_row *found = NULL;
    size_t count = 0;
    const drift_value words = DRIFT_BIND_TEXT("trollvinter", strlen("trollvinter"));
    (void)payload;
    int rc = library_v2_book_by_key(&book, db, (drift_text){"0007", 4}, err);
    if (rc == DRIFT_OK)
        rc = library_v2_book_search_row_where(&found, &count, db, "book_search MATCH ?1", &words, 1, err);
    if (rc == DRIFT_OK) {
        assert_text(book->title, "Trollvinter");
        ck_assert_int_eq(book->author, 4);
        assert_text(book->summary, "");
        ck_assert(!book->subject.has_value);
        ck_assert_uint_eq(count, 1);
    }
    library_v2_book_search_row_free_all(found, count);
    library_v2_book_free(book);
    return rc;
}

static int find_at_7(drift_connection *db, void *payload, drift_error *err)
{
    library_v7_book *book = NULL;
    library_v7_copie *copies = NULL;
    library_v7_loan *loans = NULL;
    size_t copy_count = 0, loan_count = 0;
    (void)payload;
    int rc = library_v7_book_by_key(&book, db, (drift_text){"0007", 4}, err);
    if (rc == DRIFT_OK) rc = library_v7_copie_all(&copies, &copy_count, db, err);
    if (rc == DRIFT_OK) rc = library_v7_loan_all(&loans, &loan_count, db, err);
    if (rc == DRIFT_OK) {
        ck_assert(book->published.has_value && book->published.value == 1957);
        ck_assert_uint_eq(copy_count, 2);
        ck_assert_int_eq(copies[1].number, 2);
        ck_assert_uint_eq(loan_count, 1);
        ck_assert_int_eq(loans[0].due_at, 1000 + 28 * 86400);
        ck_assert(!loans[0].returned_at.has_value);
    }
    library_v7_loan_free_all(loans, loan_count);
    library_v7_copie_free_all(copies, copy_count);
    library_v7_book_free(book);
    return rc;
}

static const drift_data_integrity_test upgrades[] = {
    {.from = 1, .to = 2, .create = lend_at_1, .validate = find_at_2},
    {.from = 1, .to = 7, .create = lend_at_1, .validate = find_at_7},
};

START_TEST(rows_of_an_old_version_are_rows_of_the_new_one)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    for (size_t i = 0; i < sizeof upgrades / sizeof *upgrades; i++)
        ck_assert_drift(drift_verifier_test_with_data_integrity(verifier, &library_database, &upgrades[i], NULL, &err));
    drift_verifier_free(verifier);
}
END_TEST

/* --- what works after an upgrade --- */

/* A database that was lent from at version 1, now at 7. */
static drift_connection *upgraded(drift_verifier *verifier)
{
    drift_error err = {0};
    drift_connection *db = NULL;
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 1, &err));
    ck_assert_drift(lend_at_1(db, NULL, &err));
    ck_assert_drift(drift_verifier_migrate_connection(verifier, db, &library_database, 7, NULL, &err));
    return db;
}

START_TEST(a_foreign_key_refuses_after_the_upgrade)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_connection *db = upgraded(verifier);
    const library_v7_copie_companion copy = {.book = DRIFT_SET_TEXT("none"), .number = DRIFT_SET_INT64(1)};
    ck_assert_drift_fails(library_v7_copie_insert(db, &copy, NULL, &err), DRIFT_FOREIGN_KEY);
    drift_connection_close(db);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_view_shows_old_rows_after_the_upgrade)
{
    drift_error err = {0};
    drift_verifier *verifier = scenario_verifier(_i);
    drift_connection *db = upgraded(verifier);
    library_v7_lent_book *lent = NULL;
    size_t count = 0;
    ck_assert_drift(library_v7_lent_book_all(&lent, &count, db, &err));
    ck_assert_uint_eq(count, 1);
    assert_text(lent[0].title.value, "Trollvinter");
    assert_text(lent[0].patron.value, "Ada Lovelace");
    ck_assert_int_eq(lent[0].lent_at.value, 1000);
    library_v7_lent_book_free_all(lent, count);
    drift_connection_close(db);
    drift_verifier_free(verifier);
}
END_TEST

START_TEST(a_created_database_is_populated)
{
    drift_error err = {0};
    drift_database *database = NULL;
    library_v7_subject *subjects = NULL;
    size_t count = 0;
    ck_assert_drift(drift_database_open(&database, &library_database, &(drift_open_options){.memory = true}, &err));
    ck_assert_drift(library_v7_subject_where(&subjects, &count, drift_database_connection(database),
                                             "broader IS NOT NULL", NULL, 0, &err));
    ck_assert_uint_eq(count, 1);
    assert_text(subjects[0].name, "Mathematics");
    library_v7_subject_free_all(subjects, count);
    drift_database_close(database);
}
END_TEST

/* --- what was not dropped --- */

/* The steps, but the table of the postcards that version 6 no longer has stays. */
static int forget_to_drop(drift_migrator *m, int from, int to, const void *payload, drift_error *err)
{
    const int rc = library_run_steps(m, from, to, payload, err);
    return rc == DRIFT_OK ? drift_migrator_create_table(m, library_v5.postcards.table, err) : rc;
}

START_TEST(a_table_that_was_not_dropped_is_told_unless_it_may_stay)
{
    const drift_diff_options may_stay = {.allow_unexpected = true};
    drift_error err = {0};
    drift_connection *db = NULL;
    char *differences = NULL;
    drift_verifier *verifier = scenario_verifier(_i);
    drift_database_definition forgetful = library_database;
    forgetful.strategy.on_upgrade = forget_to_drop;
    forgetful.strategy.before_open = NULL;
    drift_validate_options options = {.differences = &differences};
    ck_assert_drift(drift_verifier_start_at(&db, verifier, 5, &err));
    ck_assert_drift_fails(drift_verifier_migrate_connection(verifier, db, &forgetful, 6, &options, &err),
                          DRIFT_MISMATCH);
    ck_assert_str_eq(differences, "postcards: table: unexpected\n1 difference\n");
    drift_free(differences);
    err = (drift_error){0};
    options.diff = &may_stay;
    ck_assert_drift(drift_verifier_migrate_connection(verifier, db, &forgetful, 6, &options, &err));
    ck_assert_ptr_null(differences);
    drift_connection_close(db);
    drift_verifier_free(verifier);
}
END_TEST

TCase *typed_cases(void)
{
    TCase *tcase = suite_case("typed");
    tcase_add_loop_test(tcase, every_schema_becomes_every_later_one, 0, WORLDS);
    tcase_add_loop_test(tcase, rows_of_an_old_version_are_rows_of_the_new_one, 0, WORLDS);
    tcase_add_loop_test(tcase, a_foreign_key_refuses_after_the_upgrade, 0, WORLDS);
    tcase_add_loop_test(tcase, a_view_shows_old_rows_after_the_upgrade, 0, WORLDS);
    tcase_add_test(tcase, a_created_database_is_populated);
    tcase_add_loop_test(tcase, a_table_that_was_not_dropped_is_told_unless_it_may_stay, 0, WORLDS);
    return tcase;
}
