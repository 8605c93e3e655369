-- stmt: a :exec
-- in: id uuid
DELETE FROM card WHERE id = ?;
