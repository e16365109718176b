CREATE TABLE settings (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL DEFAULT "",
  kind TEXT DEFAULT "plain" CHECK (kind IN ("plain", "fancy")),
  doc TEXT,
  path TEXT GENERATED ALWAYS AS (json_extract(doc, "$.path"))
);
CREATE TRIGGER settings_guard BEFORE DELETE ON settings WHEN old.name = "root" BEGIN
  SELECT RAISE(ABORT, "cannot delete the root; it is needed");
END;
