-- What fragment and word searches find their candidates by: for each run of three characters of
-- the folded texts (card_text, person_text), which texts hold it, and at which places.
-- Writers only note in text_fresh what is new, changed or gone; `kartoteka index` moves it over.
-- object: 1 cards, 2 persons.

-- What the index does not know yet, or not as it is now; stamp counts the changes.
CREATE TABLE text_fresh (
  organisation_id INT UNSIGNED NOT NULL,
  object TINYINT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  stamp INT UNSIGNED NOT NULL DEFAULT 1,
  PRIMARY KEY (organisation_id, object, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The state of an index. A space is one making of it: spaces of cards are odd, of persons even,
-- 0 = none; `building` is one that is not read yet, filled in order of name up to built_key and
-- built_id. Numbers below sorted_below are in order of name. version changes with every change.
CREATE TABLE text_space (
  organisation_id INT UNSIGNED NOT NULL,
  object TINYINT UNSIGNED NOT NULL,
  space INT UNSIGNED NOT NULL DEFAULT 0,
  next_number INT UNSIGNED NOT NULL DEFAULT 0,
  sorted_below INT UNSIGNED NOT NULL DEFAULT 0,
  building INT UNSIGNED NOT NULL DEFAULT 0,
  built_next INT UNSIGNED NOT NULL DEFAULT 0,
  built_key VARBINARY(1020) NOT NULL DEFAULT '',
  built_id BINARY(16) NOT NULL DEFAULT 0x00000000000000000000000000000000,
  version BIGINT UNSIGNED NOT NULL DEFAULT 0,
  PRIMARY KEY (organisation_id, object)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Objects by their dense numbers in a space.
CREATE TABLE text_number (
  organisation_id INT UNSIGNED NOT NULL,
  space INT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  PRIMARY KEY (organisation_id, space, number),
  KEY by_id (organisation_id, space, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The numbers of one block that hold the gram, by place. kind: 0 numbers that are void (gram 0),
-- 1 barcode, 2 code, 3 name, phone and e-mail of cards, 4 texts of persons.
CREATE TABLE text_gram (
  organisation_id INT UNSIGNED NOT NULL,
  space INT UNSIGNED NOT NULL,
  kind TINYINT UNSIGNED NOT NULL,
  gram BIGINT UNSIGNED NOT NULL,
  block INT UNSIGNED NOT NULL,
  members MEDIUMBLOB NOT NULL,
  PRIMARY KEY (organisation_id, space, kind, gram, block)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO text_fresh (organisation_id, object, id)
SELECT organisation_id, 1, card_id FROM card_text;

INSERT INTO text_fresh (organisation_id, object, id)
SELECT organisation_id, 2, person_id FROM person_text;
