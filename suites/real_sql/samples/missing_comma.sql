CREATE TABLE parents (id INTEGER PRIMARY KEY, code TEXT, region TEXT, UNIQUE (code, region));
CREATE TABLE children (
  id INTEGER PRIMARY KEY,
  code TEXT,
  region TEXT,
  amount INT,
  FOREIGN KEY (code, region) REFERENCES parents (code, region) ON DELETE CASCADE
  UNIQUE (code, amount)
  CONSTRAINT positive CHECK (amount > 0)
);
