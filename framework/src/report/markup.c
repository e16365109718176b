/* markup.c */
#include "report/markup.h"

#include <string.h>

#include "base/utf8.h"
#include "report/report.h"

/* XML 1.0, section 2.2: of what UTF-8 can say, U+FFFE and U+FFFF are no characters. */
static bool is_character(const char *at, size_t length)
{
    return length != 3 || memcmp(at, "\xef\xbf", 2) != 0 || (unsigned char)at[2] < 0xbe;
}

static void put_character(drift__str *out, const char *at, size_t length)
{
    static const char special[] = "&<>\"'";
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    const char *found = strchr(special, *at);
    if (found)
        drift__str_puts(out, entities[found - special]);
    else if (is_character(at, length))
        drift__str_put_character(out, at, length);
    else
        drift__str_puts(out, "\xef\xbf\xbd");
}

void drift__markup_text(drift__str *out, const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        const size_t length = drift__utf8_next(text, end);
        put_character(out, text, length);
        text += length;
    }
}

void drift__put_finding_rest(drift__str *out, const drift_finding *finding)
{
    if (finding->object) {
        drift__str_putc(out, ' ');
        drift__str_put_visible(out, finding->object);
    }
    if (finding->step) drift__str_printf(out, " [step %s]", finding->step);
    drift__str_puts(out, ": ");
    drift__str_put_visible(out, finding->message);
}
