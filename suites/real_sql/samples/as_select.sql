CREATE TABLE source (a INT, "b c" TEXT, d);
INSERT INTO source VALUES (1, 'x', 2.5);
CREATE TABLE copied AS SELECT a, "b c", d * 2 AS twice, 'text' AS [a "quoted" name] FROM source;
