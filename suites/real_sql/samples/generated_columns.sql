CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  first TEXT, last TEXT,
  full_name AS (first || ' ' || last),
  initials TEXT GENERATED ALWAYS AS (substr(first, 1, 1) || substr(last, 1, 1)) STORED,
  sort_key TEXT COLLATE NOCASE AS (lower(last)) VIRTUAL NOT NULL
);
CREATE INDEX people_by_full_name ON people (full_name COLLATE NOCASE);
