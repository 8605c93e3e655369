-- Free cards: who may be given to a holder. posted = an entry names the card, kept for
-- good. free_kind 1 = free, 2 = free once its block ends by the clock, NULL = not free
-- (dead, held, external, posted or blocked for good).
ALTER TABLE card
  ADD COLUMN posted TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN free_kind TINYINT UNSIGNED NULL,
  ADD KEY by_free (organisation_id, free_kind, id);

UPDATE card SET posted = 1
 WHERE EXISTS (SELECT 1 FROM entry e
                WHERE e.organisation_id = card.organisation_id AND e.card_id = card.id);

UPDATE card SET free_kind = IF(shut = 0, 1, 2)
 WHERE live = 1 AND posted = 0 AND external = 0 AND holder_locked = 0
   AND person_id = 0x00000000000000000000000000000000
   AND (shut = 0 OR blocked_until < 9223372036854775807);
