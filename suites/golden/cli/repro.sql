-- From version 3 to 4, data one, seed 42: what was found, and all that it takes.
-- Replay it: sqlite3 :memory: < repro.sql
--
-- data.changed
--   object:   todos.body
--   expected: ''
--   actual:   ' title'
--   expected '', found ' title' in 1 of 1 rows, the first: id = 1

.bail on
.headers on

PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE todos (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 6 AND 10),
    body TEXT NOT NULL,
    category TEXT,
    due_date INTEGER,
    priority INTEGER
);
CREATE TABLE reminders (
    id INTEGER NOT NULL PRIMARY KEY,
    todo INTEGER NOT NULL REFERENCES todos (id) ON DELETE CASCADE,
    remind_at INTEGER NOT NULL,
    is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1))
);
CREATE TABLE old_titles (
    todo INTEGER NOT NULL REFERENCES todos (id) ON DELETE CASCADE,
    title TEXT NOT NULL
);
INSERT INTO "todos" ("id", "title", "body", "category", "due_date", "priority") VALUES (1, ' title', '', NULL, NULL, NULL);
CREATE INDEX todos_by_category ON todos (category);
CREATE INDEX todos_by_due_date ON todos (due_date) WHERE due_date IS NOT NULL;
CREATE TRIGGER keep_old_title AFTER UPDATE OF title ON todos WHEN new.title <> old.title BEGIN
    INSERT INTO old_titles (todo, title) VALUES (old.id, old.title);
END;
CREATE VIEW upcoming_todos AS
    SELECT id, title, due_date, priority FROM todos WHERE due_date IS NOT NULL ORDER BY due_date, priority DESC;
DELETE FROM sqlite_sequence;
PRAGMA user_version = 3;
COMMIT;
CREATE TABLE temp."drift_before_todos" AS SELECT "id" AS drift_rowid, * FROM main."todos";
BEGIN;

-- v3_to_v4.sql
-- SQLite 3cannot change a column's type, so the table is rebuilt: a new one under another name, the rows copied, the old
-- one dropped, the new one renamed (https://www.sqlite.org/lang_altertable.html, section 7). Foreign keys must be off
-- around this step: with them on, DROP TABLE deletes the reminders of every todo.

-- A view that names a table which is not there for a moment would stop the RENAME.
DROP VIEW upcoming_todos;

CREATE TABLE new_todos (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) BETWEEN 6 AND 10),
    body TEXT NOT NULL,
    category INTEGER,
    due_date INTEGER,
    priority INTEGER,
    created_at INTEGER NOT NULL DEFAULT 0
);

INSERT INTO new_todos (id, title, body, category, due_date, priority)
    SELECT id, title, title, CAST(category AS INTEGER), due_date, priority FROM todos;

-- AUTOINCREMENT promises never to give an id twice: the mark is what was given, not what is still there.
DELETE FROM sqlite_sequence WHERE name = 'new_todos';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_todos', seq FROM sqlite_sequence WHERE name = 'todos';

DROP TABLE todos;
ALTER TABLE new_todos RENAME TO todos;

-- Indexes and triggers went with the old table.
CREATE INDEX todos_by_category ON todos (category);
CREATE INDEX todos_by_due_date ON todos (due_date) WHERE due_date IS NOT NULL;

CREATE TRIGGER keep_old_title AFTER UPDATE OF title ON todos WHEN new.title <> old.title BEGIN
    INSERT INTO old_titles (todo, title) VALUES (old.id, old.title);
END;

CREATE VIEW upcoming_todos AS
    SELECT id, title, due_date, priority FROM todos WHERE due_date IS NOT NULL ORDER BY due_date, priority DESC;

;
PRAGMA user_version = 4;
COMMIT;

-- What shows it.
SELECT quote(b."body") AS expected, quote(a."body") AS actual FROM temp."drift_before_todos" AS b JOIN main."todos" AS a ON a."id" IS b."id" WHERE typeof(a."body") <> typeof(b."body") OR CAST(a."body" AS BLOB) IS NOT CAST(b."body" AS BLOB);
