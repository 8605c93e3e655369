-- row: card: organisation_id i64, id uuid, serial i64, live i64?, version i64, kind i64, parent_id uuid, code text, code_key bytes, barcode text, barcode_key bytes, name text, name_key bytes, description text, active bool, blocked bool, blocked_until moment, blocked_description text, holder_locked bool, shut bool, master_id uuid, referral_id uuid, phone text, phone_reversed bytes, email text, email_key bytes, external bool, accum_sale_amount amount, level_id uuid, person_id uuid, attached_at moment, new_card_id uuid, image text, activation_shop_id text, activated_at moment, deactivated_at moment, valid_from moment, valid_to moment, posted bool, free_kind i64?, uid bytes?, series_id uuid, label_id uuid, is_credit bool, credit_limit amount, holder_credit bool, message text, discount_percent amount, discount_until moment, created_at moment, updated_at moment

-- What an answer shows of a card: c is the card, o its own account; an account without a row is one
-- of zeros. A card with a master shows the master's account, which is read apart: most cards have
-- none, and the server plans a statement at each execution, so that a table less to join and one
-- index to look at halve that work. COALESCE: where a column is NULL or not from one execution to the
-- next, the server describes all columns anew each time.
-- row: card_view: id uuid, serial i64, version i64, parent_id uuid, code text, barcode text, name text, description text, active bool, blocked bool, blocked_until moment, blocked_description text, holder_locked bool, master_id uuid, referral_id uuid, phone text, email text, external bool, accum_sale_amount amount, level_id uuid, person_id uuid, new_card_id uuid, image text, activation_shop_id text, activated_at moment, deactivated_at moment, available amount?, received amount?, debt amount?, next_change_at moment?, account_seq i64?, first_check_at moment?, last_activity_at moment?, last_transaction_at moment?, last_transaction_id uuid?, activity_at moment?, erase_days i64?

-- stmt: card_view_get :one
-- in: organisation_id i64, id uuid
-- out: row card_view
SELECT c.id, c.serial, c.version, c.parent_id, c.code, c.barcode, c.name, c.description,
       c.active, c.blocked, c.blocked_until, c.blocked_description, c.holder_locked,
       c.master_id, c.referral_id, c.phone, c.email, c.external, c.accum_sale_amount,
       c.level_id, c.person_id, c.new_card_id, c.image, c.activation_shop_id,
       c.activated_at, c.deactivated_at,
       COALESCE(o.available, 0), COALESCE(o.received, 0), COALESCE(o.debt, 0),
       COALESCE(o.next_change_at, 0), COALESCE(o.last_seq, 0) AS account_seq,
       COALESCE(o.first_check_at, 0), COALESCE(o.last_activity_at, 0),
       COALESCE(o.last_transaction_at, 0),
       COALESCE(o.last_transaction_id, 0x00000000000000000000000000000000), o.activity_at,
       COALESCE(v.inactivity_bonus_erase_period, 0) AS erase_days
  FROM card c USE INDEX (PRIMARY)
  LEFT JOIN account o ON o.organisation_id = c.organisation_id AND o.card_id = c.id AND o.unit = 1
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id = c.level_id
 WHERE c.organisation_id = ? AND c.id = ? AND c.live = 1;

-- The same where no level ends the points of idle cards.
-- stmt: card_plain_get :one
-- in: organisation_id i64, id uuid
-- out: row card_view
SELECT c.id, c.serial, c.version, c.parent_id, c.code, c.barcode, c.name, c.description,
       c.active, c.blocked, c.blocked_until, c.blocked_description, c.holder_locked,
       c.master_id, c.referral_id, c.phone, c.email, c.external, c.accum_sale_amount,
       c.level_id, c.person_id, c.new_card_id, c.image, c.activation_shop_id,
       c.activated_at, c.deactivated_at,
       COALESCE(o.available, 0), COALESCE(o.received, 0), COALESCE(o.debt, 0),
       COALESCE(o.next_change_at, 0), COALESCE(o.last_seq, 0) AS account_seq,
       COALESCE(o.first_check_at, 0), COALESCE(o.last_activity_at, 0),
       COALESCE(o.last_transaction_at, 0),
       COALESCE(o.last_transaction_id, 0x00000000000000000000000000000000), o.activity_at,
       0 AS erase_days
  FROM card c USE INDEX (PRIMARY)
  LEFT JOIN account o ON o.organisation_id = c.organisation_id AND o.card_id = c.id AND o.unit = 1
 WHERE c.organisation_id = ? AND c.id = ? AND c.live = 1;

-- The same for lists, whose columns do not change: COALESCE would be asked for each row.
-- stmt: card_plain_page :one
-- in: organisation_id i64, id uuid
-- out: row card_view
SELECT c.id, c.serial, c.version, c.parent_id, c.code, c.barcode, c.name, c.description,
       c.active, c.blocked, c.blocked_until, c.blocked_description, c.holder_locked,
       c.master_id, c.referral_id, c.phone, c.email, c.external, c.accum_sale_amount,
       c.level_id, c.person_id, c.new_card_id, c.image, c.activation_shop_id,
       c.activated_at, c.deactivated_at,
       o.available, o.received, o.debt, o.next_change_at, o.last_seq AS account_seq,
       o.first_check_at, o.last_activity_at, o.last_transaction_at, o.last_transaction_id,
       o.activity_at, 0 AS erase_days
  FROM card c USE INDEX (PRIMARY)
  LEFT JOIN account o ON o.organisation_id = c.organisation_id AND o.card_id = c.id AND o.unit = 1
 WHERE c.organisation_id = ? AND c.id = ? AND c.live = 1;

-- stmt: card_master_account :one
-- in: organisation_id i64, card_id uuid
-- out: available amount, received amount, debt amount, next_change_at moment, account_seq i64, activity_at moment?, erase_days i64?
SELECT a.available, a.received, a.debt, a.next_change_at, a.last_seq AS account_seq, a.activity_at,
       v.inactivity_bonus_erase_period AS erase_days
  FROM account a
  LEFT JOIN card c ON c.organisation_id = a.organisation_id AND c.id = a.card_id
  LEFT JOIN card_level v ON v.organisation_id = a.organisation_id AND v.id = c.level_id
 WHERE a.organisation_id = ? AND a.card_id = ? AND a.unit = 1;

-- stmt: card_lock :one
-- in: organisation_id i64, id uuid
-- out: row card
SELECT {card} FROM card WHERE organisation_id = ? AND id = ? AND live = 1 FOR UPDATE;

-- stmt: card_insert :exec
-- in: row card
INSERT INTO card ({card}) VALUES ({card?});

-- stmt: card_update :exec
-- in: row card, where_organisation_id i64, where_id uuid
UPDATE card SET {card=?} WHERE organisation_id = ? AND id = ?;

-- Does any live card have this one as its master?
-- stmt: card_follower :one
-- in: organisation_id i64, master_id uuid
-- out: id uuid
SELECT id FROM card WHERE organisation_id = ? AND master_id = ? AND live = 1 LIMIT 1;

-- stmt: card_of_group_lock :many
-- in: organisation_id i64, parent_id uuid, without_master bool, limit i64
-- out: row card
SELECT {card} FROM card FORCE INDEX (by_parent)
 WHERE organisation_id = ? AND live = 1 AND parent_id = ?
   AND (master_id = 0x00000000000000000000000000000000) = ?
 LIMIT ? FOR UPDATE;

-- stmt: card_of_person_lock :many
-- in: organisation_id i64, person_id uuid
-- out: row card
SELECT {card} FROM card WHERE organisation_id = ? AND person_id = ? AND live = 1 ORDER BY id FOR UPDATE;

-- stmt: card_word_insert :exec
-- in: organisation_id i64, word bytes, card_id uuid
INSERT INTO card_word (organisation_id, word, card_id) VALUES (?, ?, ?);

-- stmt: card_word_delete :exec
-- in: organisation_id i64, word bytes, card_id uuid
DELETE FROM card_word WHERE organisation_id = ? AND word = ? AND card_id = ?;

-- stmt: card_text_insert :exec
-- in: organisation_id i64, card_id uuid, barcode_key bytes, code_key bytes, other_key bytes
INSERT INTO card_text (organisation_id, card_id, barcode_key, code_key, other_key) VALUES (?, ?, ?, ?, ?);

-- stmt: card_text_update :exec
-- in: barcode_key bytes, code_key bytes, other_key bytes, organisation_id i64, card_id uuid
UPDATE card_text SET barcode_key = ?, code_key = ?, other_key = ? WHERE organisation_id = ? AND card_id = ?;

-- stmt: card_text_delete :exec
-- in: organisation_id i64, card_id uuid
DELETE FROM card_text WHERE organisation_id = ? AND card_id = ?;

-- stmt: card_share :one
-- in: organisation_id i64, id uuid
-- out: id uuid
SELECT id FROM card WHERE organisation_id = ? AND id = ? AND live = 1 LOCK IN SHARE MODE;

-- Any free card from an id on; one that another transaction holds is passed over.
-- stmt: card_free_lock :one
-- in: organisation_id i64, free_kind i64, from_id uuid, now moment
-- out: row card
SELECT {card} FROM card FORCE INDEX (by_free)
 WHERE organisation_id = ? AND free_kind = ? AND id >= ? AND (blocked = 0 OR blocked_until <= ?)
 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;

-- Where the free cards begin and end.
-- stmt: card_free_range :one
-- in: organisation_id i64, free_kind i64
-- out: first_id uuid, last_id uuid
SELECT COALESCE(MIN(id), 0x00000000000000000000000000000000),
       COALESCE(MAX(id), 0x00000000000000000000000000000000)
  FROM card FORCE INDEX (by_free) WHERE organisation_id = ? AND free_kind = ?;

-- Cards that count for a holder's limit: all but replaced ones.
-- stmt: card_of_person_count :one
-- in: organisation_id i64, person_id uuid
-- out: n i64
SELECT COUNT(*) FROM card
 WHERE organisation_id = ? AND person_id = ? AND live = 1
   AND NOT (new_card_id <> 0x00000000000000000000000000000000 AND active = 0 AND blocked = 1);

-- Blocks that the clock has ended and nobody has cleared.
-- stmt: card_block_ended :one
-- in: organisation_id i64, now moment
-- out: n i64
SELECT COUNT(*) FROM card FORCE INDEX (by_unblock)
 WHERE organisation_id = ? AND live = 1 AND active IN (0, 1) AND shut = 1 AND holder_locked = 0
   AND blocked_until <= ?;

-- A master that was in force until now.
-- stmt: card_master_insert :exec
-- in: organisation_id i64, card_id uuid, until_at moment, id uuid, master_id uuid
INSERT INTO card_master (organisation_id, card_id, until_at, id, master_id) VALUES (?, ?, ?, ?, ?);

-- Who and what is to be locked before a card.
-- stmt: card_ties :one
-- in: organisation_id i64, id uuid
-- out: person_id uuid, master_id uuid
SELECT person_id, master_id FROM card WHERE organisation_id = ? AND id = ? AND live = 1;

-- stmt: card_followers_lock :many
-- in: organisation_id i64, master_id uuid, limit i64
-- out: row card
SELECT {card} FROM card WHERE organisation_id = ? AND live = 1 AND master_id = ? LIMIT ? FOR UPDATE;

-- What the books know of a card's own accounts.
-- stmt: card_traces :many
-- in: organisation_id i64, card_id uuid
-- out: last_seq i64, first_check_at moment
SELECT last_seq, first_check_at FROM account WHERE organisation_id = ? AND card_id = ?;

-- The cards of a code; a third one says no more than two.
-- stmt: card_of_code_lock :many
-- in: organisation_id i64, code_key bytes
-- out: row card
SELECT {card} FROM card FORCE INDEX (by_code) WHERE organisation_id = ? AND live = 1 AND code_key = ? ORDER BY id LIMIT 2 FOR UPDATE;
