"""What a search asks for: shapes of requests, each with many values out of the instance's rows.

Values are drawn by a fixed seed: the same rows are asked for every time."""
import dataclasses
import json
import random
import urllib.parse

# Values of a shape, all different where there are as many.
VALUES = 24
# Rows that values are taken from.
SAMPLE = 400
# What the goals promise of a shape: `find` and `order` (pages read one after another) the time of a
# search, `jump` (to any page, cold) that of a jump, `apart` nothing.
FIND, ORDER, JUMP, APART = 'find', 'order', 'jump', 'apart'
UUIDS = {'id', 'parent_id', 'level_id', 'person_id', 'master_id', 'referral_id', 'company_id', 'object_id',
         'card_id'}
NONE = '00000000-0000-0000-0000-000000000000'


@dataclasses.dataclass
class Shape:
    """requests: (method, path, body or None), the first `lead` of them only lead in."""
    name: str
    requests: list
    kind: str = FIND
    lead: int = 0


def get(path, params=()):
    query = urllib.parse.urlencode(dict(params))
    return 'GET', f'{path}?{query}' if query else path, None


def post(path, body):
    return 'POST', path, json.dumps(body, ensure_ascii=False)


def dashed(text):
    text = text.lower()
    return f'{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}'


def rows(instance, table, columns, where=''):
    """Dictionaries by column."""
    wanted = ', '.join(f'HEX({name})' if name in UUIDS else name for name in columns)
    lines = instance.sql(f'SELECT {wanted} FROM {table} WHERE organisation_id = 1 {where}').splitlines()
    found = [dict(zip(columns, line.split('\t'))) for line in lines]
    for row in found:
        row.update((name, dashed(row[name])) for name in columns if name in UUIDS)
    return found


class Data:
    """Rows of the instance to take values from."""

    def __init__(self, instance):
        self.instance, self.random = instance, random.Random(1)
        self.size = int(instance.sql('SELECT MAX(serial) FROM card WHERE organisation_id = 1'))
        self.cards = self.some('card', ['id', 'serial', 'code', 'barcode', 'name', 'phone', 'email', 'parent_id',
                                        'level_id', 'person_id', 'master_id', 'referral_id', 'created_at'])
        self.persons = self.some('person', ['id', 'serial', 'login', 'name', 'phone', 'email', 'external_id',
                                            'card_code', 'company_id', 'created_at', 'updated_at'])
        self.vehicles = self.some('vehicle', ['id', 'serial', 'person_id', 'plate'])
        self.groups = [row['id'] for row in rows(instance, 'card_group', ['id'])]
        self.levels = [row['id'] for row in rows(instance, 'card_level', ['id'])]
        self.held = [card for card in self.cards if card['email']]
        self.firsts = sorted({card['name'].split()[1] for card in self.held})

    def some(self, table, columns):
        serials = ','.join(str(self.random.randint(1, self.size)) for _ in range(SAMPLE * 6))
        return rows(self.instance, table, columns, f'AND live = 1 AND serial IN ({serials}) LIMIT {SAMPLE}')

    def piece(self, text, size):
        """Characters that stand together, from anywhere in it."""
        at = self.random.randint(0, max(0, len(text) - size))
        return text[at:at + size]

    def nobody(self, size):
        """A text that hardly any row holds."""
        return ''.join(self.random.choice('qxzjwk') for _ in range(size))


def having(found, name):
    """Rows where a column is set, again and again until there are enough."""
    some = [row for row in found if row[name] not in ('', 'NULL', NONE)]
    return [some[i % len(some)] for i in range(VALUES)] if some else []


def family(row):
    return row['name'].split()[0]


def first(row):
    return row['name'].split()[1]


def digits(text):
    return ''.join(letter for letter in text if letter.isdigit())
