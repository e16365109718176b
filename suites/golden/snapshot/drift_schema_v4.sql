CREATE TABLE IF NOT EXISTS "authors" ("id" INTEGER NOT NULL, "name" TEXT NOT NULL DEFAULT 'nobody', "note" TEXT, CONSTRAINT authors_pk PRIMARY KEY(id), UNIQUE(name));
CREATE TABLE IF NOT EXISTS "books" ("isbn" TEXT NOT NULL, "copy_no" INTEGER NOT NULL DEFAULT -1 CHECK("copy_no" >= -1), "author" INTEGER NULL REFERENCES authors (id) ON DELETE SET NULL, "label" TEXT NULL GENERATED ALWAYS AS (isbn || '-' || copy_no) STORED, "lent" INTEGER NOT NULL DEFAULT FALSE CHECK ("lent" IN (0, 1)), PRIMARY KEY ("copy_no", "isbn"));
CREATE INDEX by_author ON books (author DESC, isbn, lent ASC);
CREATE INDEX lent_books ON books (lower(label)) WHERE lent;
INSERT INTO authors (id) VALUES (1);
