-- Rows of entities. Computed members are made after the rows are read.

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
