-- What the books say of a card and of an account. Reads only; they lock nothing.

-- What an account can spend at a moment but for its debt: what remains of the live lots, and what
-- holds keep of them whose time is over by then. Lots posted before erased_at are ended by
-- inactivity (0 = none).
-- stmt: account_available_at :one
-- in: organisation_id i64, card_id uuid, unit i64, at moment, at, erased_at moment, organisation_id, card_id,
--     unit, at, at, at, erased_at
-- out: available amount
SELECT CAST((SELECT COALESCE(SUM(remaining), 0) FROM lot
              WHERE organisation_id = ? AND card_id = ? AND unit = ? AND is_open = 1
                AND burn_at > ? AND active_from <= ? AND posted_at >= ?)
          + (SELECT COALESCE(SUM(IF(l.id IS NULL, a.taken, a.held)), 0)
               FROM hold h
               JOIN allocation a ON a.organisation_id = h.organisation_id AND a.card_id = h.account_card_id
                    AND a.unit = h.unit AND a.owner_id = h.id
               LEFT JOIN lot l ON l.organisation_id = a.organisation_id AND l.card_id = a.card_id
                    AND l.unit = a.unit AND l.id = a.lot_id
              WHERE h.organisation_id = ? AND h.account_card_id = ? AND h.unit = ? AND h.state = 1 AND h.until_at <= ?
                AND (l.id IS NULL OR (l.burn_at > ? AND l.active_from <= ? AND l.posted_at >= ?))) AS SIGNED);
