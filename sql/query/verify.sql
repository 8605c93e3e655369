-- What `kartoteka verify` reads: whole tables of an organisation in the order of their accounts,
-- page by page after the last row of the page before.

-- stmt: verify_account :many
-- in: organisation_id i64, card_id uuid, card_id, unit i64, most i64
-- out: row account
SELECT {account} FROM account FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND (card_id > ? OR (card_id = ? AND unit > ?))
 ORDER BY organisation_id, card_id, unit LIMIT ?;

-- stmt: verify_entry :many
-- in: organisation_id i64, card_id uuid, card_id, unit i64, card_id, unit, seq i64, most i64
-- out: row entry
SELECT {entry} FROM entry FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND (account_card_id > ? OR (account_card_id = ? AND unit > ?)
                             OR (account_card_id = ? AND unit = ? AND seq > ?))
 ORDER BY organisation_id, account_card_id, unit, seq LIMIT ?;

-- stmt: verify_lot :many
-- in: organisation_id i64, card_id uuid, card_id, unit i64, card_id, unit, id uuid, most i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND (card_id > ? OR (card_id = ? AND unit > ?)
                             OR (card_id = ? AND unit = ? AND id > ?))
 ORDER BY organisation_id, card_id, unit, id LIMIT ?;

-- stmt: verify_allocation :many
-- in: organisation_id i64, card_id uuid, card_id, unit i64, card_id, unit, owner_id uuid,
--     card_id, unit, owner_id, position i64, most i64
-- out: row allocation
SELECT {allocation} FROM allocation FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND (card_id > ? OR (card_id = ? AND unit > ?)
                             OR (card_id = ? AND unit = ? AND owner_id > ?)
                             OR (card_id = ? AND unit = ? AND owner_id = ? AND position > ?))
 ORDER BY organisation_id, card_id, unit, owner_id, position LIMIT ?;

-- stmt: verify_hold :many
-- in: organisation_id i64, card_id uuid, card_id, unit i64, card_id, unit, state i64,
--     card_id, unit, state, until_at moment, card_id, unit, state, until_at, id uuid, most i64
-- out: row hold
SELECT {hold} FROM hold FORCE INDEX (by_account)
 WHERE organisation_id = ? AND (account_card_id > ? OR (account_card_id = ? AND unit > ?)
       OR (account_card_id = ? AND unit = ? AND state > ?)
       OR (account_card_id = ? AND unit = ? AND state = ? AND until_at > ?)
       OR (account_card_id = ? AND unit = ? AND state = ? AND until_at = ? AND id > ?))
 ORDER BY organisation_id, account_card_id, unit, state, until_at, id LIMIT ?;

-- stmt: verify_journal :many
-- in: organisation_id i64, id uuid, most i64
-- out: id uuid, entries bytes?
SELECT id, entries FROM journal FORCE INDEX (PRIMARY)
 WHERE organisation_id = ? AND id > ? ORDER BY organisation_id, id LIMIT ?;

-- Whose hold a part is that the account gave away with a replaced card.
-- stmt: verify_hold_moved :one
-- in: organisation_id i64, id uuid
-- out: account_card_id uuid
SELECT account_card_id FROM hold WHERE organisation_id = ? AND id = ?;

-- What a card's account gave may come back on its successor's.
-- stmt: verify_card_replaced :one
-- in: organisation_id i64, id uuid
-- out: replaced bool
SELECT new_card_id <> 0x00000000000000000000000000000000 FROM card WHERE organisation_id = ? AND id = ?;

-- stmt: verify_entry_by_id :one
-- in: organisation_id i64, id uuid
-- out: kind i64, amount amount, corrects_id uuid, journal_id uuid
SELECT kind, amount, corrects_id, journal_id FROM entry WHERE organisation_id = ? AND id = ?;

-- stmt: verify_journal_by_id :one
-- in: organisation_id i64, id uuid
-- out: entries bytes?
SELECT entries FROM journal WHERE organisation_id = ? AND id = ?;

-- About how many entries there are: the server's own guess.
-- stmt: verify_estimate :one
-- spans: organisations
-- out: entries i64
SELECT CAST(COALESCE(MAX(TABLE_ROWS), 0) AS SIGNED) FROM information_schema.TABLES
 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 0x656e747279;
