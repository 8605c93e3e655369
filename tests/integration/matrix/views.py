"""One card as each dialect shows it, and as the model says it must be shown."""
import decimal
import json


def parse(answer):
    return json.loads(answer.body, parse_float=decimal.Decimal)


def minor(number):
    cents = decimal.Decimal(number) * 100
    if cents != int(cents):
        raise AssertionError(f'{number}: more than two digits')
    return int(cents)


def must(answer, what):
    if answer.status != 200:
        raise AssertionError(f'{what}: {answer}')
    return parse(answer)


class Organization:
    name = 'organization'

    @staticmethod
    def seen(desk, card):
        row = must(desk.get(f'/organization/card/{card.guid}'), 'card')['card']
        return {'barcode': row['barcode'], 'code': row['code'], 'active': row['active'],
                'blocked': row['blocked'], 'holder': row['user_id'],
                'points': minor(row['balance_available'])
                if 'balance_available' in row else minor(row['actual_balance'])}

    @staticmethod
    def wanted(world, card):
        return {'barcode': card.barcode, 'code': card.code, 'active': card.active,
                'blocked': card.shut, 'holder': card.holder.guid if card.holder else '',
                'points': card.points}


class CoreData:
    name = 'core-data'

    @staticmethod
    def seen(desk, card):
        fields = dict.fromkeys(('id', 'guid', 'barcode', 'code', 'type', 'active', 'blocked',
                                'points', 'money'), True)
        rows = must(desk.select('Cards', {'field': 'barcode', 'comparator': '=',
                                          'value': card.barcode},
                                {**fields, 'customer': {'id': True}}), 'Cards')
        row = rows[0]
        seen = {'rows': len(rows), **{k: row[k] for k in fields}, 'points': minor(row['points']),
                'money': minor(row['money']),
                'holder': row['customer']['id'] if row['customer'] else None}
        if card.holder:
            (person,) = must(desk.select('Customers', {'field': 'id', 'comparator': '=',
                                                       'value': card.holder.serial},
                                         {'cardId': True, 'isBlocked': True, 'totalDebt': True,
                                          'isCreditAllowed': True}), 'Customers')
            seen.update(person, totalDebt=minor(person['totalDebt']))
            found = must(desk.select('Customers', {'field': 'cardId', 'comparator': '=',
                                                   'value': card.code}, {'id': True}), 'by cardId')
            seen['by cardId'] = [row['id'] for row in found]
        return seen

    @staticmethod
    def wanted(world, card):
        holder = card.holder
        wanted = {'rows': 1, 'id': card.serial, 'guid': card.guid, 'barcode': card.barcode,
                  'code': card.code, 'type': card.kind, 'active': card.active,
                  'blocked': card.shut, 'points': card.points, 'money': card.money,
                  'holder': holder.serial if holder else None}
        if holder:
            wanted.update({'cardId': holder.primary.code, 'isBlocked': holder.locked,
                           'isCreditAllowed': holder.credit, 'by cardId': [holder.serial],
                           'totalDebt': sum(max(0, -c.money) for c in holder.cards)})
        return wanted


class Pos:
    name = 'pos'

    @staticmethod
    def seen(desk, card):
        def ask(**by):
            row = must(desk.post('/api/CustomerCardInformation',
                                        {**by, 'MaxLastWashingResults': 0}), 'information')
            return {'number': row['CardNumber'], 'locked': row['IsLocked'],
                    'credit': minor(row['Credit']), 'holder': bool(row['CustomerData'])}
        return {'by number': ask(CardNumber=card.barcode),
                'by uid': ask(CardUID=int(card.code, 10 if card.code.isdigit() else 16))}

    @staticmethod
    def wanted(world, card):
        one = {'number': card.barcode, 'locked': card.shut, 'credit': card.money,
               'holder': bool(card.holder)}
        return {'by number': one, 'by uid': one}


class Identifiers:
    name = 'identifiers'

    @staticmethod
    def seen(desk, card):
        row = must(desk.get(f'/v2/card?number={card.barcode}'), 'card')
        seen = {'id': row['id'], 'number': row['cardNumber'], 'code': row['cardExternalId'],
                'status': row['statusInfo']['status'], 'holder': max(0, row['customerId'])}
        if card.holder:
            found = must(desk.get('/v2/customers/lookup?source=INSTORE&identifierName='
                                         f'cardnumber&identifierValue={card.barcode}'), 'lookup')
            seen['by number'] = found['entity']
        return seen

    @staticmethod
    def wanted(world, card):
        wanted = {'id': card.serial, 'number': card.barcode, 'code': card.code,
                  'status': card.status, 'holder': card.holder.serial if card.holder else 0}
        if card.holder:
            wanted['by number'] = card.holder.serial
        return wanted


class CardFile:
    name = 'card file'

    @staticmethod
    def seen(desk, card):
        row = desk.file()[card.barcode]
        return {'id': row['id'], 'organisation': row['customer_id'],
                'holder': row['customer_client_id'], 'type': row['card_type'],
                'money': minor(row['balance']), 'points': row['points'], 'status': row['status']}

    @staticmethod
    def wanted(world, card):
        usable = card.active and not card.shut
        return {'id': card.serial, 'organisation': 1,
                'holder': card.holder.guid if card.holder else None, 'type': card.kind,
                'money': max(0, card.money), 'points': card.points // 100,
                'status': 'active' if usable else 'inactive'}


VIEWS = (Organization, CoreData, Pos, Identifiers, CardFile)
