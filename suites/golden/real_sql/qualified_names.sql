CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner TEXT);
CREATE INDEX accounts_by_owner ON accounts (owner);
CREATE VIEW owners AS SELECT DISTINCT owner FROM main.accounts;
CREATE TRIGGER accounts_log AFTER INSERT ON accounts BEGIN SELECT 1; END;
PRAGMA user_version = 1;
