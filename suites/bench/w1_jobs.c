/* w1_jobs.c — W1, the program: `drift verify` of the chain at all default levels, by one process and by two. The report
 * is the same to the byte. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/chain.h"

typedef struct verifying {
    char *schemas, *steps, *report;
} verifying;

/* Runs the program; gives its exit status. */
static int run(const char *const *words)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        execv(words[0], (char *const *)words);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

static void verify(bench_done *done, const verifying *v, const char *jobs)
{
    const char *const words[] = {BENCH_DRIFT, "verify", "--schemas", v->schemas, "--migrations", v->steps,
                                 "--jobs",    jobs,     "-q",        "-o",       v->report,      NULL};
    const int status = run(words); /* 1: of the chain's rebuilds one lowers a sequence, and that is told */
    bench_must_sql(status <= 1 ? SQLITE_OK : SQLITE_ERROR, NULL, "drift verify");
    done->count = status;
}

static void verify_by_one(bench_done *done, void *state)
{
    verify(done, state, "1");
}

static void verify_by_two(bench_done *done, void *state)
{
    verify(done, state, "2");
}

static void read_report(bench_done *done, void *state)
{
    const verifying *v = state;
    char bytes[4096];
    FILE *file = fopen(v->report, "rb");
    bench_must_sql(file ? SQLITE_OK : SQLITE_ERROR, NULL, v->report);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        done->digest = bench_mix(done->digest, bytes, got);
    (void)fclose(file);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fputs(text, file) >= 0;
    if (file && fclose(file) != 0) written = false;
    bench_must_sql(written ? SQLITE_OK : SQLITE_ERROR, NULL, path);
}

static void write_chain(const verifying *v, const bench_chain *chain)
{
    char *sql = sqlite3_mprintf("%s/schema.sql", v->steps);
    bench_must_sql(mkdir(v->schemas, 0700) == 0 && mkdir(v->steps, 0700) == 0 ? SQLITE_OK : SQLITE_ERROR, NULL,
                   "mkdir");
    for (int version = 1; version <= chain->versions; version++) {
        char *number = sqlite3_mprintf("%d", version);
        char *step = sqlite3_mprintf("%s/v%d_to_v%d.sql", v->steps, version, version + 1);
        const char *const dump[] = {BENCH_DRIFT, "schema", "dump", "-q", sql, v->schemas, "--version", number, NULL};
        write_text(sql, chain->schemas[version - 1]);
        bench_must_sql(run(dump) == 0 ? SQLITE_OK : SQLITE_ERROR, NULL, "drift schema dump");
        if (version < chain->versions) write_text(step, chain->steps[version - 1]);
        sqlite3_free(step);
        sqlite3_free(number);
    }
    bench_must_sql(unlink(sql) == 0 ? SQLITE_OK : SQLITE_ERROR, NULL, sql);
    sqlite3_free(sql);
}

int main(int argc, char **argv)
{
    static const bench_side sides[] = {{"drift, one process", NULL, verify_by_one, read_report},
                                       {"drift --jobs 2", NULL, verify_by_two, read_report}};
    bench_options options;
    bench_chain chain;
    bench_begin(&options, argc, argv,
                "W1: runs `drift verify` on a chain of --size versions (20), by one process and by two.");
    const int versions = options.size ? (int)options.size : options.smoke ? 5 : 20;
    verifying v = {bench_path(&options, "schemas"), bench_path(&options, "steps"), bench_path(&options, "report.txt")};
    bench_chain_make(&chain, versions);
    write_chain(&v, &chain);
    char *title = sqlite3_mprintf("drift verify, %d versions, default levels", versions);
    const int failed = bench_measure(&(bench_work){.name = "W1 jobs",
                                                   .title = title,
                                                   .sides = sides,
                                                   .side_count = sizeof sides / sizeof sides[0],
                                                   .state = &v,
                                                   .units = (int64_t)versions * (versions - 1) / 2,
                                                   .unit = "pairs"},
                                     &options);
    sqlite3_free(title);
    sqlite3_free(v.schemas);
    sqlite3_free(v.steps);
    sqlite3_free(v.report);
    bench_chain_dispose(&chain);
    bench_end(&options);
    return failed;
}
