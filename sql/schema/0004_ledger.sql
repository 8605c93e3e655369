-- The whole ledger. Members of account and entry that came later are NULL when unset, and an
-- unset one is not sealed: older seals stay good. account.activity_at is where inactivity
-- counts from; entry.counted = 1 counts against the activity limit of the card's level.
ALTER TABLE account ADD COLUMN activity_at BIGINT NULL;

-- A journal row names its entries (ids, one after the other), so nothing looks for them.
ALTER TABLE entry
  ADD COLUMN counted TINYINT NULL,
  DROP KEY by_journal,
  ADD KEY by_document (organisation_id, card_id, doc_id, doc_type);

ALTER TABLE journal ADD COLUMN entries MEDIUMBLOB NULL;

UPDATE journal SET entries =
  (SELECT e.id FROM entry e WHERE e.organisation_id = journal.organisation_id AND e.card_id = journal.object_id
      AND e.journal_id = journal.id LIMIT 1)
 WHERE operation = 0x636172645f616464;

-- is_open: 1 = something remains, 2 = nothing remains but a hold has a part, 0 = neither.
-- An accrual's lot has its entry's id. returned = what an accrual_return has asked back.
ALTER TABLE lot
  ADD COLUMN posted_at BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN returned BIGINT NOT NULL DEFAULT 0;

UPDATE lot SET posted_at = active_from, id = entry_id WHERE posted_at = 0;

-- Every move of a lot, in the account's range: what its owner (an entry, a hold, the release of
-- a hold) took out of `remaining` and put into `held`. lot_id unset = the account's debt grew.
-- position: the order of eating. returned = of a spend's part, what refunds gave back.
CREATE TABLE allocation (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  unit TINYINT UNSIGNED NOT NULL,
  owner_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  lot_id BINARY(16) NOT NULL,
  taken BIGINT NOT NULL,
  held BIGINT NOT NULL,
  returned BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, card_id, unit, owner_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- state: 1 open, 2 captured, 3 voided, 4 expired. card_id: the card it was placed with;
-- account_card_id: whose account, which moves when that card is replaced. closed_by: the
-- capture's entry, or the owner of the allocations that gave the parts back.
CREATE TABLE hold (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  account_card_id BINARY(16) NOT NULL,
  unit TINYINT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  amount BIGINT NOT NULL,
  captured BIGINT NOT NULL,
  state TINYINT UNSIGNED NOT NULL,
  placed_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by BINARY(16) NOT NULL,
  doc_id VARCHAR(255) NOT NULL,
  author VARCHAR(255) NOT NULL,
  PRIMARY KEY (organisation_id, id),
  KEY by_account (organisation_id, account_card_id, unit, state, until_at),
  KEY by_document (organisation_id, card_id, doc_id),
  KEY due (organisation_id, state, until_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Masters that a card had: master_id was in force until until_at (unset = none).
CREATE TABLE card_master (
  organisation_id INT UNSIGNED NOT NULL,
  card_id BINARY(16) NOT NULL,
  until_at BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  master_id BINARY(16) NOT NULL,
  PRIMARY KEY (organisation_id, card_id, until_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
