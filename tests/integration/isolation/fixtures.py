"""For every row of the route table: requests that name ids, and requests that make or list.

naming(own, other): requests of an organisation that has `own`, each with one id of `other`.
making(id): a request that brings the id of a new object; None = the route makes none.
listing(own): requests whose answers hold rows; own.ids() says which they may hold.
"""
import dataclasses
import itertools
import uuid

import entities
from entities import NOBODY
from forms import Fixture, Request, fresh, unique


@dataclasses.dataclass
class Ids:
    """One organisation's objects; by default, ids that nobody has."""
    group: str = dataclasses.field(default_factory=fresh)
    below: str = dataclasses.field(default_factory=fresh)
    card: str = dataclasses.field(default_factory=fresh)
    follower: str = dataclasses.field(default_factory=fresh)
    level: str = dataclasses.field(default_factory=fresh)
    user: str = dataclasses.field(default_factory=fresh)
    transaction: str = dataclasses.field(default_factory=fresh)
    hold: str = dataclasses.field(default_factory=fresh)
    number: str = dataclasses.field(default_factory=fresh)  # of a card of a series
    label: str = dataclasses.field(default_factory=fresh)
    series_code: str = dataclasses.field(default_factory=lambda: uuid.uuid4().hex)
    series: int = 999999999
    printed: str = dataclasses.field(default_factory=fresh)  # number of a card for tills
    company_name: str = dataclasses.field(default_factory=fresh)
    plate: str = dataclasses.field(default_factory=fresh)
    card_guid: str = dataclasses.field(default_factory=fresh)
    series_name: str = dataclasses.field(default_factory=entities.code)
    customer_name: str = dataclasses.field(default_factory=fresh)
    till_name: str = dataclasses.field(default_factory=fresh)
    receipt: str = dataclasses.field(default_factory=fresh)
    washing: str = dataclasses.field(default_factory=fresh)
    webhook: str = dataclasses.field(default_factory=fresh)
    # numbers of their own
    customer: int = NOBODY
    company: int = NOBODY
    vehicle: int = NOBODY
    card_serial: int = NOBODY
    till: int = NOBODY
    series_row: int = NOBODY
    organisation: int = NOBODY
    mobile: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4().int)[:14])

    def ids(self):
        return {id for id in vars(self).values() if isinstance(id, str)}


def card_file(ids):
    return f'/{ids.organisation}/{ids.organisation}-customer_client_card.json'


def post_card(suffix='', body=None):
    def naming(_own, other):
        return [Request(f'/organization/card/{other.card}{suffix}', body)]
    return Fixture(naming)


def group_change(own, other):
    return [Request(f'/organization/card_group/{other.group}', {'name': 'x'}),
            Request(f'/organization/card_group/{other.group}', {'name': 5}, finds=400),
            Request(f'/organization/card_group/{own.group}', {'parent_id': other.group})]


def group_delete(_own, other):
    return [Request(f'/organization/card_group/{other.group}/delete', {'test': True}),
            Request(f'/organization/card_group/{other.group}/delete')]


REFERENCES = {'parent_id': 'group', 'mastercard_id': 'card', 'referallink_id': 'card',
              'new_card_id': 'card', 'card_level_id': 'level'}


def card_add(_own, other):
    return [Request('/organization/card/add',
                    {'code': '1', 'barcode': unique(), member: getattr(other, name)})
            for member, name in REFERENCES.items()]


def card_change(own, other):
    return [Request(f'/organization/card/{other.card}', {'name': 'x'}),
            Request(f'/organization/card/{other.card}', {'barcode': ''}, finds=400)] + [
            Request(f'/organization/card/{own.follower}', {member: getattr(other, name)})
            for member, name in REFERENCES.items()]


def card_filters(_own, other):
    filters = {'parent_id': other.group, 'user_id': other.user, 'mastercard_id': other.card,
               'referallink_id': other.card, 'card_level_id': other.level}
    return [Request(f'/organization/card?{name}={value}{more}')
            for name, value in filters.items() for more in ('', '&active=1&calculate_count=0')]


def card_lists(own):
    queries = ['', '?per_page=500', '?with_groups=1', '?active=1', '?blocked=0', '?parent_id=',
               f'?parent_id={own.group}', '?card_filter=одинаков', '?barcode=same', '?code=same',
               '?phone=79000000001', '?email=same@example.com', '?calculate_count=true',
               f'?mastercard_id={own.card}', f'?referallink_id={own.card}',
               f'?card_level_id={own.level}', f'?user_id={own.user}']
    return [Request(f'/organization/card{query}') for query in queries]


def search(name, *filters):
    def listing(_own):
        return [Request(f'/organization/card/{name}{query}')
                for query in ['', *(f'?filter={text}' for text in filters)]]
    return Fixture(listing=listing, sample=lambda own: Request(f'/organization/card/{name}'))


def attach(own, other):
    return [Request('/organization/card/attach', {'user_id': other.user, 'card_id': own.card}),
            Request('/organization/card/attach', {'user_id': own.user, 'card_id': other.card})]


def replacement(own, other):
    path = '/organization/card/replacement'
    return [Request(path, {'old_card_id': other.card, 'new_card_id': own.follower}),
            Request(path, {'old_card_id': own.card, 'new_card_id': other.follower})]


def level_named(suffix='', body=None):
    def naming(_own, other):
        return [Request(f'/organization/card_level/{other.level}{suffix}', body)]
    return Fixture(naming)


def user_named(suffix='', body=None):
    def naming(_own, other):
        return [Request(f'/organization/user/{other.user}{suffix}', body)]
    return Fixture(naming)


def hold_named(suffix, body=None):
    def naming(_own, other):
        return [Request(f'/organization/hold/{other.hold}{suffix}', body)]
    return Fixture(naming)


def till(name, reads=False, **members):
    def naming(_own, other):
        return [Request(f'/api/{name}', {key: value, **members}, finds=400)
                for key, value in (('CardNumber', other.printed),
                                   ('CardUID', int(other.printed[:8], 16)),
                                   ('LicensePlate', other.printed))]
    return Fixture(naming, reads=reads)


def transaction_add(_own, other):
    return [Request('/organization/transaction/add', {'card_id': other.card, 'type': 1, 'sum': 1}),
            Request('/organization/transaction/add',
                    {'card_id': other.card, 'type': 0, 'sum': 1, 'doc_id': 'same'}),
            Request('/organization/transaction/add', {'card_id': other.card, 'type': 2, 'sum': 1},
                    finds=400)]


def series_named(path, body):
    """Requests whose body names a series; identifiers answers 400 to what is not there."""
    def naming(_own, other):
        return [Request(path, {**body, member: getattr(other, name)}, finds=400)
                for member, name in (('seriesId', 'series'), ('seriesCode', 'series_code'))
                if member == 'seriesId' or path == '/v2/card']
    return Fixture(naming)


def number_named(path):
    return Fixture(lambda own, other: [Request(f'{path}?number={other.number}', finds=400)])


def card_relabel(own, other):
    body = {'cardNumber': other.number, 'statusLabel': 'SUSPENDED'}
    return [Request('/v2/card', body, finds=400),
            Request('/v2/card', {'cardExternalId': other.number, 'statusLabel': 'SUSPENDED'},
                    finds=400),
            Request('/v2/card', {'cardNumber': own.number, 'statusLabel': other.label}, finds=400)]


def change_identifier(own, other):
    line = {'add': [{'type': 'line', 'value': unique()}]}
    link = {'type': 'cardnumber', 'value': other.number, 'statusLabel': 'ACTIVE'}
    path = f'/v2/customers/{own.customer}/changeIdentifier?source=INSTORE'
    return [Request(f'/v2/customers/{other.customer}/changeIdentifier?source=INSTORE', line,
                    finds=400),
            Request(path, {'add': [link]}, finds=400),
            Request(path, {'remove': [{'type': 'mobile', 'value': other.mobile}]}, finds=400)]


def customer_lookup(_own, other):
    return [Request(f'/v2/customers/lookup?source=INSTORE&identifierName={name}'
                    f'&identifierValue={value}', finds=400)
            for name, value in (('mobile', other.mobile), ('cardnumber', other.number),
                                ('cardExternalId', other.number))]


PUBLIC = Fixture()
_orders = itertools.count(1000)
_spare = itertools.count(60, -30)  # rows that make serial numbers differ

FIXTURES = {
    'GET /healthz': PUBLIC,
    'GET /readyz': PUBLIC,
    'GET /metrics': PUBLIC,
    'GET /openapi.json': PUBLIC,
    'POST /sign_in': PUBLIC,
    'POST /organization/card_group/add': Fixture(
        lambda own, other: [Request('/organization/card_group/add', {'parent_id': other.group})],
        lambda id: Request('/organization/card_group/add', {'id': id, 'name': 'Одинаковая'})),
    'POST /organization/card_group/{id}': Fixture(group_change),
    'POST /organization/card_group/{id}/delete': Fixture(group_delete),
    'GET /organization/card_group/{id}': Fixture(
        lambda own, other: [Request(f'/organization/card_group/{other.group}')]),
    'GET /organization/card_group': Fixture(
        lambda own, other: [Request(f'/organization/card_group?parent_id={other.group}')],
        listing=lambda own: [Request(f'/organization/card_group{query}')
                             for query in ('', '?parent_id=', f'?parent_id={own.group}')]),
    'POST /organization/card/add': Fixture(
        card_add,
        lambda id: Request('/organization/card/add', {'id': id, 'code': '1', 'barcode': unique()})),
    'POST /organization/card/{id}': Fixture(card_change),
    'POST /organization/card/{id}/delete': post_card('/delete', {'checkbalance': True}),
    'GET /organization/card/{id}': post_card(),
    'GET /organization/card': Fixture(card_filters, listing=card_lists),
    'GET /organization/card/by_phone': search('by_phone', '9000000001'),
    'GET /organization/card/by_email': search('by_email', 'same@'),
    'GET /organization/card/by_emai': search('by_emai', 'same@'),
    'GET /organization/card/by_barcode': search('by_barcode', 'same'),
    'GET /organization/card/by_code': search('by_code', 'same'),
    'GET /organization/card/by_name': search('by_name', 'одинаков', 'имя%20одинаков'),
    'POST /organization/card/{id}/activate': post_card('/activate'),
    'POST /organization/card/{id}/deactivate': post_card('/deactivate'),
    'POST /organization/card/{id}/block': post_card('/block', {'description': 'x'}),
    'POST /organization/card/{id}/unblock': post_card('/unblock'),
    'POST /organization/card/send_identify': Fixture(
        lambda own, other: [Request('/organization/card/send_identify',
                                    {'user_id': other.user, 'identify_code': '12345'})],
        sample=lambda own: Request('/organization/card/send_identify',
                                   {'email': 'holder@example.com', 'send_to': 'email'})),
    'POST /organization/card/{id}/accumulate': post_card('/accumulate', {'sum': 1}),
    'POST /organization/card/{id}/levelup': post_card('/levelup', {'check': False}),
    'POST /organization/card/{id}/leveldown': post_card('/leveldown', {'check': False}),
    'POST /organization/card/add_user': Fixture(
        lambda own, other: [Request('/organization/card/add_user', {'user_id': other.user})]),
    'POST /organization/card/attach': Fixture(attach),
    'POST /organization/transaction/add': Fixture(transaction_add),
    'POST /organization/transaction/{id}/refund': Fixture(
        lambda own, other: [
            Request(f'/organization/transaction/{other.transaction}/refund', body)
            for body in ({'sum': 1}, {'doc_id': 'same'})]),
    'POST /organization/card/{id}/hold': post_card('/hold', {'sum': 1}),
    'POST /organization/hold/{id}/capture': hold_named('/capture', {'sum': 1}),
    'POST /organization/hold/{id}/void': hold_named('/void'),
    'GET /organization/card/{id}/balance_info': post_card('/balance_info'),
    'GET /organization/card/{id}/balance_explain': post_card('/balance_explain?at=1'),
    'GET /organization/transaction': Fixture(
        lambda own, other: [Request(f'/organization/transaction?card_id={other.card}')],
        listing=lambda own: [Request(f'/organization/transaction?card_id={own.card}')]),
    'POST /organization/card/replacement': Fixture(replacement),
    'POST /organization/card_level/add': Fixture(
        making=lambda id: Request('/organization/card_level/add',
                                  {'id': id, 'name': 'x', 'order': next(_orders)})),
    'POST /organization/card_level/{id}': level_named('', {'name': 'x'}),
    'POST /organization/card_level/{id}/delete': level_named('/delete'),
    'GET /organization/card_level/{id}': level_named(),
    'GET /organization/card_level': Fixture(
        listing=lambda own: [Request('/organization/card_level')]),
    'POST /api/CustomerCardInformation': till('CustomerCardInformation', reads=True),
    'POST /api/Sale': till(
        'Sale', Items=[{'ArticleNumber': 'A', 'Quantity': 1, 'Price': 0}]),
    'POST /api/ChargeCardCredit': till('ChargeCardCredit', ChargeAmount=1),
    'POST /organization/user/new': Fixture(
        sample=lambda own: Request('/organization/user/new',
                                   {'login': unique(), 'name': 'x', 'phone': '', 'email': ''})),
    'POST /organization/user/{id}': user_named('', {'name': 'x'}),
    'POST /organization/user/{id}/delete': user_named('/delete'),
    'GET /organization/user/{id}': user_named(),
    'GET /organization/user': Fixture(
        listing=lambda own: [Request(f'/organization/user{query}') for query in (
            '', '?login=same', '?user_filter=одинаков', '?phone=79000000002',
            '?email=holder@example.com')]),
    'POST /v3/oauth/token/generate': PUBLIC,
    'POST /v2/customers/{customerId}/changeIdentifier': Fixture(change_identifier),
    'GET /v2/customers/lookup': Fixture(customer_lookup),
    'GET /v2/customers/{customerId}': Fixture(
        lambda own, other: [Request(f'/v2/customers/{other.customer}?source=ALL', finds=400)]),
    'POST /v2/card/series': Fixture(
        sample=lambda own: Request('/v2/card/series', {'code': unique(), 'type': 'DIGITAL'})),
    'PUT /v2/card/series/{seriesId}': Fixture(
        lambda own, other: [Request(f'/v2/card/series/{other.series}', {'name': 'x'}, finds=400)]),
    'GET /v2/card/series/{seriesId}': Fixture(
        lambda own, other: [Request(f'/v2/card/series/{other.series}', finds=400)]),
    'GET /v2/card/series': Fixture(listing=lambda own: [Request('/v2/card/series')]),
    'GET /v2/card/series/get/all': Fixture(
        listing=lambda own: [Request('/v2/card/series/get/all')]),
    'GET /v2/genericStatus/card/labels': Fixture(
        listing=lambda own: [Request('/v2/genericStatus/card/labels')]),
    'POST /v2/genericStatus/card/labelMapping': Fixture(
        sample=lambda own: Request('/v2/genericStatus/card/labelMapping', {
            'mapping': {'ISSUED': [{'label': unique(), 'default': True}]}})),
    'POST /v2/card': series_named('/v2/card', {'cardNumber': 'same3'}),
    'PUT /v2/card': Fixture(card_relabel),
    'GET /v2/card': number_named('/v2/card'),
    'GET /v2/card/statusLog': number_named('/v2/card/statusLog'),
    'GET /{customer_id}/{file}': Fixture(
        lambda own, other: [Request(card_file(other))],
        listing=lambda own: [Request(card_file(own))]),
    'POST /v2/card/generate': series_named('/v2/card/generate', {'count': 1}),
} | entities.FIXTURES

def organisation_of(call):
    """The organisation that `call` speaks for: its file alone is there."""
    for number in (1, 2):
        if call('GET', f'/{number}/{number}-customer_client_card.json', None).status == 200:
            return number
    raise AssertionError('no card file')


# Rows that a token of role client may call (organization.md, "Who may do what").
CLIENT_ROUTES = {
    'GET /organization/card/{id}',
    'GET /organization/card/{id}/balance_info',
    'GET /organization/card/{id}/balance_explain',
    'GET /organization/transaction',
}


def seed_series(call, ids):
    """Series, label and card of the identifiers dialect."""
    def make(path, body):
        answer = call('POST', path, body)
        assert answer.status == 200, (path, body, answer)
        return answer.json().get('entity')

    ids.series = make('/v2/card/series', {'code': ids.series_code, 'type': 'DIGITAL'})
    make('/v2/card', {'seriesId': ids.series, 'cardNumber': ids.number})
    make('/v2/genericStatus/card/labelMapping',
         {'mapping': {'SUSPENDED': [{'label': ids.label, 'default': True}]}})


def seed(call):
    """Makes the same data in the organisation that `call` speaks for; its ids."""
    ids = Ids()

    def make(path, body):
        answer = call('POST', path, body)
        assert answer.status == 200, (path, body, answer)
        return answer.json().get('id')

    make('/organization/card_level/add', {'id': ids.level, 'name': 'Одинаковый', 'order': 1})
    make('/organization/card_group/add', {'id': ids.group, 'name': 'Одинаковая'})
    make('/organization/card_group/add', {'id': ids.below, 'parent_id': ids.group})
    make('/organization/card/add', {
        'id': ids.card, 'parent_id': ids.group, 'code': 'same1', 'barcode': 'same1', 'balance': 5,
        'name': 'Имя Одинаковое', 'phone': '+7 900 000-00-01', 'email': 'Same@example.com',
        'active': True, 'card_level_id': ids.level})
    make('/organization/card/add', {
        'id': ids.follower, 'code': 'same2', 'barcode': 'same2', 'name': 'Имя Одинаковое',
        'phone': '+7 900 000-00-01', 'email': 'same@example.com', 'active': True,
        'mastercard_id': ids.card, 'referallink_id': ids.card})
    ids.transaction = make('/organization/transaction/add', {
        'card_id': ids.card, 'type': 1, 'sum': 1, 'doc_id': 'same', 'doc_type': 1})
    ids.hold = make(f'/organization/card/{ids.card}/hold', {'sum': 1, 'doc_id': 'same'})
    # the follower is the only free card
    ids.user = make('/organization/user/new', {
        'login': 'same', 'name': 'Одинаковый', 'phone': '79000000002',
        'email': 'holder@example.com', 'attach_free_card': True})
    seed_series(call, ids)
    make('/organization/card/add', {
        'code': ids.printed[:8], 'barcode': ids.printed, 'active': True})
    entities.seed(call, ids, next(_spare))
    ids.organisation = organisation_of(call)
    make('/organization/user/new', {
        'login': unique(), 'name': 'Customer', 'phone': ids.mobile, 'email': ''})
    return ids
