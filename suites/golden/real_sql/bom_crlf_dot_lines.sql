CREATE TABLE windows (
  id INTEGER PRIMARY KEY,
  name TEXT -- the name
);
CREATE INDEX windows_by_name ON windows (name);
PRAGMA user_version = 1;
