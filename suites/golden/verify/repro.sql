-- From version 1 to 2, data boundary, seed 7: what was found, and all that it takes.
-- Replay it: sqlite3 :memory: < repro.sql
--
-- data.lost_rows
--   object:   t
--   expected: 1
--   actual:   0
--   1 of 1 rows lost, the first: id = 1

.bail on
.headers on

PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
INSERT INTO "t" ("id", "a", "b") VALUES (1, NULL, NULL);
PRAGMA user_version = 1;
COMMIT;
CREATE TABLE temp."drift_before_t" AS SELECT "id" AS drift_rowid, * FROM main."t";
BEGIN;

-- v1_to_v2.sql
DELETE FROM t WHERE b IS NULL
;
PRAGMA user_version = 2;
COMMIT;

-- What shows it.
SELECT (SELECT count(*) FROM temp."drift_before_t") AS expected, (SELECT count(*) FROM main."t") AS actual;
