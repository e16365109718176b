-- From version 1 to 3, data boundary, seed 7: what was found, and all that it takes.
-- Replay it: sqlite3 :memory: < repro.sql
--
-- path.data
--   object:   t
--   directly (1->3) and by its parts (1->2->3) the rows end differently: as many, with other values

.bail on
.headers on

-- Each way has a database in memory, which a second connection holds and compares.
.connection 1
ATTACH 'file:/drift_directly?vfs=memdb' AS directly;
ATTACH 'file:/drift_by_its_parts?vfs=memdb' AS by_its_parts;

-- Directly.
.connection 0
.open 'file:/drift_directly?vfs=memdb'
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO "t" ("id", "a") VALUES (1, NULL);
PRAGMA user_version = 1;
COMMIT;
BEGIN;

-- v1_to_v3.sql
ALTER TABLE t ADD COLUMN b INT; ALTER TABLE t ADD COLUMN c INT; UPDATE t SET b = 1, c = 3
;
PRAGMA user_version = 3;
COMMIT;

-- The parts of the same way, in one opening.
.open 'file:/drift_by_its_parts?vfs=memdb'
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO "t" ("id", "a") VALUES (1, NULL);
PRAGMA user_version = 1;
COMMIT;
BEGIN;

-- v1_to_v2.sql
ALTER TABLE t ADD COLUMN b INT; UPDATE t SET b = 1
;
PRAGMA user_version = 2;

-- v2_to_v3.sql
ALTER TABLE t ADD COLUMN c INT; UPDATE t SET c = b + 1
;
PRAGMA user_version = 3;
COMMIT;

-- What differs.
.connection 1
PRAGMA foreign_keys = OFF;
SELECT 'directly' AS way, * FROM (SELECT count(*) AS rows, quote("id") AS "id", quote("a") AS "a", quote("b") AS "b", quote("c") AS "c" FROM directly."t" GROUP BY 2, 3, 4, 5 EXCEPT SELECT count(*) AS rows, quote("id") AS "id", quote("a") AS "a", quote("b") AS "b", quote("c") AS "c" FROM by_its_parts."t" GROUP BY 2, 3, 4, 5)
UNION ALL
SELECT 'by_its_parts' AS way, * FROM (SELECT count(*) AS rows, quote("id") AS "id", quote("a") AS "a", quote("b") AS "b", quote("c") AS "c" FROM by_its_parts."t" GROUP BY 2, 3, 4, 5 EXCEPT SELECT count(*) AS rows, quote("id") AS "id", quote("a") AS "a", quote("b") AS "b", quote("c") AS "c" FROM directly."t" GROUP BY 2, 3, 4, 5);
