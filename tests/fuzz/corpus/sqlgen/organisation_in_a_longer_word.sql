-- stmt: a :exec
-- in: id i64
DELETE FROM card WHERE my_organisation_id = ?;
