/* group.c */
#include "report/group.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

static int compare_texts(const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int compare_findings(const drift_finding *a, const drift_finding *b)
{
    int order = (a->code > b->code) - (a->code < b->code);
    if (!order) order = compare_texts(a->object, b->object);
    if (!order) order = compare_texts(a->step, b->step);
    return order ? order : compare_texts(a->message, b->message);
}

static int by_number(const drift__told *a, const drift__told *b)
{
    return (a->number > b->number) - (a->number < b->number);
}

static int by_content(const void *a, const void *b)
{
    const drift__told *left = a, *right = b;
    const int order = compare_findings(left->finding, right->finding);
    return order ? order : by_number(left, right);
}

static int by_group(const void *a, const void *b)
{
    const drift__told *left = a, *right = b;
    const int order = (left->group > right->group) - (left->group < right->group);
    return order ? order : by_number(left, right);
}

static size_t collect(drift__told *list, const drift_outcome *outcome)
{
    size_t count = 0;
    for (size_t i = 0; i < outcome->run_count; i++) {
        for (size_t k = 0; k < outcome->runs[i].finding_count; k++, count++) {
            if (list) list[count] = (drift__told){&outcome->runs[i], &outcome->runs[i].findings[k], count, 0};
        }
    }
    return count;
}

int drift__group_findings(drift__told **list, size_t *count, const drift_outcome *outcome, drift_error *err)
{
    *list = NULL;
    *count = collect(NULL, outcome);
    if (!*count) return DRIFT_OK;
    drift__told *all = drift__calloc(*count, sizeof *all);
    if (!all) return drift__no_memory(err);
    (void)collect(all, outcome);
    qsort(all, *count, sizeof *all, by_content);
    for (size_t i = 0; i < *count; i++) {
        const bool same = i && compare_findings(all[i - 1].finding, all[i].finding) == 0;
        all[i].group = same ? all[i - 1].group : all[i].number;
    }
    qsort(all, *count, sizeof *all, by_group);
    *list = all;
    return DRIFT_OK;
}

size_t drift__group_length(const drift__told *list, size_t count)
{
    size_t length = 0;
    while (length < count && list[length].group == list->group) length++;
    return length;
}
