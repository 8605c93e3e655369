-- row: account: organisation_id i64, card_id uuid, unit i64, balance amount, available amount, held amount, debt amount, received amount, next_change_at moment, last_seq i64, last_posted_at moment, last_tag bytes, mac bytes, kid text, first_check_at moment, last_activity_at moment, last_transaction_at moment, last_transaction_id uuid, activity_at moment?

-- row: entry: organisation_id i64, account_card_id uuid, unit i64, seq i64, id uuid, kind i64, amount amount, balance_after amount, posted_at moment, business_at moment, card_id uuid, corrects_id uuid, journal_id uuid, active_from moment, active_to moment, author text, author_digest bytes, description text, description_digest bytes, doc_id text, doc_type i64, kkm_id text, shop_id text, discount_id text, counted i64?, kid text, tag bytes

-- row: lot: organisation_id i64, card_id uuid, unit i64, id uuid, is_open i64, amount amount, remaining amount, held amount, active_from moment, active_to moment, burn_at moment, entry_id uuid, origin_lot uuid, business_at moment, posted_at moment, returned amount

-- row: allocation: organisation_id i64, card_id uuid, unit i64, owner_id uuid, position i64, lot_id uuid, taken amount, held amount, returned amount, at moment

-- row: hold: organisation_id i64, id uuid, account_card_id uuid, unit i64, card_id uuid, amount amount, captured amount, state i64, placed_at moment, until_at moment, closed_at moment, closed_by uuid, doc_id text, author text

-- stmt: account_lock :one
-- in: organisation_id i64, card_id uuid, unit i64
-- out: row account
SELECT {account} FROM account WHERE organisation_id = ? AND card_id = ? AND unit = ? FOR UPDATE;

-- stmt: account_insert :exec
-- in: row account
INSERT INTO account ({account}) VALUES ({account?});

-- stmt: account_update :exec
-- in: row account, where_organisation_id i64, where_card_id uuid, where_unit i64
UPDATE account SET {account=?} WHERE organisation_id = ? AND card_id = ? AND unit = ?;

-- stmt: entry_insert :exec
-- in: row entry
INSERT INTO entry ({entry}) VALUES ({entry?});

-- stmt: lot_insert :exec
-- in: row lot
INSERT INTO lot ({lot}) VALUES ({lot?});

-- stmt: lot_close_all :exec
-- in: organisation_id i64, card_id uuid, unit i64
UPDATE lot SET is_open = 0, remaining = 0 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1;

-- What can be spent at a moment, and when that changes next without a posting (0 = never).
-- stmt: lot_figures :one
-- in: now1 moment, now2 moment, now3 moment, now4 moment, organisation_id i64, card_id uuid, unit i64
-- out: available amount, next_change_at moment
SELECT CAST(COALESCE(SUM(IF(burn_at > ? AND active_from <= ?, remaining, 0)), 0) AS SIGNED),
       CAST(COALESCE(MIN(CASE WHEN active_from > ? THEN active_from
                              WHEN burn_at > ? AND burn_at < 9223372036854775807 THEN burn_at END), 0) AS SIGNED)
  FROM lot WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1;

-- Points and money of a card's own accounts that have not ended: pending and held too.
-- stmt: lot_remainder :one
-- in: now moment, organisation_id i64, card_id uuid
-- out: remainder amount
SELECT CAST(COALESCE(SUM(IF(burn_at > ?, remaining, 0) + held), 0) AS SIGNED)
  FROM lot WHERE organisation_id = ? AND card_id = ? AND unit IN (1, 2) AND is_open = 1;

-- The first entry that names a card: it is free no more.
-- stmt: card_posted :exec
-- in: organisation_id i64, id uuid
UPDATE card SET posted = 1, free_kind = NULL WHERE organisation_id = ? AND id = ? AND posted = 0;
