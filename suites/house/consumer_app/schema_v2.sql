CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0);
CREATE INDEX notes_by_pinned ON notes (pinned);
PRAGMA user_version = 2;
