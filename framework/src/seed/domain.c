/* domain.c — storage classes to which a column's values are restricted, and JSON. */
#include <string.h>

#include "seed/candidate.h"
#include "seed/values.h"

static const char *const domains[] = {"integer", "real", "text", "blob", "null", "numeric", "json"};

bool drift__seed_is_domain(const char *domain)
{
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
        if (domain && strcmp(domain, domains[i]) == 0) return true;
    }
    return false;
}

bool drift__seed_is_json_domain(const char *domain)
{
    return domain && strcmp(domain, "json") == 0;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') at++;
    return at;
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || (*at >= '\t' && *at <= '\r'))) at++;
    return at;
}

static const char *skip_sign(const char *at, const char *end)
{
    return at < end && (*at == '+' || *at == '-') ? at + 1 : at;
}

/* A well-formed integer or real literal, spaces around it aside (https://www.sqlite.org/datatype3.html, section 3). */
static bool looks_like_number(const drift_value *value)
{
    if (!value->length) return false;
    const char *at = value->bytes, *end = at + value->length;
    at = skip_sign(skip_space(at, end), end);
    const char *digits = at;
    at = skip_digits(at, end);
    bool any = at > digits;
    if (at < end && *at == '.') {
        digits = at + 1;
        at = skip_digits(digits, end);
        any = any || at > digits;
    }
    if (any && at < end && (*at == 'e' || *at == 'E')) {
        digits = skip_sign(at + 1, end);
        at = skip_digits(digits, end);
        any = at > digits;
    }
    return any && skip_space(at, end) == end;
}

bool drift__seed_allows(const char *domain, const drift_value *value)
{
    if (!domain || value->kind == DRIFT_NULL) return true;
    if (drift__seed_is_json_domain(domain))
        return value->kind == DRIFT_TEXT && drift__seed_is_json(value->bytes, value->length);
    switch (value->kind) {
    case DRIFT_INTEGER: return strcmp(domain, "integer") == 0 || strcmp(domain, "numeric") == 0;
    case DRIFT_REAL: return strcmp(domain, "real") == 0 || strcmp(domain, "numeric") == 0;
    case DRIFT_TEXT: return strcmp(domain, looks_like_number(value) ? "numeric" : "text") == 0;
    default: return strcmp(domain, "blob") == 0;
    }
}
