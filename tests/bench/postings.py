"""Postings to send, and what they are sent to."""
import json
import os
import time

from compare import bare_subjects, own_subject, request_file
from load import SERIAL

PATH = '/organization/transaction/add'
KEY = f'Idempotency-Key: {SERIAL}'
SUM = 5
LOT_DAYS = 30
# Of as many cards points come on, then off: a card is not posted to twice at once.
APART = 500
# The cards have so much in minor units that no order of postings refuses one.
ENOUGH = (' AND active = 1 AND shut = 0 AND valid_from = 0 AND valid_to = 0'
          " AND master_id = REPEAT('\\0', 16) AND id IN (SELECT card_id FROM account"
          ' WHERE organisation_id = 1 AND unit = 1 AND available >= 10000)')
HERE = os.path.dirname(os.path.realpath(__file__))


def posting(card, off, amount=SUM, **more):
    """A request's body, with a document of its own."""
    return json.dumps({'card_id': card, 'time': int(time.time()), 'type': int(off), 'sum': amount,
                       'author': 'Cashier 7', 'doc_id': SERIAL, 'doc_type': 1, 'kkm_id': 'till-3',
                       'shop_id': 'shop-12', **({} if off else {'invalidate_period': LOT_DAYS}), **more})


def alternating(ids, path=PATH):
    for start in range(0, len(ids), APART):
        for off in (False, True):
            for card in ids[start:start + APART]:
                yield f'POST {path} {posting(card, off)}'


def service(beside, instance, name, lines, headers=''):
    return own_subject(instance, name, request_file(beside, f'requests-{name}', lines), headers)


def twin_tables(instance):
    """The tables that bare postings write to, as the service's are now."""
    instance.sql(f"source {os.path.join(HERE, 'bare.sql')}")


def bare(beside, instance, ids):
    """The bare postings: of the same rows without and with a key, and of two rows."""
    same = request_file(beside, 'requests-bare', alternating(ids, '/posting'))
    two = request_file(beside, 'requests-two', alternating(ids, '/two'))
    return bare_subjects(beside, instance, [('bare', same, ''), ('bare, keyed', same, KEY),
                                            ('two rows', two, '')])
