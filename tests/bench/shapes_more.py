"""The other dialects' reads: core-data by every member that an index serves, identifiers, pos."""
from shapes import APART, JUMP, ORDER, VALUES, Shape, digits, family, get, having, post, rows

ENTITIES = ('Customers', 'Cards', 'Vehicles')


def shapes(data):
    yield from customers(data)
    yield from cards(data)
    yield from more_entities(data)
    yield from pages(data)
    yield from identifiers(data)
    yield from pos(data)


def select(entity, *filters, **more):
    asked = [{'field': field, 'comparator': comparator, 'value': value} for field, comparator, value in filters]
    conditions = {'conditions': {'filters': asked}} if asked else {}
    return post(f'/core/data/{entity}/select', {**conditions, **more})


def of(entity, name, requests, kind='find'):
    return Shape(f'{entity}: {name}', list(requests), kind)


def whole(found, column):
    return [row[column] for row in having(found, column)]


def iso(ms):
    from datetime import datetime, timezone
    return datetime.fromtimestamp(int(ms) / 1000, timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.000Z')


def texts(entity, field, values):
    """Equality, a list, prefixes of a text, and its order."""
    yield of(entity, f'{field} =', (select(entity, (field, '=', value)) for value in values))
    yield of(entity, f'{field} in 10', (select(entity, (field, 'in', (values * 2)[i:i + 10])) for i in range(len(values))))
    for size in (1, 3, 6):
        yield of(entity, f"{field} like '{'x' * size}%'",
                 (select(entity, (field, 'like', value[:size] + '%')) for value in values))


def ranges(entity, field, values):
    values = sorted(values)
    for comparator in ('>=', '<'):
        yield of(entity, f'{field} {comparator}', (select(entity, (field, comparator, value)) for value in values))
    yield of(entity, f'{field} between',
             (select(entity, (field, 'between', [value, other])) for value, other in zip(values, values[1:] + values[-1:])))


def orders(entity, *fields):
    for field in fields:
        for way in ('asc', 'desc'):
            yield of(entity, f'order by {field} {way}',
                     [select(entity, orderBy=[{'field': field, 'order': way}])] * VALUES)


def customers(data):
    persons, name = data.persons[:VALUES], 'Customers'
    yield of(name, 'all', [select(name)] * VALUES)
    yield of(name, 'all, 1000 rows', [select(name, limit=1000)] * VALUES, APART)
    serials = [int(row['serial']) for row in persons]
    yield of(name, 'id =', (select(name, ('id', '=', serial)) for serial in serials))
    yield of(name, 'id in 10', (select(name, ('id', 'in', (serials * 2)[i:i + 10])) for i in range(VALUES)))
    yield from ranges(name, 'id', serials)
    yield of(name, 'guid =', (select(name, ('guid', '=', row['id'])) for row in persons))
    for field, column in (('name', 'name'), ('email', 'email'), ('cardId', 'card_code'), ('externalId', 'external_id'),
                          ('phone', 'phone')):
        yield from texts(name, field, whole(data.persons, column))
    yield from ranges(name, 'name', [row['name'] for row in persons])
    companies = [int(row['serial']) for row in rows(data.instance, 'company', ['serial'])]
    yield of(name, 'company =', (select(name, ('company', '=', {'id': companies[i % len(companies)]}))
                                 for i in range(VALUES)))
    yield of(name, 'company.id =', (select(name, ('company.id', '=', companies[i % len(companies)]))
                                    for i in range(VALUES)))
    yield of(name, 'company.name =', [select(name, ('company.name', '=', 'Acme Ltd'))] * VALUES)
    yield of(name, "company.name like 'xxx%'", [select(name, ('company.name', 'like', 'Acm%'))] * VALUES)
    for value in (True, False):
        yield of(name, f'isBlocked = {value}'.lower(), [select(name, ('isBlocked', '=', value))] * VALUES)
    for field, column in (('createdAt', 'created_at'), ('updatedAt', 'updated_at')):
        times = [iso(row[column]) for row in persons]
        yield of(name, f'{field} =', (select(name, (field, '=', time)) for time in times))
        yield from ranges(name, field, times)
    yield from orders(name, 'id', 'name', 'email', 'cardId', 'externalId', 'isBlocked', 'createdAt', 'updatedAt')
    yield of(name, 'isBlocked = false; name like', (select(name, ('isBlocked', '=', False), (
        'name', 'like', family(row)[:3] + '%')) for row in persons))
    yield of(name, 'company =; isBlocked = false', (
        select(name, ('company', '=', {'id': 42}), ('isBlocked', '=', False)) for _ in range(VALUES)))
    yield of(name, 'company =; createdAt >=', (
        select(name, ('company', '=', {'id': 42}), ('createdAt', '>=', iso(row['created_at']))) for row in persons))
    yield of(name, 'name like, order by createdAt', (
        select(name, ('name', 'like', family(row)[:3] + '%'), orderBy=[{'field': 'createdAt', 'order': 'desc'}])
        for row in persons))
    yield of(name, 'count, email like', (
        post('/core/data/Customers/search', {'fields': {'id': '#count'}, 'conditions': {'filters': [
            {'field': 'email', 'comparator': 'like', 'value': row['email'][:6] + '%'}]}}) for row in persons))
    for what, filters in ((" like '%xxx%'", ('name', 'like', '%ова%')), (' !=', ('email', '!=', 'x')),
                          (' is null', ('externalId', 'is null', None)), (' without an index', ('city', '=', 'Москва'))):
        yield of(name, what.strip(), [select(name, filters)] * 4, APART)


def cards(data):
    found, name = data.cards[:VALUES], 'Cards'
    yield of(name, 'all', [select(name)] * VALUES)
    serials = [int(row['serial']) for row in found]
    yield of(name, 'id =', (select(name, ('id', '=', serial)) for serial in serials))
    yield from ranges(name, 'id', serials)
    yield of(name, 'guid =', (select(name, ('guid', '=', row['id'])) for row in found))
    for field, column in (('barcode', 'barcode'), ('code', 'code'), ('name', 'name')):
        yield from texts(name, field, whole(data.held, column))
    yield of(name, 'group =', (select(name, ('group', '=', {'id': data.groups[i % len(data.groups)]}))
                               for i in range(VALUES)))
    yield of(name, 'level =', (select(name, ('level', '=', {'id': data.levels[i % len(data.levels)]}))
                               for i in range(VALUES)))
    serials = {row['id']: int(row['serial']) for row in data.persons}
    yield of(name, 'customer =', (select(name, ('customer', '=', {'id': serial}))
                                  for serial in list(serials.values())[:VALUES]))
    yield of(name, 'customer.name =', (select(name, ('customer.name', '=', row['name'])) for row in data.held[:VALUES]))
    for value in (True, False):
        yield of(name, f'active = {value}'.lower(), [select(name, ('active', '=', value))] * VALUES)
    yield from orders(name, 'id')


def more_entities(data):
    cards_of = [int(row['serial']) for row in data.cards[:VALUES]]
    ids = [row['id'] for row in data.cards[:VALUES]]
    vehicles = data.vehicles[:VALUES]
    yield of('Vehicles', 'id =', (select('Vehicles', ('id', '=', int(row['serial']))) for row in vehicles))
    yield from texts('Vehicles', 'plate', [row['plate'] for row in vehicles])
    yield of('Vehicles', 'customer =', (select('Vehicles', ('customer', '=', {'id': int(row['serial'])}))
                                        for row in data.persons[:VALUES]))
    yield from orders('Vehicles', 'id')
    for name in ('Companies', 'CardGroups', 'CardLevels', 'CardSeries', 'Tills', 'Washings', 'Transactions', 'Audit',
                 'Webhooks'):
        yield of(name, 'all', [select(name)] * VALUES)
    yield of('Companies', 'name =', [select('Companies', ('name', '=', 'Acme Ltd'))] * VALUES)
    yield of('CardGroups', 'name =', [select('CardGroups', ('name', '=', 'VIP'))] * VALUES)
    yield of('CardGroups', 'parent =', (select('CardGroups', ('parent', '=', {'id': group}))
                                        for group in data.groups[:VALUES]))
    for name in ('Transactions', 'Washings'):
        yield of(name, 'card =', (select(name, ('card', '=', {'id': serial})) for serial in cards_of))
        yield of(name, 'card.barcode =', (select(name, ('card.barcode', '=', row['barcode']))
                                          for row in data.cards[:VALUES]))
    yield of('Washings', 'customer =', (select('Washings', ('customer', '=', {'id': int(row['serial'])}))
                                        for row in data.persons[:VALUES]))
    entries = rows(data.instance, 'entry', ['id'], f'LIMIT {VALUES}')
    yield of('Transactions', 'id =', (select('Transactions', ('id', '=', row['id'])) for row in entries))
    yield of('Audit', 'objectId =', (select('Audit', ('objectId', '=', card)) for card in ids))


def pages(data):
    """Deep offsets in order; core-data's page promises nothing for a jump."""
    for name in ENTITIES:
        for order in ((), ('name',)) if name == 'Customers' else ((),):
            more = {'orderBy': [{'field': field, 'order': 'asc'} for field in order]} if order else {}
            said = f'; order by {order[0]}' if order else ''
            middle = data.size // (10 if name == 'Vehicles' else 3)
            page = lambda offset, n=name, m=more: select(n, limit=10, offset=offset, **m)
            yield Shape(f'{name}: pages from 2{said}', [page(10 * i) for i in range(VALUES + 1)], ORDER, 1)
            yield Shape(f'{name}: pages from offset {middle}{said}',
                        [page(middle + 10 * i) for i in range(VALUES + 1)], ORDER, 1)
            yield Shape(f'{name}: jump{said}', [page(data.random.randint(2, middle * 2)) for _ in range(VALUES)], APART)


def identifiers(data):
    persons = data.persons[:VALUES]
    for what, column in (('email', 'email'), ('mobile', 'phone'), ('externalId', 'external_id')):
        yield Shape(f'lookup: {what}', [get('/v2/customers/lookup', {
            'source': 'INSTORE', 'identifierName': what,
            'identifierValue': digits(value) if what == 'mobile' else value}) for value in whole(data.persons, column)])
    yield Shape('lookup: cardnumber', [get('/v2/customers/lookup', {
        'source': 'INSTORE', 'identifierName': 'cardnumber', 'identifierValue': row['barcode']})
        for row in data.held[:VALUES]])
    yield Shape('customers: by number', [get(f'/v2/customers/{row["serial"]}', {'source': 'INSTORE'})
                                         for row in persons])
    for path in ('/v2/card', '/v2/card/statusLog'):
        yield Shape(f'{path[4:]}: number', [get(path, {'number': row['barcode']}) for row in data.cards[:VALUES]])
    for path in ('/v2/card/series', '/v2/genericStatus/card/labels'):
        yield Shape(path[4:], [get(path)] * VALUES)


def pos(data):
    for member, values in (('CardNumber', whole(data.cards, 'barcode')), ('CardUID', whole(data.cards, 'code')),
                           ('LicensePlate', whole(data.vehicles, 'plate'))):
        yield Shape(f'CustomerCardInformation: {member}',
                    [post('/api/CustomerCardInformation', {member: value}) for value in values])
