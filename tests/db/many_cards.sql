-- 100,000 cards of organisation 1. Card n: serial n, group n % 11 (0 = none), level n % 6
-- (0 = none), holder n % 50000, nine of ten active, one of a hundred blocked (half of these
-- until a moment past), one of a thousand with a locked holder.
INSERT INTO card (organisation_id, id, serial, live, version, kind, parent_id, code, code_key,
  barcode, barcode_key, name, name_key, description, active, blocked, blocked_until,
  blocked_description, holder_locked, shut, master_id, referral_id, phone, phone_reversed,
  email, email_key, external, accum_sale_amount, level_id, person_id, attached_at, new_card_id,
  image, activation_shop_id, activated_at, deactivated_at, valid_from, valid_to, created_at,
  updated_at)
SELECT 1, UNHEX(CONCAT('01', LPAD(HEX(seq), 30, '0'))), seq, 1, 1, 0,
  IF(seq % 11, UNHEX(CONCAT('02', LPAD(HEX(seq % 11), 30, '0'))), REPEAT('\0', 16)),
  CONCAT('C', seq), CONCAT('c', seq), 200000000 + seq, 200000000 + seq,
  CONCAT('Name', seq * 7919 % 99991, ' Word', seq % 1000),
  CONCAT('name', seq * 7919 % 99991, ' word', seq % 1000), '',
  seq % 10 > 0, seq % 100 = 0, IF(seq % 100 = 0, IF(seq % 200, 500000, 2000000), 0), '',
  seq % 1000 = 7, seq % 100 = 0 OR seq % 1000 = 7, REPEAT('\0', 16), REPEAT('\0', 16), '',
  REVERSE(79000000000 + seq * 37), CONCAT('E', seq, '@x'), CONCAT('e', seq, '@x'), 0, seq,
  IF(seq % 6, UNHEX(CONCAT('03', LPAD(HEX(seq % 6), 30, '0'))), REPEAT('\0', 16)),
  UNHEX(CONCAT('04', LPAD(HEX(seq % 50000), 30, '0'))), 0, REPEAT('\0', 16),
  '', '', 0, 0, 0, 0, seq, seq
FROM seq_1_to_100000;

INSERT INTO card_word
SELECT organisation_id, SUBSTRING_INDEX(name_key, ' ', 1), id FROM card;

INSERT INTO card_word
SELECT organisation_id, SUBSTRING_INDEX(name_key, ' ', -1), id FROM card;

INSERT INTO card_text
SELECT organisation_id, id, barcode_key, code_key,
  CONCAT(name_key, '\n', REVERSE(phone_reversed), '\n', email_key) FROM card;

-- Groups 1 and 2 are there; the other cards name groups that are not.
INSERT INTO card_group
SELECT 1, UNHEX(CONCAT('02', LPAD(HEX(seq), 30, '0'))), REPEAT('\0', 16), 1,
  IF(seq = 1, 'Beta', 'Alpha'), '', '', 0, 0 FROM seq_1_to_2;

ANALYZE TABLE card, card_word, card_text, card_group;
