CREATE TABLE 'locks' ('name' TEXT NOT NULL, "owner" TEXT, `since` INTEGER, [kind] TEXT);
CREATE INDEX 'locks_by_owner' ON 'locks' ('owner', [since] DESC);
CREATE TRIGGER 'locks_touch' AFTER UPDATE OF 'owner' ON 'locks' BEGIN
  UPDATE 'locks' SET since = 1 WHERE name = new.name;
END;
PRAGMA user_version = 1;
