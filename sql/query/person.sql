-- row: person: organisation_id i64, id uuid, serial i64, live i64?, version i64, login text, login_key bytes?, name text, name_key bytes, phone text, phone_key bytes?, email text, email_key bytes?, gender i64, birthdate moment?, image text, notifications bool, confirmed bool, locked bool, data_agreed bool, app_client text, additional_fields text, company_id uuid, external_id text, external_key bytes?, card_code text, card_key bytes?, credit_allowed bool, payment_card text, is_default bool, salutation text, first_name text, street text, zip text, city text, fax text, contact_person text, contact_phone text, remark text, merged_into uuid, created_at moment, updated_at moment

-- What an answer shows of a holder.
-- row: person_view: id uuid, serial i64, version i64, login text, name text, phone text, email text, gender i64, birthdate moment?, image text, notifications bool, confirmed bool, locked bool, data_agreed bool, app_client text, additional_fields json?

-- stmt: person_view_get :one
-- in: organisation_id i64, id uuid
-- out: row person_view
SELECT id, serial, version, login, name, phone, email, gender, birthdate, image, notifications,
       confirmed, locked, data_agreed, app_client, CAST(NULL AS CHAR)
  FROM person USE INDEX (PRIMARY) WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: person_full_get :one
-- in: organisation_id i64, id uuid
-- out: row person_view
SELECT {person_view} FROM person USE INDEX (PRIMARY) WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: person_lock :one
-- in: organisation_id i64, id uuid
-- out: row person
SELECT {person} FROM person WHERE organisation_id = ? AND id = ? AND live = 1 FOR UPDATE;

-- The person of this id, whatever has become of it.
-- stmt: person_any_lock :one
-- in: organisation_id i64, id uuid
-- out: row person
SELECT {person} FROM person WHERE organisation_id = ? AND id = ? FOR UPDATE;

-- stmt: person_row_get :one
-- in: organisation_id i64, id uuid
-- out: row person
SELECT {person} FROM person WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: person_insert :exec
-- in: row person
INSERT INTO person ({person}) VALUES ({person?});

-- stmt: person_span_widen :exec
-- in: organisation_id i64, span i64, created_min i64, created_max i64, updated_min i64, updated_max i64
INSERT INTO person_span (organisation_id, span, created_min, created_max, updated_min, updated_max)
VALUES (?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE created_min = LEAST(created_min, VALUES(created_min)),
       created_max = GREATEST(created_max, VALUES(created_max)),
       updated_min = LEAST(updated_min, VALUES(updated_min)),
       updated_max = GREATEST(updated_max, VALUES(updated_max));

-- A holder that was changed by its id.
-- stmt: person_span_follow :exec
-- in: updated_at i64, organisation_id i64, id uuid
UPDATE person_span s JOIN person p ON p.organisation_id = s.organisation_id AND s.span = p.serial DIV 256
   SET s.updated_max = GREATEST(s.updated_max, ?)
 WHERE p.organisation_id = ? AND p.id = ?;

-- stmt: person_update :exec
-- in: row person, where_organisation_id i64, where_id uuid
UPDATE person SET {person=?} WHERE organisation_id = ? AND id = ?;

-- stmt: person_text_insert :exec
-- in: organisation_id i64, person_id uuid, text_key bytes
INSERT INTO person_text (organisation_id, person_id, text_key) VALUES (?, ?, ?);

-- stmt: person_text_update :exec
-- in: text_key bytes, organisation_id i64, person_id uuid
UPDATE person_text SET text_key = ? WHERE organisation_id = ? AND person_id = ?;

-- stmt: person_text_delete :exec
-- in: organisation_id i64, person_id uuid
DELETE FROM person_text WHERE organisation_id = ? AND person_id = ?;

-- The login that a holder's own password opens.
-- stmt: credential_of_person :one
-- in: organisation_id i64, person_id uuid, login_key bytes
-- out: id uuid
SELECT id FROM credential WHERE organisation_id = ? AND person_id = ? AND login_key = ?;

-- stmt: credential_rename :exec
-- in: login text, login_key bytes, organisation_id i64, id uuid
UPDATE credential SET login = ?, login_key = ? WHERE organisation_id = ? AND id = ?;

-- stmt: credential_delete :exec
-- in: organisation_id i64, id uuid
DELETE FROM credential WHERE organisation_id = ? AND id = ?;

-- stmt: credential_of_person_delete :exec
-- in: organisation_id i64, person_id uuid
DELETE FROM credential WHERE organisation_id = ? AND person_id = ?;

-- stmt: person_hold :one
-- in: organisation_id i64, id uuid
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND id = ? FOR UPDATE;

-- A holder shows the code of its primary card: the first attached of those that were not replaced.
-- stmt: person_follow_card :exec
-- in: updated_at moment, organisation_id i64, id uuid
UPDATE person SET
       card_code = COALESCE((SELECT c.code FROM card c
         WHERE c.organisation_id = person.organisation_id AND c.live = 1 AND c.person_id = person.id
           AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
         ORDER BY c.attached_at, c.id LIMIT 1), SPACE(0)),
       card_key = (SELECT IF(LENGTH(c.code_key) = 0, NULL, c.code_key) FROM card c
         WHERE c.organisation_id = person.organisation_id AND c.live = 1 AND c.person_id = person.id
           AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
         ORDER BY c.attached_at, c.id LIMIT 1),
       version = version + 1, updated_at = ?
 WHERE organisation_id = ? AND id = ? AND live = 1;
