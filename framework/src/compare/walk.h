/* walk.h — one entity held against another of its kind. All meaning is in what the normaliser gives; here is only
 * whether two things are the same, and telling it. */
#ifndef DRIFT_COMPARE_WALK_H
#define DRIFT_COMPARE_WALK_H

#include "compare/answer.h"
#include "compare/catalog.h"
#include "compare/normalise.h"
#include "compare/uniques.h"

typedef struct drift__walk {
    drift__answer *answer;
    drift__catalog expected;
    drift__catalog actual;
    drift__arena scratch; /* for one pair of entities */
    drift__uniques uniques;
} drift__walk;

/** Each @return 0, or -1 if there is no memory. */
int drift__walk_table(drift__walk *walk, drift__pair pair);
int drift__walk_index(drift__walk *walk, drift__pair pair);
int drift__walk_view(drift__walk *walk, drift__pair pair);
int drift__walk_trigger(drift__walk *walk, drift__pair pair);
int drift__walk_virtual_table(drift__walk *walk, drift__pair pair);

/** Entities of which one is only known as text. */
int drift__walk_opaque(drift__walk *walk, drift__pair pair);

/** Tells the rules of two tables that differ. */
int drift__walk_rules(drift__walk *walk, drift__pair pair, drift__table_facts *expected, drift__table_facts *actual);

/** Whether two texts are equal; NULL is equal to NULL only. */
bool drift__same_text(const char *a, const char *b);

/** Notes that a name is written in another case. */
void drift__walk_note_case(drift__walk *walk, drift__pair pair, const char *column, const char *expected,
                           const char *actual);

/** What is told of an entity as a whole: the builder's text, which is freed; none if it is empty. */
drift__told drift__walk_told(drift__walk *walk, drift__str *text, const drift_entity *entity);

/** As drift__walk_told, for SQL that is put on one line; may be NULL. */
drift__told drift__walk_told_sql(drift__walk *walk, const drift_entity *entity, const char *sql);

/** All of an entity's text. */
drift_span drift__whole_span(const drift_entity *entity);

#endif
