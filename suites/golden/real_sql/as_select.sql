CREATE TABLE source (a INT, "b c" TEXT, d);
CREATE TABLE copied(
  a INT,
  "b c" TEXT,
  twice,
  "a ""quoted"" name"
);
PRAGMA user_version = 1;
