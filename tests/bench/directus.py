"""Directus on a copy of the cards, as its admin with a static token: only where it was installed, by

    npm install --prefix build/bench/directus directus@11.1.0    (Node 20; some minutes)"""
import os
import shutil

from compare import request_file
from instance import STATE, free_port, listens, run
from load import Subject

FOLDER = os.path.join(STATE, 'directus')
PROGRAM = os.path.join(FOLDER, 'node_modules', 'directus', 'cli.js')
TOKEN = 'bench-token-of-an-admin'
# Below this path; and a filter for the active ones of a group.
CARD = '/items/card/'
LIST = ('/items/card?limit=10&sort=name_key,id&meta=filter_count&filter%5Bactive%5D%5B_eq%5D=1'
        '&filter%5Bparent_id%5D%5B_eq%5D=')
KEPT = 16  # connections that nginx keeps to it
START_S = 300
COPY = """
SET SESSION max_statement_time = 0;
DROP DATABASE IF EXISTS bare_directus;
CREATE DATABASE bare_directus CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE OR REPLACE USER directus@localhost IDENTIFIED BY 'directus';
GRANT ALL ON bare_directus.* TO directus@localhost;
USE bare_directus;
CREATE FUNCTION dashed(id BINARY(16)) RETURNS CHAR(36) DETERMINISTIC
  RETURN LOWER(INSERT(INSERT(INSERT(INSERT(HEX(id), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'));
CREATE TABLE card (
  id CHAR(36) NOT NULL PRIMARY KEY, parent_id CHAR(36) NOT NULL, code VARCHAR(255) NOT NULL,
  barcode VARCHAR(64) NOT NULL, name VARCHAR(255) NOT NULL, name_key VARCHAR(255) NOT NULL,
  description VARCHAR(1000) NOT NULL, active TINYINT NOT NULL, blocked TINYINT NOT NULL,
  blocked_description VARCHAR(1000) NOT NULL, master_id CHAR(36) NOT NULL, referral_id CHAR(36) NOT NULL,
  phone VARCHAR(64) NOT NULL, email VARCHAR(255) NOT NULL, external TINYINT NOT NULL,
  accum_sale_amount BIGINT NOT NULL, level_id CHAR(36) NOT NULL, activated_at BIGINT NOT NULL,
  activation_shop_id VARCHAR(64) NOT NULL, deactivated_at BIGINT NOT NULL, person_id CHAR(36) NOT NULL,
  image VARCHAR(1000) NOT NULL, blocked_until BIGINT NOT NULL, new_card_id CHAR(36) NOT NULL,
  KEY parent_active (parent_id, active, name_key, id)) ENGINE=InnoDB;
INSERT INTO card SELECT dashed(id), dashed(parent_id), code, barcode, name, CONVERT(name_key USING utf8mb4),
  description, active, blocked, blocked_description, dashed(master_id), dashed(referral_id), phone, email, external,
  accum_sale_amount, dashed(level_id), activated_at, activation_shop_id, deactivated_at, dashed(person_id), image,
  blocked_until, dashed(new_card_id) FROM %s.card WHERE organisation_id = 1 AND live = 1;
ANALYZE TABLE card
"""


def settings(instance, port):
    return {'DB_CLIENT': 'mysql', 'DB_HOST': 'localhost', 'DB_PORT': '3306', 'DB_DATABASE': 'bare_directus',
            'DB_SOCKET_PATH': instance.env['KARTOTEKA_DB_SOCKET'], 'DB_USER': 'directus', 'DB_PASSWORD': 'directus',
            'KEY': 'bench', 'SECRET': 'bench' * 8, 'ADMIN_EMAIL': 'admin@example.com', 'ADMIN_PASSWORD': 'bench',
            'ADMIN_TOKEN': TOKEN, 'HOST': '127.0.0.1', 'PORT': str(port), 'TELEMETRY': 'false', 'LOG_LEVEL': 'error',
            'RATE_LIMITER_ENABLED': 'false', 'CACHE_ENABLED': 'false', 'WEBSOCKETS_ENABLED': 'false',
            'EXTENSIONS_AUTO_RELOAD': 'false', 'NODE_ENV': 'production',
            'EXTENSIONS_PATH': os.path.join(FOLDER, 'extensions'),
            'STORAGE_LOCAL_ROOT': os.path.join(FOLDER, 'uploads')}


def subjects(options, beside, instance, paths):
    """One subject that asks for these paths; none where Directus or the wish for it is missing."""
    node = shutil.which('node')
    if not (options.peers or options.topic == 'all') or not node or not os.path.exists(PROGRAM):
        return []
    port = free_port()
    environment = {**os.environ, **settings(instance, port)}
    instance.sql(COPY % instance.env['KARTOTEKA_DB_NAME'])
    run([node, PROGRAM, 'bootstrap'], env=environment, cwd=FOLDER)
    process = beside.start([node, PROGRAM, 'start'], **settings(instance, port))
    beside.settle(lambda: listens(('127.0.0.1', port)), 'Directus', START_S)
    front, url = beside.proxy('directus', port, KEPT)
    groups = {'nginx': front.pid, 'service': process.pid, 'database': instance.pids['mariadbd']}
    requests = request_file(beside, 'requests-directus', (f'GET {path}' for path in paths))
    return [Subject('Directus', url, requests, f'Authorization: Bearer {TOKEN}', groups)]
