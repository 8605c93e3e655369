-- row: card_group: organisation_id i64, id uuid, parent_id uuid, version i64, name text, name_key bytes, description text, created_at moment, updated_at moment

-- stmt: card_group_get :one
-- in: organisation_id i64, id uuid
-- out: row card_group
SELECT {card_group} FROM card_group WHERE organisation_id = ? AND id = ?;

-- stmt: card_group_lock :one
-- in: organisation_id i64, id uuid
-- out: row card_group
SELECT {card_group} FROM card_group WHERE organisation_id = ? AND id = ? FOR UPDATE;

-- A card that goes below a group, and a delete of that group, wait for each other here.
-- stmt: card_group_share :one
-- in: organisation_id i64, id uuid
-- out: id uuid
SELECT id FROM card_group WHERE organisation_id = ? AND id = ? LOCK IN SHARE MODE;

-- stmt: card_group_insert :exec
-- in: row card_group
INSERT INTO card_group ({card_group}) VALUES ({card_group?});

-- stmt: card_group_update :exec
-- in: row card_group, where_organisation_id i64, where_id uuid
UPDATE card_group SET {card_group=?} WHERE organisation_id = ? AND id = ?;

-- stmt: card_group_delete :exec
-- in: organisation_id i64, id uuid
DELETE FROM card_group WHERE organisation_id = ? AND id = ?;

-- stmt: card_group_children_lock :many
-- in: organisation_id i64, parent_id uuid
-- out: row card_group
SELECT {card_group} FROM card_group WHERE organisation_id = ? AND parent_id = ? ORDER BY name_key, id FOR UPDATE;
