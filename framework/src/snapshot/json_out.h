/* json_out.h — JSON text as Dart's JsonEncoder.withIndent('  ') writes it. */
#ifndef DRIFT_SNAPSHOT_JSON_OUT_H
#define DRIFT_SNAPSHOT_JSON_OUT_H

#include <stdbool.h>

#include "base/str.h"

/** `drift__json_out o = {.s = DRIFT__STR_INIT}` starts one. Sticky: whoever takes the text checks once. */
typedef struct drift__json_out {
    drift__str s;
    int depth;
    bool filled; /**< the array or object that is open has an element */
    bool after_key;
    bool not_utf8; /**< a string was not UTF-8, which JSON cannot hold */
} drift__json_out;

void drift__out_open(drift__json_out *o, char bracket);  /**< '{' or '[' */
void drift__out_close(drift__json_out *o, char bracket); /**< '}' or ']' */
void drift__out_key(drift__json_out *o, const char *key);
void drift__out_string(drift__json_out *o, const char *text); /**< null for NULL */
void drift__out_integer(drift__json_out *o, long long value);
void drift__out_bool(drift__json_out *o, bool value);

/** A key and its value. */
void drift__out_member(drift__json_out *o, const char *key, const char *text);
void drift__out_member_bool(drift__json_out *o, const char *key, bool value);

#endif
