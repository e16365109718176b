CREATE TABLE IF NOT EXISTS "recipes" ("slug" TEXT NOT NULL PRIMARY KEY, "title" TEXT NOT NULL, "rating" REAL NOT NULL DEFAULT 0.0, "photo" BLOB NULL DEFAULT X'00ff', "added_at" TEXT NOT NULL DEFAULT (CURRENT_TIMESTAMP), UNIQUE ("title", "added_at"), UNIQUE ("photo"), CHECK (rating >= 0)) WITHOUT ROWID;
CREATE VIEW dishes AS SELECT title FROM recipes;
CREATE VIRTUAL TABLE IF NOT EXISTS "recipe_text" USING fts5(
  body,
  tokenize = "porter"
);
