/* identifier.c */
#include "codegen/identifier.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"

#define FOLDED_LIMIT 48
#define PREFIX_LIMIT 32

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits: the same on every machine. */
static uint64_t hash_of(const char *name)
{
    uint64_t hash = 14695981039346656037u;
    for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_small_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Never first, never twice in a row. */
static void put_underscore(drift__str *s)
{
    if (s->length && s->text[s->length - 1] != '_') drift__str_putc(s, '_');
}

/* A character of two bytes or more, well-formed. */
static unsigned long code_point(const char *at, size_t length)
{
    static const unsigned char first_bits[] = {0, 0, 0x1f, 0x0f, 0x07};
    unsigned long code = (unsigned char)*at & first_bits[length];
    for (size_t i = 1; i < length; i++) code = code << 6 | ((unsigned char)at[i] & 0x3f);
    return code;
}

static size_t put_character(drift__str *s, const char *at, const char *begin, const char *end)
{
    const size_t length = drift__utf8_next(at, end);
    if (is_capital(*at)) {
        if (at > begin && is_small_or_digit(at[-1])) put_underscore(s);
        drift__str_putc(s, (char)(*at - 'A' + 'a'));
    } else if (is_small_or_digit(*at)) {
        drift__str_putc(s, *at);
    } else if (length > 1) {
        drift__str_printf(s, "u%04lx", code_point(at, length));
        return length;
    } else if ((unsigned char)*at >= 0x80) {
        drift__str_printf(s, "x%02x", (unsigned char)*at);
    } else {
        put_underscore(s);
    }
    return 1;
}

static void strip_end(drift__str *s)
{
    while (s->length && s->text[s->length - 1] == '_') drift__str_truncate(s, s->length - 1);
}

static void fold(drift__str *s, const char *name)
{
    const char *end = name + strlen(name);
    for (const char *at = name; at < end;) at += put_character(s, at, name, end);
    strip_end(s);
    if (!s->length) drift__str_puts(s, "unnamed");
    if (s->length <= FOLDED_LIMIT || s->failed) return;
    drift__str_truncate(s, FOLDED_LIMIT);
    strip_end(s);
    drift__str_printf(s, "_%08lx", (unsigned long)(hash_of(name) & 0xffffffffu));
}

char *drift__identifier_fold(drift__arena *arena, const char *name)
{
    drift__str s = DRIFT__STR_INIT;
    fold(&s, name);
    const char *text = drift__str_text(&s);
    char *folded = NULL;
    if (s.failed)
        arena->failed = 1;
    else
        folded = drift__arena_printf(arena, "%s%s", *text >= '0' && *text <= '9' ? "n" : "", text);
    drift__str_dispose(&s);
    return folded;
}

/* Sorted by bytes. Words of C up to C23 and of C++ up to C++20; macros without parameters that headers of C, POSIX and
 * common compilers define in small letters; types that generated structs use. */
static const char *const reserved[] = {
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "cdecl",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "environ",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "far",
    "final",
    "float",
    "for",
    "fortran",
    "friend",
    "goto",
    "h_addr",
    "hyper",
    "i386",
    "if",
    "imaginary",
    "import",
    "inline",
    "int",
    "int64_t",
    "interface",
    "linux",
    "long",
    "mips",
    "module",
    "mutable",
    "namespace",
    "near",
    "new",
    "noexcept",
    "noreturn",
    "not",
    "not_eq",
    "nullptr",
    "offsetof",
    "operator",
    "or",
    "or_eq",
    "override",
    "pascal",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "s_addr",
    "sa_handler",
    "sa_sigaction",
    "short",
    "si_addr",
    "si_pid",
    "si_uid",
    "si_value",
    "signed",
    "size_t",
    "sizeof",
    "small",
    "sparc",
    "st_atime",
    "st_ctime",
    "st_mtime",
    "static",
    "static_assert",
    "static_cast",
    "stderr",
    "stdin",
    "stdout",
    "struct",
    "sun",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "uint8_t",
    "union",
    "unix",
    "unsigned",
    "using",
    "vax",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "win32",
    "xor",
    "xor_eq",
};

static int compare_word(const void *word, const void *entry)
{
    const char *const *other = entry;
    return strcmp(word, *other);
}

bool drift__identifier_is_reserved(const char *spelling)
{
    return strncmp(spelling, "drift_", 6) == 0 ||
           bsearch(spelling, reserved, sizeof reserved / sizeof *reserved, sizeof *reserved, compare_word) != NULL;
}

char *drift__identifier_of(drift__arena *arena, const char *name)
{
    char *folded = drift__identifier_fold(arena, name);
    if (!folded || !drift__identifier_is_reserved(folded)) return folded;
    return drift__arena_printf(arena, "%s_", folded);
}

bool drift__identifier_is_prefix(const char *prefix)
{
    const size_t length = strlen(prefix);
    if (!length || length > PREFIX_LIMIT || *prefix < 'a' || *prefix > 'z' || prefix[length - 1] == '_') return false;
    for (const char *at = prefix; *at; at++) {
        if (!is_small_or_digit(*at) && (*at != '_' || at[1] == '_')) return false;
    }
    return strcmp(prefix, "drift") != 0 && !drift__identifier_is_reserved(prefix);
}

/* ---- scopes ---- */

/* Exact ones first, then by bytes. Names of one scope can be equal (a table and a trigger): their place decides then.
 */
static int in_order(const void *a, const void *b)
{
    const drift__spelling *const *left = a, *const *right = b;
    const int exact = (strcmp((*right)->name, (*right)->want) == 0) - (strcmp((*left)->name, (*left)->want) == 0);
    const int bytes = exact ? exact : strcmp((*left)->name, (*right)->name);
    return bytes ? bytes : (*left > *right) - (*left < *right);
}

typedef struct scope {
    drift__arena *arena;
    drift__map used;
    const char *const *derived;
    size_t derived_count;
} scope;

static bool is_free(scope *s, const char *spelling, bool *failed)
{
    bool free = !drift__map_get(&s->used, spelling);
    for (size_t i = 0; free && i < s->derived_count; i++) {
        const char *also = drift__arena_printf(s->arena, "%s%s", spelling, s->derived[i]);
        if (!also) *failed = true;
        free = also && !drift__map_get(&s->used, also);
    }
    return free;
}

static int use(scope *s, const char *spelling)
{
    int rc = drift__map_put(&s->used, spelling, spelling, NULL);
    for (size_t i = 0; rc == 0 && i < s->derived_count; i++) {
        const char *also = drift__arena_printf(s->arena, "%s%s", spelling, s->derived[i]);
        rc = also ? drift__map_put(&s->used, also, also, NULL) : -1;
    }
    return rc;
}

/* With 4 digits of the hash, then more, then a number. */
static const char *variant(drift__arena *arena, const drift__spelling *name, unsigned attempt)
{
    const char *join = name->want[strlen(name->want) - 1] == '_' ? "" : "_";
    const uint64_t hash = hash_of(name->name);
    if (attempt < 4)
        return drift__arena_printf(arena, "%s%sx%0*llx", name->want, join, 4 * (int)(attempt + 1),
                                   (unsigned long long)(hash >> (48 - 16 * attempt)));
    return drift__arena_printf(arena, "%s%s%u", name->want, join, attempt);
}

static int settle(scope *s, drift__spelling *name)
{
    bool failed = false;
    name->got = name->want;
    for (unsigned attempt = 0; name->got && !is_free(s, name->got, &failed); attempt++) {
        if (failed) return -1;
        name->got = variant(s->arena, name, attempt);
    }
    return name->got ? use(s, name->got) : -1;
}

int drift__identifiers_settle(drift__arena *arena, drift__spelling *names, size_t count, const char *const *taken,
                              size_t taken_count, const char *const *derived, size_t derived_count)
{
    scope s = {arena, DRIFT__MAP_INIT, derived, derived_count};
    drift__spelling **order = drift__arena_array(arena, count, sizeof *order);
    int rc = order ? 0 : -1;
    for (size_t i = 0; rc == 0 && i < taken_count; i++) rc = drift__map_put(&s.used, taken[i], taken[i], NULL);
    if (rc == 0) {
        for (size_t i = 0; i < count; i++) order[i] = &names[i];
        qsort(order, count, sizeof *order, in_order);
    }
    for (size_t i = 0; rc == 0 && i < count; i++) rc = settle(&s, order[i]);
    drift__map_dispose(&s.used);
    return rc;
}
