-- The organisations and their settings. A row's own key is the organisation's id, so
-- statements on table organisation itself say that they span.

-- row: organisation: id i64, name text, timezone text, settings_version i64, created_at moment
-- row: setting: organisation_id i64, name text, value text

-- stmt: organisation_get :one
-- in: id i64
-- out: row organisation
-- spans: organisations
SELECT {organisation} FROM organisation WHERE id = ?;

-- stmt: organisation_list :many
-- out: row organisation
-- spans: organisations
SELECT {organisation} FROM organisation ORDER BY id;

-- stmt: organisation_insert :exec
-- in: row organisation
-- spans: organisations
INSERT INTO organisation ({organisation}) VALUES ({organisation?});

-- stmt: organisation_set :exec
-- in: name text, timezone text, id i64
-- spans: organisations
UPDATE organisation SET name = ?, timezone = ?, settings_version = settings_version + 1
WHERE id = ?;

-- stmt: setting_list :many
-- in: organisation_id i64
-- out: row setting
SELECT {setting} FROM organisation_setting WHERE organisation_id = ? ORDER BY name;

-- stmt: setting_put :exec
-- in: row setting
INSERT INTO organisation_setting ({setting}) VALUES ({setting?})
ON DUPLICATE KEY UPDATE value = VALUES(value);

-- Every change of a setting bumps the version in the same transaction.
-- stmt: setting_version_bump :exec
-- in: id i64
-- spans: organisations
UPDATE organisation SET settings_version = settings_version + 1 WHERE id = ?;

-- What a worker need not look for where there is none: webhooks, levels that end the points of idle
-- cards. Whoever makes or ends one bumps the version.
-- stmt: setting_facts :one
-- in: organisation_id i64, of_organisation_id i64
-- out: webhooks i64, idle_levels i64
SELECT (SELECT COUNT(*) FROM webhook WHERE organisation_id = ? AND live = 1),
       (SELECT COUNT(*) FROM card_level WHERE organisation_id = ? AND inactivity_bonus_erase_period > 0);
