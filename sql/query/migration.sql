-- The installation's list of migrations: of no organisation.

-- row: migration: name text, digest bytes, done i64, applied_at moment

-- stmt: migration_list :many
-- out: row migration
-- spans: organisations
SELECT {migration} FROM schema_migration ORDER BY name;

-- stmt: migration_insert :exec
-- in: row migration
-- spans: organisations
INSERT INTO schema_migration ({migration}) VALUES ({migration?});

-- stmt: migration_progress :exec
-- in: done i64, applied_at moment, name text
-- spans: organisations
UPDATE schema_migration SET done = ?, applied_at = ? WHERE name = ?;

-- Held on a connection of its own, since DDL ends the transaction that it runs in.
-- stmt: migration_lock :one
-- in: name text
-- out: row migration
-- spans: organisations
SELECT {migration} FROM schema_migration WHERE name = ? FOR UPDATE;
