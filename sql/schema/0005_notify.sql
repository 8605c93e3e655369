-- What goes out: one-time codes, mail and SMS, and events to webhooks.

-- The newest code of a person, keyed digest only. A row of nobody, which no code opens, stands
-- where nobody was found: the work is the same.
CREATE TABLE one_time_code (
  organisation_id INT UNSIGNED NOT NULL,
  person_id BINARY(16) NOT NULL,
  salt BINARY(16) NOT NULL,
  mac BINARY(32) NOT NULL,
  tries INT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, person_id),
  KEY ends (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Outbox of mail and SMS. channel: 1 e-mail, 2 SMS. state: 1 waiting, 2 sent, 3 dead; recipient,
-- subject and body are empty then. next_at: when it is due, or whoever took it has lost it; of an
-- ended one, when it ended.
CREATE TABLE message (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  channel TINYINT UNSIGNED NOT NULL,
  state TINYINT UNSIGNED NOT NULL,
  tries INT NOT NULL,
  next_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  recipient VARCHAR(255) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  body VARCHAR(2000) NOT NULL,
  fault VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (organisation_id, id),
  KEY due (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- live = 0 once removed; its secret is gone then.
CREATE TABLE webhook (
  organisation_id INT UNSIGNED NOT NULL,
  id BINARY(16) NOT NULL,
  live TINYINT NOT NULL,
  url VARCHAR(1000) NOT NULL,
  secret VARBINARY(64) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A journal row on its way to a webhook, written with it. state and next_at as of messages;
-- status: of the last answer, 0 = none came.
CREATE TABLE delivery (
  organisation_id INT UNSIGNED NOT NULL,
  webhook_id BINARY(16) NOT NULL,
  journal_id BINARY(16) NOT NULL,
  state TINYINT UNSIGNED NOT NULL,
  tries INT NOT NULL,
  next_at BIGINT NOT NULL,
  status SMALLINT NOT NULL DEFAULT 0,
  fault VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (organisation_id, webhook_id, journal_id),
  KEY due (organisation_id, webhook_id, state, next_at),
  KEY ended (state, next_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
