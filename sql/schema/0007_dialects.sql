-- What four more dialects show of holders and cards.

-- By serial: the order of core-data. A text that is unset sorts last: x'01' against x'00' and its key.
ALTER TABLE person
  ADD COLUMN company_id BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000,
  ADD COLUMN external_id VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN external_key VARBINARY(1020) NULL,
  ADD COLUMN card_code VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN card_key VARBINARY(1020) NULL,
  ADD COLUMN credit_allowed TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN payment_card VARCHAR(4) NOT NULL DEFAULT '',
  ADD COLUMN is_default TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN salutation VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN first_name VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN street VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN zip VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN city VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN fax VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN contact_person VARCHAR(255) NOT NULL DEFAULT '',
  ADD COLUMN contact_phone VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN remark VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN merged_into BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000,
  ADD COLUMN email_sort VARBINARY(1021) AS (IF(email_key IS NULL, x'01', CONCAT(x'00', email_key))) STORED,
  ADD COLUMN external_sort VARBINARY(1021) AS (IF(external_key IS NULL, x'01', CONCAT(x'00', external_key))) STORED,
  ADD COLUMN card_sort VARBINARY(1021) AS (IF(card_key IS NULL, x'01', CONCAT(x'00', card_key))) STORED,
  ADD UNIQUE KEY external (organisation_id, live, external_key),
  ADD KEY by_serial (organisation_id, live, serial),
  ADD KEY name_serial (organisation_id, live, name_key, serial),
  ADD KEY email_serial (organisation_id, live, email_sort, serial),
  ADD KEY external_serial (organisation_id, live, external_sort, serial),
  ADD KEY card_serial (organisation_id, live, card_sort, serial),
  ADD KEY company_serial (organisation_id, live, company_id, serial),
  ADD KEY locked_serial (organisation_id, live, locked, serial),
  ADD KEY created_serial (organisation_id, live, created_at, serial),
  ADD KEY updated_serial (organisation_id, live, updated_at, serial),
  ADD KEY by_survivor (organisation_id, merged_into);

CREATE TABLE company (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  live TINYINT NULL,
  version BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  name_key VARBINARY(1020) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  address VARCHAR(1000) NOT NULL,
  registration_code VARCHAR(64) NOT NULL,
  registration_key VARBINARY(256) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  KEY by_serial (organisation_id, live, serial),
  KEY name_serial (organisation_id, live, name_key, serial)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- plate_key: without spaces, dashes, case.
CREATE TABLE vehicle (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  live TINYINT NULL,
  person_id BINARY(16) NOT NULL,
  plate VARCHAR(64) NOT NULL,
  plate_key VARBINARY(256) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  KEY by_serial (organisation_id, live, serial),
  KEY by_plate (organisation_id, live, plate_key, person_id),
  KEY by_person (organisation_id, live, person_id, serial)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- uid: the code read as an unsigned 64-bit number, big-endian; NULL = it is none.
-- discount_percent: hundredths of a percent. holder_credit: the holder's credit_allowed.
ALTER TABLE card
  ADD COLUMN uid VARBINARY(8) NULL,
  ADD COLUMN series_id BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000,
  ADD COLUMN label_id BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000,
  ADD COLUMN is_credit TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN credit_limit BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN holder_credit TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN message VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN discount_percent BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN discount_until BIGINT NOT NULL DEFAULT 0,
  ADD KEY by_uid (organisation_id, live, uid),
  ADD KEY by_live_serial (organisation_id, live, serial),
  ADD KEY by_series (organisation_id, live, series_id, person_id);

UPDATE card SET uid = UNHEX(LPAD(HEX(CAST(code AS UNSIGNED)), 16, '0'))
 WHERE code REGEXP '^[0-9]{1,19}$';
UPDATE card SET uid = UNHEX(LPAD(code, 16, '0'))
 WHERE uid IS NULL AND code REGEXP '^[0-9A-Fa-f]{1,16}$' AND code REGEXP '[A-Fa-f]';

-- kind: PHYSICAL 1, DIGITAL 2. method: DEFAULT 1, LUHN 2. number_length: digits between prefix and
-- suffix, a check digit among them; 0 = the series does not say.
CREATE TABLE card_series (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  live TINYINT NULL,
  version BIGINT NOT NULL,
  code VARCHAR(64) NOT NULL,
  code_key VARBINARY(256) NOT NULL,
  name VARCHAR(255) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  active TINYINT NOT NULL,
  expiry_enabled TINYINT NOT NULL,
  expiry_days BIGINT NOT NULL,
  generation_enabled TINYINT NOT NULL,
  prefix VARCHAR(64) NOT NULL,
  suffix VARCHAR(64) NOT NULL,
  number_offset BIGINT NOT NULL,
  number_length BIGINT NOT NULL,
  method TINYINT UNSIGNED NOT NULL,
  trigger_kind VARCHAR(64) NOT NULL,
  concept_code VARCHAR(64) NOT NULL,
  max_per_person BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  UNIQUE KEY code (organisation_id, live, code_key),
  KEY by_serial (organisation_id, live, serial)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A word of the organisation's own for a card's status.
CREATE TABLE status_label (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  status TINYINT UNSIGNED NOT NULL,
  label VARCHAR(64) NOT NULL,
  label_key VARBINARY(256) NOT NULL,
  is_default TINYINT NOT NULL,
  active TINYINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  UNIQUE KEY label (organisation_id, label_key),
  KEY by_status (organisation_id, status, is_default)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Every change of a card's status, whoever made it; was: the status before, 0 = the card was made.
-- label '' = the default one of the status.
CREATE TABLE card_status (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  id BINARY(16) NOT NULL,
  was TINYINT UNSIGNED NOT NULL,
  status TINYINT UNSIGNED NOT NULL,
  label VARCHAR(64) NOT NULL,
  reason VARCHAR(255) NOT NULL,
  made_by VARCHAR(255) NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, card_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE source (
  organisation_id INT UNSIGNED NOT NULL,
  name VARCHAR(64) NOT NULL,
  multi_account TINYINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE source_account (
  organisation_id INT UNSIGNED NOT NULL,
  source VARCHAR(64) NOT NULL,
  id VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, source, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- E-mail, mobile and external id of source INSTORE are those of the person's row, and any further ones.
CREATE TABLE identifier (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  source VARCHAR(64) NOT NULL,
  account VARCHAR(64) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  value VARCHAR(255) NOT NULL,
  value_key VARBINARY(1020) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY value (organisation_id, source, account, kind, value_key),
  KEY by_value (organisation_id, kind, value_key),
  KEY by_person (organisation_id, person_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO identifier
SELECT organisation_id, UNHEX(MD5(CONCAT(HEX(id), '1'))), id, 'INSTORE', '', 1, email, email_key, created_at
  FROM person WHERE live = 1 AND email_key IS NOT NULL;
INSERT INTO identifier
SELECT organisation_id, UNHEX(MD5(CONCAT(HEX(id), '2'))), id, 'INSTORE', '', 2, phone, phone_key, created_at
  FROM person WHERE live = 1 AND phone_key IS NOT NULL;

CREATE TABLE till (
  organisation_id INT UNSIGNED NOT NULL,
  number SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE article (
  organisation_id INT UNSIGNED NOT NULL,
  number VARCHAR(64) NOT NULL,
  serial BIGINT NOT NULL,
  label VARCHAR(255) NOT NULL,
  label_receipt VARCHAR(255) NOT NULL,
  PRIMARY KEY (organisation_id, number),
  UNIQUE KEY serial (organisation_id, serial)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A sale at a till: its first item is the washing, the rest are options.
CREATE TABLE washing (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  serial BIGINT NOT NULL,
  card_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  sold_at BIGINT NOT NULL,
  till VARCHAR(8) NOT NULL,
  receipt VARCHAR(64) NOT NULL,
  price_group SMALLINT NOT NULL,
  cashier VARCHAR(64) NOT NULL,
  payment_method VARCHAR(64) NOT NULL,
  total BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  is_free TINYINT NOT NULL,
  PRIMARY KEY (organisation_id, id),
  UNIQUE KEY serial (organisation_id, serial),
  KEY by_card (organisation_id, card_id, sold_at, id),
  KEY by_person (organisation_id, person_id, sold_at, id),
  KEY by_free (organisation_id, person_id, is_free, sold_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- price: of one unit, minor units. quantity: hundredths.
CREATE TABLE washing_item (
  organisation_id INT UNSIGNED NOT NULL,
  washing_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  article VARCHAR(64) NOT NULL,
  quantity BIGINT NOT NULL,
  price BIGINT NOT NULL,
  total BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, washing_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a till's receipt number stands for; kind: sale 1, charge 2. digest: of the request.
-- amount: paid, or charged. bonus: points of a sale, money of a charge.
CREATE TABLE receipt (
  organisation_id INT UNSIGNED NOT NULL,
  till VARCHAR(8) NOT NULL,
  number VARBINARY(256) NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  digest BINARY(32) NOT NULL,
  object_id BINARY(16) NOT NULL,
  credit BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  bonus_percent BIGINT NOT NULL,
  bonus BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, till, number, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The primary card of a holder: the one attached first that nothing has replaced.
UPDATE person p
  JOIN (SELECT organisation_id, person_id, code, code_key,
               ROW_NUMBER() OVER (PARTITION BY organisation_id, person_id ORDER BY attached_at, id) AS place
          FROM card
         WHERE live = 1 AND person_id <> 0x00000000000000000000000000000000
           AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1)) c
    ON c.organisation_id = p.organisation_id AND c.person_id = p.id AND c.place = 1
   SET p.card_code = c.code, p.card_key = IF(c.code_key = x'', NULL, c.code_key);
