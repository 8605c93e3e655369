-- 20,000 rows of every table of organisation 1 (fewer where there are few in life). Row n of any
-- table has id n, its texts are `tn`, its moments n: whatever a statement asks for by 5 is there. IGNORE
-- leaves what is not named at zero.
CREATE TABLE numbers (n INT NOT NULL PRIMARY KEY, id BINARY(16) NOT NULL, t VARCHAR(16) NOT NULL);
INSERT IGNORE INTO numbers SELECT seq, UNHEX(LPAD(HEX(seq), 32, '0')), CONCAT('t', seq) FROM seq_1_to_20000;

INSERT IGNORE INTO card (organisation_id, id, serial, live, version, parent_id, code, code_key, barcode, barcode_key,
  name, name_key, active, shut, blocked_until, phone, phone_reversed, email, email_key, level_id, person_id,
  free_kind, created_at, updated_at, uid, series_id, master_id, referral_id)
SELECT 1, id, n, 1, 1, UNHEX(LPAD(HEX(n % 11), 32, '0')), t, t, t, t, t, t, n % 10 > 0, n % 50 = 0,
  IF(n % 50, 0, n), t, t, t, t, UNHEX(LPAD(HEX(n % 6), 32, '0')), id, IF(n % 7, NULL, 1), n, n, t,
  UNHEX(LPAD(HEX(n % 100), 32, '0')), IF(n % 50, x'', UNHEX(LPAD('5', 32, '0'))),
  IF(n % 50, x'', UNHEX(LPAD('5', 32, '0'))) FROM numbers;
INSERT IGNORE INTO card_word SELECT 1, t, id FROM numbers;
INSERT IGNORE INTO card_text SELECT 1, id, t, t, t FROM numbers;
INSERT IGNORE INTO card_group (organisation_id, id, parent_id, name, name_key)
SELECT 1, id, UNHEX(LPAD(HEX(n % 10), 32, '0')), t, t FROM numbers WHERE n <= 2000;
INSERT IGNORE INTO card_level (organisation_id, id, name, rank_order, accum_level)
SELECT 1, id, t, n, n FROM numbers WHERE n <= 6;
INSERT IGNORE INTO person (organisation_id, id, serial, live, login, login_key, name, name_key, phone, phone_key,
  email, email_key, gender, additional_fields, created_at, updated_at, company_id, external_id, external_key,
  card_code, card_key, locked, confirmed)
SELECT 1, id, n, 1, t, t, t, t, t, t, t, t, n % 3, '[]', n, n, UNHEX(LPAD(HEX(n % 500), 32, '0')), t, t, t, t,
  n % 50 = 0, n % 2 FROM numbers;
INSERT IGNORE INTO person_span
SELECT organisation_id, serial DIV 256, MIN(created_at), MAX(created_at), MIN(updated_at), MAX(updated_at)
  FROM person GROUP BY organisation_id, serial DIV 256;
INSERT IGNORE INTO person_text SELECT 1, id, t FROM numbers;
INSERT IGNORE INTO company (organisation_id, id, serial, live, name, name_key)
SELECT 1, id, n, 1, t, t FROM numbers WHERE n <= 2000;
INSERT IGNORE INTO vehicle (organisation_id, id, serial, live, person_id, plate, plate_key)
SELECT 1, id, n, 1, id, t, t FROM numbers;
INSERT IGNORE INTO credential (organisation_id, id, login, login_key, person_id)
SELECT 1, id, t, t, id FROM numbers WHERE n <= 1000;
INSERT IGNORE INTO identifier (organisation_id, id, person_id, source, account, kind, value, value_key)
SELECT 1, id, id, 't5', 't5', 1, t, t FROM numbers;
INSERT IGNORE INTO card_series (organisation_id, id, serial, live, code, code_key, name)
SELECT 1, id, n, 1, t, t, t FROM numbers WHERE n <= 1000;
INSERT IGNORE INTO card_status (organisation_id, card_id, id, status)
SELECT 1, UNHEX(LPAD(HEX(n % 5000), 32, '0')), id, 1 FROM numbers;
INSERT IGNORE INTO account (organisation_id, card_id, unit, activity_at, last_seq, next_change_at)
SELECT 1, id, u, n, 4, n FROM numbers JOIN (SELECT 1 AS u UNION ALL SELECT 2) two;
INSERT IGNORE INTO entry (organisation_id, account_card_id, unit, seq, id, kind, card_id, business_at, posted_at, doc_id,
  doc_type, journal_id)
SELECT 1, UNHEX(LPAD(HEX(n % 5000), 32, '0')), 1, n DIV 5000, id, 1, UNHEX(LPAD(HEX(n % 5000), 32, '0')), n, n, t, 1,
  id FROM numbers;
INSERT IGNORE INTO lot (organisation_id, card_id, unit, id, is_open, burn_at, active_from, entry_id, business_at)
SELECT 1, UNHEX(LPAD(HEX(n % 5000), 32, '0')), 1, id, n % 4 = 0, n, n, id, n FROM numbers;
INSERT IGNORE INTO allocation (organisation_id, card_id, unit, owner_id, position, lot_id, at)
SELECT 1, UNHEX(LPAD(HEX(n % 5000), 32, '0')), 1, id, 1, id, n FROM numbers;
INSERT IGNORE INTO hold (organisation_id, id, account_card_id, unit, card_id, state, until_at, doc_id)
SELECT 1, id, id, 1, id, 1 + (n % 10 > 0), n, t FROM numbers;
INSERT IGNORE INTO card_master (organisation_id, card_id, until_at, id, master_id)
SELECT 1, id, n, id, id FROM numbers WHERE n <= 2000;
INSERT IGNORE INTO journal (organisation_id, id, idem_key, at, operation, object_id, changes)
SELECT 1, id, t, n, t, id, '' FROM numbers;
INSERT IGNORE INTO kept_count (organisation_id, kind, value, shard, n)
SELECT 1, k.seq, IF(k.seq IN (2, 5, 6), n.id, x''), s.seq, 5
  FROM numbers n JOIN seq_1_to_8 k JOIN seq_0_to_15 s
 WHERE n.n <= 500 AND (k.seq IN (2, 5, 6) OR n.n = 1);
INSERT IGNORE INTO throttle (kind, subject, window_start, attempts)
SELECT 1, RPAD(t, 32, 'x'), n, 1 FROM numbers;
INSERT IGNORE INTO token_revocation (organisation_id, kind, value, before_at, ends_at, changed_at)
SELECT 1, 1, t, n, n, n FROM numbers;
INSERT IGNORE INTO one_time_code (organisation_id, person_id, expires_at) SELECT 1, id, n FROM numbers;
INSERT IGNORE INTO message (organisation_id, id, channel, state, next_at, created_at)
SELECT 1, id, 1, 1 + (n % 10 > 0), n, n FROM numbers;
INSERT IGNORE INTO webhook (organisation_id, id, live, url) SELECT 1, id, 1, t FROM numbers WHERE n <= 5;
INSERT IGNORE INTO delivery (organisation_id, webhook_id, journal_id, state, next_at)
SELECT 1, UNHEX(LPAD(HEX(1 + n % 5), 32, '0')), id, 1 + (n % 10 > 0), n FROM numbers;
INSERT IGNORE INTO source (organisation_id, name) SELECT 1, t FROM numbers WHERE n <= 20;
INSERT IGNORE INTO source_account (organisation_id, source, id) SELECT 1, t, t FROM numbers WHERE n <= 20;
INSERT IGNORE INTO status_label (organisation_id, id, serial, status, label, label_key, active)
SELECT 1, id, n, 1 + n % 5, t, t, 1 FROM numbers WHERE n <= 50;
INSERT IGNORE INTO till (organisation_id, number, name) SELECT 1, n, t FROM numbers WHERE n <= 500;
INSERT IGNORE INTO article (organisation_id, number, serial, label) SELECT 1, t, n, t FROM numbers WHERE n <= 500;
INSERT IGNORE INTO washing (organisation_id, id, serial, card_id, person_id, sold_at, till, receipt)
SELECT 1, id, n, UNHEX(LPAD(HEX(n % 5000), 32, '0')), UNHEX(LPAD(HEX(n % 5000), 32, '0')), n, t, t FROM numbers;
INSERT IGNORE INTO washing_item (organisation_id, washing_id, position, article)
SELECT 1, id, p, 't5' FROM numbers JOIN (SELECT 1 AS p UNION ALL SELECT 2) two;
INSERT IGNORE INTO receipt (organisation_id, till, number, kind, object_id) SELECT 1, 't5', t, 1, id FROM numbers;
INSERT IGNORE INTO organisation_setting (organisation_id, name, value) SELECT 1, t, t FROM numbers WHERE n <= 20;
INSERT IGNORE INTO text_fresh SELECT 1, 1, id, 1 FROM numbers WHERE n <= 500;
INSERT IGNORE INTO text_space (organisation_id, object, space, version) SELECT 1, n, n, 1 FROM numbers WHERE n <= 2;
INSERT IGNORE INTO text_number SELECT 1, 1, n, id FROM numbers;
INSERT IGNORE INTO text_gram SELECT 1, 1, 1 + n % 3, n DIV 3, n % 4, 'x' FROM numbers;
INSERT IGNORE INTO serial_counter (organisation_id, kind, next_serial) SELECT 1, n, 1 FROM numbers WHERE n <= 8;

DROP TABLE numbers;

ANALYZE TABLE account, allocation, article, card, card_group, card_level, card_master, card_series, card_status,
  card_text, card_word, company, credential, delivery, entry, hold, identifier, journal, kept_count, lot, message,
  one_time_code, organisation_setting, person, person_span, person_text, receipt, source, source_account, status_label,
  text_fresh, text_gram, text_number, text_space, throttle, till, token_revocation, vehicle, washing, washing_item, webhook;
