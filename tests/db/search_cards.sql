-- On top of many_cards.sql: masters, referrals, 10,010 groups and the counts that are kept.
UPDATE card SET master_id = UNHEX(CONCAT('01', LPAD('1', 30, '0'))) WHERE serial % 50 = 3;

UPDATE card SET referral_id = UNHEX(CONCAT('01', LPAD('2', 30, '0'))) WHERE serial % 50 = 4;

DELETE FROM card_group;

-- Ten of the root, ten thousand below the first.
INSERT INTO card_group
SELECT 1, UNHEX(CONCAT('02', LPAD(HEX(seq), 30, '0'))),
  IF(seq <= 10, REPEAT('\0', 16), UNHEX(CONCAT('02', LPAD('1', 30, '0')))), 1,
  CONCAT('Group', seq), CONCAT('group', seq), '', 0, 0
FROM seq_1_to_10010;

INSERT INTO kept_count (organisation_id, kind, value, shard, n)
SELECT 1, 1, REPEAT('\0', 16), 0, COUNT(*) FROM card
UNION ALL SELECT 1, 2, parent_id, 0, COUNT(*) FROM card GROUP BY parent_id
UNION ALL SELECT 1, 3, REPEAT('\0', 16), 0, SUM(active) FROM card
UNION ALL SELECT 1, 4, REPEAT('\0', 16), 0, SUM(shut) FROM card
UNION ALL SELECT 1, 5, level_id, 0, COUNT(*) FROM card GROUP BY level_id
UNION ALL SELECT 1, 6, parent_id, 0, COUNT(*) FROM card_group GROUP BY parent_id
UNION ALL SELECT 1, 7, REPEAT('\0', 16), 0, COUNT(*) FROM card_group;

-- Cards that are added go on behind them.
INSERT INTO serial_counter (organisation_id, kind, next_serial) VALUES (1, 0, 100001);

ANALYZE TABLE card, card_group, kept_count;
