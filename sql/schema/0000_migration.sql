-- The list of applied migrations; runs first and may run again. `done` counts the
-- statements that have run, since no server undoes a CREATE or ALTER. Its own row is
-- what two migrations at once lock.
CREATE TABLE IF NOT EXISTS schema_migration (
  name VARCHAR(64) NOT NULL,
  digest BINARY(32) NOT NULL,
  done INT NOT NULL,
  applied_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
