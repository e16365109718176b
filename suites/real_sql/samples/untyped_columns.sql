CREATE TABLE readings (station, value ieee ieee, taken DATETIME, note STRING, flags UNSIGNED BIG INT, ratio DOUBLE PRECISION(10, 2));
