/* case.h — a case of fixtures/broken: a migration, its story, and what must be told of it.
 *
 * A file is a header and marked sections, all of it SQL:
 *
 *     -- The title, one line that ends with a point.
 *     --
 *     -- The story, if the title does not say it all.
 *     --
 *     -- source: Drizzle 5782
 *     -- runner: transaction
 *     -- expect: 1->2 fill playlists.created_at: 0
 *     -- finds: data.collateral playlist_tracks
 *     -- schema 1
 *     CREATE TABLE …
 *     -- schema 2
 *     CREATE TABLE …
 *     -- step 1->2
 *     …
 *
 * Keys: `source` (whose issue it is; required), `runner` (a runner's word, or "app": the steps run as an application's
 * own, by drift_database_open), `compare` ("strict"), `expect` (a declared change: step, kind, subject, value), `finds`
 * (code and object of what must be told; required of a defect), `also` (what is told beside it, as its consequence).
 * Sections: `schema N`, `step A->B`, `opening` (runner app: what runs at every opening).
 */
#ifndef DRIFT_SUITES_BROKEN_CASE_H
#define DRIFT_SUITES_BROKEN_CASE_H

#include <stdbool.h>

#include "base/arena.h"
#include "drift/kit/verify.h"

enum { BROKEN_MOST = 24 }; /* schemas, steps, findings or expectations of a case */

typedef struct broken_finding {
    const char *code;
    const char *object; /* NULL if the finding has none */
    bool is_consequence;
} broken_finding;

typedef struct broken_schema {
    int version;
    const char *sql;
} broken_schema;

typedef struct broken_step {
    int from, to;
    const char *sql;
} broken_step;

/* Ascending schemas and steps. Texts belong to the case. */
typedef struct broken_case {
    const char *name; /* the file's, without ".sql" */
    const char *title;
    const char *source;
    const char *opening; /* NULL: none */
    drift_runner runner;
    bool by_app;
    bool strict;
    broken_finding findings[BROKEN_MOST];
    size_t finding_count;
    drift_expectation expectations[BROKEN_MOST];
    size_t expectation_count;
    broken_schema schemas[BROKEN_MOST];
    size_t schema_count;
    broken_step steps[BROKEN_MOST];
    size_t step_count;
    drift__arena arena;
} broken_case;

/* A folder's cases, by name. */
typedef struct broken_cases {
    broken_case *cases;
    size_t count;
} broken_cases;

/* Parses the text of a case; whether it is one of a defect decides whether it must say what it finds. FORMAT, at its
 * line, for whatever is not as above. broken_case_dispose ends it, also after an error. */
int broken_case_parse(broken_case *out, const char *name, const char *text, bool is_defect, drift_error *err);
void broken_case_dispose(broken_case *c);

/* Reads every case of a folder of the tree ("fixtures/broken/defects"); what is no ".sql" file there is FORMAT. */
int broken_cases_read(broken_cases *out, const char *folder, bool is_defect, drift_error *err);
void broken_cases_dispose(broken_cases *cases);

/* The word for how a case's steps are run: "drift", "transaction", "plain", "app". */
const char *broken_case_runner(const broken_case *c);

#endif
