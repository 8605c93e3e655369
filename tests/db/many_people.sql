-- 100,000 persons of organisation 1, one company in a hundred rows of its own; person n has card n.
INSERT INTO company
SELECT 1, UNHEX(CONCAT('05', LPAD(HEX(seq), 30, '0'))), seq, 1, 1, CONCAT('Company', seq),
  CONCAT('company', seq), '', '', '', '', 0, 0 FROM seq_1_to_1000;

INSERT INTO person (organisation_id, id, serial, live, version, login, login_key, name, name_key,
  phone, phone_key, email, email_key, gender, birthdate, image, notifications, confirmed, locked,
  data_agreed, app_client, additional_fields, created_at, updated_at, company_id, external_id,
  external_key, card_code, card_key)
SELECT 1, UNHEX(CONCAT('04', LPAD(HEX(seq), 30, '0'))), seq, 1, 1, '', NULL,
  CONCAT('Name', seq * 7919 % 99991), CONCAT('name', seq * 7919 % 99991), '', NULL,
  IF(seq % 3, CONCAT('E', seq, '@x'), ''), IF(seq % 3, CONCAT('e', seq * 7919 % 99991, '@x'), NULL),
  0, NULL, '', 0, 0, seq % 50 = 0, 0, '', '[]', seq * 7, seq * 3,
  IF(seq % 2, UNHEX(CONCAT('05', LPAD(HEX(seq % 1000 + 1), 30, '0'))), REPEAT('\0', 16)),
  IF(seq % 4, CONCAT('X', seq), ''), IF(seq % 4, CONCAT('x', seq), NULL), CONCAT('C', seq),
  CONCAT('c', seq)
FROM seq_1_to_99990;

INSERT INTO kept_count (organisation_id, kind, value, shard, n)
SELECT 1, 8, CONCAT(UNHEX(RPAD('01', 28, '0')), CHAR(locked USING binary), CHAR(0 USING binary)), 0, COUNT(*)
FROM person GROUP BY locked;

INSERT INTO person_span
SELECT organisation_id, serial DIV 256, MIN(created_at), MAX(created_at), MIN(updated_at), MAX(updated_at)
FROM person GROUP BY organisation_id, serial DIV 256;

UPDATE card SET person_id = UNHEX(CONCAT('04', LPAD(HEX(serial), 30, '0'))), attached_at = 1 WHERE serial <= 99990;

ANALYZE TABLE person, person_span, company, card;
