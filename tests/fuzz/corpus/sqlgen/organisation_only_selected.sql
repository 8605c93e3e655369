-- stmt: a :many
-- out: organisation_id i64
SELECT organisation_id FROM card;
