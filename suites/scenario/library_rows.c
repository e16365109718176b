/* library_rows.c — the same few facts at every version: what is asked has another spelling from version to version, the
 * answer is one. */
#include "scenario/library_rows.h"

#include "library/app.h"
#include "scenario/scenario.h"
#include "support/suite.h"

/* Text typed into a library: a number with zeros in front, one that is longer than any integer, quotes, letters beyond
 * ASCII. A book and a person went again: what has their numbers must keep them, and nothing new may get them. */
static const char authors[] = "INSERT INTO authors (id, name) VALUES (1, 'Ursula K. Le Guin'), (5, 'Tove Jansson');";

static const char books_until_5[] = "INSERT INTO books (isbn, title, author, published, copies) VALUES"
                                    " ('0007', 'The Dispossessed', 1, '1974', 2),"
                                    " ('000', 'gone again', 1, NULL, 1),"
                                    " ('12345678901234567890', 'Trollvinter, \"Winter\"', 5, '1957', 1),"
                                    " ('9-x', 'It''s Åke''s', 5, NULL, 0);"
                                    "DELETE FROM books WHERE isbn = '000';";

static const char books_from_6[] =
    "INSERT INTO books (isbn, title, author, published) VALUES"
    " ('0007', 'The Dispossessed', 1, '1974'),"
    " ('000', 'gone again', 1, NULL),"
    " ('12345678901234567890', 'Trollvinter, \"Winter\"', 5, '1957'),"
    " ('9-x', 'It''s Åke''s', 5, NULL);"
    "DELETE FROM books WHERE isbn = '000';"
    "INSERT INTO branches (id, name) VALUES (1, 'Main');"
    "INSERT INTO copies (book, number) VALUES ('0007', 1), ('0007', 2), ('12345678901234567890', 1);";

static const char people_until_4[] =
    "INSERT INTO borrowers (id, first_name, last_name, phone, joined_at) VALUES"
    " (1, 'Ada', 'Lovelace', '+44 7', 100), (2, 'Åke', 'Öberg', NULL, 200), (9, 'Gone', 'Again', '', 300);"
    "DELETE FROM borrowers WHERE id = 9;";

static const char people_from_5[] = "INSERT INTO patrons (id, name, joined_at) VALUES"
                                    " (1, 'Ada Lovelace', 100), (2, 'Åke Öberg', 200), (9, 'Gone Again', 300);"
                                    "DELETE FROM patrons WHERE id = 9;";

static const char loans_until_2[] =
    "INSERT INTO loans (id, book, borrower, lent_at, returned_at) VALUES"
    " (1, '0007', 1, 1000, 2000), (2, '0007', 2, 3000, NULL), (4, '9-x', 1, 4000, NULL);";

static const char loans_until_4[] =
    "INSERT INTO loans (id, book, borrower, lent_at, due_at, returned_at) VALUES"
    " (1, '0007', 1, 1000, 2420200, 2000), (2, '0007', 2, 3000, 2422200, NULL), (4, '9-x', 1, 4000, 2423200, NULL);";

static const char loans_from_5[] =
    "INSERT INTO loans (id, book, patron, lent_at, due_at, returned_at) VALUES"
    " (1, '0007', 1, 1000, 2420200, 2000), (2, '0007', 2, 3000, 2422200, NULL), (4, '9-x', 1, 4000, 2423200, NULL);";

static const char postcards_until_5[] = "INSERT INTO postcards (loan, sent_at) VALUES (2, 5000);";

static void type_in(drift_connection *db, const char *sql)
{
    drift_error err = {0};
    ck_assert_drift(drift_exec(db, sql, &err));
}

void library_type_rows(drift_connection *db, int version)
{
    type_in(db, authors);
    type_in(db, version <= 5 ? books_until_5 : books_from_6);
    type_in(db, version <= 4 ? people_until_4 : people_from_5);
    type_in(db, version <= 2 ? loans_until_2 : version <= 4 ? loans_until_4 : loans_from_5);
    if (version <= 5) type_in(db, postcards_until_5);
}

static void assert_books(drift_connection *db, int version)
{
    assert_rows(db, "SELECT id, name FROM authors ORDER BY id", "1|Ursula K. Le Guin\n5|Tove Jansson\n");
    assert_rows(db,
                version <= 5
                    ? "SELECT rowid, isbn, typeof(isbn), title, author, published, copies FROM books ORDER BY rowid"
                    : "SELECT rowid, isbn, typeof(isbn), title, author, published,"
                      " (SELECT count(*) FROM copies WHERE book = isbn AND branch = 1)"
                      " FROM books ORDER BY rowid",
                "1|0007|text|The Dispossessed|1|1974|2\n"
                "3|12345678901234567890|text|Trollvinter, \"Winter\"|5|1957|1\n"
                "4|9-x|text|It's Åke's|5|NULL|0\n");
    assert_rows(db, "SELECT DISTINCT typeof(published) FROM books WHERE published IS NOT NULL",
                version <= 3 ? "text\n" : "integer\n");
    if (version >= 4)
        assert_rows(db, "SELECT sort_title FROM books ORDER BY lower(sort_title)",
                    "Dispossessed, The\nIt's Åke's\nTrollvinter, \"Winter\"\n");
    if (version >= 6) assert_rows(db, "SELECT id, name FROM branches", "1|Main\n");
}

static void assert_search(drift_connection *db)
{
    type_in(db, "INSERT INTO book_search (book_search, rank) VALUES ('integrity-check', 1)");
    assert_rows(db, "SELECT rowid FROM book_search WHERE book_search MATCH 'dispossessed'", "1\n");
    assert_rows(db, "SELECT rowid FROM book_search WHERE book_search MATCH 'trollvinter OR winter'", "3\n");
    assert_rows(db, "SELECT rowid FROM book_search WHERE book_search MATCH 'gone'", "");
}

static void assert_people_and_loans(drift_connection *db, int version)
{
    assert_rows(db,
                version <= 4 ? "SELECT id, first_name || ' ' || last_name, joined_at FROM borrowers ORDER BY id"
                             : "SELECT id, name, joined_at FROM patrons ORDER BY id",
                "1|Ada Lovelace|100\n2|Åke Öberg|200\n");
    assert_rows(db,
                version <= 4 ? "SELECT id, book, borrower, lent_at, returned_at FROM loans ORDER BY id"
                             : "SELECT id, book, patron, lent_at, returned_at FROM loans ORDER BY id",
                "1|0007|1|1000|2000\n2|0007|2|3000|NULL\n4|9-x|1|4000|NULL\n");
    if (version >= 3)
        assert_rows(db, "SELECT due_at - lent_at, days FROM loans", "2419200|28\n2419200|28\n2419200|28\n");
    if (version <= 5) assert_rows(db, "SELECT loan, sent_at FROM postcards", "2|5000\n");
    assert_rows(db, "SELECT id, title FROM lent_books ORDER BY id", "2|The Dispossessed\n4|It's Åke's\n");
}

/* https://www.sqlite.org/autoinc.html: no number is given out twice, even if its row was deleted. */
static void assert_marks(drift_connection *db, int version)
{
    assert_rows(db, "SELECT name, seq FROM sqlite_sequence ORDER BY name",
                version <= 4 ? "authors|5\nborrowers|9\nloans|4\n" : "authors|5\nloans|4\npatrons|9\n");
}

void library_assert_rows(drift_connection *db, int version)
{
    assert_books(db, version);
    if (version >= 2) assert_search(db);
    assert_people_and_loans(db, version);
    assert_marks(db, version);
    assert_rows(db, "PRAGMA foreign_key_check", "");
    assert_rows(db, "PRAGMA integrity_check", "ok\n");
}
