-- The cards that a code or an e-mail begins, or a phone ends with, in order of name: sorted by what
-- stands in the index, without reading the rows.
ALTER TABLE card
  DROP KEY by_code,
  DROP KEY by_phone,
  DROP KEY by_email,
  ADD KEY by_code (organisation_id, live, code_key, name_key, id),
  ADD KEY by_phone (organisation_id, live, phone_reversed, name_key, id),
  ADD KEY by_email (organisation_id, live, email_key, name_key, id);
