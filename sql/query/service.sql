-- stmt: kept_count_add :exec
-- in: organisation_id i64, kind i64, value uuid, shard i64, n i64
INSERT INTO kept_count (organisation_id, kind, value, shard, n) VALUES (?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE n = n + VALUES(n);

-- stmt: kept_count_get :one
-- in: organisation_id i64, kind i64, value uuid
-- out: n i64
SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) FROM kept_count WHERE organisation_id = ? AND kind = ? AND value = ?;

-- stmt: kept_count_each :many
-- in: organisation_id i64, kind i64
-- out: value uuid, n i64
SELECT value, CAST(SUM(n) AS SIGNED) FROM kept_count WHERE organisation_id = ? AND kind = ? GROUP BY value;

-- stmt: serial_counter_init :exec
-- in: organisation_id i64, kind i64, next_serial i64
INSERT IGNORE INTO serial_counter (organisation_id, kind, next_serial) VALUES (?, ?, ?);

-- stmt: serial_counter_lock :one
-- in: organisation_id i64, kind i64
-- out: next_serial i64
SELECT next_serial FROM serial_counter WHERE organisation_id = ? AND kind = ? FOR UPDATE;

-- stmt: serial_counter_set :exec
-- in: next_serial i64, organisation_id i64, kind i64
UPDATE serial_counter SET next_serial = ? WHERE organisation_id = ? AND kind = ?;

-- stmt: kept_count_forget :exec
-- in: organisation_id i64, value uuid
DELETE FROM kept_count WHERE organisation_id = ? AND kind IN (2, 6) AND value = ?;

-- Numbers below next_serial are not given out any more.
-- stmt: serial_counter_raise :exec
-- in: organisation_id i64, kind i64, next_serial i64
INSERT INTO serial_counter (organisation_id, kind, next_serial) VALUES (?, ?, ?)
    ON DUPLICATE KEY UPDATE next_serial = GREATEST(next_serial, VALUES(next_serial));

-- The database's clock.
-- stmt: clock_read :one
-- spans: organisations
-- out: now moment
SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED) AS now;
