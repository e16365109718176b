/* case.c — reading a case: strictly, because a key that nobody reads would be a defect that nobody looks for. */
#include "broken/case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "support/suite.h"

typedef struct reader {
    broken_case *c;
    const char *text;
    const char *at;  /* the line that is read */
    const char *end; /* behind it, at its '\n' */
    bool is_defect;
    drift_error *err;
} reader;

static const char *const runners[] = {
#define RUNNER_WORD(name, word, text) word,
    DRIFT_RUNNER_MAP(RUNNER_WORD)
#undef RUNNER_WORD
};
enum { RUNNER_COUNT = sizeof runners / sizeof *runners };

static const char *const kinds[] = {
#define KIND_KEY(name, key, text) key,
    DRIFT_EXPECTATION_MAP(KIND_KEY)
#undef KIND_KEY
};

/* ---- lines ---- */

static int refuse(const reader *r, const char *what)
{
    return drift__error_in(r->err, DRIFT_FORMAT, r->c->name, r->text, (size_t)(r->at - r->text), "%s", what);
}

static char *copy(reader *r, const char *text, size_t length)
{
    return drift__arena_strndup(&r->c->arena, text, length);
}

static bool has_line(reader *r)
{
    if (!*r->at) return false;
    r->end = r->at + strcspn(r->at, "\n");
    return true;
}

static void next_line(reader *r)
{
    r->at = *r->end ? r->end + 1 : r->end;
}

static size_t line_length(const reader *r)
{
    return (size_t)(r->end - r->at);
}

static bool line_begins(const reader *r, const char *with)
{
    return strncmp(r->at, with, strlen(with)) == 0;
}

static bool line_is(const reader *r, const char *what)
{
    return line_length(r) == strlen(what) && line_begins(r, what);
}

static bool is_section(const reader *r)
{
    return line_begins(r, "-- schema ") || line_begins(r, "-- step ") || line_is(r, "-- opening");
}

/* ---- parts of a line, in copies that are cut up ---- */

/* Cuts the text at a separator and gives what is behind it; NULL if there is none. */
static char *cut(char *text, const char *separator)
{
    char *found = strstr(text, separator);
    if (!found) return NULL;
    *found = '\0';
    return found + strlen(separator);
}

static bool take_version(int *out, const char *digits)
{
    char *end = NULL;
    const long value = strtol(digits, &end, 10);
    if (end == digits || *end || digits[0] == '+' || digits[0] == ' ' || value < 1 || value > 9999) return false;
    *out = (int)value;
    return true;
}

static bool take_step(int *from, int *to, char *text)
{
    const char *second = cut(text, "->");
    return second && take_version(from, text) && take_version(to, second) && *from < *to;
}

static size_t word_index(const char *const *words, size_t count, const char *word)
{
    size_t i = 0;
    while (i < count && strcmp(words[i], word) != 0) i++;
    return i;
}

/* ---- keys of the header ---- */

static bool is_code(const char *word)
{
    const char *name;
    for (int code = 0; (name = drift_finding_code_name((drift_finding_code)code)); code++) {
        if (strcmp(name, word) == 0) return true;
    }
    return false;
}

static int take_finding(reader *r, char *value, bool is_consequence)
{
    const char *object = cut(value, " ");
    if (!r->is_defect) return refuse(r, "a harmless case finds nothing");
    if (!is_code(value)) return refuse(r, "expected the code of a finding");
    if (r->c->finding_count == BROKEN_MOST) return refuse(r, "too many findings");
    r->c->findings[r->c->finding_count++] = (broken_finding){value, object, is_consequence};
    return DRIFT_OK;
}

/* "1->2 fill playlists.created_at: 0" */
static int take_expectation(reader *r, char *value)
{
    drift_expectation e = {0};
    char *kind = cut(value, " "), *table = kind ? cut(kind, " ") : NULL;
    if (!table || !take_step(&e.from, &e.to, value)) return refuse(r, "expected a step, a kind and a subject");
    const size_t index = word_index(kinds, sizeof kinds / sizeof *kinds, kind);
    if (index == sizeof kinds / sizeof *kinds) return refuse(r, "expected a kind of expectation");
    e.kind = (drift_expectation_kind)index;
    e.value = cut(table, ": ");
    e.column = cut(table, ".");
    e.table = table;
    if (!e.value != (e.kind == DRIFT_EXPECT_TOUCHES)) return refuse(r, "expected a subject and \": value\"");
    if (r->c->expectation_count == BROKEN_MOST) return refuse(r, "too many expectations");
    r->c->expectations[r->c->expectation_count++] = e;
    return DRIFT_OK;
}

static int take_runner(reader *r, const char *value)
{
    const size_t index = word_index(runners, RUNNER_COUNT, value);
    r->c->by_app = strcmp(value, "app") == 0;
    if (r->c->by_app) return DRIFT_OK;
    if (index == RUNNER_COUNT) return refuse(r, "expected a runner");
    r->c->runner = (drift_runner)index;
    return DRIFT_OK;
}

static int take_compare(reader *r, const char *value)
{
    r->c->strict = strcmp(value, "strict") == 0;
    return r->c->strict ? DRIFT_OK : refuse(r, "expected compare: strict");
}

static int take_source(reader *r, const char *value)
{
    if (r->c->source) return refuse(r, "a second source");
    r->c->source = value;
    return DRIFT_OK;
}

static int take_key(reader *r, const char *key, char *value)
{
    if (!*value) return refuse(r, "a key without a value");
    if (strcmp(key, "source") == 0) return take_source(r, value);
    if (strcmp(key, "runner") == 0) return take_runner(r, value);
    if (strcmp(key, "compare") == 0) return take_compare(r, value);
    if (strcmp(key, "expect") == 0) return take_expectation(r, value);
    if (strcmp(key, "finds") == 0) return take_finding(r, value, false);
    if (strcmp(key, "also") == 0) return take_finding(r, value, true);
    return refuse(r, "expected one of the keys source, runner, compare, expect, finds, also");
}

/* Whether the line is "-- word: …". */
static bool is_key(const reader *r)
{
    size_t length = 3;
    if (!line_begins(r, "-- ")) return false;
    while (length < line_length(r) && r->at[length] >= 'a' && r->at[length] <= 'z') length++;
    return length > 3 && r->at[length] == ':';
}

/* ---- the header ---- */

static int read_title(reader *r)
{
    if (!has_line(r) || !line_begins(r, "-- ") || line_length(r) < 5 || r->end[-1] != '.')
        return refuse(r, "expected a title that ends with a point");
    r->c->title = copy(r, r->at + 3, line_length(r) - 3);
    next_line(r);
    return DRIFT_OK;
}

static int read_key(reader *r)
{
    if (!is_key(r)) return refuse(r, "expected a key");
    char *key = copy(r, r->at + 3, line_length(r) - 3);
    if (!key) return drift__no_memory(r->err);
    char *value = cut(key, ": ");
    if (!value) return refuse(r, "a key without a value");
    const int rc = take_key(r, key, value);
    next_line(r);
    return rc;
}

static int read_header(reader *r)
{
    int rc = read_title(r);
    while (rc == DRIFT_OK && has_line(r) && !is_key(r) && !is_section(r)) {
        if (!line_begins(r, "-- ") && !line_is(r, "--")) return refuse(r, "expected the story, a key or a section");
        next_line(r);
    }
    while (rc == DRIFT_OK && has_line(r) && !is_section(r)) rc = read_key(r);
    if (rc == DRIFT_OK && !r->c->source) return refuse(r, "expected a source before the sections");
    if (rc == DRIFT_OK && r->is_defect && !r->c->finding_count) return refuse(r, "a defect says what it finds");
    return rc;
}

/* ---- sections ---- */

static int take_schema(reader *r, const char *version, const char *sql)
{
    broken_schema schema = {.sql = sql};
    if (!take_version(&schema.version, version)) return refuse(r, "expected the version of a schema");
    if (r->c->schema_count == BROKEN_MOST) return refuse(r, "too many schemas");
    if (r->c->schema_count && r->c->schemas[r->c->schema_count - 1].version >= schema.version)
        return refuse(r, "expected schemas in the order of their versions");
    r->c->schemas[r->c->schema_count++] = schema;
    return DRIFT_OK;
}

static bool has_version(const broken_case *c, int version)
{
    for (size_t i = 0; i < c->schema_count; i++) {
        if (c->schemas[i].version == version) return true;
    }
    return false;
}

/* Ascending by from, then to, as a drift_step_folder holds them. */
static int take_step_section(reader *r, char *versions, const char *sql)
{
    broken_step step = {.sql = sql};
    size_t at = r->c->step_count;
    if (!take_step(&step.from, &step.to, versions)) return refuse(r, "expected the versions of a step, as 1->2");
    if (!has_version(r->c, step.from) || !has_version(r->c, step.to)) return refuse(r, "a step of an unknown version");
    if (at == BROKEN_MOST) return refuse(r, "too many steps");
    for (; at > 0; at--) {
        const broken_step *before = &r->c->steps[at - 1];
        if (before->from < step.from || (before->from == step.from && before->to < step.to)) break;
        if (before->from == step.from && before->to == step.to) return refuse(r, "a second step of these versions");
        r->c->steps[at] = *before;
    }
    r->c->steps[at] = step;
    r->c->step_count++;
    return DRIFT_OK;
}

static int take_opening(reader *r, const char *sql)
{
    if (!r->c->by_app) return refuse(r, "only the runner app has an opening");
    if (r->c->opening) return refuse(r, "a second opening");
    r->c->opening = sql;
    return DRIFT_OK;
}

static int read_section(reader *r)
{
    reader marker = *r; /* what is wrong with the section is told at its marker */
    char *words = copy(r, r->at + 3, line_length(r) - 3);
    next_line(r);
    const char *begin = r->at;
    while (has_line(r) && !is_section(r)) next_line(r);
    const char *sql = copy(r, begin, (size_t)(r->at - begin));
    if (!words || !sql) return drift__no_memory(r->err);
    if (strspn(sql, " \n") == strlen(sql)) return refuse(&marker, "an empty section");
    char *versions = cut(words, " ");
    if (!versions) return take_opening(&marker, sql);
    return strcmp(words, "schema") == 0 ? take_schema(&marker, versions, sql)
                                        : take_step_section(&marker, versions, sql);
}

int broken_case_parse(broken_case *out, const char *name, const char *text, bool is_defect, drift_error *err)
{
    reader r = {.c = out, .text = text, .at = text, .end = text, .is_defect = is_defect, .err = err};
    *out = (broken_case){.arena = DRIFT__ARENA_INIT};
    out->name = drift__arena_strdup(&out->arena, name);
    if (!out->name) return drift__no_memory(err);
    int rc = read_header(&r);
    while (rc == DRIFT_OK && has_line(&r)) rc = read_section(&r);
    if (rc == DRIFT_OK && out->schema_count < 2) return refuse(&r, "expected the schemas of two versions");
    if (rc == DRIFT_OK && !out->step_count) return refuse(&r, "expected a step");
    return rc;
}

void broken_case_dispose(broken_case *c)
{
    drift__arena_dispose(&c->arena);
    *c = (broken_case){.arena = DRIFT__ARENA_INIT};
}

const char *broken_case_runner(const broken_case *c)
{
    return c->by_app ? "app" : runners[c->runner];
}

/* ---- a folder ---- */

static int read_case(broken_case *out, const char *folder, const char *file, bool is_defect, drift_error *err)
{
    char path[512], name[128], *text = NULL;
    size_t length = 0;
    if (!drift__path_has_suffix(file, ".sql"))
        return drift__error(err, DRIFT_FORMAT, "expected a .sql file in %s, found %s", folder, file);
    snprintf(path, sizeof path, "%s/%s", suite_source(folder), file);
    snprintf(name, sizeof name, "%.*s", (int)strlen(file) - 4, file);
    int rc = drift__file_read(&text, &length, path, err);
    if (rc == DRIFT_OK) rc = broken_case_parse(out, name, text, is_defect, err);
    drift__free(text);
    return rc;
}

int broken_cases_read(broken_cases *out, const char *folder, bool is_defect, drift_error *err)
{
    char **files = NULL;
    size_t count = 0;
    *out = (broken_cases){NULL, 0};
    int rc = drift__folder_list(&files, &count, suite_source(folder), err);
    if (rc == DRIFT_OK && !(out->cases = drift__calloc(count + 1, sizeof *out->cases))) rc = drift__no_memory(err);
    for (size_t i = 0; rc == DRIFT_OK && i < count; i++)
        rc = read_case(&out->cases[out->count++], folder, files[i], is_defect, err);
    drift__names_free(files, count);
    return rc;
}

void broken_cases_dispose(broken_cases *cases)
{
    for (size_t i = 0; i < cases->count; i++) broken_case_dispose(&cases->cases[i]);
    drift__free(cases->cases);
    *cases = (broken_cases){NULL, 0};
}
