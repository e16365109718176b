CREATE TABLE jobs (id INTEGER PRIMARY KEY, kind TEXT, payload TEXT, done INT, at INT);
CREATE UNIQUE INDEX jobs_open ON jobs (kind, json_extract(payload, '$.key')) WHERE done = 0 AND kind <> ';';
CREATE INDEX jobs_by_time ON jobs (at DESC, lower(kind) COLLATE NOCASE, (done), done + 1) WHERE at IS NOT NULL;
