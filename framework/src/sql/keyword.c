/* keyword.c — every keyword once, sorted: R for reserved words, F for words that SQLite also takes for a name. */
#include "sql/keyword.h"

#include "base/fold.h"

/* The keywords of SQLite 3.40, and WITHIN, which 3.47 added. (The formatter would take the list for nested calls.) */
/* clang-format off */
#define KEYWORDS(R, F) \
    F(ABORT) F(ACTION) R(ADD) F(AFTER) R(ALL) R(ALTER) F(ALWAYS) F(ANALYZE) R(AND) R(AS) F(ASC) F(ATTACH) \
    R(AUTOINCREMENT) F(BEFORE) F(BEGIN) R(BETWEEN) F(BY) F(CASCADE) R(CASE) F(CAST) R(CHECK) R(COLLATE) F(COLUMN) \
    R(COMMIT) F(CONFLICT) R(CONSTRAINT) R(CREATE) F(CROSS) F(CURRENT) F(CURRENT_DATE) F(CURRENT_TIME) \
    F(CURRENT_TIMESTAMP) F(DATABASE) R(DEFAULT) R(DEFERRABLE) F(DEFERRED) R(DELETE) F(DESC) F(DETACH) R(DISTINCT) \
    F(DO) R(DROP) F(EACH) R(ELSE) F(END) R(ESCAPE) R(EXCEPT) F(EXCLUDE) F(EXCLUSIVE) R(EXISTS) F(EXPLAIN) F(FAIL) \
    F(FILTER) F(FIRST) F(FOLLOWING) F(FOR) R(FOREIGN) R(FROM) F(FULL) F(GENERATED) F(GLOB) R(GROUP) F(GROUPS) \
    R(HAVING) F(IF) F(IGNORE) F(IMMEDIATE) R(IN) R(INDEX) F(INDEXED) F(INITIALLY) F(INNER) R(INSERT) F(INSTEAD) \
    R(INTERSECT) R(INTO) R(IS) R(ISNULL) R(JOIN) F(KEY) F(LAST) F(LEFT) F(LIKE) R(LIMIT) F(MATCH) F(MATERIALIZED) \
    F(NATURAL) F(NO) R(NOT) R(NOTHING) R(NOTNULL) R(NULL) F(NULLS) F(OF) F(OFFSET) R(ON) R(OR) R(ORDER) F(OTHERS) \
    F(OUTER) F(OVER) F(PARTITION) F(PLAN) F(PRAGMA) F(PRECEDING) R(PRIMARY) F(QUERY) F(RAISE) F(RANGE) F(RECURSIVE) \
    R(REFERENCES) F(REGEXP) F(REINDEX) F(RELEASE) F(RENAME) F(REPLACE) F(RESTRICT) R(RETURNING) F(RIGHT) F(ROLLBACK) \
    F(ROW) F(ROWS) F(SAVEPOINT) R(SELECT) R(SET) R(TABLE) F(TEMP) F(TEMPORARY) R(THEN) F(TIES) R(TO) R(TRANSACTION) \
    F(TRIGGER) F(UNBOUNDED) R(UNION) R(UNIQUE) R(UPDATE) R(USING) F(VACUUM) R(VALUES) F(VIEW) F(VIRTUAL) R(WHEN) \
    R(WHERE) F(WINDOW) F(WITH) F(WITHIN) F(WITHOUT)
/* clang-format on */

typedef struct keyword {
    const char *word;
    unsigned char length;
    bool reserved;
} keyword;

#define RESERVED(word) {#word, sizeof #word - 1, true},
#define FALLBACK(word) {#word, sizeof #word - 1, false},
static const keyword keywords[] = {KEYWORDS(RESERVED, FALLBACK)};
#undef RESERVED
#undef FALLBACK

/* Where the words with A begin, with B, …, and where those with Z end. */
static const unsigned char first[27] = {0,  13,  17,  32,  42,  51,  59,  63,  64,  78,  79,  80,  84, 86,
                                        93, 101, 106, 107, 122, 125, 133, 138, 142, 148, 148, 148, 148};

/* Length and second letter settle nearly all: most names are compared with no keyword. */
static const keyword *find(const char *text, size_t length)
{
    const unsigned letter = length > 1 ? (unsigned)(unsigned char)drift__fold_char(text[0]) - 'a' : 26;
    if (letter >= 26) return NULL;
    const char second = drift__fold_char(text[1]);
    const keyword *end = &keywords[first[letter + 1]];
    for (const keyword *each = &keywords[first[letter]]; each < end; each++) {
        if (each->length == length && drift__fold_char(each->word[1]) == second &&
            drift__same_keyword(text, each->word, length))
            return each;
    }
    return NULL;
}

bool drift__is_keyword(const char *word, size_t length)
{
    return find(word, length) != NULL;
}

bool drift__is_reserved(const char *word, size_t length)
{
    const keyword *found = find(word, length);
    return found && found->reserved;
}
