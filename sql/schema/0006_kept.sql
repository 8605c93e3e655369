-- What the purge looks for, and only that: when a row with a key was made. It goes with the key,
-- so rows that were purged are not looked at again.
ALTER TABLE journal
  ADD COLUMN kept_at BIGINT NULL DEFAULT (IF(idem_key IS NULL, NULL, at)),
  DROP KEY kept,
  ADD KEY kept (kept_at);

UPDATE journal SET kept_at = at WHERE idem_key IS NOT NULL;
