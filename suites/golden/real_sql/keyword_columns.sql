CREATE TABLE options (key TEXT PRIMARY KEY, offset INT, virtual INT, match TEXT, left INT, right INT, desc TEXT, action, no, row, rows,
  "select" TEXT, [order] INT, `group` INT, if, plan, query, temp, view, without, generated, always);
CREATE INDEX options_by_key ON options (key, desc DESC, "order");
CREATE VIEW options_view AS SELECT key, offset, left, "select" FROM options WHERE match IS NOT NULL ORDER BY "order" DESC;
PRAGMA user_version = 1;
