"""The organization dialect's lists and searches: every filter, the usual pairs, pages at depth."""
import functools

from shapes import APART, FIND, JUMP, NONE, ORDER, VALUES, Shape, digits, family, first, get, having

CARDS = '/organization/card'
USERS = '/organization/user'
FLAGS = (('active', '1'), ('active', '0'), ('blocked', '1'), ('blocked', '0'))
PIECES = (3, 4, 6, 8)


def shapes(data):
    yield from filters(data)
    yield from pairs(data)
    yield from searches(data)
    yield from users(data)
    yield from others(data)
    yield from pages(data)


def of_list(path, name, values, kind=FIND):
    """values: what to filter by, as (parameter, text) pairs of each request."""
    return Shape(f'{path.rsplit("/", 1)[1]}: {name}', [get(path, value) for value in values], kind)


def pieces(data, what, text_of, found, parameter):
    """Fragments of each length out of a column, and such as no row has."""
    for size in PIECES:
        yield (f'{parameter}, {size} of a {what}',
               [[(parameter, data.piece(text_of(row), size))] for row in found])


def singles(data):
    """(name, filters of each request)"""
    yield 'parent_id', [[('parent_id', data.groups[i % len(data.groups)])] for i in range(VALUES)]
    yield 'parent_id, root', [[('parent_id', '')]] * VALUES
    for flag in FLAGS:
        yield '='.join(flag), [[flag]] * VALUES
    for name, column in (('user_id', 'person_id'), ('mastercard_id', 'master_id'), ('referallink_id', 'referral_id')):
        yield name, [[(name, row[column])] for row in having(data.cards, column)]
    yield 'card_level_id', [[('card_level_id', data.levels[i % len(data.levels)])] for i in range(VALUES)]
    yield 'email', [[('email', row['email'])] for row in having(data.cards, 'email')]
    yield 'phone', [[('phone', row['phone'])] for row in having(data.cards, 'phone')]
    for column in ('barcode', 'code'):
        yield from pieces(data, column, lambda row, c=column: row[c], data.cards[:VALUES], column)
        yield f'{column}, whole', [[(column, row[column])] for row in data.cards[:VALUES]]
        yield f'{column}, 6, nobody has it', [[(column, data.nobody(6))] for _ in range(VALUES)]
    held = data.held[:VALUES]
    yield from pieces(data, 'family name', family, held, 'card_filter')
    yield from pieces(data, 'e-mail', lambda row: row['email'].split('@')[0], held, 'card_filter')
    yield from pieces(data, 'phone', lambda row: digits(row['phone']), held, 'card_filter')
    yield from pieces(data, 'barcode', lambda row: row['barcode'], held, 'card_filter')
    yield from pieces(data, 'code', lambda row: row['code'], held, 'card_filter')
    yield 'card_filter, 4 of a first name', [[('card_filter', name[:4])] for name in data.firsts[:VALUES]]
    yield 'card_filter, whole name', [[('card_filter', row['name'])] for row in held]
    for size in PIECES:
        yield f'card_filter, {size}, nobody has it', [[('card_filter', data.nobody(size))] for _ in range(VALUES)]


def filters(data):
    yield of_list(CARDS, 'all', [[]] * VALUES)
    yield of_list(CARDS, 'all, 500 rows', [[('per_page', 500)]] * VALUES, APART)
    for name, values in singles(data):
        yield of_list(CARDS, name, values)
    groups = [[('with_groups', '1'), ('parent_id', data.groups[i % len(data.groups)])] for i in range(VALUES)]
    yield of_list(CARDS, 'with_groups, parent_id', groups)
    yield of_list(CARDS, 'with_groups, card_filter', [[('with_groups', '1'), ('card_filter', family(row)[:6])]
                                                      for row in data.held[:VALUES]])
    counted = [[('calculate_count', 'false'), ('card_filter', name[:4])] for name in data.firsts[:VALUES]]
    yield of_list(CARDS, 'not counted, card_filter, 4 of a first name', counted)
    yield of_list(CARDS, 'counted, referallink_id', [[('calculate_count', 'true'), ('referallink_id', row['referral_id'])]
                                                     for row in having(data.cards, 'referral_id')])
    for size in (1, 2):
        yield of_list(CARDS, f'card_filter, {size} of a family name',
                      [[('card_filter', data.piece(family(row), size))] for row in data.held[:VALUES]], APART)
    yield of_list(CARDS, 'counted, card_filter, 4 of a first name',
                  [[('calculate_count', 'true'), ('card_filter', name[:4])] for name in data.firsts[:3]], APART)


def pairs(data):
    """Half of the groups and levels are the card's own, so that something is found."""
    own = [row for row in data.held if row['parent_id'] != NONE and row['level_id'] != NONE][:VALUES]
    usual = {**{'='.join(flag): [flag] * VALUES for flag in FLAGS},
             'parent_id': [('parent_id', row['parent_id']) for row in own],
             'card_level_id': [('card_level_id', row['level_id']) for row in own]}
    wanted = {name: values for name, values in singles(data) if not name.startswith(('card_filter', 'barcode', 'code'))}
    wanted['barcode, 6'] = [[('barcode', row['barcode'][-6:])] for row in own]
    wanted['barcode, 3'] = [[('barcode', row['barcode'][-3:])] for row in own]
    wanted['code, 4'] = [[('code', row['code'][-4:])] for row in own]
    wanted['card_filter, 3'] = [[('card_filter', data.piece(family(row), 3))] for row in own]
    wanted['card_filter, 6'] = [[('card_filter', family(row)[:6])] for row in own]
    wanted['card_filter, a first name'] = [[('card_filter', first(row))] for row in own]
    done = set()
    for name, values in wanted.items():
        for other, flags in usual.items():
            same = {value[0][0] for value in values} & {flag[0] for flag in flags}
            if not same and values and frozenset((name, other)) not in done:
                done.add(frozenset((name, other)))
                yield of_list(CARDS, f'{name}; {other}',
                              [[*value, flag] for value, flag in zip(values, flags)])


def searches(data):
    held = data.held[:VALUES]
    filtered = lambda texts: [[('filter', text)] for text in texts]
    for path in ('by_phone', 'by_email', 'by_barcode', 'by_code', 'by_name'):
        yield of_list(f'{CARDS}/{path}', 'all', [[]] * VALUES)
    for size in (1, 2, 4, 7, 10):
        yield of_list(f'{CARDS}/by_phone', f'last {size}', filtered(digits(row['phone'])[-size:] for row in held))
    for path, text_of in (('by_email', lambda row: row['email']), ('by_barcode', lambda row: row['barcode']),
                          ('by_code', lambda row: row['code'])):
        for size in (1, 3, 4, 6, 8, 99):
            yield of_list(f'{CARDS}/{path}', f'first {size}' if size < 99 else 'whole',
                          filtered(text_of(row)[:size] for row in held))
        yield of_list(f'{CARDS}/{path}', 'nobody has it', filtered(data.nobody(5) for _ in held))
    by_name = functools.partial(of_list, f'{CARDS}/by_name')
    for size in (1, 2, 3, 4, 6):
        yield by_name(f'first {size} of a family', filtered(family(row)[:size] for row in held))
    yield by_name('family', filtered(family(row) for row in held))
    yield by_name('first name (frequent)', filtered(data.firsts[:VALUES]))
    yield by_name('nobody has it', filtered(data.nobody(5) for _ in held))
    yield by_name('family, first name', filtered(f'{family(row)} {first(row)}' for row in held))
    yield by_name('first name, 3 of a family', filtered(f'{first(row)} {family(row)[:3]}' for row in held))
    yield by_name('3 of a family, 1 of a first name', filtered(f'{family(row)[:3]} {first(row)[:1]}' for row in held))
    yield by_name('1 of a family, 1 of a first name', filtered(f'{family(row)[:1]} {first(row)[:1]}' for row in held))
    yield by_name('first name, an addition (both frequent)',
                  filtered(f"{name} {'такси' if name > 'z' else 'taxi'}" for name in data.firsts[:VALUES]))
    yield by_name('two first names (nobody)',
                  filtered(f'{name} {other}' for name, other in zip(data.firsts[:VALUES], data.firsts[1:])))
    yield by_name('first name, nobody has the other', filtered(f'{name} {data.nobody(4)}' for name in data.firsts[:VALUES]))
    yield by_name('not counted, first name', [[('filter', name), ('calculate_count', 'false')]
                                              for name in data.firsts[:VALUES]])


def users(data):
    persons = data.persons[:VALUES]
    yield of_list(USERS, 'all', [[]] * VALUES)
    for name in ('login', 'email', 'phone'):
        yield of_list(USERS, name, [[(name, row[name])] for row in persons])
    for name, value in (('gender', 'male'), ('gender', 'none'), ('is_locked', '1'), ('is_locked', '0'),
                        ('confirmed', '1'), ('confirmed', '0')):
        yield of_list(USERS, f'{name}={value}', [[(name, value)]] * VALUES)
    for what, text_of in (('name', family), ('e-mail', lambda row: row['email'].split('@')[0]),
                          ('phone', lambda row: digits(row['phone']))):
        for name, values in pieces(data, what, text_of, persons, 'user_filter'):
            yield of_list(USERS, name, values)
    for size in PIECES:
        yield of_list(USERS, f'user_filter, {size}, nobody has it',
                      [[('user_filter', data.nobody(size))] for _ in range(VALUES)])
    yield of_list(USERS, 'user_filter, a first name', [[('user_filter', name)] for name in data.firsts[:VALUES]])
    for name, value in (('gender', 'female'), ('is_locked', '1'), ('confirmed', '0')):
        yield of_list(USERS, f'user_filter, 4 of a name; {name}={value}',
                      [[('user_filter', family(row)[:4]), (name, value)] for row in persons])
    yield of_list(USERS, 'gender=male; is_locked=1', [[('gender', 'male'), ('is_locked', '1')]] * VALUES)
    yield of_list(USERS, 'gender=female; confirmed=0', [[('gender', 'female'), ('confirmed', '0')]] * VALUES)
    yield of_list(USERS, 'confirmed=0; is_locked=1', [[('confirmed', '0'), ('is_locked', '1')]] * VALUES)


def others(data):
    ids = [row['id'] for row in data.cards[:VALUES]]
    yield of_list(f'{CARDS}_group', 'all', [[]] * VALUES)
    yield of_list(f'{CARDS}_group', 'parent_id', [[('parent_id', group)] for group in data.groups[:VALUES]])
    yield of_list(f'{CARDS}_level', 'all', [[]] * VALUES)
    yield of_list('/organization/transaction', 'card_id', [[('card_id', card)] for card in ids])
    yield of_list('/organization/transaction', 'card_id, dates',
                  [[('card_id', card), ('date_from', 1), ('date_to', 4102444800000)] for card in ids])
    for what in ('balance_info', 'balance_explain'):
        yield Shape(f'card: {what}', [get(f'{CARDS}/{card}/{what}') for card in ids])


def uuid_sql(text):
    return f"x'{text.replace('-', '')}'"


# (name, path, table, its rows in SQL, parameters)
LISTS = (('all', CARDS, 'card', lambda data: '1', lambda data: []),
         ('active=1', CARDS, 'card', lambda data: 'active = 1', lambda data: [('active', '1')]),
         ('blocked=0', CARDS, 'card', lambda data: 'shut = 0', lambda data: [('blocked', '0')]),
         ('blocked=1', CARDS, 'card', lambda data: 'shut = 1', lambda data: [('blocked', '1')]),
         ('parent_id', CARDS, 'card', lambda data: f'parent_id = {uuid_sql(data.groups[0])}',
          lambda data: [('parent_id', data.groups[0])]),
         ('card_level_id', CARDS, 'card', lambda data: f'level_id = {uuid_sql(data.levels[0])}',
          lambda data: [('card_level_id', data.levels[0])]),
         ('parent_id; active=1', CARDS, 'card',
          lambda data: f'active = 1 AND parent_id = {uuid_sql(data.groups[0])}',
          lambda data: [('parent_id', data.groups[0]), ('active', '1')]),
         ('card_filter, a first name', CARDS, 'card', lambda data: f"name LIKE '% {data.firsts[0]}%'",
          lambda data: [('card_filter', data.firsts[0])]),
         ('first 2', f'{CARDS}/by_barcode', 'card', lambda data: "barcode LIKE '29%'",
          lambda data: [('filter', '29')]),
         ('all', USERS, 'person', lambda data: '1', lambda data: []),
         ('gender=male', USERS, 'person', lambda data: 'gender = 1', lambda data: [('gender', 'male')]))


def pages(data):
    for name, path, table, where_of, params_of in LISTS:
        count = int(data.instance.sql(f'SELECT COUNT(*) FROM {table} WHERE organisation_id = 1 AND live = 1 AND '
                                      + where_of(data)))
        last = count // 10
        if last > VALUES * 4:
            yield from deep(f'{path.rsplit("/", 1)[1]}: {name}', path, params_of(data), last, data)


def deep(name, path, params, last, data):
    """From the second page, from the middle on, and to any page."""
    page = lambda number: get(path, [*params, ('page', number)])
    yield Shape(f'{name}; pages from 2', [page(1 + i) for i in range(VALUES + 1)], ORDER, 1)
    yield Shape(f'{name}; pages from {last // 2 + 1}', [page(last // 2 + i) for i in range(VALUES + 1)], ORDER, 1)
    yield Shape(f'{name}; jump', [page(data.random.randint(2, last)) for _ in range(VALUES)], JUMP)
