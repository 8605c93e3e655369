"""Requests of core-data: every entity is asked, written and removed in one way."""
from forms import Fixture, Request, fresh

NOBODY = 999999999


def ask(path, field, comparator, value, **more):
    where = {'filters': [{'field': field, 'comparator': comparator, 'value': value}]}
    return Request(path, {'conditions': where, **more}, finds=200)


class Entity:
    """name; `key` and `mark`: members of Ids with its id and with a text that lists show;
    `shown`: fields that show it; `row`: ids -> a row that is good to insert;
    `relations`: field -> member of Ids."""

    def __init__(self, name, key, mark, shown, row, relations, missing=409):
        self.path, self.key, self.mark = f'/core/data/{name}', key, mark
        self.shown, self.row, self.relations, self.missing = shown, row, relations, missing

    def fixtures(self):
        return {f'POST {self.path}/{verb}': fixture for verb, fixture in (
            ('select', Fixture(self.selecting('select'), listing=self.listing('select'))),
            ('search', Fixture(self.selecting('search'), listing=self.listing('search'))),
            ('insert', Fixture(self.inserting, sample=self.good)),
            ('update/{id}', Fixture(self.updating)),
            ('remove', Fixture(self.removing)))}

    def selecting(self, verb):
        path = f'{self.path}/{verb}'

        def naming(_own, other):
            key = getattr(other, self.key)
            asked = [ask(path, 'id', '=', key), ask(path, 'id', 'in', [key]),
                     ask(path, 'id', '=', key, fields={'id': '#count'})]
            for field, member in self.relations.items():
                related = {'id': getattr(other, member)}
                asked += [ask(path, field, '=', related), ask(path, field, 'in', [related]),
                          ask(path, f'{field}.id', '=', related['id'])]
            return asked
        return naming

    def listing(self, verb):
        def requests(own):
            fields = {'id': True, **self.shown}
            return [Request(f'{self.path}/{verb}', {'fields': fields, 'limit': 1000, **more})
                    for more in ({}, {'orderBy': [{'field': 'id', 'order': 'desc'}]})] + [
                    Request(f'{self.path}/{verb}', {
                        'fields': fields, 'conditions': {'operator': 'or', 'filters': [
                            {'field': 'id', 'comparator': '=', 'value': getattr(own, self.key)},
                            {'field': 'id', 'comparator': '>', 'value': NOBODY}]}})]
        return requests

    def good(self, own):
        return Request(f'{self.path}/insert', {'fields': [self.row(own)]})

    def inserting(self, own, other):
        return [Request(f'{self.path}/insert',
                        {'fields': [self.row(own) | {field: {'id': getattr(other, member)}}]},
                        finds=self.missing) for field, member in self.relations.items()]

    def updating(self, own, other):
        path = f'{self.path}/update'
        some = next(iter(self.row(own)))
        return [Request(f'{path}/{getattr(other, self.key)}', {'fields': {some: fresh()}},
                        finds=200)] + [
                Request(f'{path}/{getattr(own, self.key)}',
                        {'fields': {field: {'id': getattr(other, member)}}}, finds=self.missing)
                for field, member in self.relations.items()]

    def removing(self, _own, other):
        return [ask(f'{self.path}/remove', 'id', '=', getattr(other, self.key))]


ENTITIES = (
    Entity('Customers', 'customer', 'user', {'guid': True},
           lambda own: {'name': fresh()}, {'company': 'company'}),
    Entity('Companies', 'company', 'company_name', {'name': True},
           lambda own: {'name': fresh()}, {}),
    Entity('Vehicles', 'vehicle', 'plate', {'plate': True},
           lambda own: {'plate': fresh(), 'customer': {'id': own.customer}},
           {'customer': 'customer'}),
    Entity('Cards', 'card_serial', 'card', {'guid': True},
           lambda own: {'barcode': fresh()},
           {'customer': 'customer', 'group': 'group', 'level': 'level'}),
)
FIXTURES = {name: fixture for entity in ENTITIES for name, fixture in entity.fixtures().items()}


def seed(call, ids, spare):
    """What the entities are about; `spare` rows before it make its serial numbers its own."""
    def insert(entity, rows):
        answer = call('POST', f'/core/data/{entity}/insert', {'fields': rows})
        assert answer.status == 200, (entity, answer)
        return answer.json()[-1]['id']

    def serial(entity, guid):
        body = ask('', 'guid', '=', guid, fields={'id': True}).body
        answer = call('POST', f'/core/data/{entity}/select', body)
        assert answer.status == 200 and len(answer.json()) == 1, answer
        return answer.json()[0]['id']

    ids.company = insert('Companies', [{'name': 'x'}] * spare + [{'name': ids.company_name}])
    ids.customer = insert('Customers', [{'name': 'x'}] * spare + [
        {'name': 'x', 'company': {'id': ids.company}}])
    ids.vehicle = insert('Vehicles', [
        {'plate': fresh(), 'customer': {'id': ids.customer}} for _ in range(spare)] + [
        {'plate': ids.plate, 'customer': {'id': ids.customer}}])
    insert('Cards', [{'barcode': fresh()} for _ in range(spare)])
    ids.card_serial = serial('Cards', ids.card)
