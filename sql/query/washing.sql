-- The car wash: tills, articles, a customer's card as a till sees it, washings, receipts.

-- row: till: organisation_id i64, number i64, name text, created_at moment, updated_at moment

-- row: article: organisation_id i64, number text, serial i64, label text, label_receipt text

-- row: washing: organisation_id i64, id uuid, serial i64, card_id uuid, person_id uuid, sold_at moment, till text, receipt text, price_group i64, cashier text, payment_method text, total amount, paid amount, is_free bool

-- row: washing_item: organisation_id i64, washing_id uuid, position i64, article text, quantity amount, price amount, total amount

-- row: receipt: organisation_id i64, till text, number bytes, kind i64, digest bytes, object_id uuid, credit amount, amount amount, bonus_percent amount, bonus amount, at moment

-- A card that a till has named. The session keeps it as @named and @named_person, so that further
-- statements of the same packet know it.
-- row: named_card: id uuid, person_id uuid

-- First of all, lest they be those of an earlier request.
-- stmt: named_forget :exec
-- spans: organisations
SET @named = NULL, @named_person = NULL;

-- stmt: till_get :one
-- in: organisation_id i64, number i64
-- out: row till
SELECT {till} FROM till WHERE organisation_id = ? AND number = ?;

-- stmt: till_list :many
-- in: organisation_id i64
-- out: row till
SELECT {till} FROM till WHERE organisation_id = ? ORDER BY number;

-- stmt: till_put :exec
-- in: row till
INSERT INTO till ({till}) VALUES ({till?})
    ON DUPLICATE KEY UPDATE name = VALUES(name), updated_at = VALUES(updated_at);

-- stmt: article_list :many
-- in: organisation_id i64
-- out: row article
SELECT {article} FROM article WHERE organisation_id = ? ORDER BY number;

-- stmt: article_get :one
-- in: organisation_id i64, number text
-- out: row article
SELECT {article} FROM article WHERE organisation_id = ? AND number = ?;

-- Known already: its serial stays.
-- stmt: article_put :exec
-- in: row article
INSERT INTO article ({article}) VALUES ({article?})
    ON DUPLICATE KEY UPDATE label = VALUES(label), label_receipt = VALUES(label_receipt);

-- stmt: card_of_number :many
-- in: organisation_id i64, barcode_key bytes
-- out: row named_card
SELECT @named := id AS id, @named_person := person_id AS person_id FROM card FORCE INDEX (barcode) WHERE organisation_id = ? AND live = 1 AND barcode_key = ?;

-- Codes are not unique: two are enough to see that.
-- stmt: card_of_uid :many
-- in: organisation_id i64, uid bytes
-- out: row named_card
SELECT @named := id AS id, @named_person := person_id AS person_id FROM card FORCE INDEX (by_uid) WHERE organisation_id = ? AND live = 1 AND uid = ? LIMIT 2;

-- Of the cards of whoever has a vehicle of this plate: one that can be used first, then the most
-- recently used. A replaced card has no holder here.
-- stmt: card_of_plate :many
-- in: organisation_id i64, plate_key bytes, now moment
-- out: row named_card
SELECT @named := x.id AS id, @named_person := x.person_id AS person_id FROM (SELECT c.id, c.person_id
  FROM vehicle v FORCE INDEX (by_plate)
  STRAIGHT_JOIN card c FORCE INDEX (by_person) ON c.organisation_id = v.organisation_id AND c.live = 1
       AND c.person_id = v.person_id
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.card_id = c.id AND a.unit = 1
 WHERE v.organisation_id = ? AND v.live = 1 AND v.plate_key = ?
   AND v.person_id <> 0x00000000000000000000000000000000
   AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
 ORDER BY (c.active = 1 AND c.holder_locked = 0 AND (c.blocked = 0 OR c.blocked_until <= ?)) DESC,
          GREATEST(COALESCE(a.last_transaction_at, 0),
                   COALESCE((SELECT w.sold_at FROM washing w FORCE INDEX (by_card)
                              WHERE w.organisation_id = c.organisation_id AND w.card_id = c.id
                              ORDER BY w.sold_at DESC, w.id DESC LIMIT 1), 0)) DESC, c.id
 LIMIT 1) x;

-- All that a till shows of a card. m is its master, whose money account it then uses; p its holder.
-- stmt: customer_card :one
-- in: organisation_id i64, id uuid
-- out: barcode text, blocked bool, blocked_until moment, blocked_description text, holder_locked bool,
--      message text, discount_percent amount, discount_until moment, account_card_id uuid, account_kind i64,
--      is_credit bool, credit_limit amount, available amount?, debt amount?, next_change_at moment?,
--      activity_at moment?, has_person i64, birthdate moment?, first_name text?, name text?, company text?,
--      street text?, zip text?, city text?, phone text?, fax text?, email text?, contact_person text?,
--      contact_phone text?, remark text?, salutation text?
SELECT c.barcode, c.blocked, c.blocked_until, c.blocked_description, c.holder_locked, c.message,
       c.discount_percent, c.discount_until, COALESCE(m.id, c.id) AS account_card_id, COALESCE(m.kind, c.kind) AS account_kind,
       COALESCE(m.is_credit, c.is_credit) AS is_credit, COALESCE(m.credit_limit, c.credit_limit) AS credit_limit, a.available, a.debt,
       a.next_change_at, a.activity_at, (p.id IS NOT NULL) AS has_person, p.birthdate, p.first_name, p.name, o.name AS company,
       p.street, p.zip, p.city, p.phone, p.fax, p.email, p.contact_person, p.contact_phone, p.remark, p.salutation
  FROM card c USE INDEX (PRIMARY)
  LEFT JOIN card m USE INDEX (PRIMARY) ON m.organisation_id = c.organisation_id AND m.id = c.master_id
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.card_id = COALESCE(m.id, c.id) AND a.unit = 2
  LEFT JOIN person p USE INDEX (PRIMARY) ON p.organisation_id = c.organisation_id AND p.id = c.person_id AND p.live = 1
       AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
  LEFT JOIN company o ON o.organisation_id = p.organisation_id AND o.id = p.company_id AND o.live = 1
 WHERE c.organisation_id = ? AND c.id = ? AND c.live = 1;

-- The holder of the card that this packet has named, under lock.
-- stmt: programme_named_lock :one
-- in: organisation_id i64
-- out: birthdate moment?
SELECT birthdate FROM person USE INDEX (PRIMARY) WHERE organisation_id = ? AND id = @named_person AND live = 1 FOR UPDATE;

-- What follows, of that holder; nothing of a card without one.
-- stmt: programme_named_count :one
-- in: organisation_id i64, organisation_id
-- out: last_free moment, washings_since i64
SELECT f.sold_at AS last_free, (SELECT COUNT(*) FROM washing w FORCE INDEX (by_free)
                    WHERE w.organisation_id = ? AND w.person_id = @named_person AND w.is_free = 0 AND w.sold_at > f.sold_at) AS washings_since
  FROM (SELECT COALESCE(MAX(sold_at), 0) AS sold_at FROM washing FORCE INDEX (by_free)
         WHERE organisation_id = ? AND person_id = @named_person AND is_free = 1) f
 WHERE @named_person <> 0x00000000000000000000000000000000;

-- The last free washing of a holder (0 = never), and the paid ones since.
-- stmt: programme_count :one
-- in: organisation_id i64, person_id uuid, organisation_id, person_id
-- out: last_free moment, washings_since i64
SELECT f.sold_at AS last_free, (SELECT COUNT(*) FROM washing w FORCE INDEX (by_free)
                    WHERE w.organisation_id = ? AND w.person_id = ? AND w.is_free = 0 AND w.sold_at > f.sold_at) AS washings_since
  FROM (SELECT COALESCE(MAX(sold_at), 0) AS sold_at FROM washing FORCE INDEX (by_free)
         WHERE organisation_id = ? AND person_id = ? AND is_free = 1) f;

-- stmt: washing_newest :many
-- in: organisation_id i64, card_id uuid, limit i64
-- out: id uuid, sold_at moment, payment_method text
SELECT id, sold_at, payment_method FROM washing FORCE INDEX (by_card)
 WHERE organisation_id = ? AND card_id = ? ORDER BY sold_at DESC, id DESC LIMIT ?;

-- stmt: washing_item_newest :many
-- in: organisation_id i64, card_id uuid, limit i64
-- out: washing_id uuid, article text, quantity amount, total amount, serial i64?, label text?, label_receipt text?
SELECT i.washing_id, i.article, i.quantity, i.total, a.serial, a.label, a.label_receipt
  FROM (SELECT organisation_id, id, sold_at FROM washing FORCE INDEX (by_card)
         WHERE organisation_id = ? AND card_id = ? ORDER BY sold_at DESC, id DESC LIMIT ?) w
  STRAIGHT_JOIN washing_item i FORCE INDEX (PRIMARY) ON i.organisation_id = w.organisation_id AND i.washing_id = w.id
  LEFT JOIN article a ON a.organisation_id = i.organisation_id AND a.number = i.article
 ORDER BY w.sold_at DESC, w.id DESC, i.position;

-- stmt: washing_get :one
-- in: organisation_id i64, id uuid
-- out: row washing
SELECT {washing} FROM washing WHERE organisation_id = ? AND id = ?;

-- stmt: washing_insert :exec
-- in: row washing
INSERT INTO washing ({washing}) VALUES ({washing?});

-- stmt: washing_item_insert :exec
-- in: row washing_item
INSERT INTO washing_item ({washing_item}) VALUES ({washing_item?});

-- Whoever brings the same number waits here, then finds what it stands for.
-- stmt: receipt_claim :exec
-- in: row receipt
INSERT INTO receipt ({receipt}) VALUES ({receipt?}) ON DUPLICATE KEY UPDATE kind = VALUES(kind);

-- stmt: receipt_get :one
-- in: organisation_id i64, till text, number bytes, kind i64
-- out: row receipt
SELECT {receipt} FROM receipt WHERE organisation_id = ? AND till = ? AND number = ? AND kind = ?;

-- stmt: receipt_finish :exec
-- in: credit amount, amount amount, bonus_percent amount, bonus amount, organisation_id i64, till text, number bytes, kind i64
UPDATE receipt SET credit = ?, amount = ?, bonus_percent = ?, bonus = ?
 WHERE organisation_id = ? AND till = ? AND number = ? AND kind = ?;
