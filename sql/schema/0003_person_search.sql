-- Lists of holders: by gender, lock and confirmation in order of name, and what a fragment
-- search reads: one narrow row per living person with name, login, e-mail and digits of
-- the phone, folded, divided by line feeds.
ALTER TABLE person
  ADD KEY by_gender (organisation_id, live, gender, name_key, id),
  ADD KEY by_locked (organisation_id, live, locked, name_key, id),
  ADD KEY by_confirmed (organisation_id, live, confirmed, name_key, id);

CREATE TABLE person_text (
  organisation_id INT UNSIGNED NOT NULL,
  person_id BINARY(16) NOT NULL,
  text_key VARBINARY(4000) NOT NULL,
  PRIMARY KEY (organisation_id, person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO person_text
SELECT organisation_id, id,
       CONCAT_WS(x'0A', name_key, COALESCE(login_key, x''), COALESCE(email_key, x''), COALESCE(phone_key, x''))
  FROM person WHERE live = 1;
