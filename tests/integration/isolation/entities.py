"""Requests of core-data: every entity is asked, written and removed in one way."""
from forms import Fixture, Request, fresh

NOBODY = 999999999


def code():
    return fresh().replace('-', '')


def ask(path, field, comparator, value, **more):
    where = {'filters': [{'field': field, 'comparator': comparator, 'value': value}]}
    return Request(path, {'conditions': where, **more}, finds=200)


class Entity:
    """name; `key`: member of Ids with its id; `shown`: fields that show a text of Ids; `row`: ids -> a row that is good to insert, None = read only;
    `relations`: field -> member of Ids; `by`: the field that `key` is asked by."""

    def __init__(self, name, key, shown, row, relations, by='id'):
        self.path, self.key = f'/core/data/{name}', key
        self.shown, self.row, self.relations, self.by = shown, row, relations, by

    def fixtures(self):
        return {f'POST {self.path}/{verb}': fixture for verb, fixture in (
            ('select', Fixture(self.selecting('select'), listing=self.listing('select'))),
            ('search', Fixture(self.selecting('search'), listing=self.listing('search'))),
            ('insert', Fixture(self.inserting, sample=self.good)),
            ('update/{id}', Fixture(self.updating)),
            ('remove', Fixture(self.removing))) if self.row or verb in ('select', 'search')}

    def selecting(self, verb):
        path = f'{self.path}/{verb}'

        def naming(_own, other):
            key = getattr(other, self.key)
            asked = [ask(path, self.by, '=', key), ask(path, self.by, 'in', [key]),
                     ask(path, self.by, '=', key, fields={'id': '#count'})]
            for field, member in self.relations.items():
                related = {'id': getattr(other, member)}
                asked += [ask(path, field, '=', related), ask(path, field, 'in', [related]),
                          ask(path, f'{field}.id', '=', related['id'])]
            return asked
        return naming

    def listing(self, verb):
        def requests(own):
            if not self.shown:
                return []
            fields = {self.by: True, **self.shown}
            return [Request(f'{self.path}/{verb}', {'fields': fields, 'limit': 1000, **more})
                    for more in ({}, {'orderBy': [{'field': self.by, 'order': 'desc'}]})] + [
                    Request(f'{self.path}/{verb}', {
                        'fields': fields, 'conditions': {'operator': 'or', 'filters': [
                            {'field': self.by, 'comparator': '=',
                             'value': getattr(own, self.key)},
                            {'field': self.by, 'comparator': 'in', 'value': []}]}})]
        return requests

    def good(self, own):
        return Request(f'{self.path}/insert', {'fields': [self.row(own)]})

    def inserting(self, own, other):
        return [Request(f'{self.path}/insert',
                        {'fields': [self.row(own) | {field: {'id': getattr(other, member)}}]},
                        finds=409) for field, member in self.relations.items()]

    def updating(self, own, other):
        path = f'{self.path}/update'
        some = next(iter(self.row(own)))
        return [Request(f'{path}/{getattr(other, self.key)}', {'fields': {some: fresh()}},
                        finds=200)] + [
                Request(f'{path}/{getattr(own, self.key)}',
                        {'fields': {field: {'id': getattr(other, member)}}}, finds=409)
                for field, member in self.relations.items()]

    def removing(self, _own, other):
        return [ask(f'{self.path}/remove', self.by, '=', getattr(other, self.key))]


ENTITIES = (
    Entity('Customers', 'customer', {'name': True},
           lambda own: {'name': fresh()}, {'company': 'company'}),
    Entity('Companies', 'company', {'name': True},
           lambda own: {'name': fresh()}, {}),
    Entity('Vehicles', 'vehicle', {'plate': True},
           lambda own: {'plate': fresh(), 'customer': {'id': own.customer}},
           {'customer': 'customer'}),
    Entity('Cards', 'card_serial', {'guid': True},
           lambda own: {'barcode': fresh()},
           {'customer': 'customer', 'group': 'group', 'level': 'level'}),
    Entity('CardGroups', 'group', {'id': True}, lambda own: {'name': fresh()},
           {'parent': 'group'}),
    Entity('CardLevels', 'level', {'id': True},
           lambda own: {'name': fresh(), 'order': 77}, {}),
    Entity('Transactions', 'transaction', {'id': True}, None,
           {'card': 'card_serial'}),
    Entity('Audit', 'card', {'objectId': True}, None, {}, by='objectId'),
    Entity('CardSeries', 'series_row', {'code': True},
           lambda own: {'code': code(), 'type': 'DIGITAL'}, {}),
    Entity('Tills', 'till', {'name': True}, lambda own: {'name': fresh(), 'number': 200}, {},
           by='number'),
    Entity('Washings', 'washing', {'receipt': True}, None,
           {'card': 'card_serial', 'customer': 'customer'}, by='guid'),
    Entity('Webhooks', 'webhook', None, None, {}),  # made by the administrator only
)
FIXTURES = {name: fixture for entity in ENTITIES for name, fixture in entity.fixtures().items()}


def wash(call, ids):
    """A washing's guid; tills cannot ask for it, its receipt is known."""
    sold = call('POST', '/api/Sale', {
        'CardNumber': ids.printed, 'ClientNumber': ids.till, 'PriceGroup': 1, 'ReceiptNumber': ids.receipt,
        'PaymentMethod': 0, 'Items': [{'ArticleNumber': 'A', 'Quantity': 1, 'Price': 0}]})
    assert sold.status == 200, sold
    answer = call('POST', '/core/data/Washings/select', {
        'fields': {'guid': True}, 'conditions': {'filters': [
            {'field': 'receipt', 'comparator': '=', 'value': ids.receipt}]}})
    return answer.json()[0]['guid']


def seed(call, ids, spare):
    """What the entities are about; `spare` rows before it make its serial numbers its own."""
    def insert(entity, rows):
        answer = call('POST', f'/core/data/{entity}/insert', {'fields': rows})
        assert answer.status == 200, (entity, answer)
        return answer.json()[-1]

    ids.company = insert('Companies', [
        {'name': 'x'}] * spare + [{'name': ids.company_name}])['id']
    ids.customer = insert('Customers', [{'name': 'x'}] * spare + [
        {'name': ids.customer_name, 'company': {'id': ids.company}}])['id']
    ids.vehicle = insert('Vehicles', [
        {'plate': fresh(), 'customer': {'id': ids.customer}} for _ in range(spare)] + [
        {'plate': ids.plate, 'customer': {'id': ids.customer}}])['id']
    card = insert('Cards', [{'barcode': fresh()} for _ in range(spare + 1)])
    ids.card_serial, ids.card_guid = card['id'], card['guid']
    ids.series_row = insert('CardSeries', [
        {'code': code(), 'type': 'DIGITAL'} for _ in range(spare)] + [
        {'code': ids.series_name, 'type': 'DIGITAL'}])['id']
    ids.till = 10 + spare
    # 0 is the till of requests that name none
    insert('Tills', [{'number': 0}, {'number': ids.till, 'name': ids.till_name}])
    ids.washing = wash(call, ids)
