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

enum { MOST_ROUNDS = 99, MOST_SIDES = 6 };

/* What a forked run hands back. */
typedef struct report {
    bench_done done;
    int64_t ns, cpu_ns;
} report;

typedef struct series {
    int64_t ns[MOST_ROUNDS], cpu_ns[MOST_ROUNDS];
    int64_t peak_kib;
} series;

/* ---- the command line ---- */

static void usage(const char *program, const char *about, int status)
{
    FILE *to = status ? stderr : stdout;
    fprintf(to,
            "usage: %s [--size N] [--rounds N] [--json FILE] [--work NAME] [--side NAME] [--smoke]\n\n%s\n\n"
            "  --size N     how large the work is\n"
            "  --rounds N   runs of each side, 1 to %d (5); medians are compared\n"
            "  --json FILE  also add the figures to FILE, a JSON object a line\n"
            "  --work NAME  only this of the program's works\n"
            "  --side NAME  run one side once in this process, for a profiler\n"
            "  --smoke      small and once: only that all sides do the same\n"
            "  --library    print which libsqlite3 is used\n",
            program, about, MOST_ROUNDS);
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
    *options = (bench_options){.rounds = 5};
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
        else
            usage(argv[0], about, 2);
        if (options->size < 0 || options->rounds < 0) usage(argv[0], about, 2);
    }
    if (options->smoke) options->rounds = 1;
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

static int ascending(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

static double median_ms(int64_t *ns, int count)
{
    qsort(ns, (size_t)count, sizeof *ns, ascending);
    const int64_t middle = count % 2 ? ns[count / 2] : (ns[count / 2 - 1] + ns[count / 2]) / 2;
    return (double)middle / 1e6;
}

/* What the medians of a side are, and what they are to those of the first. */
typedef struct figures {
    double ms, ratio, cpu_ms, cpu_ratio;
} figures;

static void print_json(const bench_work *work, const bench_options *options, const bench_side *side,
                       const figures *found, int64_t peak_kib)
{
    FILE *file = options->json ? fopen(options->json, "a") : NULL;
    if (!file) return;
    fprintf(file,
            "{\"work\": \"%s\", \"title\": \"%s\", \"side\": \"%s\", \"median_ms\": %.3f, \"ratio\": %.4f, "
            "\"cpu_ms\": %.3f, \"cpu_ratio\": %.4f, \"%s_per_s\": %.0f, \"peak_kib\": %lld, \"rounds\": %d, "
            "\"sqlite\": \"%s\"}\n",
            work->name, work->title, side->name, found->ms, found->ratio, found->cpu_ms, found->cpu_ratio, work->unit,
            (double)work->units / found->ms * 1e3, (long long)peak_kib, options->rounds, sqlite3_libversion());
    fclose(file);
}

static void print(const bench_work *work, const bench_options *options, series *all)
{
    figures first = {0};
    for (size_t i = 0; i < work->side_count; i++) {
        figures found = {.ms = median_ms(all[i].ns, options->rounds),
                         .cpu_ms = median_ms(all[i].cpu_ns, options->rounds)};
        if (i == 0) first = found;
        found.ratio = found.ms / first.ms;
        found.cpu_ratio = found.cpu_ms / first.cpu_ms;
        printf("| %s | %s | %s | %.3f ms | %.3f | %.3f ms | %.3f | %.0f %s/s | %.1f MiB |\n", work->name, work->title,
               work->sides[i].name, found.ms, found.ratio, found.cpu_ms, found.cpu_ratio,
               (double)work->units / found.ms * 1e3, work->unit, (double)all[i].peak_kib / 1024);
        print_json(work, options, &work->sides[i], &found, all[i].peak_kib);
    }
}

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

int bench_measure(const bench_work *work, const bench_options *options)
{
    series all[MOST_SIDES] = {0};
    bench_done first = {0};
    if (options->work && strcmp(options->work, work->name) != 0) return 0;
    if (options->side) return run_one_side(work, options->side);
    for (int round = 0; round < options->rounds; round++) {
        for (size_t i = 0; i < work->side_count; i++) {
            report r = {0};
            run_forked(&r, &all[i].peak_kib, &work->sides[i], work->state);
            all[i].ns[round] = r.ns;
            all[i].cpu_ns[round] = r.cpu_ns;
            if (round == 0 && i == 0) first = r.done;
            if (r.done.count == first.count && r.done.digest == first.digest) continue;
            fprintf(stderr, "%s: \"%s\" did something else than \"%s\": %lld (%016llx), not %lld (%016llx)\n",
                    work->name, work->sides[i].name, work->sides[0].name, (long long)r.done.count,
                    (unsigned long long)r.done.digest, (long long)first.count, (unsigned long long)first.digest);
            return 1;
        }
    }
    if (options->smoke)
        printf("%s, %s: %zu sides did the same (%lld)\n", work->name, work->title, work->side_count,
               (long long)first.count);
    else
        print(work, options, all);
    return 0;
}
