-- row: account: organisation_id i64, card_id uuid, unit i64, balance amount, available amount, held amount, debt amount, received amount, next_change_at moment, last_seq i64, last_posted_at moment, last_tag bytes, mac bytes, kid text, first_check_at moment, last_activity_at moment, last_transaction_at moment, last_transaction_id uuid, activity_at moment?

-- row: entry: organisation_id i64, account_card_id uuid, unit i64, seq i64, id uuid, kind i64, amount amount, balance_after amount, posted_at moment, business_at moment, card_id uuid, corrects_id uuid, journal_id uuid, active_from moment, active_to moment, author text, author_digest bytes, description text, description_digest bytes, doc_id text, doc_type i64, kkm_id text, shop_id text, discount_id text, counted i64?, kid text, tag bytes

-- row: lot: organisation_id i64, card_id uuid, unit i64, id uuid, is_open i64, amount amount, remaining amount, held amount, active_from moment, active_to moment, burn_at moment, entry_id uuid, origin_lot uuid, business_at moment, posted_at moment, returned amount

-- row: allocation: organisation_id i64, card_id uuid, unit i64, owner_id uuid, position i64, lot_id uuid, taken amount, held amount, returned amount, at moment

-- row: hold: organisation_id i64, id uuid, account_card_id uuid, unit i64, card_id uuid, amount amount, captured amount, state i64, placed_at moment, until_at moment, closed_at moment, closed_by uuid, doc_id text, author text

-- A card as postings see it, with its master's block and the inactivity period of the level of
-- whichever has the account. Both card rows are locked: they guard the accounts. The subquery is not.
-- row: posting_card: id uuid, live i64?, kind i64, active bool, blocked bool, blocked_until moment, holder_locked bool, master_id uuid, new_card_id uuid, level_id uuid, person_id uuid, valid_from moment, valid_to moment, posted bool, master_blocked bool, master_blocked_until moment, master_holder_locked bool, erase_days i64, account_kind i64, is_credit bool, credit_limit amount, holder_credit bool

-- What a document of points has done: the same one again is answered as it was.
-- row: document: id uuid, kind i64, amount amount, corrects_id uuid

-- Card and master, their accounts of both units (points carry the activity dates) and what the
-- document did, all under lock, the cards first; one row at least where there is a card. Texts
-- compare as if padded with spaces; documents do not. An empty doc_id is none: nothing is read.
-- named = 1: the card that this packet has named, see washing.sql.
-- stmt: book_of_card_lock :many
-- in: unit i64, doc_id text, doc_id, doc_id, doc_type i64, organisation_id i64, named i64, id uuid
-- out: row posting_card, row account?, row document?
SELECT c.id, c.live, c.kind, c.active, c.blocked, c.blocked_until, c.holder_locked, c.master_id, c.new_card_id,
       c.level_id, c.person_id, c.valid_from, c.valid_to, c.posted,
       COALESCE(m.blocked, 0), COALESCE(m.blocked_until, 0), COALESCE(m.holder_locked, 0),
       COALESCE((SELECT l.inactivity_bonus_erase_period FROM card_level l
                  WHERE l.organisation_id = c.organisation_id AND l.id = COALESCE(m.level_id, c.level_id)), 0),
       COALESCE(m.kind, c.kind), COALESCE(m.is_credit, c.is_credit), COALESCE(m.credit_limit, c.credit_limit),
       COALESCE(m.holder_credit, c.holder_credit), {account:a}, {document:d}
  FROM card c USE INDEX (PRIMARY)
  LEFT JOIN card m USE INDEX (PRIMARY) ON m.organisation_id = c.organisation_id AND m.id = c.master_id
  LEFT JOIN account a FORCE INDEX (PRIMARY) ON a.organisation_id = c.organisation_id AND a.card_id IN (c.id, c.master_id)
       AND a.unit IN (1, ?)
  LEFT JOIN entry d FORCE INDEX (by_document) ON LENGTH(?) > 0 AND d.organisation_id = c.organisation_id
       AND d.card_id = c.id AND d.doc_id = ? AND LENGTH(d.doc_id) = LENGTH(?) AND d.doc_type = ? AND d.unit = 1
 WHERE c.organisation_id = ? AND c.id = IF(? = 1, @named, ?) FOR UPDATE;

-- The same for a card whose own account is meant; its master does not matter.
-- stmt: posting_card_own_lock :one
-- in: organisation_id i64, id uuid
-- out: row posting_card
SELECT c.id, c.live, c.kind, c.active, c.blocked, c.blocked_until, c.holder_locked, c.master_id, c.new_card_id,
       c.level_id, c.person_id, c.valid_from, c.valid_to, c.posted,
       0 AS master_blocked, 0 AS master_blocked_until, 0 AS master_holder_locked,
       COALESCE((SELECT l.inactivity_bonus_erase_period FROM card_level l
                  WHERE l.organisation_id = c.organisation_id AND l.id = c.level_id), 0),
       c.kind AS account_kind, c.is_credit, c.credit_limit, c.holder_credit
  FROM card c USE INDEX (PRIMARY) WHERE c.organisation_id = ? AND c.id = ? FOR UPDATE;

-- The same for the card of the account that an entry or a hold is on.
-- stmt: posting_card_of_entry_lock :one
-- in: organisation_id i64, of_organisation_id i64, entry_id uuid
-- out: row posting_card
SELECT c.id, c.live, c.kind, c.active, c.blocked, c.blocked_until, c.holder_locked, c.master_id, c.new_card_id,
       c.level_id, c.person_id, c.valid_from, c.valid_to, c.posted,
       0 AS master_blocked, 0 AS master_blocked_until, 0 AS master_holder_locked,
       COALESCE((SELECT l.inactivity_bonus_erase_period FROM card_level l
                  WHERE l.organisation_id = c.organisation_id AND l.id = c.level_id), 0),
       c.kind AS account_kind, c.is_credit, c.credit_limit, c.holder_credit
  FROM card c USE INDEX (PRIMARY)
 WHERE c.organisation_id = ? AND c.id = (SELECT account_card_id FROM entry WHERE organisation_id = ? AND id = ?)
   FOR UPDATE;

-- stmt: posting_card_of_hold_lock :one
-- in: organisation_id i64, of_organisation_id i64, hold_id uuid
-- out: row posting_card
SELECT c.id, c.live, c.kind, c.active, c.blocked, c.blocked_until, c.holder_locked, c.master_id, c.new_card_id,
       c.level_id, c.person_id, c.valid_from, c.valid_to, c.posted,
       0 AS master_blocked, 0 AS master_blocked_until, 0 AS master_holder_locked,
       COALESCE((SELECT l.inactivity_bonus_erase_period FROM card_level l
                  WHERE l.organisation_id = c.organisation_id AND l.id = c.level_id), 0),
       c.kind AS account_kind, c.is_credit, c.credit_limit, c.holder_credit
  FROM card c USE INDEX (PRIMARY)
 WHERE c.organisation_id = ? AND c.id = (SELECT account_card_id FROM hold WHERE organisation_id = ? AND id = ?)
   FOR UPDATE;

-- A card's own account of one unit, and that of points for its dates.
-- stmt: account_own_lock :many
-- in: organisation_id i64, card_id uuid, unit i64
-- out: row account
SELECT {account} FROM account
 WHERE organisation_id = ? AND card_id = ? AND unit IN (1, ?) ORDER BY card_id, unit FOR UPDATE;

-- stmt: account_of_entry_lock :many
-- in: organisation_id i64, of_organisation_id i64, entry_id uuid
-- out: row account
SELECT {account} FROM account
 WHERE organisation_id = ? AND card_id = (SELECT account_card_id FROM entry WHERE organisation_id = ? AND id = ?)
   AND unit IN (1, 2) ORDER BY card_id, unit FOR UPDATE;

-- stmt: account_of_hold_lock :many
-- in: organisation_id i64, of_organisation_id i64, hold_id uuid
-- out: row account
SELECT {account} FROM account
 WHERE organisation_id = ? AND card_id = (SELECT account_card_id FROM hold WHERE organisation_id = ? AND id = ?)
   AND unit IN (1, 2) ORDER BY card_id, unit FOR UPDATE;

-- stmt: account_lock :one
-- in: organisation_id i64, card_id uuid, unit i64
-- out: row account
SELECT {account} FROM account WHERE organisation_id = ? AND card_id = ? AND unit = ? FOR UPDATE;

-- Open lots of a card's account (its master's when it has one) that have not ended, in burn order.
-- stmt: lot_of_card :many
-- in: organisation_id i64, of_organisation_id i64, named i64, of_card_id uuid, unit i64, now moment, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ?
   AND card_id = (SELECT IF(master_id = 0x00000000000000000000000000000000, id, master_id) FROM card USE INDEX (PRIMARY)
                   WHERE organisation_id = ? AND id = IF(? = 1, @named, ?))
   AND unit = ? AND is_open = 1 AND burn_at > ? ORDER BY burn_at, active_from, id LIMIT ?;

-- stmt: lot_open :many
-- in: organisation_id i64, card_id uuid, unit i64, now moment, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1 AND burn_at > ?
 ORDER BY burn_at, active_from, id LIMIT ?;

-- The next ones after a lot.
-- stmt: lot_after :many
-- in: organisation_id i64, card_id uuid, unit i64, now moment, burn_from moment, burn_at moment, active_after moment, active_from moment, id uuid, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1 AND burn_at > ? AND burn_at >= ?
   AND (burn_at > ? OR active_from > ? OR (active_from = ? AND id > ?))
 ORDER BY burn_at, active_from, id LIMIT ?;

-- stmt: lot_get :one
-- in: organisation_id i64, card_id uuid, unit i64, id uuid
-- out: row lot
SELECT {lot} FROM lot WHERE organisation_id = ? AND card_id = ? AND unit = ? AND id = ?;

-- What remains or is returned changes of a lot; all else of it stays.
-- stmt: lot_update :exec
-- in: is_open i64, remaining amount, held amount, returned amount, organisation_id i64, card_id uuid, unit i64, id uuid
UPDATE lot USE INDEX (PRIMARY) SET is_open = ?, remaining = ?, held = ?, returned = ?
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND id = ?;

-- stmt: allocation_insert :exec
-- in: row allocation
INSERT INTO allocation ({allocation}) VALUES ({allocation?});

-- stmt: allocation_returned :exec
-- in: returned amount, organisation_id i64, card_id uuid, unit i64, owner_id uuid, position i64
UPDATE allocation SET returned = ?
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND owner_id = ? AND position = ?;

-- stmt: allocation_of_entry :many
-- in: organisation_id i64, of_organisation_id i64, entry_id uuid, owner_id uuid
-- out: row allocation
SELECT {allocation} FROM allocation
 WHERE organisation_id = ? AND card_id = (SELECT account_card_id FROM entry WHERE organisation_id = ? AND id = ?)
   AND unit IN (1, 2) AND owner_id = ? ORDER BY position;

-- stmt: allocation_of_hold :many
-- in: organisation_id i64, of_organisation_id i64, hold_id uuid, owner_id uuid
-- out: row allocation
SELECT {allocation} FROM allocation
 WHERE organisation_id = ? AND card_id = (SELECT account_card_id FROM hold WHERE organisation_id = ? AND id = ?)
   AND unit IN (1, 2) AND owner_id = ? ORDER BY position;

-- Lots that a spend ate of.
-- stmt: lot_of_entry :many
-- in: organisation_id i64, of_organisation_id i64, entry_id uuid, owner_id uuid
-- out: row lot
SELECT {lot:l} FROM allocation al
  STRAIGHT_JOIN lot l ON l.organisation_id = al.organisation_id AND l.card_id = al.card_id AND l.unit = al.unit
       AND l.id = al.lot_id
 WHERE al.organisation_id = ?
   AND al.card_id = (SELECT account_card_id FROM entry WHERE organisation_id = ? AND id = ?)
   AND al.unit IN (1, 2) AND al.owner_id = ?;

-- The lot that an accrual made.
-- stmt: lot_made_by :one
-- in: organisation_id i64, of_organisation_id i64, entry_id uuid, id uuid
-- out: row lot
SELECT {lot} FROM lot
 WHERE organisation_id = ? AND card_id = (SELECT account_card_id FROM entry WHERE organisation_id = ? AND id = ?)
   AND unit IN (1, 2) AND id = ?;

-- Lots that a hold has parts of.
-- stmt: lot_of_hold :many
-- in: organisation_id i64, of_organisation_id i64, hold_id uuid, owner_id uuid
-- out: row lot
SELECT {lot:l} FROM allocation al
  STRAIGHT_JOIN lot l ON l.organisation_id = al.organisation_id AND l.card_id = al.card_id AND l.unit = al.unit
       AND l.id = al.lot_id
 WHERE al.organisation_id = ?
   AND al.card_id = (SELECT account_card_id FROM hold WHERE organisation_id = ? AND id = ?)
   AND al.unit IN (1, 2) AND al.owner_id = ?;

-- Lots of an account that have ended and not burnt, oldest first.
-- stmt: lot_ended :many
-- in: organisation_id i64, card_id uuid, unit i64, now moment, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1 AND burn_at <= ?
 ORDER BY burn_at, active_from, id LIMIT ?;

-- stmt: entry_get :one
-- in: organisation_id i64, id uuid
-- out: row entry
SELECT {entry} FROM entry WHERE organisation_id = ? AND id = ?;

-- Refunds of an entry under one document.
-- stmt: entry_of_refund_document :many
-- in: organisation_id i64, of_organisation_id i64, of_id uuid, doc_id text, doc_id, corrects_id uuid
-- out: row entry
SELECT {entry} FROM entry FORCE INDEX (by_document)
 WHERE organisation_id = ? AND card_id = (SELECT card_id FROM entry WHERE organisation_id = ? AND id = ?)
   AND doc_id = ? AND LENGTH(doc_id) = LENGTH(?) AND doc_type = 0 AND corrects_id = ?;

-- stmt: entry_at :one
-- in: organisation_id i64, account_card_id uuid, unit i64, seq i64
-- out: row entry
SELECT {entry} FROM entry WHERE organisation_id = ? AND account_card_id = ? AND unit = ? AND seq = ?;

-- The activity limit of a card's level, and what counts against it in the period of the posting.
-- stmt: activity_count :one
-- in: day_from moment, week_from moment, month_from moment, quarter_from moment, year_from moment, day_to moment, week_to moment, month_to moment, quarter_to moment, year_to moment, organisation_id i64, id uuid
-- out: most i64, n i64
SELECT IF(l.activity_restriction_period = 0, 0, l.activity_restriction_count),
       (SELECT COUNT(*) FROM entry e
         WHERE e.organisation_id = c.organisation_id AND e.card_id = c.id AND e.counted = 1
           AND e.business_at >= CASE l.activity_restriction_period WHEN 1 THEN ? WHEN 2 THEN ? WHEN 3 THEN ? WHEN 4 THEN ? ELSE ? END
           AND e.business_at < CASE l.activity_restriction_period WHEN 1 THEN ? WHEN 2 THEN ? WHEN 3 THEN ? WHEN 4 THEN ? ELSE ? END)
  FROM card c JOIN card_level l ON l.organisation_id = c.organisation_id AND l.id = c.level_id
 WHERE c.organisation_id = ? AND c.id = ?;

-- stmt: hold_get :one
-- in: organisation_id i64, id uuid
-- out: row hold
SELECT {hold} FROM hold WHERE organisation_id = ? AND id = ?;

-- stmt: hold_of_document :many
-- in: organisation_id i64, card_id uuid, doc_id text, doc_id
-- out: row hold
SELECT {hold} FROM hold WHERE organisation_id = ? AND card_id = ? AND doc_id = ?
   AND LENGTH(doc_id) = LENGTH(?);

-- Open holds of an account, all (until = BURN_NEVER) or those past their time.
-- stmt: hold_open :many
-- in: organisation_id i64, account_card_id uuid, unit i64, until moment
-- out: row hold
SELECT {hold} FROM hold
 WHERE organisation_id = ? AND account_card_id = ? AND unit = ? AND state = 1 AND until_at <= ?
 ORDER BY until_at, id;

-- stmt: allocation_of_owner :many
-- in: organisation_id i64, card_id uuid, unit i64, owner_id uuid
-- out: row allocation
SELECT {allocation} FROM allocation
 WHERE organisation_id = ? AND card_id = ? AND unit = ? AND owner_id = ? ORDER BY position;

-- Lots that an owner moved, on an account that is locked.
-- stmt: lot_of_owner :many
-- in: organisation_id i64, card_id uuid, unit i64, owner_id uuid
-- out: row lot
SELECT {lot:l} FROM allocation al
  STRAIGHT_JOIN lot l ON l.organisation_id = al.organisation_id AND l.card_id = al.card_id AND l.unit = al.unit
       AND l.id = al.lot_id
 WHERE al.organisation_id = ? AND al.card_id = ? AND al.unit = ? AND al.owner_id = ?;

-- stmt: hold_insert :exec
-- in: row hold
INSERT INTO hold ({hold}) VALUES ({hold?});

-- stmt: hold_close :exec
-- in: state i64, captured amount, closed_at moment, closed_by uuid, organisation_id i64, id uuid
UPDATE hold SET state = ?, captured = ?, closed_at = ?, closed_by = ? WHERE organisation_id = ? AND id = ?;

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

-- What has not ended of an account, by its own date or by inactivity (0 = none): pending and held too.
-- stmt: lot_remainder :one
-- in: now moment, erased_before moment, organisation_id i64, card_id uuid, unit i64
-- out: remainder amount
SELECT CAST(COALESCE(SUM(IF(burn_at > ? AND business_at >= ?, remaining, 0) + held), 0) AS SIGNED)
  FROM lot WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open IN (1, 2);

-- Of that, parts of holds past their time whose lots have ended: nothing of them comes back.
-- stmt: hold_part_lost :one
-- in: organisation_id i64, card_id uuid, unit i64, now moment, now, erased_before moment
-- out: lost amount
SELECT CAST(COALESCE(SUM(al.held), 0) AS SIGNED) FROM hold h FORCE INDEX (by_account)
  STRAIGHT_JOIN allocation al ON al.organisation_id = h.organisation_id AND al.card_id = h.account_card_id
       AND al.unit = h.unit AND al.owner_id = h.id
  STRAIGHT_JOIN lot l ON l.organisation_id = al.organisation_id AND l.card_id = al.card_id AND l.unit = al.unit
       AND l.id = al.lot_id
 WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = ? AND h.state = 1 AND h.until_at <= ?
   AND (l.burn_at <= ? OR l.business_at < ?);

-- Every open lot gives what remains of it to one owner.
-- stmt: lot_close_moves :exec
-- in: owner_id uuid, at moment, organisation_id i64, card_id uuid, unit i64
INSERT INTO allocation (organisation_id, card_id, unit, owner_id, position, lot_id, taken, held, returned, at)
SELECT organisation_id, card_id, unit, ?, ROW_NUMBER() OVER (ORDER BY id), id, remaining, 0, 0, ?
  FROM lot WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1;

-- The first entry that names a card: it is free no more.
-- stmt: card_posted :exec
-- in: organisation_id i64, id uuid
UPDATE card SET posted = 1, free_kind = NULL WHERE organisation_id = ? AND id = ? AND posted = 0;

-- stmt: card_is_live :one
-- in: organisation_id i64, id uuid
-- out: live i64?
SELECT live FROM card WHERE organisation_id = ? AND id = ?;

-- Many accounts at once, ascending, for the burn: a statement costs the server more than a row.
-- Thirty-two cards; one may stand there twice.
-- stmt: posting_card_among_lock :many
-- in: organisation_id i64, row file_ids
-- out: row posting_card
SELECT c.id, c.live, c.kind, c.active, c.blocked, c.blocked_until, c.holder_locked, c.master_id, c.new_card_id,
       c.level_id, c.person_id, c.valid_from, c.valid_to, c.posted,
       0 AS master_blocked, 0 AS master_blocked_until, 0 AS master_holder_locked,
       COALESCE((SELECT l.inactivity_bonus_erase_period FROM card_level l
                  WHERE l.organisation_id = c.organisation_id AND l.id = c.level_id), 0),
       c.kind AS account_kind, c.is_credit, c.credit_limit, c.holder_credit
  FROM card c USE INDEX (PRIMARY) WHERE c.organisation_id = ? AND c.id IN ({file_ids?}) ORDER BY c.id FOR UPDATE;

-- stmt: account_among_lock :many
-- in: organisation_id i64, row file_ids
-- out: row account
SELECT {account} FROM account
 WHERE organisation_id = ? AND card_id IN ({file_ids?}) AND unit IN (1, 2) ORDER BY card_id, unit FOR UPDATE;

-- stmt: lot_open_among :many
-- in: organisation_id i64, row file_ids, limit i64
-- out: row lot
SELECT {lot} FROM lot FORCE INDEX (burn_order)
 WHERE organisation_id = ? AND card_id IN ({file_ids?}) AND unit IN (1, 2) AND is_open = 1
 ORDER BY card_id, unit, is_open, burn_at, active_from, id LIMIT ?;
