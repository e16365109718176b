CREATE TABLE main.accounts (id INTEGER PRIMARY KEY, owner TEXT);
CREATE INDEX main.accounts_by_owner ON accounts (owner);
CREATE VIEW main.owners AS SELECT DISTINCT owner FROM main.accounts;
CREATE TRIGGER main.accounts_log AFTER INSERT ON accounts BEGIN SELECT 1; END;
