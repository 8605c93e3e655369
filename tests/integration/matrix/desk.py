"""A desk with all five dialects at hand: what is asked is asked until it is answered."""
import itertools
import json
import os
import time

from stage import Lost


class Desk:
    def __init__(self, instance, seed):
        self.instance, self.client = instance, instance.client()
        self.keys = (f'matrix{seed}-{n}' for n in itertools.count())
        self.numbers = itertools.count(1)
        self.records = None  # the card file as it is, until somebody writes

    def fresh_number(self):
        return f'{next(self.numbers):06d}'

    def write(self, path, body, method='post'):
        """Status and answer; a connection that is lost, a 503 and a first try that still runs are
        asked again under the same key."""
        self.records = None
        key, end = next(self.keys), time.monotonic() + 60
        while time.monotonic() < end:
            try:
                answer = getattr(self.client, method)(path, body, key)
            except Lost:
                answer = None
            if answer and answer.status not in (502, 503, 504) and b'still running' not in answer.body:
                return answer
            time.sleep(0.05)
        raise AssertionError(f'no answer to {path} {body}')

    def get(self, path):
        return self.read(lambda: self.client.get(path))

    def post(self, path, body):
        """Of a question that is asked by POST."""
        return self.read(lambda: self.client.post(path, body))

    def select(self, entity, condition, fields):
        return self.post(f'/core/data/{entity}/select',
                         {'fields': fields, 'conditions': {'filters': [condition]}})

    @staticmethod
    def read(ask):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                answer = ask()
            except Lost:
                answer = None
            if answer and answer.status not in (502, 503, 504):
                return answer
            time.sleep(0.05)
        raise AssertionError('no answer')

    def file(self):
        """Records of the downloaded card file by card number."""
        if self.records is None:
            answer = self.get('/1/1-customer_client_card.json')
            rows = [] if answer.status == 404 else json.loads(answer.body, parse_float=str)
            self.records = {row['card_number']: row for row in rows}
        return self.records

    def bring(self, **record):
        """One record by `kartoteka import cards`."""
        self.records = None
        path = os.path.join(self.instance.state, '1-customer_client_card.json')
        whole = {'id': None, 'customer_id': 1, 'customer_client_id': None, 'card_number': None,
                 'card_type': 'loyalty', 'balance': 0, 'points': 0, 'valid_from': None,
                 'valid_to': None, 'status': 'active', 'created_at': '2024-01-01T10:00:00', **record}
        with open(path, 'w', encoding='utf-8') as file:
            json.dump([whole], file)
        return self.instance.admin('import', 'cards', path, '--organisation', '1')
