CREATE TABLE "reply-to" (id INTEGER PRIMARY KEY, "a b" TEXT, "c.d" TEXT, "say ""hi""" TEXT, 'it''s' TEXT, "ümläut" TEXT, "😀" INT);
CREATE TABLE "table/with/slashes.csv" ("col 1", "col;2", "col--3", "col/*4*/");
CREATE TABLE [select] ([from] INT REFERENCES "reply-to" (id), [where] INT);
CREATE TABLE [123_x] ([1] INT, [2] INT, PRIMARY KEY ([2], [1]));
CREATE INDEX "i.1" ON "reply-to" ("c.d", "say ""hi""");
CREATE VIEW "v 1" ("x y", "z") AS SELECT "a b", "it's" FROM "reply-to";
PRAGMA user_version = 1;
