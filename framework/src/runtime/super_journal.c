/* super_journal.c — the record at the end of a journal (pager.c, writeSuperJournal): the number of the locking page, 4
 * bytes; the name; its length, 4 bytes; the sum of its bytes, 4 bytes; eight fixed bytes. Integers are big-endian. */
#include "runtime/super_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"

enum { TAIL = 16, PAGE_NUMBER = 4, NAME_LIMIT = 4096 };

static const unsigned char magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool read_at(int file, void *bytes, size_t length, off_t offset)
{
    return offset >= 0 && pread(file, bytes, length, offset) == (ssize_t)length;
}

/* SQLite sums the bytes as char, whose sign differs between machines: both sums are accepted, since to take a record
 * for one that SQLite would not see only means rolling back without it, as SQLite would. */
static bool sum_matches(const char *name, uint32_t length, uint32_t sum)
{
    uint32_t as_signed = 0, as_unsigned = 0;
    for (uint32_t i = 0; i < length; i++) {
        const uint32_t byte = (unsigned char)name[i];
        as_unsigned += byte;
        as_signed += byte < 128 ? byte : byte - 256;
    }
    return sum == as_signed || sum == as_unsigned;
}

/* Reads the record that ends at `end`, its name with a NUL behind it. @return its length in bytes; 0: there is none. */
static off_t read_record(char name[NAME_LIMIT + 1], int file, off_t end)
{
    unsigned char tail[TAIL];
    if (!read_at(file, tail, TAIL, end - TAIL) || memcmp(tail + 8, magic, sizeof magic) != 0) return 0;
    const uint32_t length = big_endian(tail);
    if (length == 0 || length > NAME_LIMIT || !read_at(file, name, length, end - TAIL - (off_t)length)) return 0;
    name[length] = '\0';
    return sum_matches(name, length, big_endian(tail + 4)) ? TAIL + (off_t)length + PAGE_NUMBER : 0;
}

/* A record may stand before another one: only when none is left can SQLite find none. */
static int resolve(int file, const char *journal, drift_error *err)
{
    char name[NAME_LIMIT + 1];
    struct stat st;
    if (fstat(file, &st) != 0) return drift__error_errno(err, errno, "read", journal);
    off_t size = st.st_size;
    for (off_t record; (record = read_record(name, file, size)) > 0;) {
        if (!drift__file_exists(name)) size = record; /* stale: nothing of the journal is left */
        size -= size < record ? size : record;
    }
    if (size == st.st_size || ftruncate(file, size) == 0) return DRIFT_OK;
    return drift__error_errno(err, errno, "write", journal);
}

int drift__super_journal_resolve(const char *journal, drift_error *err)
{
    const int file = open(journal, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0 && errno == ENOENT) return DRIFT_OK;
    if (file < 0) return drift__error_errno(err, errno, "open", journal);
    const int rc = resolve(file, journal, err);
    close(file);
    return rc;
}
