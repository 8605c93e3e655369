-- What the books say of a card and of an account. Reads only; they lock nothing.

-- row: statement_lot: business_at moment, amount amount, remaining amount, active_from moment, active_to moment

-- row: statement_entry: seq i64, business_at moment, kind i64, amount amount, doc_id text, balance_after amount

-- What an account can spend at a moment but for its debt: what remains of the live lots, and what
-- holds keep of them whose time is over by then. Lots of business before erased_at are ended by
-- inactivity (0 = none).
-- stmt: account_available_at :one
-- in: organisation_id i64, card_id uuid, unit i64, at moment, at, erased_at moment, organisation_id, card_id,
--     unit, at, at, at, erased_at
-- out: available amount
SELECT CAST((SELECT COALESCE(SUM(remaining), 0) FROM lot
              WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1
                AND burn_at > ? AND active_from <= ? AND business_at >= ?)
          + (SELECT COALESCE(SUM(IF(l.id IS NULL, a.taken, a.held)), 0)
               FROM hold h
               JOIN allocation a ON a.organisation_id = h.organisation_id AND a.card_id = h.account_card_id
                    AND a.unit = h.unit AND a.owner_id = h.id
               LEFT JOIN lot l ON l.organisation_id = a.organisation_id AND l.card_id = a.card_id
                    AND l.unit = a.unit AND l.id = a.lot_id
              WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = ? AND h.state = 1 AND h.until_at <= ?
                AND (l.id IS NULL OR (l.burn_at > ? AND l.active_from <= ? AND l.business_at >= ?))) AS SIGNED);

-- Whose a card is, its master, and of the account that is in force for it: the last activity and the
-- inactivity period of its card's level.
-- stmt: statement_card :one
-- in: organisation_id i64, id uuid
-- out: person_id uuid, master_id uuid, activity_at moment?, erase_days i64?
SELECT c.person_id, c.master_id, a.activity_at, v.inactivity_bonus_erase_period AS erase_days
  FROM card c
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.unit = 1
       AND a.card_id = IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id =
       IF(c.master_id = 0x00000000000000000000000000000000, c.level_id,
          (SELECT m.level_id FROM card m WHERE m.organisation_id = c.organisation_id AND m.id = c.master_id))
 WHERE c.organisation_id = ? AND c.id = ? AND c.live = 1;

-- Postings made with a card, whosever account they went to: those before the page are passed over in
-- the index.
-- stmt: transaction_page :many
-- in: organisation_id i64, card_id uuid, from_at moment, to_at moment, limit i64, offset i64
-- out: id uuid, card_id uuid, account_card_id uuid, business_at moment, amount amount, kind i64, author text,
--      description text, doc_id text, doc_type i64, kkm_id text, shop_id text, discount_id text,
--      active_from moment, active_to moment
SELECT e.id, e.card_id, e.account_card_id, e.business_at, e.amount, e.kind, e.author, e.description, e.doc_id,
       e.doc_type, e.kkm_id, e.shop_id, e.discount_id, e.active_from, e.active_to
  FROM (SELECT organisation_id, account_card_id, unit, seq FROM entry FORCE INDEX (by_card)
         WHERE organisation_id = ? AND card_id = ? AND business_at >= ? AND business_at <= ? AND unit = 1
         ORDER BY business_at, id LIMIT ? OFFSET ?) p
  STRAIGHT_JOIN entry e FORCE INDEX (PRIMARY) ON e.organisation_id = p.organisation_id
       AND e.account_card_id = p.account_card_id AND e.unit = p.unit AND e.seq = p.seq
 ORDER BY e.business_at, e.id;

-- stmt: transaction_total :one
-- in: organisation_id i64, card_id uuid, from_at moment, to_at moment, limit i64
-- out: n i64
SELECT COUNT(*) FROM (SELECT 1 FROM entry FORCE INDEX (by_card)
 WHERE organisation_id = ? AND card_id = ? AND business_at >= ? AND business_at <= ? AND unit = 1 LIMIT ?) t;

-- stmt: statement_account :one
-- in: organisation_id i64, card_id uuid
-- out: received amount, debt amount
SELECT received, debt FROM account WHERE organisation_id = ? AND card_id = ? AND unit = 1;

-- Lots still to start or to end, with what holds keep of them whose time is over.
-- stmt: statement_lots :many
-- in: organisation_id i64, card_id uuid, at moment, organisation_id, card_id, at, at, erased_at moment, limit i64
-- out: row statement_lot
SELECT l.business_at, l.amount, CAST(l.remaining + COALESCE(t.held, 0) AS SIGNED) AS remaining, l.active_from,
       l.active_to
  FROM lot l
  LEFT JOIN (SELECT a.lot_id, SUM(a.held) AS held
               FROM hold h
               JOIN allocation a ON a.organisation_id = h.organisation_id AND a.card_id = h.account_card_id
                    AND a.unit = h.unit AND a.owner_id = h.id
              WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = 1 AND h.state = 1 AND h.until_at <= ?
              GROUP BY a.lot_id) t ON t.lot_id = l.id
 WHERE l.organisation_id = ? AND l.card_id = ? AND l.unit = 1 AND l.is_open IN (1, 2) AND l.burn_at > ?
   AND (l.active_to <> 0 OR l.active_from > ?) AND l.business_at >= ? AND l.remaining + COALESCE(t.held, 0) > 0
 ORDER BY l.burn_at, l.active_from, l.id LIMIT ?;

-- The master that a card had at a moment, when it has had another since.
-- stmt: explain_master :one
-- in: organisation_id i64, card_id uuid, at moment
-- out: master_id uuid
SELECT master_id FROM card_master WHERE organisation_id = ? AND card_id = ? AND until_at > ?
 ORDER BY until_at, id LIMIT 1;

-- stmt: explain_account :one
-- in: organisation_id i64, id uuid
-- out: activity_at moment?, inherited_at moment?, erase_days i64?
SELECT a.activity_at, a.inherited_at, v.inactivity_bonus_erase_period AS erase_days
  FROM card c
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.card_id = c.id AND a.unit = 1
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id = c.level_id
 WHERE c.organisation_id = ? AND c.id = ?;

-- The last activity that an account's own entries had told until a moment.
-- stmt: explain_activity :one
-- in: organisation_id i64, card_id uuid, at moment
-- out: activity_at moment
SELECT COALESCE(MAX(business_at), 0) FROM entry
 WHERE organisation_id = ? AND account_card_id = ? AND unit = 1 AND posted_at <= ?
   AND (kind IN (2, 3, 4, 5) OR (seq = 1 AND kind <> 9));

-- Debt of an account before what happened after `since`.
-- stmt: explain_debt :one
-- in: since moment, organisation_id i64, card_id uuid
-- out: debt amount
SELECT CAST(a.debt - (SELECT COALESCE(SUM(m.taken), 0) FROM allocation m
                       WHERE m.organisation_id = a.organisation_id AND m.card_id = a.card_id AND m.unit = 1
                         AND m.lot_id = 0x00000000000000000000000000000000 AND m.at > ?) AS SIGNED)
  FROM account a WHERE a.organisation_id = ? AND a.card_id = ? AND a.unit = 1;

-- An account's lots as they were at a moment: as they are now without what happened after `since`, but
-- with what holds kept whose time was over though nobody had given it back yet.
-- stmt: explain_figures :one
-- in: at moment, at, erased_at moment, at, at, erased_at, organisation_id i64, card_id uuid, since moment,
--     organisation_id, card_id, at, since, since, organisation_id, card_id, since
-- out: available amount, pending amount, held amount
SELECT CAST(COALESCE(SUM(IF(l.active_from <= ? AND l.burn_at > ? AND l.business_at >= ?,
                            l.remaining + COALESCE(r.taken, 0) + COALESCE(t.held, 0), 0)), 0) AS SIGNED),
       CAST(COALESCE(SUM(IF(l.active_from > ? AND l.burn_at > ? AND l.business_at >= ?,
                            l.remaining + COALESCE(r.taken, 0) + COALESCE(t.held, 0), 0)), 0) AS SIGNED),
       CAST(COALESCE(SUM(l.held - COALESCE(r.held, 0) - COALESCE(t.held, 0)), 0) AS SIGNED)
  FROM lot l
  JOIN entry e ON e.organisation_id = l.organisation_id AND e.id = l.entry_id
  LEFT JOIN (SELECT m.lot_id, SUM(m.taken) AS taken, SUM(m.held) AS held FROM allocation m
              WHERE m.organisation_id = ? AND m.card_id = ? AND m.unit = 1 AND m.at > ?
              GROUP BY m.lot_id) r ON r.lot_id = l.id
  LEFT JOIN (SELECT p.lot_id, SUM(p.held) AS held
               FROM hold h FORCE INDEX (by_account)
               STRAIGHT_JOIN allocation p ON p.organisation_id = h.organisation_id AND p.card_id = h.account_card_id
                    AND p.unit = h.unit AND p.owner_id = h.id
              WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = 1 AND h.state IN (1, 4)
                AND h.until_at <= ? AND p.held > 0 AND p.at <= ?
                AND (h.state = 1 OR (h.state = 4 AND
                     (SELECT MIN(b.at) FROM allocation b
                       WHERE b.organisation_id = h.organisation_id AND b.card_id = p.card_id AND b.unit = 1
                         AND b.owner_id = h.closed_by) > ?))
              GROUP BY p.lot_id) t ON t.lot_id = l.id
 WHERE l.organisation_id = ? AND l.card_id = ? AND l.unit = 1 AND (l.is_open > 0 OR r.lot_id IS NOT NULL)
   AND e.posted_at <= ?;

-- stmt: explain_lots :many
-- in: organisation_id i64, card_id uuid, since moment, organisation_id, card_id, at moment, since, since,
--     organisation_id, card_id, since, at, erased_at moment, limit i64
-- out: row statement_lot
SELECT l.business_at, l.amount, CAST(l.remaining + COALESCE(r.taken, 0) + COALESCE(t.held, 0) AS SIGNED) AS remaining,
       l.active_from, l.active_to
  FROM lot l
  JOIN entry e ON e.organisation_id = l.organisation_id AND e.id = l.entry_id
  LEFT JOIN (SELECT m.lot_id, SUM(m.taken) AS taken, SUM(m.held) AS held FROM allocation m
              WHERE m.organisation_id = ? AND m.card_id = ? AND m.unit = 1 AND m.at > ?
              GROUP BY m.lot_id) r ON r.lot_id = l.id
  LEFT JOIN (SELECT p.lot_id, SUM(p.held) AS held
               FROM hold h FORCE INDEX (by_account)
               STRAIGHT_JOIN allocation p ON p.organisation_id = h.organisation_id AND p.card_id = h.account_card_id
                    AND p.unit = h.unit AND p.owner_id = h.id
              WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = 1 AND h.state IN (1, 4)
                AND h.until_at <= ? AND p.held > 0 AND p.at <= ?
                AND (h.state = 1 OR (h.state = 4 AND
                     (SELECT MIN(b.at) FROM allocation b
                       WHERE b.organisation_id = h.organisation_id AND b.card_id = p.card_id AND b.unit = 1
                         AND b.owner_id = h.closed_by) > ?))
              GROUP BY p.lot_id) t ON t.lot_id = l.id
 WHERE l.organisation_id = ? AND l.card_id = ? AND l.unit = 1 AND (l.is_open > 0 OR r.lot_id IS NOT NULL)
   AND e.posted_at <= ? AND l.burn_at > ? AND l.business_at >= ?
   AND l.remaining + COALESCE(r.taken, 0) + COALESCE(t.held, 0) > 0
 ORDER BY l.burn_at, l.active_from, l.id LIMIT ?;

-- Open holds. One that a replacement has taken to another account was here until then.
-- stmt: explain_holds :many
-- in: organisation_id i64, card_id uuid, since moment, at moment, at, since, limit i64
-- out: id uuid, amount amount, until_at moment
SELECT h.id, CAST(SUM(p.held) AS SIGNED) AS amount, h.until_at
  FROM allocation p
  STRAIGHT_JOIN hold h FORCE INDEX (PRIMARY) ON h.organisation_id = p.organisation_id AND h.id = p.owner_id
 WHERE p.organisation_id = ? AND p.card_id = ? AND p.unit = 1 AND p.held > 0 AND p.at <= ?
   AND h.until_at > ? AND (h.closed_at = 0 OR h.closed_at > ?)
   AND (h.account_card_id = p.card_id OR NOT EXISTS
        (SELECT 1 FROM entry e WHERE e.organisation_id = p.organisation_id AND e.account_card_id = p.card_id
            AND e.unit = 1 AND e.kind = 8 AND e.posted_at <= ?))
 GROUP BY h.id, h.until_at ORDER BY h.until_at, h.id LIMIT ?;

-- The newest entries posted up to a moment, newest first.
-- stmt: statement_entries :many
-- in: organisation_id i64, card_id uuid, since moment, limit i64
-- out: row statement_entry
SELECT seq, business_at, kind, amount, doc_id, balance_after FROM entry
 WHERE organisation_id = ? AND account_card_id = ? AND unit = 1 AND posted_at <= ? ORDER BY seq DESC LIMIT ?;
