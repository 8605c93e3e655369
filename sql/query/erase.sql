-- What `kartoteka erase person` overwrites. Amounts, moments and ids stay: the books are sound after.

-- Those that were merged into it: they are the same human.
-- stmt: erase_aliases :many
-- in: organisation_id i64, merged_into uuid
-- out: id uuid
SELECT id FROM person WHERE organisation_id = ? AND merged_into = ? ORDER BY id;

-- stmt: erase_vehicles :exec
-- in: organisation_id i64, person_id uuid
DELETE FROM vehicle WHERE organisation_id = ? AND live = 1 AND person_id = ?;

-- Author and description stand in the chain by their digests.
-- stmt: erase_entries :exec
-- in: author text, description text, organisation_id i64, card_id uuid
UPDATE entry SET author = ?, description = ? WHERE organisation_id = ? AND card_id = ?;

-- stmt: erase_holds :exec
-- in: nothing text, organisation_id i64, card_id uuid
UPDATE hold SET author = ? WHERE organisation_id = ? AND card_id = ?;

-- What was before and after goes, and what was answered; that something was done, by whom and
-- when, and which entries it posted, stays.
-- stmt: erase_journal :exec
-- in: changes text, organisation_id i64, object_id uuid
UPDATE journal SET changes = ?, idem_key = NULL, fingerprint = NULL, answer = NULL, kept_at = NULL
 WHERE organisation_id = ? AND object_id = ?;

-- stmt: erase_entries_count :one
-- in: organisation_id i64, card_id uuid
-- out: n i64
SELECT COUNT(*) FROM entry FORCE INDEX (by_card) WHERE organisation_id = ? AND card_id = ?;

-- stmt: erase_journal_count :one
-- in: organisation_id i64, object_id uuid
-- out: n i64
SELECT COUNT(*) FROM journal FORCE INDEX (by_object) WHERE organisation_id = ? AND object_id = ?;
