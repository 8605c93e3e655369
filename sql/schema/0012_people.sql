-- Holders counted by gender, lock and confirmation: value is 01, zeros and a byte of each.
DELETE FROM kept_count WHERE kind = 8;

INSERT INTO kept_count (organisation_id, kind, value, shard, n)
SELECT organisation_id, 8,
       CONCAT(0x01000000000000000000000000, CHAR(gender USING binary), CHAR(locked USING binary),
              CHAR(confirmed USING binary)), 0, COUNT(*)
  FROM person WHERE live = 1 GROUP BY organisation_id, gender, locked, confirmed;

-- Of 256 serial numbers of holders each: no row with one of them was made or changed outside of these
-- moments. Where a list by number begins that asks for moments.
CREATE TABLE person_span (
  organisation_id INT UNSIGNED NOT NULL,
  span BIGINT NOT NULL,
  created_min BIGINT NOT NULL,
  created_max BIGINT NOT NULL,
  updated_min BIGINT NOT NULL,
  updated_max BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, span)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO person_span
SELECT organisation_id, serial DIV 256, MIN(created_at), MAX(created_at), MIN(updated_at), MAX(updated_at)
  FROM person GROUP BY organisation_id, serial DIV 256;
