"""What can be done with a card, by dialect. Each act asks the service, says what the model expects
of the answer (done or refused), and does the same to the model."""
import decimal
import json

from views import must
from world import GIFT, LOYALTY, MEMBERSHIP, Card, Person


def parsed(answer):
    return json.loads(answer.body, parse_float=decimal.Decimal)


def amount(units):
    """Minor units as a decimal that JSON carries."""
    return float(decimal.Decimal(units) / 100)


class Acts:
    def __init__(self, desk, world, random, report, series):
        self.desk, self.world, self.random = desk, world, random
        self.report, self.series = report, series
        self.steps, self.touched = 0, []

    # What is there to act on.

    def card(self, *conditions):
        found = [c for c in self.world.cards if all(ok(c) for ok in conditions)]
        if not found:
            return None
        self.touched.append(self.random.choice(found))
        return self.touched[-1]

    def person(self, *conditions):
        found = [p for p in self.world.persons if not p.survivor and all(ok(p) for ok in conditions)]
        if not found:
            return None
        person = self.random.choice(found)
        self.touched += person.cards
        return person

    def judge(self, what, answer, expected):
        self.steps += 1
        good = self.report.equal(answer.status == 200, expected, f'{what}: {answer.status}'
                                 f' {answer.body[:300]!r}: done')
        return good and expected

    # A card is made.

    def known(self, barcode):
        """Ids of a card that some dialect made."""
        (row,) = must(self.desk.select('Cards', {'field': 'barcode', 'comparator': '=',
                                                 'value': barcode}, {'id': True, 'guid': True}),
                      'Cards')
        return row['guid'], row['id']

    def made(self, barcode, **facts):
        guid, serial = self.known(barcode)
        card = Card(guid, serial, barcode, **facts)
        self.world.cards.append(card)
        self.touched.append(card)
        return card

    def organization_make(self):
        number = self.desk.fresh_number()
        points = self.random.choice((0, 12345))
        answer = self.desk.write('/organization/card/add', {
            'code': f'7{number}', 'barcode': f'ORG{number}', 'active': True,
            'balance': amount(points)})
        if self.judge('organization card/add', answer, True):
            self.made(f'ORG{number}', code=f'7{number}', points=points)

    def core_data_make(self):
        number, kind = self.desk.fresh_number(), self.random.choice((LOYALTY, GIFT, MEMBERSHIP))
        answer = self.desk.write('/core/data/Cards/insert', {'fields': [
            {'barcode': f'CORE{number}', 'code': f'A{number}', 'type': kind, 'active': True}]})
        if self.judge('Cards/insert', answer, True):
            self.made(f'CORE{number}', code=f'A{number}', kind=kind)

    def customers_make(self):
        number = self.desk.fresh_number()
        code, credit = f'B{number}', self.random.random() < 0.5
        answer = self.desk.write('/core/data/Customers/insert', {'fields': [
            {'name': f'Holder {number}', 'cardId': code, 'isCreditAllowed': credit}]})
        if self.judge('Customers/insert', answer, True):
            serial = parsed(answer)[0]['id']
            person = self.known_person(serial, f'Holder {number}')
            person.credit = credit
            self.world.attach(self.made(code, code=code), person)

    def known_person(self, serial, name):
        (row,) = must(self.desk.select('Customers', {'field': 'id', 'comparator': '=',
                                                     'value': serial}, {'guid': True}), 'Customers')
        person = Person(row['guid'], serial, name)
        self.world.persons.append(person)
        return person

    def identifiers_make(self):
        number = f'CAP{self.desk.fresh_number()}'
        code = f'C{number[3:]}'
        answer = self.desk.write('/v2/card', {'seriesId': self.series, 'cardNumber': number,
                                              'statusLabel': 'NOT_ISSUED', 'cardExternalId': code})
        if self.judge('POST /v2/card', answer, True):
            card = self.made(number, code=code)
            card.active = self.shows_active(card)

    def shows_active(self, card):
        """A dialect that has no word for it leaves it to the service."""
        return must(self.desk.get(f'/organization/card/{card.guid}'), 'card')['card']['active']

    def file_make(self):
        number, kind = self.desk.fresh_number(), self.random.choice((LOYALTY, GIFT))
        points = 0 if kind == GIFT else 700
        self.desk.bring(id=5000000 + int(number), card_number=f'{number}9', card_type=kind,
                        balance=12.75, points=points // 100)
        self.steps += 1
        self.made(f'{number}9', code=f'{number}9', kind=kind, points=points, money=1275)

    # Points and money.

    def points_on(self):
        card, points = self.card(), self.random.randint(1, 5000)
        answer = self.desk.write('/organization/transaction/add', self.posting(card, 0, points))
        if self.judge('points on', answer, card.takes and card.kind != GIFT):
            card.points += points

    def points_off(self):
        card, points = self.card(), self.random.randint(1, 6000)
        answer = self.desk.write('/organization/transaction/add', self.posting(card, 1, points))
        if self.judge('points off', answer, card.gives and card.points >= points):
            card.points -= points

    def posting(self, card, kind, points):
        return {'card_id': card.guid, 'type': kind, 'sum': amount(points), 'author': 'm',
                'doc_id': self.desk.fresh_number(), 'doc_type': 1, 'shop_id': 's', 'discount_id': ''}

    def charge(self):
        card, money = self.card(), self.random.randint(1, 5000)
        answer = self.desk.write('/api/ChargeCardCredit', {
            'CardNumber': card.barcode, 'ChargeAmount': amount(money), 'PaymentMethod': 0})
        if self.judge('ChargeCardCredit', answer, card.takes):
            card.money += money
            self.report.equal(decimal.Decimal(parsed(answer)['NewCredit']) * 100, card.money,
                              'NewCredit')

    def sale(self):
        card, price = self.card(), self.random.randint(1, 6000)
        answer = self.desk.write('/api/Sale', {
            'CardUID': int(card.code, 10 if card.code.isdigit() else 16), 'PriceGroup': 1,
            'Items': [{'ArticleNumber': 'W1', 'Quantity': 1, 'Price': amount(price)}],
            'PaymentMethod': 1})
        enough = card.money + self.world.line(card) >= price
        if self.judge('Sale', answer, card.gives and enough):
            card.money -= price

    def file_balance(self):
        """The file says other figures: they become exactly those."""
        card = self.card(lambda c: not c.shut and c.active)
        if not card:
            return
        points = 0 if card.kind == GIFT else self.random.randint(0, 50) * 100
        money = self.random.randint(0, 5000)
        if points // 100 == card.points // 100:
            points = card.points  # what an export would print is no change
        self.desk.bring(**self.record(card, balance=amount(money), points=points // 100))
        self.steps += 1
        card.points = points
        card.money = money if money != max(0, card.money) else card.money

    @staticmethod
    def record(card, **more):
        return {'id': card.serial, 'card_number': card.barcode, 'card_type': card.kind,
                'customer_client_id': card.holder.guid if card.holder else None,
                'balance': amount(max(0, card.money)), 'points': card.points // 100,
                'status': 'active' if card.active and not card.shut else 'inactive', **more}

    # Locks.

    def organization_lock(self):
        card = self.card()
        word = 'unblock' if card.blocked else 'block'
        answer = self.desk.write(f'/organization/card/{card.guid}/{word}', {})
        if self.judge(word, answer, True):
            card.blocked = not card.blocked

    def core_data_lock(self):
        card = self.card()
        answer = self.desk.write(f'/core/data/Cards/update/{card.serial}',
                                 {'fields': {'blocked': not card.blocked}})
        if self.judge('Cards/update blocked', answer, True):
            card.blocked = not card.blocked

    def person_lock(self):
        person = self.person()
        if not person:
            return
        answer = self.desk.write(f'/core/data/Customers/update/{person.serial}',
                                 {'fields': {'isBlocked': not person.locked}})
        if self.judge('isBlocked', answer, True):
            person.locked = not person.locked

    def identifiers_lock(self):
        card = self.card(lambda c: not c.shut and c.holder)
        if not card:
            return
        answer = self.desk.write('/v2/card', {'cardNumber': card.barcode,
                                              'statusLabel': 'SUSPENDED'}, 'put')
        if self.judge('PUT SUSPENDED', answer, True):
            card.blocked = True

    def identifiers_unlock(self):
        card = self.card(lambda c: c.blocked and c.holder and not c.holder.locked)
        if not card:
            return
        answer = self.desk.write('/v2/card', {'cardNumber': card.barcode,
                                              'statusLabel': 'ACTIVE'}, 'put')
        if self.judge('PUT ACTIVE', answer, True):
            card.blocked, card.active = False, True

    def file_lock(self):
        card = self.card(lambda c: not c.shut)
        if not card:
            return
        card.active = not card.active
        self.desk.bring(**self.record(card))
        self.steps += 1

    # Holders.

    def organization_link(self):
        person, card = self.person(), self.card()
        if not person:
            return
        answer = self.desk.write('/organization/card/attach',
                                 {'user_id': person.guid, 'card_id': card.guid})
        if self.judge('attach', answer, card.holder in (None, person)) and not card.holder:
            self.world.attach(card, person)

    def core_data_link(self):
        person, card = self.person(), self.card()
        if not person:
            return
        answer = self.desk.write(f'/core/data/Customers/update/{person.serial}',
                                 {'fields': {'cardId': card.code}})
        if self.judge('cardId', answer, card.holder in (None, person)):
            self.world.make_primary(card, person)

    def core_data_unlink(self):
        person = self.person(lambda p: p.cards)
        if not person:
            return
        answer = self.desk.write(f'/core/data/Customers/update/{person.serial}',
                                 {'fields': {'cardId': None}})
        if self.judge('cardId null', answer, True):
            self.world.detach(person.primary)

    def identifiers_link(self):
        person, card = self.person(lambda p: not p.locked), self.card(lambda c: not c.shut)
        if not person or not card or card.holder is person:
            return
        label = self.random.choice(('ACTIVE', 'ISSUED'))
        answer = self.desk.write(
            f'/v2/customers/{person.serial}/changeIdentifier?source=INSTORE',
            {'add': [{'type': 'cardnumber', 'value': card.barcode, 'statusLabel': label}]})
        if self.judge('changeIdentifier add', answer, not card.holder):
            card.active = label == 'ACTIVE'
            self.world.attach(card, person)

    def identifiers_unlink(self):
        card = self.card(lambda c: not c.shut and c.holder)
        if not card:
            return
        answer = self.desk.write(
            f'/v2/customers/{card.holder.serial}/changeIdentifier?source=INSTORE',
            {'remove': [{'type': 'cardnumber', 'value': card.barcode, 'statusLabel': 'NOT_ISSUED'}]})
        if self.judge('changeIdentifier remove', answer, True):
            self.world.detach(card)

    def file_link(self):
        person, card = self.person(), self.card(lambda c: not c.holder and not c.shut)
        if not person or not card or person.locked:
            return
        self.desk.bring(**self.record(card, customer_client_id=person.guid))
        self.steps += 1
        self.world.attach(card, person)

    def merge(self):
        """Both bring the same identifier, from two sources: the one that changes is the victim."""
        survivor = self.person()
        victim = self.person(lambda p: p is not survivor)
        if not victim or victim.locked or survivor.locked or self.random.random() < 0.7:
            return
        value = f'wx{self.desk.fresh_number()}'
        for person, source in ((survivor, 'ONLINE'), (victim, 'INSTORE')):
            answer = self.desk.write(
                f'/v2/customers/{person.serial}/changeIdentifier?source={source}',
                {'add': [{'type': 'wechat', 'value': value}]})
            if not self.judge(f'wechat in {source}', answer, True):
                return
        self.report.equal(parsed(answer)['createdId'], survivor.serial, 'the survivor is named')
        self.world.merge(victim, survivor)

    def organization_delete(self):
        card = self.card()
        if len(self.world.cards) < 12 or self.random.random() < 0.6:
            return
        answer = self.desk.write(f'/organization/card/{card.guid}/delete', {})
        if self.judge('delete', answer, True):
            self.world.remove(card)

    MAKERS = (organization_make, core_data_make, customers_make, identifiers_make, file_make)
    CHANGES = (points_on, points_off, charge, sale, file_balance)
    LOCKS = (organization_lock, core_data_lock, person_lock, identifiers_lock, identifiers_unlock,
             file_lock)
    LINKS = (organization_link, core_data_link, core_data_unlink, identifiers_link,
             identifiers_unlink, file_link, merge, organization_delete)
    ALL = MAKERS + 3 * CHANGES + 2 * LOCKS + 2 * LINKS
