-- Lists of cards by two conditions, in the order of the list: each has an index, so that page and
-- count read what they show. What else such a list looks at stands behind the order: the row itself
-- is not read for it.
ALTER TABLE card
  DROP KEY by_parent,
  DROP KEY by_level,
  DROP KEY by_active,
  DROP KEY by_shut,
  DROP KEY by_unblock,
  ADD KEY by_parent (organisation_id, live, parent_id, name_key, id, blocked_until, holder_locked),
  ADD KEY by_level (organisation_id, live, level_id, name_key, id, blocked_until, holder_locked),
  ADD KEY by_active (organisation_id, live, active, name_key, id, blocked_until, holder_locked),
  ADD KEY by_shut (organisation_id, live, shut, name_key, id, blocked_until, holder_locked, active),
  ADD KEY by_unblock (organisation_id, live, active, shut, holder_locked, blocked_until),
  ADD KEY parent_active (organisation_id, live, parent_id, active, name_key, id),
  ADD KEY level_active (organisation_id, live, level_id, active, name_key, id),
  ADD KEY parent_level (organisation_id, live, parent_id, level_id, name_key, id),
  ADD KEY parent_shut (organisation_id, live, parent_id, shut, name_key, id, blocked_until, holder_locked),
  ADD KEY level_shut (organisation_id, live, level_id, shut, name_key, id, blocked_until, holder_locked);

-- A card's postings of one unit, in their order.
ALTER TABLE entry
  DROP KEY by_card,
  ADD KEY by_card (organisation_id, card_id, unit, business_at, id);

ALTER TABLE person
  DROP KEY by_gender,
  DROP KEY by_locked,
  DROP KEY by_confirmed,
  ADD KEY by_gender (organisation_id, live, gender, name_key, id, locked, confirmed),
  ADD KEY by_locked (organisation_id, live, locked, name_key, id, gender, confirmed),
  ADD KEY by_confirmed (organisation_id, live, confirmed, name_key, id, gender, locked);
