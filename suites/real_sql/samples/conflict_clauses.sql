CREATE TABLE caches (
  key TEXT PRIMARY KEY ON CONFLICT FAIL,
  value BLOB NOT NULL ON CONFLICT IGNORE,
  tag TEXT UNIQUE ON CONFLICT REPLACE,
  UNIQUE (tag, value) ON CONFLICT ROLLBACK
);
CREATE TABLE ids (id integer primary key asc on conflict replace autoincrement, x text null on conflict abort);
CREATE TABLE descending (id INTEGER PRIMARY KEY DESC, x);
