"""races.py [--programs DIR] [--steps N] [--seed N] [--help]

64 connections at once on one card, on a master with its followers, on cards that are replaced and
deleted meanwhile, on one document and one key, on free cards: nothing below zero, nothing twice,
no answer but those that the API names, sums exact.
"""
import argparse
import collections
import contextlib
import os
import random
import re
import threading
import time

from audit import audit, audit_finds
from stage import RELEASE, Fault, Instance, Report, Workers, fresh, program

CLIENTS = 64
ALLOWED = {110, 111, 112, 114, 119}  # codes of refusals that a race may bring
BUSY_MOST = 0.02                     # share of 503


class Storm:
    """All that the threads of one race were told."""

    def __init__(self, stage, cards, seed):
        self.stage, self.cards, self.seed = stage, cards, seed
        self.lock = threading.Lock()
        self.total = 0                             # minor units, all cards together
        self.spends, self.holds = {}, {}           # id -> amount
        self.refunded = collections.Counter()
        self.ended = collections.Counter()         # captures and voids of a hold
        self.codes = collections.Counter()
        self.expected = 0                          # steps of all tills

    def run(self, steps, *others):
        """CLIENTS tills of `steps` each, and `others` (functions of a client) beside them."""
        self.expected = steps * CLIENTS
        gate = threading.Barrier(CLIENTS + len(others))
        faults = []

        def body(work):
            try:
                with self.stage.client() as client:
                    gate.wait()
                    work(client)
            except Exception as fault:
                faults.append(repr(fault))

        def till(n):
            chance = random.Random(f'{self.seed}/{n}')
            return lambda client: [Till(self, client, chance).step() for _ in range(steps)]

        works = [*map(till, range(CLIENTS)), *others]
        threads = [threading.Thread(target=body, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.stage.report.check(not faults, 'every thread ended in peace', faults)

    def wait(self, share):
        """Until this share of the tills' steps is done; some steps ask nothing."""
        end = time.monotonic() + 20
        while sum(self.codes.values()) < share * self.expected and time.monotonic() < end:
            time.sleep(0.005)

    def ask(self, client, path, body, key=None):
        """The answer, when it is 200."""
        while True:
            answer = client.post(path, body, key)
            with self.lock:
                self.codes[answer.code] += 1
            if answer.code not in (117, 119):
                break
        if answer.status != 200 and answer.code not in ALLOWED:
            raise Fault(f'{path} {body}: {answer}')
        return answer if answer.status == 200 else None

    def check(self, what):
        """What the answers promise among themselves."""
        report = self.stage.report
        report.check(all(n == 1 for n in self.ended.values()), f'{what}: a hold ends once',
                     [h for h, n in self.ended.items() if n > 1])
        more = [s for s, back in self.refunded.items() if back > self.spends[s]]
        report.check(not more, f'{what}: no more back than was spent', more)
        rare = self.codes[117] <= BUSY_MOST * sum(self.codes.values()) + 1
        report.check(rare, f'{what}: 503 is rare', self.codes)
        accounts = ', '.join(f"x'{card.replace('-', '')}'" for card in self.cards)
        got = self.stage.instance.number(
            'SELECT COALESCE(SUM(amount), 0) FROM entry WHERE kind NOT IN (7, 8, 9) AND'
            f' account_card_id IN ({accounts})')
        report.equal(got, self.total, f'{what}: the sum of the entries')
        print(f'{what}: answers by code {dict(sorted(self.codes.items()))}', flush=True)


class Till:
    def __init__(self, storm, client, chance):
        self.storm, self.client, self.random = storm, client, chance

    def step(self):
        steps = (self.accrue, self.spend, self.spend, self.hold, self.hold, self.capture, self.void,
                 self.refund)
        self.random.choice(steps)()

    def ask(self, path, body, key=None):
        return self.storm.ask(self.client, path, body, key)

    def card(self):
        return self.random.choice(self.storm.cards)

    def post(self, kind, sum_):
        return self.ask('/organization/transaction/add', {
            'card_id': self.card(), 'type': kind, 'sum': sum_, 'author': 'a', 'doc_id': '',
            'doc_type': 0, 'shop_id': '', 'discount_id': ''}, self.key())

    def key(self):
        return fresh() if self.random.random() < 0.5 else None

    def some(self, things):
        """The same for several at once, more often than not: one of the newest."""
        with self.storm.lock:
            newest = list(things)[-8:]
        return self.random.choice(newest) if newest else None

    def accrue(self):
        sum_ = self.random.randint(1, 6)
        if self.post(0, sum_):
            with self.storm.lock:
                self.storm.total += sum_ * 100

    def spend(self):
        sum_ = self.random.randint(1, 9)
        if answer := self.post(1, sum_):
            with self.storm.lock:
                self.storm.total -= sum_ * 100
                self.storm.spends[answer.id] = sum_

    def hold(self):
        sum_ = self.random.randint(1, 9)
        if answer := self.ask(f'/organization/card/{self.card()}/hold', {'sum': sum_}, self.key()):
            with self.storm.lock:
                self.storm.holds[answer.id] = sum_

    def capture(self):
        if not (hold := self.some(self.storm.holds)):
            return
        part = self.random.randint(1, self.storm.holds[hold])
        if answer := self.ask(f'/organization/hold/{hold}/capture', {'sum': part}, self.key()):
            with self.storm.lock:
                self.storm.total -= part * 100
                self.storm.ended[hold] += 1
                self.storm.spends[answer.id] = part

    def void(self):
        if not (hold := self.some(self.storm.holds)):
            return
        if self.ask(f'/organization/hold/{hold}/void', {}, self.key()):
            with self.storm.lock:
                self.storm.ended[hold] += 1

    def refund(self):
        if not (spend := self.some(self.storm.spends)):
            return
        part = self.random.randint(1, self.storm.spends[spend])
        body = {'sum': part, 'doc_id': ''}
        if self.ask(f'/organization/transaction/{spend}/refund', body, self.key()):
            with self.storm.lock:
                self.storm.total += part * 100
                self.storm.refunded[spend] += part


class Stage:
    def __init__(self, instance, url, report, options):
        self.instance, self.url, self.report, self.options = instance, url, report, options
        self.barcodes = 0

    def client(self):
        return self.instance.client(self.url)

    def must(self, path, body=None):
        with self.client() as client:
            answer = client.post(path, body)
        if answer.status != 200:
            raise Fault(f'{path} {body}: {answer}')
        return answer

    def cards(self, n, **members):
        ids = [fresh() for _ in range(n)]
        for card in ids:
            self.barcodes += 1
            self.must('/organization/card/add', {
                'id': card, 'code': '1', 'barcode': f'race{self.barcodes}', 'active': True, **members})
        return ids

    def storm(self, cards, opening):
        storm = Storm(self, cards, self.options.seed)
        storm.total = opening * 100
        return storm

    def balance(self, card):
        rows = self.instance.sql(f"SELECT balance FROM account WHERE card_id = x'{card.replace('-', '')}'")
        return int(rows[0][0]) if rows else 0


def one_card(stage):
    cards = stage.cards(1, balance=60)
    storm = stage.storm(cards, 60)
    storm.run(stage.options.steps)
    storm.check('one card')
    stage.report.equal(stage.balance(cards[0]), storm.total, 'one card: balance')
    held = sum(sum_ for hold, sum_ in storm.holds.items() if hold not in storm.ended)
    with stage.client() as client:
        info = client.get(f'/organization/card/{cards[0]}/balance_info').json()
    stage.report.equal(round(info['balance_available'] * 100), storm.total - held * 100,
                       'one card: available')


def a_master_and_its_followers(stage):
    master, = stage.cards(1, balance=200)
    followers = stage.cards(8, mastercard_id=master)
    storm = stage.storm([master, *followers], 200)

    def masters(client):
        for follower in followers[:4] * 2:
            storm.ask(client, f'/organization/card/{follower}', {'mastercard_id': ''})
            storm.ask(client, f'/organization/card/{follower}', {'mastercard_id': master})

    storm.run(stage.options.steps, masters)
    storm.check('a master and its followers')


def cards_that_are_replaced(stage):
    first, = stage.cards(1, balance=300)
    heirs = stage.cards(3, active=False)
    follower, = stage.cards(1, mastercard_id=first)
    storm = stage.storm([first, *heirs, follower], 300)
    chain, done = [first, *heirs], []

    def replace(client):
        for n, (old, new) in enumerate(zip(chain, chain[1:])):
            storm.wait((n + 1) / 6)
            body = {'old_card_id': old, 'new_card_id': new}
            done.append(storm.ask(client, '/organization/card/replacement', body))

    storm.cards, waiting = [first, follower], heirs  # an heir that has posted is none
    storm.run(stage.options.steps, replace, replace)
    storm.cards = [first, follower, *waiting]
    stage.report.check(any(done), 'a card was replaced', storm.codes)
    storm.check('cards that are replaced')
    gone = [card for card, heir in zip(chain, chain[1:]) if stage.instance.number(
        f"SELECT HEX(new_card_id) = '{heir.replace('-', '').upper()}' FROM card"
        f" WHERE id = x'{card.replace('-', '')}'")]
    stage.report.equal([stage.balance(card) for card in gone], [0] * len(gone),
                       'a replaced card has nothing left')
    stage.report.equal(sum(map(stage.balance, storm.cards)), storm.total, 'all is on the heirs')


def a_card_that_is_deleted(stage):
    card, = stage.cards(1, balance=100)
    storm = stage.storm([card], 100)

    def delete(client):
        storm.wait(1 / 3)
        stage.report.check(storm.ask(client, f'/organization/card/{card}/delete', {}),
                           'the card was deleted', storm.codes)

    storm.run(stage.options.steps // 2, delete)
    storm.check('a card that is deleted')
    stage.report.equal(stage.balance(card), 0, 'a deleted card has nothing left')
    adjusted = stage.instance.number('SELECT COALESCE(SUM(amount), 0) FROM entry WHERE kind = 7 AND'
                                     f" account_card_id = x'{card.replace('-', '')}'")
    stage.report.equal(adjusted, -storm.total, 'what was left was adjusted')


def one_document_one_key(stage):
    """64 times one document under keys of their own; 64 times one key."""
    for what, keys in (('document', [fresh() for _ in range(CLIENTS)]), ('key', ['one'] * CLIENTS)):
        card, = stage.cards(1, balance=100)
        body = {'card_id': card, 'type': 1, 'sum': 3, 'author': 'a', 'doc_type': 5, 'shop_id': '',
                'doc_id': 'D' if what == 'document' else '', 'discount_id': ''}
        storm, answers = stage.storm([card], 97), []

        def ask(key):
            return lambda client: answers.append(
                storm.ask(client, '/organization/transaction/add', body, key))

        storm.run(0, *map(ask, keys))
        storm.check(f'one {what}')
        stage.report.equal({a and a.id for a in answers}, {answers[0].id}, f'one {what}: one answer')
        stage.report.equal(sum(not a.replayed for a in answers), 1, f'one {what}: one posted')


def free_cards(stage):
    """As many free cards as wanted, then fewer; no card goes to two."""
    stage.instance.admin('organisation', 'set', '--id', '1', 'cards_per_user=3')
    users = [stage.must('/organization/user/new', {
        'login': f'racer{n}', 'name': 'x', 'phone': f'7900{n:07}', 'email': ''}).id for n in range(12)]
    stage.cards(30)
    storm, given = stage.storm([fresh()], 0), []
    time.sleep(5)  # a change of settings reaches every worker within 5 s

    def ask(user):
        def work(client):
            if answer := storm.ask(client, '/organization/card/add_user', {'user_id': user}):
                given.append((user, answer.id))
        return work

    storm.run(0, *(ask(user) for user in users for _ in range(5)))
    storm.check('free cards')
    stage.report.equal(len(given), 30, 'every free card was given')
    stage.report.equal(len({card for _, card in given}), 30, 'none was given twice')
    most = max(collections.Counter(user for user, _ in given).values())
    stage.report.equal(most, 3, 'nobody has more than the limit')


def code_sent_to(stage, address):
    """From the outbox, or from the spool where the notifier has put it."""
    spool = stage.instance.env['KARTOTEKA_SPOOL']
    for _ in range(80):
        texts = [row[0] for row in stage.instance.sql(
            f"SELECT body FROM message WHERE recipient = '{address}' AND state = 1")]
        for name in os.listdir(spool):
            with contextlib.suppress(OSError), open(f'{spool}/{name}', encoding='utf-8') as file:
                text = file.read()
                texts += [text.split('\n\n', 1)[1]] if f'To: {address}\n' in text else []
        codes = [code for text in texts for code in re.findall(r'\b[0-9]{6}\b', text)]
        if codes:
            return codes[0]
        time.sleep(0.1)
    raise Fault(f'no code was sent to {address}')


def one_time_codes(stage):
    """One code from 64 at once opens once; after 64 wrong ones the right one is dead."""
    for n, right in enumerate((True, False)):
        address = f'code{n}@example.com'
        user = stage.must('/organization/user/new', {
            'login': f'code{n}', 'name': 'x', 'phone': '', 'email': address}).id
        card, = stage.cards(1)
        stage.must('/organization/card/attach', {'user_id': user, 'card_id': card})
        path = '/organization/card/send_identify'
        sent = stage.must(path, {'email': address, 'send_to': 'email'}).json()
        stage.report.equal(sent['user_id'], user, 'the user is told')
        code = code_sent_to(stage, address)
        storm, answers = stage.storm([fresh()], 0), []
        used = code if right else f'{(int(code) + 1) % 1000000:06}'

        def ask(client):
            body = {'user_id': user, 'identify_code': used}
            answers.append(storm.ask(client, path, body))

        storm.run(0, *[ask] * CLIENTS)
        storm.check(f'a {"right" if right else "wrong"} code')
        opened = [a for a in answers if a]
        stage.report.equal(len(opened), int(right), 'how many it opened for')
        stage.report.equal([c['id'] for a in opened for c in a.json()['cards']], [card] * int(right),
                           'what it showed')
        with stage.client() as client:
            late = client.post(path, {'user_id': user, 'identify_code': code})
        stage.report.check(late.status == 404 and late.code == 114, 'then it is dead', late)


# The free cards first: later races leave cards that nobody has.
RACES = (free_cards, one_time_codes, one_card, a_master_and_its_followers, cards_that_are_replaced,
         a_card_that_is_deleted, one_document_one_key)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--programs', default=RELEASE, help='folder of the workers to race')
    parser.add_argument('--steps', type=int, default=12, help='of each connection (12)')
    parser.add_argument('--only', nargs='*', choices=[race.__name__ for race in RACES])
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    print(f'--seed {options.seed}', flush=True)
    report = Report()
    with Instance('races') as instance, Workers() as workers:
        stage = Stage(instance, workers.serve(instance, options.programs, 8), report, options)
        for race in RACES:
            if not options.only or race.__name__ in options.only:
                race(stage)
        audit(instance, report)
        if not options.only:
            audit_finds(instance, report)
        report.check('Sanitizer' not in workers.log(), 'no word of a sanitizer', workers.tail())
    return report.finish()


program(main)
