.headers on
CREATE TABLE windows (
  id INTEGER PRIMARY KEY,
  name TEXT -- the name
);
.print done
CREATE INDEX windows_by_name ON windows (name)