/* check_broken.c — the proof that the verifier detects: every defect of fixtures/broken is told, by its code and
 * object, and of the harmless migrations nothing is. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "broken/cases.h"
#include "broken/table.h"
#include "broken/verified.h"
#include "support/report.h"
#include "support/suite.h"
#include "verify/unsteady.h"

enum { SEED = 42, SEEDS = 20, SEEDS_OF_A_CASE = 5 };

typedef struct all_cases {
    broken_cases defects, harmless;
} all_cases;

static all_cases read_all(void)
{
    drift_error err = {0};
    all_cases all;
    ck_assert_drift(broken_cases_read(&all.defects, "fixtures/broken/defects", true, &err));
    ck_assert_drift(broken_cases_read(&all.harmless, "fixtures/broken/harmless", false, &err));
    return all;
}

static void dispose_all(all_cases *all)
{
    broken_cases_dispose(&all->defects);
    broken_cases_dispose(&all->harmless);
}

/* How many of the cases are as they say; what is not is added to `wrong`, a line for each case to `table`. */
static size_t verify_cases(drift__str *wrong, drift__str *table, const broken_cases *cases, int64_t seed)
{
    size_t right = 0;
    for (size_t i = 0; i < cases->count; i++) {
        const size_t wrong_before = wrong->length;
        drift_outcome *outcome = broken_verify(&cases->cases[i], seed);
        broken_compare(wrong, &cases->cases[i], outcome, seed == SEED);
        if (table) broken_put_line(table, &cases->cases[i], outcome);
        if (wrong->length == wrong_before) right++;
        drift_outcome_free(outcome);
    }
    return right;
}

/* Check cuts a message that is this long, so that only its first line is the assertion's. */
static void tell(const drift__str *wrong, int seed)
{
    const char *text = drift__str_text(wrong);
    if (wrong->length) fprintf(stderr, "seed %d:\n%s", seed, text);
    ck_assert_msg(wrong->length == 0, "seed %d: %.*s", seed, (int)strcspn(text, "\n"), text);
}

START_TEST(every_defect_is_told_and_nothing_harmless_is)
{
    drift__str wrong = DRIFT__STR_INIT, table = DRIFT__STR_INIT;
    all_cases all = read_all();
    const size_t found = verify_cases(&wrong, &table, &all.defects, SEED);
    const size_t passed = verify_cases(&wrong, NULL, &all.harmless, SEED);
    printf("%s\n%zu of %zu found, %zu false alarms in %zu harmless migrations\n", drift__str_text(&table), found,
           all.defects.count, all.harmless.count - passed, all.harmless.count);
    fflush(stdout);
    tell(&wrong, SEED);
    ck_assert_uint_ge(all.defects.count, 40);
    ck_assert_uint_ge(all.harmless.count, 20);
    drift__str_dispose(&table);
    drift__str_dispose(&wrong);
    dispose_all(&all);
}
END_TEST

START_TEST(the_same_is_told_at_every_seed)
{
    drift__str wrong = DRIFT__STR_INIT;
    all_cases all = read_all();
    verify_cases(&wrong, NULL, &all.defects, _i);
    verify_cases(&wrong, NULL, &all.harmless, _i);
    tell(&wrong, _i);
    drift__str_dispose(&wrong);
    dispose_all(&all);
}
END_TEST

/* --- as part of a longer history --- */

/* What a report then tells is new each time. */
static bool is_unsteady(const broken_case *c)
{
    for (size_t i = 0; i < c->step_count; i++) {
        if (drift__is_unsteady(c->steps[i].sql)) return true;
    }
    for (size_t i = 0; i < c->schema_count; i++) {
        if (drift__is_unsteady(c->schemas[i].sql)) return true;
    }
    return false;
}

/* A definition is never stepped. */
static size_t verify_within(const broken_cases *cases, size_t part, size_t parts)
{
    size_t stepped = 0;
    for (size_t i = part; i < cases->count; i += parts) {
        if (cases->cases[i].by_app || is_unsteady(&cases->cases[i])) continue;
        drift_outcome *outcome = broken_verify_within(&cases->cases[i], false);
        stepped += outcome->summary.stepped > 0;
        assert_same_report(outcome, broken_verify_within(&cases->cases[i], true));
    }
    return stepped;
}

enum { PARTS = 4 };

START_TEST(stepping_tells_what_each_pair_tells_by_itself)
{
    all_cases all = read_all();
    const size_t defects = verify_within(&all.defects, (size_t)_i, PARTS);
    const size_t harmless = verify_within(&all.harmless, (size_t)_i, PARTS);
    ck_assert_uint_ge(defects, 10);
    ck_assert_uint_ge(harmless, 5);
    dispose_all(&all);
}
END_TEST

/* --- what the cases are --- */

static bool some_defect_finds(const broken_cases *defects, const char *code)
{
    for (size_t i = 0; i < defects->count; i++) {
        for (size_t k = 0; k < defects->cases[i].finding_count; k++) {
            const broken_finding *finding = &defects->cases[i].findings[k];
            if (!finding->is_consequence && strcmp(finding->code, code) == 0) return true;
        }
    }
    return false;
}

/* error.* is no mistake of a migration, the case could not be run; schema.table.sql is of tables that the parser cannot
 * read, where no other code can be told. */
START_TEST(every_code_has_a_defect)
{
    all_cases all = read_all();
    const char *code;
    for (int i = 0; (code = drift_finding_code_name((drift_finding_code)i)); i++) {
        if (strncmp(code, "error.", 6) == 0 || strcmp(code, "schema.table.sql") == 0) continue;
        ck_assert_msg(some_defect_finds(&all.defects, code), "no defect finds %s", code);
    }
    dispose_all(&all);
}
END_TEST

/* README.md is prose up to this line, then tables that are made of the cases. */
static const char made[] =
    "<!-- Made of the cases by suites/broken; DRIFT_UPDATE_GOLDEN=1 check_broken writes it. -->\n";

START_TEST(the_readme_lists_the_cases)
{
    drift__str text = DRIFT__STR_INIT;
    drift_error err = {0};
    char *readme = NULL;
    size_t length = 0;
    all_cases all = read_all();
    ck_assert_drift(drift__file_read(&readme, &length, suite_source("fixtures/broken/README.md"), &err));
    const char *tables = strstr(readme, made);
    ck_assert_msg(tables != NULL, "README.md has no line %s", made);
    drift__str_putn(&text, readme, (size_t)(tables - readme) + strlen(made));
    broken_put_readme(&text, &all.defects, &all.harmless);
    suite_golden("../../fixtures/broken/README.md", drift__str_text(&text));
    drift__free(readme);
    drift__str_dispose(&text);
    dispose_all(&all);
}
END_TEST

/* Four cases, each a ctest entry of its own, so that they run side by side. */
static TCase *case_of_seeds(int number)
{
    static const char *const names[SEEDS / SEEDS_OF_A_CASE] = {"seeds_1", "seeds_2", "seeds_3", "seeds_4"};
    TCase *tcase = suite_case(names[number]);
    tcase_set_tags(tcase, "seeds");
    tcase_add_loop_test(tcase, the_same_is_told_at_every_seed, number * SEEDS_OF_A_CASE + 1,
                        (number + 1) * SEEDS_OF_A_CASE + 1);
    return tcase;
}

/* Four, too. */
static TCase *case_of_stepping(int number)
{
    static const char *const names[PARTS] = {"stepped_1", "stepped_2", "stepped_3", "stepped_4"};
    TCase *tcase = suite_case(names[number]);
    tcase_set_tags(tcase, "seeds");
    tcase_add_loop_test(tcase, stepping_tells_what_each_pair_tells_by_itself, number, number + 1);
    return tcase;
}

int main(void)
{
    Suite *suite = suite_create("broken");
    TCase *found = suite_case("found"), *listed = suite_case("listed");
    tcase_add_test(found, every_defect_is_told_and_nothing_harmless_is);
    tcase_add_test(listed, every_code_has_a_defect);
    tcase_add_test(listed, the_readme_lists_the_cases);
    suite_add_tcase(suite, case_reader());
    suite_add_tcase(suite, case_verified());
    suite_add_tcase(suite, listed);
    suite_add_tcase(suite, found);
    suite_add_tcase(suite, case_kept());
    for (int i = 0; i < SEEDS / SEEDS_OF_A_CASE; i++) suite_add_tcase(suite, case_of_seeds(i));
    for (int i = 0; i < PARTS; i++) suite_add_tcase(suite, case_of_stepping(i));
    return suite_run(suite);
}
