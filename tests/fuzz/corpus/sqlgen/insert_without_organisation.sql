-- stmt: a :exec
-- in: id i64
INSERT INTO card (id) VALUES (?);
