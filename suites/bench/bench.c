/* bench.c */
#include "bench/bench.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { LEAST_ROUNDS = 5, MOST_ROUNDS = 99, MOST_SIDES = 6, SECONDS = 15, MOST_SECONDS = 3600 };

/* What a forked run hands back. */
typedef struct report {
    bench_done done;
    int64_t ns, cpu_ns;
} report;

/* The runs of one side. */
typedef struct series {
    int64_t ns[MOST_ROUNDS], cpu_ns[MOST_ROUNDS];
    int64_t peak_kib;
} series;

/* All runs of all sides. */
typedef struct runs {
    const bench_work *work;
    series sides[MOST_SIDES];
    int rounds;
    bench_done first; /* what the first run did */
    bool any;
} runs;

/* ---- the command line ---- */

static void usage(const char *program, const char *about, int status)
{
    FILE *to = status ? stderr : stdout;
    fprintf(to,
            "usage: %s [--size N] [--rounds N | --seconds N] [--json FILE] [--work NAME] [--side NAME] [--smoke]\n\n"
            "%s\n\n"
            "  --size N     how large the work is\n"
            "  --rounds N   runs of each side, 1 to %d; medians are compared\n"
            "  --seconds N  as many rounds as begin in that time, at least %d (for most works %d seconds)\n"
            "  --json FILE  also add the figures to FILE, a JSON object a line\n"
            "  --work NAME  only this of the program's works\n"
            "  --side NAME  run one side once in this process, for a profiler\n"
            "  --smoke      small and once: only that all sides do the same\n"
            "  --library    print which libsqlite3 is used\n",
            program, about, MOST_ROUNDS, LEAST_ROUNDS, SECONDS);
    exit(status);
}

static int64_t number(const char *text, int64_t least, int64_t most)
{
    char *end = NULL;
    const long long value = text ? strtoll(text, &end, 10) : 0;
    return text && *text && !*end && value >= least && value <= most ? value : -1;
}

void bench_begin(bench_options *options, int argc, char **argv, const char *about)
{
    const char *base = getenv("TMPDIR");
    *options = (bench_options){0};
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(word, "--help") == 0) usage(argv[0], about, 0);
        if (strcmp(word, "--library") == 0) {
            printf("%s %s\n", sqlite3_libversion(), sqlite3_sourceid());
            exit(0);
        }
        if (strcmp(word, "--smoke") == 0) {
            options->smoke = true;
            continue;
        }
        i++;
        if (value && strcmp(word, "--side") == 0)
            options->side = value;
        else if (value && strcmp(word, "--work") == 0)
            options->work = value;
        else if (value && strcmp(word, "--json") == 0)
            options->json = value;
        else if (strcmp(word, "--size") == 0)
            options->size = number(value, 1, 100000000);
        else if (strcmp(word, "--rounds") == 0)
            options->rounds = (int)number(value, 1, MOST_ROUNDS);
        else if (strcmp(word, "--seconds") == 0)
            options->seconds = (int)number(value, 1, MOST_SECONDS);
        else
            usage(argv[0], about, 2);
        if (options->size < 0 || options->rounds < 0 || options->seconds < 0) usage(argv[0], about, 2);
    }
    snprintf(options->folder, sizeof options->folder, "%s/drift-bench-XXXXXX", base && *base ? base : "/tmp");
    if (!mkdtemp(options->folder)) {
        perror(options->folder);
        exit(1);
    }
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

void bench_end(const bench_options *options)
{
    nftw(options->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- helpers of the works ---- */

void bench_must(int status, const drift_error *err, const char *what)
{
    if (status == DRIFT_OK) return;
    fprintf(stderr, "%s: %s: %s\n", what, drift_status_name(status), err->text);
    exit(1);
}

void bench_must_sql(int rc, sqlite3 *db, const char *what)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
    fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
    exit(1);
}

void bench_exec(sqlite3 *db, const char *sql)
{
    bench_must_sql(sqlite3_exec(db, sql, NULL, NULL, NULL), db, sql);
}

int64_t bench_int64(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    bench_must_sql(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), db, sql);
    bench_must_sql(sqlite3_step(statement), db, sql);
    const int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

uint64_t bench_mix(uint64_t digest, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    if (!digest) digest = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) digest = (digest ^ at[i]) * 1099511628211u;
    return digest;
}

char *bench_path(const bench_options *options, const char *name)
{
    return sqlite3_mprintf("%s/%s", options->folder, name);
}

/* ---- measuring ---- */

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t ns_of(const struct timeval *time)
{
    return ((int64_t)time->tv_sec * 1000000 + time->tv_usec) * 1000;
}

/* What the processor worked, for this process and for those that it waited for. */
static int64_t cpu_ns(void)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return ns_of(&own.ru_utime) + ns_of(&own.ru_stime) + ns_of(&children.ru_utime) + ns_of(&children.ru_stime);
}

/* A function of its own, so that callgrind can be told to count only what happens inside it
 * (--toggle-collect=bench_timed). */
__attribute__((noinline)) void bench_timed(const bench_side *side, bench_done *done, void *state);
__attribute__((noinline)) void bench_timed(const bench_side *side, bench_done *done, void *state)
{
    side->run(done, state);
}

static void run_here(report *out, const bench_side *side, void *state)
{
    if (side->prepare) side->prepare(state);
    const int64_t begun = now_ns(), worked = cpu_ns();
    bench_timed(side, &out->done, state);
    out->ns = now_ns() - begun;
    out->cpu_ns = cpu_ns() - worked;
    if (side->check) side->check(&out->done, state);
}

static void run_forked(report *out, int64_t *peak_kib, const bench_side *side, void *state)
{
    struct rusage usage;
    int status = 0;
    report *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) exit(1);
#ifdef __GLIBC__
    malloc_trim(0); /* what making the databases left behind is no side's peak memory */
#endif
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        run_here(shared, side, state);
        exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "the side \"%s\" failed\n", side->name);
        exit(1);
    }
    *out = *shared;
    if (usage.ru_maxrss > *peak_kib) *peak_kib = usage.ru_maxrss;
    munmap(shared, sizeof *shared);
}

/* ---- figures ---- */

static int ascending(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

typedef struct spread {
    double median, least, most;
} spread;

static spread spread_of(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    const double median = (values[(count - 1) / 2] + values[count / 2]) / 2;
    return (spread){median, values[0], values[count - 1]};
}

static double median_ms(const int64_t *ns, int count)
{
    double ms[MOST_ROUNDS];
    for (int i = 0; i < count; i++) ms[i] = (double)ns[i] / 1e6;
    return spread_of(ms, count).median;
}

/* Round by round, to the first side: what slows the machine down meanwhile slows both. */
static spread ratios(const int64_t *ns, const int64_t *first_ns, int count)
{
    double all[MOST_ROUNDS];
    for (int i = 0; i < count; i++) all[i] = (double)ns[i] / (double)(first_ns[i] ? first_ns[i] : 1);
    return spread_of(all, count);
}

typedef struct figures {
    double ms, cpu_ms, rate;
    spread ratio, cpu_ratio;
} figures;

static figures figures_of(const runs *r, size_t side)
{
    const series *own = &r->sides[side], *first = &r->sides[0];
    const double ms = median_ms(own->ns, r->rounds);
    return (figures){.ms = ms,
                     .cpu_ms = median_ms(own->cpu_ns, r->rounds),
                     .rate = (double)r->work->units / ms * 1e3,
                     .ratio = ratios(own->ns, first->ns, r->rounds),
                     .cpu_ratio = ratios(own->cpu_ns, first->cpu_ns, r->rounds)};
}

static void print_row(const runs *r, size_t side, const figures *found)
{
    const spread *wall = &found->ratio, *cpu = &found->cpu_ratio;
    printf("| %s | %s | %s ", r->work->name, r->work->title, r->work->sides[side].name);
    printf("| %.3f ms | %.3f | %.2f … %.2f ", found->ms, wall->median, wall->least, wall->most);
    printf("| %.3f ms | %.3f | %.2f … %.2f ", found->cpu_ms, cpu->median, cpu->least, cpu->most);
    printf("| %.0f %s/s | %.1f MiB | %d |\n", found->rate, r->work->unit, (double)r->sides[side].peak_kib / 1024,
           r->rounds);
}

static void add_json(const runs *r, size_t side, const figures *found, const char *path)
{
    FILE *file = fopen(path, "a");
    if (!file) {
        perror(path);
        exit(1);
    }
    fprintf(file,
            "{\"work\": \"%s\", \"title\": \"%s\", \"side\": \"%s\", \"rounds\": %d, \"median_ms\": %.3f, "
            "\"ratio\": %.4f, \"ratio_least\": %.4f, \"ratio_most\": %.4f, \"cpu_ms\": %.3f, \"cpu_ratio\": %.4f, "
            "\"cpu_ratio_least\": %.4f, \"cpu_ratio_most\": %.4f, \"%s_per_s\": %.0f, \"peak_kib\": %lld, "
            "\"sqlite\": \"%s\", \"built_with\": \"%s\"}\n",
            r->work->name, r->work->title, r->work->sides[side].name, r->rounds, found->ms, found->ratio.median,
            found->ratio.least, found->ratio.most, found->cpu_ms, found->cpu_ratio.median, found->cpu_ratio.least,
            found->cpu_ratio.most, r->work->unit, found->rate, (long long)r->sides[side].peak_kib, sqlite3_libversion(),
            BENCH_BUILT_WITH);
    fclose(file);
}

static void print(const runs *r, const bench_options *options)
{
    if (options->smoke)
        printf("%s, %s: %zu sides did the same (%lld)\n", r->work->name, r->work->title, r->work->side_count,
               (long long)r->first.count);
    for (size_t i = 0; !options->smoke && i < r->work->side_count; i++) {
        const figures found = figures_of(r, i);
        print_row(r, i, &found);
        if (options->json) add_json(r, i, &found, options->json);
    }
}

/* ---- rounds ---- */

static int run_one_side(const bench_work *work, const char *name)
{
    for (size_t i = 0; i < work->side_count; i++) {
        report ignored = {0};
        if (strcmp(work->sides[i].name, name) != 0) continue;
        run_here(&ignored, &work->sides[i], work->state);
        return 0;
    }
    fprintf(stderr, "%s has no side \"%s\"\n", work->name, name);
    return 1;
}

static bool did_the_same(runs *r, const bench_side *side, const bench_done *done)
{
    if (!r->any) r->first = *done;
    r->any = true;
    if (done->count == r->first.count && done->digest == r->first.digest) return true;
    fprintf(stderr, "%s: \"%s\" did something else than the first run: %lld (%016llx), not %lld (%016llx)\n",
            r->work->name, side->name, (long long)done->count, (unsigned long long)done->digest,
            (long long)r->first.count, (unsigned long long)r->first.digest);
    return false;
}

/* Every side once, another one first in each round. */
static bool run_round(runs *r, int round)
{
    const size_t count = r->work->side_count;
    for (size_t i = 0; i < count; i++) {
        const size_t at = (i + (size_t)round) % count;
        series *own = &r->sides[at];
        report found = {0};
        run_forked(&found, &own->peak_kib, &r->work->sides[at], r->work->state);
        if (!did_the_same(r, &r->work->sides[at], &found.done)) return false;
        own->ns[round] = found.ns;
        own->cpu_ns[round] = found.cpu_ns;
    }
    return true;
}

static bool goes_on(const runs *r, const bench_options *options, int64_t began)
{
    const int own = r->work->seconds ? r->work->seconds : SECONDS;
    const int64_t seconds = options->seconds ? options->seconds : own;
    if (options->rounds) return r->rounds < options->rounds;
    return r->rounds < LEAST_ROUNDS || (r->rounds < MOST_ROUNDS && now_ns() - began < seconds * 1000000000);
}

/* The round that warms up is overwritten by the first that counts. */
static bool run_rounds(runs *r, const bench_options *options)
{
    if (options->smoke) return run_round(r, 0);
    fflush(stdout); /* rows of the works before this one */
    fprintf(stderr, "%s, %s ", r->work->name, r->work->title);
    bool same = run_round(r, 0);
    for (const int64_t began = now_ns(); same && goes_on(r, options, began); r->rounds += same) {
        fputc('.', stderr);
        same = run_round(r, r->rounds);
    }
    fputc('\n', stderr);
    return same;
}

int bench_measure(const bench_work *work, const bench_options *options)
{
    runs r = {.work = work};
    if (options->work && strcmp(options->work, work->name) != 0) return 0;
    if (options->side) return run_one_side(work, options->side);
    if (!run_rounds(&r, options)) return 1;
    print(&r, options);
    return 0;
}
