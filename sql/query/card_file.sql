-- What the card file shows of a card, with its own accounts; an account without a row is one of zeros.
-- row: file_card: serial i64, id uuid, live i64?, version i64, kind i64, barcode text, person_id uuid, master_id uuid, new_card_id uuid, active bool, blocked bool, blocked_until moment, holder_locked bool, valid_from moment, valid_to moment, created_at moment, points amount?, points_debt amount?, points_change_at moment?, activity_at moment?, money amount?, money_debt amount?, money_change_at moment?, erase_days i64?

-- stmt: file_card_page :many
-- in: organisation_id i64, after_serial i64, limit i64
-- out: row file_card
SELECT c.serial, c.id, c.live, c.version, c.kind, c.barcode, c.person_id, c.master_id, c.new_card_id, c.active,
       c.blocked, c.blocked_until, c.holder_locked, c.valid_from, c.valid_to, c.created_at,
       p.available AS points, p.debt AS points_debt, p.next_change_at AS points_change_at, p.activity_at,
       m.available AS money, m.debt AS money_debt, m.next_change_at AS money_change_at,
       v.inactivity_bonus_erase_period AS erase_days
  FROM card c FORCE INDEX (by_live_serial)
  LEFT JOIN account p ON p.organisation_id = c.organisation_id AND p.card_id = c.id AND p.unit = 1
  LEFT JOIN account m ON m.organisation_id = c.organisation_id AND m.card_id = c.id AND m.unit = 2
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id = c.level_id
 WHERE c.organisation_id = ? AND c.live = 1 AND c.serial > ? ORDER BY c.serial LIMIT ?;

-- Thirty-two at once; a value may stand there twice. Each look-up names its index: else the server
-- looks into all of them for each value before it begins.
-- row: file_serials: s00 i64, s01 i64, s02 i64, s03 i64, s04 i64, s05 i64, s06 i64, s07 i64, s08 i64, s09 i64, s10 i64, s11 i64, s12 i64, s13 i64, s14 i64, s15 i64, s16 i64, s17 i64, s18 i64, s19 i64, s20 i64, s21 i64, s22 i64, s23 i64, s24 i64, s25 i64, s26 i64, s27 i64, s28 i64, s29 i64, s30 i64, s31 i64
-- row: file_ids: u00 uuid, u01 uuid, u02 uuid, u03 uuid, u04 uuid, u05 uuid, u06 uuid, u07 uuid, u08 uuid, u09 uuid, u10 uuid, u11 uuid, u12 uuid, u13 uuid, u14 uuid, u15 uuid, u16 uuid, u17 uuid, u18 uuid, u19 uuid, u20 uuid, u21 uuid, u22 uuid, u23 uuid, u24 uuid, u25 uuid, u26 uuid, u27 uuid, u28 uuid, u29 uuid, u30 uuid, u31 uuid
-- row: file_keys: k00 bytes, k01 bytes, k02 bytes, k03 bytes, k04 bytes, k05 bytes, k06 bytes, k07 bytes, k08 bytes, k09 bytes, k10 bytes, k11 bytes, k12 bytes, k13 bytes, k14 bytes, k15 bytes, k16 bytes, k17 bytes, k18 bytes, k19 bytes, k20 bytes, k21 bytes, k22 bytes, k23 bytes, k24 bytes, k25 bytes, k26 bytes, k27 bytes, k28 bytes, k29 bytes, k30 bytes, k31 bytes

-- Deleted ones too: their serial numbers are not free.
-- stmt: file_card_among :many
-- in: organisation_id i64, row file_serials
-- out: row file_card
SELECT c.serial, c.id, c.live, c.version, c.kind, c.barcode, c.person_id, c.master_id, c.new_card_id, c.active,
       c.blocked, c.blocked_until, c.holder_locked, c.valid_from, c.valid_to, c.created_at,
       p.available AS points, p.debt AS points_debt, p.next_change_at AS points_change_at, p.activity_at,
       m.available AS money, m.debt AS money_debt, m.next_change_at AS money_change_at,
       v.inactivity_bonus_erase_period AS erase_days
  FROM card c FORCE INDEX (serial)
  LEFT JOIN account p ON p.organisation_id = c.organisation_id AND p.card_id = c.id AND p.unit = 1
  LEFT JOIN account m ON m.organisation_id = c.organisation_id AND m.card_id = c.id AND m.unit = 2
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id = c.level_id
 WHERE c.organisation_id = ? AND c.serial IN ({file_serials?});

-- stmt: file_barcode_among :many
-- in: organisation_id i64, row file_keys
-- out: barcode_key bytes, serial i64
SELECT barcode_key, serial FROM card FORCE INDEX (barcode)
 WHERE organisation_id = ? AND live = 1 AND barcode_key IN ({file_keys?});

-- row: file_person: id uuid, live i64?, locked bool, credit_allowed bool, merged_into uuid

-- stmt: file_person_among :many
-- in: organisation_id i64, row file_ids
-- out: row file_person
SELECT id, live, locked, credit_allowed, merged_into FROM person FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND id IN ({file_ids?});

-- stmt: file_person_lock :many
-- in: organisation_id i64, row file_ids
-- out: row file_person
SELECT id, live, locked, credit_allowed, merged_into FROM person FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND id IN ({file_ids?}) ORDER BY id FOR UPDATE;
