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
SELECT {card_group} FROM card_group FORCE INDEX (by_parent)
 WHERE organisation_id = ? AND parent_id = ? ORDER BY name_key, id FOR UPDATE;

-- row: card_group_view: id uuid, parent_id uuid, version i64, name text, description text, groups_count i64, cards_count i64

-- stmt: card_group_view_get :one
-- in: organisation_id i64, id uuid
-- out: row card_group_view
SELECT g.id, g.parent_id, g.version, g.name, g.description,
       (SELECT CAST(COALESCE(SUM(k.n), 0) AS SIGNED) FROM kept_count k
         WHERE k.organisation_id = g.organisation_id AND k.kind = 6 AND k.value = g.id),
       (SELECT CAST(COALESCE(SUM(k.n), 0) AS SIGNED) FROM kept_count k
         WHERE k.organisation_id = g.organisation_id AND k.kind = 2 AND k.value = g.id)
  FROM card_group g WHERE g.organisation_id = ? AND g.id = ?;

-- Groups among the cards of a list: those below a parent whose name has a fragment.
-- stmt: card_group_fragment :many
-- in: organisation_id i64, parent_id uuid, fragment bytes, limit i64, offset i64
-- out: id uuid, parent_id uuid, name text, name_key bytes, description text
SELECT id, parent_id, name, name_key, description FROM card_group
 WHERE organisation_id = ? AND parent_id = ? AND name_key LIKE ? ORDER BY name_key, id LIMIT ? OFFSET ?;

-- stmt: card_group_fragment_count :one
-- in: organisation_id i64, parent_id uuid, fragment bytes
-- out: n i64
SELECT COUNT(*) FROM card_group WHERE organisation_id = ? AND parent_id = ? AND name_key LIKE ?;

-- Those behind one of them.
-- stmt: card_group_fragment_rest :one
-- in: organisation_id i64, parent_id uuid, fragment bytes, name_key bytes, name_key, id uuid
-- out: n i64
SELECT COUNT(*) FROM card_group WHERE organisation_id = ? AND parent_id = ? AND name_key LIKE ?
   AND name_key >= ? AND (name_key > ? OR id > ?);
