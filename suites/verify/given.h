/* given.h — small worlds for the verifier: schemas and steps written in the test. */
#ifndef DRIFT_SUITES_VERIFY_GIVEN_H
#define DRIFT_SUITES_VERIFY_GIVEN_H

#include <check.h>

#include "drift/kit/verify.h"

enum { GIVEN_MOST = 8 };

/* Schemas of the versions 1, 2, …, from SQL. given_done frees them. */
typedef struct given {
    drift_schema *schemas[GIVEN_MOST];
    int versions[GIVEN_MOST];
    size_t count;
    drift_schema_provider provider;
    drift_step_file files[GIVEN_MOST];
    drift_step_folder steps;
} given;

/* Two versions, and the step between them. */
given given_pair(const char *v1, const char *v2, const char *step);

/* One more version, and the step to it. */
void given_add(given *g, const char *schema, const char *step);

/* A step more, which spans versions. */
void given_span(given *g, int from, int to, const char *name, const char *step);

void given_done(given *g);

/* Verifies; asserts that it could be done. */
drift_outcome *given_verify(const given *g, const drift_verify_options *options);

/* The same, by a definition instead of the steps. */
drift_outcome *given_verify_definition(const given *g, const drift_database_definition *definition,
                                       const drift_verify_options *options);

/* Asserts what the findings are, in all runs, as "from->to level: code object: message" lines. Frees the outcome. */
void assert_findings(drift_outcome *outcome, const char *expected);

/* Verifies again and again, every `step`th allocation failing in turn: nothing leaks, and what is told is NO_MEMORY, or
 * what is told with all memory; what is kept in the options' folder is then the same too ("v1_to_v2_one/repro.sql"). */
void assert_verified_without_memory(const given *g, const drift_verify_options *options, const char *kept, long step);

/* given_pair, verified with level `one` alone; asserts the findings. */
void assert_one(const char *v1, const char *v2, const char *step, const char *findings);

TCase *case_audit(void);
TCase *case_command(void);
TCase *case_data(void);
TCase *case_faults(void);
TCase *case_fresh_rows(void);
TCase *case_hidden_cases(void);
TCase *case_paths(void);
TCase *case_runner(void);
TCase *case_script(void);
TCase *case_shard(void);
TCase *case_steps(void);

#endif
