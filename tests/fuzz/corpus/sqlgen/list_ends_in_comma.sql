-- row: card: id uuid,
SELECT
