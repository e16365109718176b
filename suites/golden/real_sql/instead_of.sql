CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, deleted INT NOT NULL DEFAULT 0);
CREATE VIEW live_items AS SELECT id, name FROM items WHERE deleted = 0;
CREATE TRIGGER live_items_insert INSTEAD OF INSERT ON live_items WHEN new.name IS NOT NULL BEGIN
  INSERT INTO items (name) VALUES (new.name);
END;
CREATE TRIGGER live_items_delete INSTEAD OF DELETE ON live_items BEGIN UPDATE items SET deleted = 1 WHERE id = old.id; END;
CREATE TRIGGER live_items_update INSTEAD OF UPDATE OF name ON live_items FOR EACH ROW BEGIN
  UPDATE items SET name = CASE WHEN new.name = 'end' THEN 'begin' ELSE new.name END WHERE id = old.id;
END;
PRAGMA user_version = 1;
