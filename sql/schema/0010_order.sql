-- Cards of a holder, a master, a referral in the order of the list: a page reads what it shows and
-- sorts nothing.
ALTER TABLE card
  DROP KEY by_person,
  DROP KEY by_master,
  DROP KEY by_referral,
  ADD KEY by_person (organisation_id, live, person_id, name_key, id),
  ADD KEY by_master (organisation_id, live, master_id, name_key, id),
  ADD KEY by_referral (organisation_id, live, referral_id, name_key, id);
