-- What the bare postings write to: tables like the service's, filled alike, in a database of
-- their own; and those of the two-row posting.
DROP DATABASE IF EXISTS bare;
CREATE DATABASE bare CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE TABLE bare.account LIKE account;
INSERT INTO bare.account SELECT * FROM account;
CREATE TABLE bare.entry LIKE entry;
INSERT INTO bare.entry SELECT * FROM entry;
CREATE TABLE bare.lot LIKE lot;
INSERT INTO bare.lot SELECT * FROM lot;
CREATE TABLE bare.allocation LIKE allocation;
INSERT INTO bare.allocation SELECT * FROM allocation;
CREATE TABLE bare.journal LIKE journal;
INSERT INTO bare.journal SELECT * FROM journal;

CREATE TABLE bare.two_card (
  id BINARY(16) NOT NULL PRIMARY KEY,
  balance BIGINT NOT NULL,
  version INT UNSIGNED NOT NULL
) ENGINE=InnoDB;
INSERT INTO bare.two_card SELECT card_id, available, 0 FROM account WHERE organisation_id = 1 AND unit = 1;
CREATE TABLE bare.two_entry (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  card_id BINARY(16) NOT NULL,
  amount BIGINT NOT NULL,
  balance_after BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  created TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  UNIQUE KEY id (id),
  KEY by_card (card_id, seq)
) ENGINE=InnoDB;

DELIMITER //
CREATE PROCEDURE bare.post_two(IN card BINARY(16), IN change_minor BIGINT, IN entry_id BINARY(16))
BEGIN
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  START TRANSACTION;
  SET @balance = NULL;
  UPDATE bare.two_card SET balance = (@balance := balance + change_minor), version = version + 1
   WHERE id = card AND balance + change_minor >= 0;
  IF @balance IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not enough';
  END IF;
  INSERT INTO bare.two_entry (card_id, amount, balance_after, id)
  VALUES (card, change_minor, @balance, entry_id);
  COMMIT;
END//
DELIMITER ;
ANALYZE TABLE bare.account, bare.entry, bare.lot, bare.allocation, bare.journal;
