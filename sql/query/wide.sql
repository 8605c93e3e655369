-- Wide rows: entities with the names of what they refer to. Computed members are made after reading.

-- row: customer: id uuid, serial i64, name text, email text, card_code text, company_serial i64?, company_name text?, external_id text, locked bool, credit_allowed bool, total_debt amount, debt_data json?, payment_card text, is_default bool, phone text, birthdate moment?, gender i64, salutation text, first_name text, street text, zip text, city text, fax text, contact_person text, contact_phone text, remark text, created_at moment, updated_at moment

-- row: company: organisation_id i64, id uuid, serial i64, live i64?, version i64, name text, name_key bytes, description text, address text, registration_code text, registration_key bytes, created_at moment, updated_at moment

-- row: vehicle_view: id uuid, serial i64, customer_serial i64?, customer_name text?, plate text, created_at moment, updated_at moment

-- row: card_item: id uuid, serial i64, barcode text, code text, name text, description text, kind i64, group_id uuid, group_name text?, level_id uuid, level_name text?, customer_serial i64?, customer_name text?, active bool, blocked bool, blocked_description text, unblock_at moment, valid_from moment, valid_to moment, is_credit bool, credit_limit amount, message text, discount_percent amount, discount_until moment, points amount?, money amount?, created_at moment, updated_at moment, holder_locked bool, master_id uuid, points_debt amount?, points_change_at moment?, points_activity_at moment?, erase_days i64?, money_debt amount?, money_change_at moment?

-- stmt: customer_get :one
-- in: organisation_id i64, serial i64
-- out: row customer
SELECT person.id, person.serial, person.name, person.email, person.card_code,
       w.serial AS company_serial, w.name AS company_name, person.external_id, person.locked,
       person.credit_allowed, 0 AS total_debt, CAST(NULL AS CHAR) AS debt_data, person.payment_card,
       person.is_default, person.phone, person.birthdate, person.gender, person.salutation,
       person.first_name, person.street, person.zip, person.city, person.fax, person.contact_person,
       person.contact_phone, person.remark, person.created_at, person.updated_at
  FROM person
  LEFT JOIN company w ON w.organisation_id = person.organisation_id AND w.id = person.company_id
 WHERE person.organisation_id = ? AND person.serial = ? AND person.live = 1;

-- stmt: customer_lock :one
-- in: organisation_id i64, serial i64
-- out: row person
SELECT {person} FROM person WHERE organisation_id = ? AND serial = ? AND live = 1 FOR UPDATE;

-- stmt: company_get :one
-- in: organisation_id i64, serial i64
-- out: row company
SELECT {company} FROM company WHERE organisation_id = ? AND serial = ? AND live = 1;

-- stmt: company_lock :one
-- in: organisation_id i64, serial i64
-- out: row company
SELECT {company} FROM company WHERE organisation_id = ? AND serial = ? AND live = 1 FOR UPDATE;

-- A person that comes to a company, and a delete of that company, wait for each other here.
-- stmt: company_share :one
-- in: organisation_id i64, serial i64
-- out: id uuid
SELECT id FROM company WHERE organisation_id = ? AND serial = ? AND live = 1 LOCK IN SHARE MODE;

-- stmt: company_in_use :one
-- in: organisation_id i64, company_id uuid
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND live = 1 AND company_id = ? LIMIT 1;

-- stmt: company_insert :exec
-- in: row company
INSERT INTO company ({company}) VALUES ({company?});

-- stmt: company_update :exec
-- in: row company, where_organisation_id i64, where_id uuid
UPDATE company SET {company=?} WHERE organisation_id = ? AND id = ?;

-- row: vehicle: organisation_id i64, id uuid, serial i64, live i64?, person_id uuid, plate text, plate_key bytes, created_at moment, updated_at moment

-- stmt: vehicle_view_get :one
-- in: organisation_id i64, serial i64
-- out: row vehicle_view
SELECT vehicle.id, vehicle.serial, h.serial AS customer_serial, h.name AS customer_name,
       vehicle.plate, vehicle.created_at, vehicle.updated_at
  FROM vehicle
  LEFT JOIN person h ON h.organisation_id = vehicle.organisation_id AND h.id = vehicle.person_id
 WHERE vehicle.organisation_id = ? AND vehicle.serial = ? AND vehicle.live = 1;

-- stmt: vehicle_lock :one
-- in: organisation_id i64, serial i64
-- out: row vehicle
SELECT {vehicle} FROM vehicle WHERE organisation_id = ? AND serial = ? AND live = 1 FOR UPDATE;

-- stmt: vehicle_insert :exec
-- in: row vehicle
INSERT INTO vehicle ({vehicle}) VALUES ({vehicle?});

-- stmt: vehicle_update :exec
-- in: row vehicle, where_organisation_id i64, where_id uuid
UPDATE vehicle SET {vehicle=?} WHERE organisation_id = ? AND id = ?;

-- A holder that goes leaves no vehicle behind.
-- stmt: vehicle_of_person_remove :exec
-- in: updated_at moment, organisation_id i64, person_id uuid
UPDATE vehicle SET live = NULL, updated_at = ? WHERE organisation_id = ? AND person_id = ? AND live = 1;

-- The money accounts of some holders' cards, without replaced cards.
-- stmt: card_money_of_persons :many
-- in: organisation_id i64, row file_ids
-- out: person_id uuid, id uuid, code text, kind i64, is_credit bool, credit_limit amount, holder_credit bool, available amount?, debt amount?, next_change_at moment?
SELECT c.person_id, c.id, c.code, c.kind, c.is_credit, c.credit_limit, c.holder_credit, a.available, a.debt,
       a.next_change_at
  FROM card c FORCE INDEX (by_person)
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.card_id = c.id AND a.unit = 2
 WHERE c.organisation_id = ? AND c.live = 1 AND c.person_id IN ({file_ids?})
   AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
 ORDER BY c.person_id, c.attached_at, c.id;

-- What made an account's debt, newest first.
-- stmt: debt_parts :many
-- in: organisation_id i64, card_id uuid, limit i64
-- out: owner_id uuid, taken amount, at moment
SELECT owner_id, taken, at FROM allocation
 WHERE organisation_id = ? AND card_id = ? AND unit = 2 AND lot_id = 0x00000000000000000000000000000000 AND taken > 0
 ORDER BY owner_id DESC, position DESC LIMIT ?;

-- A card as an entity: c is the card; g, v, h what it names; a and m the accounts of points and
-- money that its postings go to. A card that has been replaced has no holder here.
-- stmt: card_item_get :one
-- in: organisation_id i64, serial i64
-- out: row card_item
SELECT c.id, c.serial, c.barcode, c.code, c.name, c.description, c.kind, c.parent_id AS group_id,
       g.name AS group_name, c.level_id, v.name AS level_name, h.serial AS customer_serial,
       h.name AS customer_name, c.active, c.blocked, c.blocked_description, c.blocked_until AS unblock_at,
       c.valid_from, c.valid_to, c.is_credit, c.credit_limit, c.message, c.discount_percent,
       c.discount_until, a.available AS points, m.available AS money, c.created_at, c.updated_at,
       c.holder_locked, c.master_id, a.debt AS points_debt, a.next_change_at AS points_change_at,
       a.activity_at AS points_activity_at, b.inactivity_bonus_erase_period AS erase_days,
       m.debt AS money_debt, m.next_change_at AS money_change_at
  FROM card c
  LEFT JOIN card_group g ON g.organisation_id = c.organisation_id AND g.id = c.parent_id
  LEFT JOIN card_level v ON v.organisation_id = c.organisation_id AND v.id = c.level_id
  LEFT JOIN person h ON h.organisation_id = c.organisation_id AND h.id = c.person_id
       AND NOT (c.new_card_id <> 0x00000000000000000000000000000000 AND c.active = 0 AND c.blocked = 1)
  LEFT JOIN account a ON a.organisation_id = c.organisation_id AND a.unit = 1
       AND a.card_id = IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)
  LEFT JOIN account m ON m.organisation_id = c.organisation_id AND m.unit = 2
       AND m.card_id = IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)
  LEFT JOIN card l ON l.organisation_id = c.organisation_id
       AND l.id = IF(c.master_id = 0x00000000000000000000000000000000, c.id, c.master_id)
  LEFT JOIN card_level b ON b.organisation_id = c.organisation_id AND b.id = l.level_id
 WHERE c.organisation_id = ? AND c.serial = ? AND c.live = 1;

-- stmt: card_of_serial :one
-- in: organisation_id i64, serial i64
-- out: id uuid, person_id uuid
SELECT id, person_id FROM card WHERE organisation_id = ? AND serial = ? AND live = 1;

-- row: group_item: id uuid, name text, description text, parent_id uuid, parent_name text?, created_at moment, updated_at moment

-- stmt: group_item_get :one
-- in: organisation_id i64, id uuid
-- out: row group_item
SELECT card_group.id, card_group.name, card_group.description, card_group.parent_id, p.name AS parent_name,
       card_group.created_at, card_group.updated_at
  FROM card_group
  LEFT JOIN card_group p ON p.organisation_id = card_group.organisation_id AND p.id = card_group.parent_id
 WHERE card_group.organisation_id = ? AND card_group.id = ?;

-- stmt: level_item_get :one
-- in: organisation_id i64, id uuid
-- out: row card_level
SELECT {card_level:card_level} FROM card_level WHERE card_level.organisation_id = ? AND card_level.id = ?;

-- row: transaction: id uuid, kind i64, unit i64, amount amount, balance_after amount, card_id uuid, card_serial i64?, card_barcode text?, posted_at moment, business_at moment, author text, description text, doc_id text, doc_type i64, kkm_id text, shop_id text, discount_id text

-- stmt: transaction_get :one
-- in: organisation_id i64, id uuid
-- out: row transaction
SELECT entry.id, entry.kind, entry.unit, entry.amount, entry.balance_after, entry.card_id,
       c.serial AS card_serial, c.barcode AS card_barcode, entry.posted_at, entry.business_at,
       entry.author, entry.description, entry.doc_id, entry.doc_type, entry.kkm_id, entry.shop_id,
       entry.discount_id
  FROM entry
  LEFT JOIN card c ON c.organisation_id = entry.organisation_id AND c.id = entry.card_id
 WHERE entry.organisation_id = ? AND entry.id = ?;

-- row: audit: id uuid, at moment, operation text, subject text, request_id text, object_id uuid, changes json

-- stmt: audit_get :one
-- in: organisation_id i64, id uuid
-- out: row audit
SELECT journal.id, journal.at, journal.operation, journal.subject, journal.request_id, journal.object_id, journal.changes
  FROM journal WHERE journal.organisation_id = ? AND journal.id = ?;

-- stmt: series_in_use :one
-- in: organisation_id i64, series_id uuid
-- out: id uuid
SELECT id FROM card WHERE organisation_id = ? AND live = 1 AND series_id = ? LIMIT 1;

-- stmt: till_lock :one
-- in: organisation_id i64, number i64
-- out: row till
SELECT {till} FROM till WHERE organisation_id = ? AND number = ? FOR UPDATE;

-- stmt: till_insert :exec
-- in: row till
INSERT INTO till ({till}) VALUES ({till?});

-- stmt: till_rename :exec
-- in: name text, updated_at moment, organisation_id i64, number i64
UPDATE till SET name = ?, updated_at = ? WHERE organisation_id = ? AND number = ?;

-- stmt: till_delete :exec
-- in: organisation_id i64, number i64
DELETE FROM till WHERE organisation_id = ? AND number = ?;

-- row: washing_view: id uuid, serial i64, card_serial i64?, card_barcode text?, customer_serial i64?, customer_name text?, sold_at moment, till text, receipt text, price_group i64, cashier text, payment_method text, total amount, paid amount, is_free bool

-- stmt: washing_view_get :one
-- in: organisation_id i64, serial i64
-- out: row washing_view
SELECT washing.id, washing.serial, c.serial AS card_serial, c.barcode AS card_barcode,
       h.serial AS customer_serial, h.name AS customer_name, washing.sold_at, washing.till, washing.receipt,
       washing.price_group, washing.cashier, washing.payment_method, washing.total, washing.paid, washing.is_free
  FROM washing
  LEFT JOIN card c ON c.organisation_id = washing.organisation_id AND c.id = washing.card_id
  LEFT JOIN person h ON h.organisation_id = washing.organisation_id AND h.id = washing.person_id
 WHERE washing.organisation_id = ? AND washing.serial = ?;

-- row: webhook_view: id uuid, url text, created_at moment

-- stmt: webhook_view_get :one
-- in: organisation_id i64, id uuid
-- out: row webhook_view
SELECT webhook.id, webhook.url, webhook.created_at
  FROM webhook WHERE webhook.organisation_id = ? AND webhook.id = ? AND webhook.live = 1;
