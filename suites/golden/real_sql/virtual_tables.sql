CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
CREATE VIRTUAL TABLE posts_fts USING fts5(title, body, content='posts', content_rowid='id', tokenize = "unicode61 remove_diacritics 2 tokenchars '-_'");
CREATE TRIGGER posts_ai AFTER INSERT ON posts BEGIN
  INSERT INTO posts_fts(rowid, title, body) VALUES (new.id, new.title, new.body);
END;
CREATE VIRTUAL TABLE areas USING rtree(id, min_x, max_x, min_y, max_y, +name TEXT);
CREATE VIRTUAL TABLE plain_fts USING fts4(body, tokenize=porter);
CREATE TABLE posts_fts_extra (id INTEGER PRIMARY KEY, note TEXT);
PRAGMA user_version = 1;
