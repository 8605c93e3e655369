-- account.inherited_at: the last activity that points took over from the card whose place theirs
-- took, which no entry of their own tells. Not sealed: the old card's account says it under its seal.
ALTER TABLE account ADD COLUMN inherited_at BIGINT NOT NULL DEFAULT 0;

UPDATE account n
  JOIN (SELECT c.organisation_id, c.new_card_id, MAX(o.activity_at) AS activity_at
          FROM card c
          JOIN account o ON o.organisation_id = c.organisation_id AND o.card_id = c.id AND o.unit = 1
         WHERE c.new_card_id <> 0x00000000000000000000000000000000
         GROUP BY c.organisation_id, c.new_card_id) t
    ON t.organisation_id = n.organisation_id AND t.new_card_id = n.card_id
   SET n.inherited_at = COALESCE(t.activity_at, 0)
 WHERE n.unit = 1;
