-- The first schema. Every table: InnoDB, utf8mb4_bin, a primary key led by
-- organisation_id (the sharding key). Moments are BIGINT Unix milliseconds, 0 = unset;
-- amounts BIGINT minor units; ids BINARY(16), all zero = unset; *_key columns hold
-- folded search keys as bytes (no collation, no trailing-space rule).

CREATE TABLE organisation (
  id INT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  timezone VARCHAR(64) NOT NULL,
  settings_version BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE organisation_setting (
  organisation_id INT UNSIGNED NOT NULL,
  name VARCHAR(64) NOT NULL,
  value VARCHAR(4096) NOT NULL,
  PRIMARY KEY (organisation_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Serial numbers are taken in blocks, in a transaction of their own; gaps are fine.
CREATE TABLE serial_counter (
  organisation_id INT UNSIGNED NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  next_serial BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A login is unique per installation; verifiers are scrypt keys of the password, of
-- its SHA-1 hex and of its MD5 hex: salt and the three keys.
CREATE TABLE credential (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  login_key VARBINARY(255) NOT NULL,
  login VARCHAR(255) NOT NULL,
  role TINYINT UNSIGNED NOT NULL,
  scopes INT UNSIGNED NOT NULL,
  person_id BINARY(16) NOT NULL,
  cost TINYINT UNSIGNED NOT NULL,
  salt BINARY(16) NOT NULL,
  plain_key BINARY(32) NOT NULL,
  sha1_key BINARY(32) NOT NULL,
  md5_key BINARY(32) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY login (login_key),
  KEY person (organisation_id, person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- kind 1 one token (value = jti), 2 one subject, 3 the whole organisation (value empty):
-- tokens issued before `before_at` are refused. Rows end when no such token can live.
CREATE TABLE token_revocation (
  organisation_id INT UNSIGNED NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  value VARBINARY(255) NOT NULL,
  before_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, kind, value),
  KEY changed (changed_at),
  KEY ends (ends_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A sliding window: one row per attempt, at its millisecond, and one at 0 that is the
-- lock of its (kind, subject). subject is the SHA-256 of what is throttled.
CREATE TABLE throttle (
  kind TINYINT UNSIGNED NOT NULL,
  subject BINARY(32) NOT NULL,
  window_start BIGINT NOT NULL,
  attempts INT UNSIGNED NOT NULL,
  PRIMARY KEY (kind, subject, window_start),
  KEY old (window_start, attempts)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The holder: Rarus user, core-data customer, Capillary customer, Munu client.
-- live = 1, or NULL once deleted, so that unique keys free their values.
CREATE TABLE person (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  live TINYINT NULL,
  version BIGINT NOT NULL,
  login VARCHAR(255) NOT NULL,
  login_key VARBINARY(1020) NULL,
  name VARCHAR(255) NOT NULL,
  name_key VARBINARY(1020) NOT NULL,
  phone VARCHAR(64) NOT NULL,
  phone_key VARBINARY(64) NULL,
  email VARCHAR(255) NOT NULL,
  email_key VARBINARY(1020) NULL,
  gender TINYINT UNSIGNED NOT NULL,
  birthdate BIGINT NULL,
  image VARCHAR(1000) NOT NULL,
  notifications TINYINT NOT NULL,
  confirmed TINYINT NOT NULL,
  locked TINYINT NOT NULL,
  data_agreed TINYINT NOT NULL,
  app_client VARCHAR(255) NOT NULL,
  additional_fields MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  UNIQUE KEY login (organisation_id, live, login_key),
  UNIQUE KEY phone (organisation_id, live, phone_key),
  UNIQUE KEY email (organisation_id, live, email_key),
  KEY by_name (organisation_id, live, name_key, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE card_group (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  parent_id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  name_key VARBINARY(1020) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  KEY by_parent (organisation_id, parent_id, name_key, id),
  KEY by_name (organisation_id, name_key, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE card_level (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  rank_order INT NOT NULL,
  accum_level BIGINT NOT NULL,
  reset_card_accum TINYINT NOT NULL,
  max_payment_percent BIGINT NOT NULL,
  activity_restriction_period TINYINT UNSIGNED NOT NULL,
  activity_restriction_count INT NOT NULL,
  inactivity_bonus_erase_period INT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY level_order (organisation_id, rank_order)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- blocked = a block is set; it counts while blocked_until > now (INT64_MAX = for good,
-- 0 = none). holder_locked copies person.locked, so that reading a card needs no second
-- row. shut = blocked or holder_locked: where a list of blocked cards looks first.
CREATE TABLE card (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  live TINYINT NULL,
  version BIGINT NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  parent_id BINARY(16) NOT NULL,
  code VARCHAR(255) NOT NULL,
  code_key VARBINARY(1020) NOT NULL,
  barcode VARCHAR(64) NOT NULL,
  barcode_key VARBINARY(256) NOT NULL,
  name VARCHAR(255) NOT NULL,
  name_key VARBINARY(1020) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  active TINYINT NOT NULL,
  blocked TINYINT NOT NULL,
  blocked_until BIGINT NOT NULL,
  blocked_description VARCHAR(1000) NOT NULL,
  holder_locked TINYINT NOT NULL,
  shut TINYINT NOT NULL,
  master_id BINARY(16) NOT NULL,
  referral_id BINARY(16) NOT NULL,
  phone VARCHAR(64) NOT NULL,
  phone_reversed VARBINARY(64) NOT NULL,
  email VARCHAR(255) NOT NULL,
  email_key VARBINARY(1020) NOT NULL,
  external TINYINT NOT NULL,
  accum_sale_amount BIGINT NOT NULL,
  level_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  attached_at BIGINT NOT NULL,
  new_card_id BINARY(16) NOT NULL,
  image VARCHAR(1000) NOT NULL,
  activation_shop_id VARCHAR(64) NOT NULL,
  activated_at BIGINT NOT NULL,
  deactivated_at BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  UNIQUE KEY barcode (organisation_id, live, barcode_key),
  KEY by_name (organisation_id, live, name_key, id, blocked_until, holder_locked),
  KEY by_parent (organisation_id, live, parent_id, name_key, id),
  KEY by_active (organisation_id, live, active, name_key, id),
  KEY by_shut (organisation_id, live, shut, name_key, id, blocked_until, holder_locked),
  KEY by_unblock (organisation_id, live, shut, holder_locked, blocked_until),
  KEY by_level (organisation_id, live, level_id, name_key, id),
  KEY by_person (organisation_id, live, person_id, name_key, id),
  KEY by_master (organisation_id, live, master_id, name_key, id),
  KEY by_referral (organisation_id, live, referral_id, name_key, id),
  KEY by_code (organisation_id, live, code_key, id),
  KEY by_phone (organisation_id, live, phone_reversed, id),
  KEY by_email (organisation_id, live, email_key, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Words of a live card's name, folded: a word start is a range of the primary key.
CREATE TABLE card_word (
  organisation_id INT UNSIGNED NOT NULL,
  word VARBINARY(96) NOT NULL,
  card_id BINARY(16) NOT NULL,
  PRIMARY KEY (organisation_id, word, card_id),
  KEY by_card (organisation_id, card_id, word)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a fragment search reads: one narrow row per live card with all that it may
-- match, folded, in one text; parts are divided by a line feed.
CREATE TABLE card_text (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  barcode_key VARBINARY(256) NOT NULL,
  code_key VARBINARY(1020) NOT NULL,
  other_key VARBINARY(3072) NOT NULL,
  PRIMARY KEY (organisation_id, card_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Kept counts; several shards of each, so that writers do not queue; the sum counts.
-- kind 1 all cards, 2 of a parent, 3 active, 4 shut, 5 of a level, 6 groups of a parent, 7 all groups.
CREATE TABLE kept_count (
  organisation_id INT UNSIGNED NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  value BINARY(16) NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, kind, value, shard)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The books. One row per card and unit (1 points, 2 money): running figures, the
-- next moment at which a lot starts or ends, and the end of the entry chain.
CREATE TABLE account (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  unit TINYINT UNSIGNED NOT NULL,
  balance BIGINT NOT NULL,
  available BIGINT NOT NULL,
  held BIGINT NOT NULL,
  debt BIGINT NOT NULL,
  received BIGINT NOT NULL,
  next_change_at BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  last_posted_at BIGINT NOT NULL,
  last_tag BINARY(32) NOT NULL,
  mac BINARY(32) NOT NULL,
  kid VARCHAR(32) NOT NULL,
  first_check_at BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  last_transaction_at BIGINT NOT NULL,
  last_transaction_id BINARY(16) NOT NULL,
  PRIMARY KEY (organisation_id, card_id, unit)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Append-only. amount is signed from the card account's side; the other side is the
-- organisation's system account of this kind.
CREATE TABLE entry (
  organisation_id INT UNSIGNED NOT NULL,
  account_card_id BINARY(16) NOT NULL,
  unit TINYINT UNSIGNED NOT NULL,
  seq BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  amount BIGINT NOT NULL,
  balance_after BIGINT NOT NULL,
  posted_at BIGINT NOT NULL,
  business_at BIGINT NOT NULL,
  card_id BINARY(16) NOT NULL,
  corrects_id BINARY(16) NOT NULL,
  journal_id BINARY(16) NOT NULL,
  active_from BIGINT NOT NULL,
  active_to BIGINT NOT NULL,
  author VARCHAR(255) NOT NULL,
  author_digest BINARY(32) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  description_digest BINARY(32) NOT NULL,
  doc_id VARCHAR(255) NOT NULL,
  doc_type BIGINT NOT NULL,
  kkm_id VARCHAR(64) NOT NULL,
  shop_id VARCHAR(64) NOT NULL,
  discount_id VARCHAR(64) NOT NULL,
  kid VARCHAR(32) NOT NULL,
  tag BINARY(32) NOT NULL,
  PRIMARY KEY (organisation_id, account_card_id, unit, seq),
  UNIQUE KEY id (organisation_id, id),
  KEY by_card (organisation_id, card_id, business_at, id),
  KEY by_journal (organisation_id, journal_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What an accrual left. is_open = 1 while remaining or held is not zero.
-- Burn order: active_to = 0 last (burn_at = INT64_MAX), then burn_at, active_from, id.
CREATE TABLE lot (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  unit TINYINT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  is_open TINYINT NOT NULL,
  amount BIGINT NOT NULL,
  remaining BIGINT NOT NULL,
  held BIGINT NOT NULL,
  active_from BIGINT NOT NULL,
  active_to BIGINT NOT NULL,
  burn_at BIGINT NOT NULL,
  entry_id BINARY(16) NOT NULL,
  origin_lot BINARY(16) NOT NULL,
  business_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, card_id, unit, id),
  KEY burn_order (organisation_id, card_id, unit, is_open, burn_at, active_from, id),
  KEY ended (organisation_id, is_open, burn_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per mutation: idempotency record, audit record and outbox event at once.
-- idem_key is NULL when the client sent none; the row is then found by its id.
CREATE TABLE journal (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  idem_key VARBINARY(255) NULL,
  fingerprint BINARY(32) NULL,
  status SMALLINT NOT NULL,
  answer MEDIUMTEXT NULL,
  at BIGINT NOT NULL,
  operation VARCHAR(64) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  traceparent VARCHAR(64) NOT NULL,
  object_id BINARY(16) NOT NULL,
  changes MEDIUMTEXT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY idem_key (organisation_id, idem_key),
  KEY by_object (organisation_id, object_id, id),
  KEY kept (at, idem_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
