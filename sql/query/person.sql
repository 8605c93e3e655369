-- row: person: organisation_id i64, id uuid, serial i64, live i64?, version i64, login text, login_key bytes?, name text, name_key bytes, phone text, phone_key bytes?, email text, email_key bytes?, gender i64, birthdate moment?, image text, notifications bool, confirmed bool, locked bool, data_agreed bool, app_client text, additional_fields text, created_at moment, updated_at moment

-- What an answer shows of a holder.
-- row: person_view: id uuid, serial i64, version i64, login text, name text, phone text, email text, gender i64, birthdate moment?, image text, notifications bool, confirmed bool, locked bool, data_agreed bool, app_client text, additional_fields json?

-- stmt: person_view_get :one
-- in: with_fields bool, organisation_id i64, id uuid
-- out: row person_view
SELECT id, serial, version, login, name, phone, email, gender, birthdate, image, notifications,
       confirmed, locked, data_agreed, app_client, IF(?, additional_fields, NULL)
  FROM person WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: person_lock :one
-- in: organisation_id i64, id uuid
-- out: row person
SELECT {person} FROM person WHERE organisation_id = ? AND id = ? AND live = 1 FOR UPDATE;

-- stmt: person_insert :exec
-- in: row person
INSERT INTO person ({person}) VALUES ({person?});

-- stmt: person_update :exec
-- in: row person, where_organisation_id i64, where_id uuid
UPDATE person SET {person=?} WHERE organisation_id = ? AND id = ?;

-- One page of those that all filters in force let pass (by_ 0 = not in force); the
-- ids first, from the index.
-- stmt: person_view_list :many
-- in: with_fields bool, organisation_id i64, by_gender bool, gender i64, by_locked bool, locked bool, by_confirmed bool, confirmed bool, by_filter bool, filter bytes, filter, filter, by_digits bool, digits bytes, limit i64, offset i64, organisation_id
-- out: row person_view
SELECT p.id, p.serial, p.version, p.login, p.name, p.phone, p.email, p.gender, p.birthdate, p.image,
       p.notifications, p.confirmed, p.locked, p.data_agreed, p.app_client,
       IF(?, p.additional_fields, NULL)
  FROM (SELECT id, name_key FROM person
         WHERE organisation_id = ? AND live = 1
           AND (? = 0 OR gender = ?) AND (? = 0 OR locked = ?) AND (? = 0 OR confirmed = ?)
   AND (? = 0 OR INSTR(name_key, ?) > 0 OR INSTR(login_key, ?) > 0 OR INSTR(email_key, ?) > 0
        OR (? <> 0 AND INSTR(phone_key, ?) > 0))
         ORDER BY name_key, id LIMIT ? OFFSET ?) found
  JOIN person p ON p.organisation_id = ? AND p.id = found.id
 ORDER BY found.name_key, found.id;

-- How many there are, counted up to a limit.
-- stmt: person_count :one
-- in: organisation_id i64, by_gender bool, gender i64, by_locked bool, locked bool, by_confirmed bool, confirmed bool, by_filter bool, filter bytes, filter, filter, by_digits bool, digits bytes, limit i64
-- out: n i64
SELECT COUNT(*) FROM (SELECT 1 FROM person
 WHERE organisation_id = ? AND live = 1
   AND (? = 0 OR gender = ?) AND (? = 0 OR locked = ?) AND (? = 0 OR confirmed = ?)
   AND (? = 0 OR INSTR(name_key, ?) > 0 OR INSTR(login_key, ?) > 0 OR INSTR(email_key, ?) > 0
        OR (? <> 0 AND INSTR(phone_key, ?) > 0))
 LIMIT ?) counted;

-- stmt: person_by_login :one
-- in: organisation_id i64, login_key bytes
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND live = 1 AND login_key = ?;

-- stmt: person_by_phone :one
-- in: organisation_id i64, phone_key bytes
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND live = 1 AND phone_key = ?;

-- stmt: person_by_email :one
-- in: organisation_id i64, email_key bytes
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND live = 1 AND email_key = ?;

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
