"""crashes.py [--postings N] [--seconds N] [--worker-kills N] [--database-kills N] [--help]

Postings under load while workers and the database are killed with -9. Every till repeats what was
not answered under the same key until it is; afterwards every acknowledged posting is in the books
exactly once, and a repeat answers byte for byte as the first did.
"""
import argparse
import collections
import itertools
import random
import threading
import time

from audit import audit
from stage import Instance, Report, children, fresh, kill, program

CARDS = 64
FIRST = 100000  # units that each card begins with


class Books:
    """What the tills were told: by card, by document."""

    def __init__(self, options):
        self.lock = threading.Lock()
        self.options, self.started = options, time.monotonic()
        self.total = collections.Counter()  # card -> minor units
        self.documents = {}                 # doc_id -> id, None when nobody was told
        self.requests = []                  # (path, body, key, answer, asked)
        self.acknowledged = 0

    def progress(self):
        """From 0 to 1, when enough is acknowledged or the time is over."""
        passed = (time.monotonic() - self.started) / self.options.seconds
        return max(self.acknowledged / self.options.postings, passed)

    def told(self, request, answer, asked):
        with self.lock:
            self.requests.append((*request, answer, asked))
            self.acknowledged += answer.status == 200


class Till(threading.Thread):
    """One client; asks for a random thing, again and again until `books` hold enough."""

    def __init__(self, instance, books, cards, seed):
        super().__init__()
        self.client, self.books = instance.client(), books
        self.cards, self.seed = cards, seed
        self.random = random.Random(seed)
        self.spends, self.holds = [], []
        self.numbers = itertools.count()
        self.fault = None

    def run(self):
        try:
            while self.books.progress() < 1:
                self.step()
        except Exception as fault:  # said by the main thread
            self.fault = fault
        self.client.close()

    def step(self):
        steps = (self.accrue, self.spend, self.spend, self.hold, self.close, self.refund)
        self.random.choice(steps)()

    def ask(self, path, body):
        number = next(self.numbers)
        request = (path, body, f'till{self.seed}-{number}')
        answer, asked = self.client.until(*request)
        self.books.told(request, answer, asked)
        if answer.status not in (200, 409):
            raise AssertionError(f'{path} {body}: {answer}')
        return answer if answer.status == 200 else None

    def document(self, what):
        return f'{what}{self.seed}-{next(self.numbers)}'

    def post(self, kind, sum_):
        card = self.random.choice(self.cards)
        doc = self.document('doc')
        answer = self.ask('/organization/transaction/add', {
            'card_id': card, 'type': kind, 'sum': sum_, 'doc_id': doc, 'doc_type': kind,
            'author': 'till', 'shop_id': 's', 'discount_id': 'd', 'time': int(time.time() * 1000)})
        return card, doc, answer

    def booked(self, card, sum_, doc=None, id_=None):
        with self.books.lock:
            self.books.total[card] += sum_ * 100
            if doc:
                self.books.documents[doc] = id_

    def accrue(self):
        sum_ = self.random.randint(1, 20)
        card, doc, answer = self.post(0, sum_)
        if answer:
            self.booked(card, sum_, doc, answer.id)

    def spend(self):
        sum_ = self.random.randint(1, 10)
        card, doc, answer = self.post(1, sum_)
        if answer:
            self.booked(card, -sum_, doc, answer.id)
            self.spends.append((card, answer.id, sum_))

    def hold(self):
        card, sum_ = self.random.choice(self.cards), self.random.randint(2, 10)
        answer = self.ask(f'/organization/card/{card}/hold', {'sum': sum_, 'timeout_s': 86400})
        if answer:
            self.holds.append((card, answer.id, sum_))

    def close(self):
        if not self.holds:
            return
        card, hold, sum_ = self.holds.pop(self.random.randrange(len(self.holds)))
        if self.random.random() < 0.4:
            self.ask(f'/organization/hold/{hold}/void', {})
            return
        part = self.random.randint(1, sum_)
        answer = self.ask(f'/organization/hold/{hold}/capture', {'sum': part})
        if answer:
            self.booked(card, -part)

    def refund(self):
        if not self.spends:
            return
        card, spend, sum_ = self.spends.pop(self.random.randrange(len(self.spends)))
        part, doc = self.random.randint(1, sum_), self.document('back')
        answer = self.ask(f'/organization/transaction/{spend}/refund', {'sum': part, 'doc_id': doc})
        if answer:
            self.booked(card, part, doc, answer.id)


class Hand(threading.Thread):
    """Kills, spread evenly over the postings."""

    def __init__(self, instance, books, options):
        super().__init__()
        self.instance, self.books = instance, books
        self.workers, self.databases = options.worker_kills, options.database_kills
        self.random = random.Random(options.seed)
        self.killed = collections.Counter()
        self.fault = None

    def run(self):
        try:
            plan = ['worker'] * self.workers + ['mariadbd'] * self.databases
            self.random.shuffle(plan)
            for n, what in enumerate(plan):
                while self.books.progress() < (n + 1) / (len(plan) + 1):
                    time.sleep(0.01)
                time.sleep(self.random.random() * 0.02)
                self.worker() if what == 'worker' else self.database()
        except Exception as fault:
            self.fault = fault

    def worker(self):
        while True:
            workers = children(self.instance.pid('kartoteka-fcgi'))
            if workers and kill(self.random.choice(workers)):
                self.killed['workers'] += 1
                return
            time.sleep(0.005)

    def database(self):
        if kill(self.instance.pid('mariadbd')):
            self.killed['databases'] += 1
        time.sleep(self.random.random() * 0.3)
        self.instance.up()


def prepare(instance):
    cards = [fresh() for _ in range(CARDS)]
    client = instance.client()
    for n, card in enumerate(cards):
        answer = client.post('/organization/card/add', {
            'id': card, 'code': str(n), 'barcode': f'storm{n}', 'active': True, 'balance': FIRST})
        if answer.status != 200:
            raise AssertionError(answer)
    client.close()
    return cards


def rage(instance, options, books, cards):
    tills = [Till(instance, books, cards, n) for n in range(options.clients)]
    hand = Hand(instance, books, options)
    for thread in (*tills, hand):
        thread.start()
    for thread in (*tills, hand):
        thread.join()
    faults = [repr(thread.fault) for thread in (*tills, hand) if thread.fault]
    return hand.killed, faults


def nothing_lost_nothing_twice(instance, report, books, cards):
    rows = instance.sql("SELECT LOWER(HEX(card_id)), balance FROM account WHERE organisation_id = 1")
    balances = {card: int(balance) for card, balance in rows}
    for card in cards:
        report.equal(balances[card.replace('-', '')], FIRST * 100 + books.total[card],
                     f'balance of {card}')
    rows = instance.sql("SELECT doc_id, COUNT(*), LOWER(HEX(MIN(id))) FROM entry WHERE doc_id <> ''"
                        ' GROUP BY doc_id')
    found = {doc: (int(n), id_) for doc, n, id_ in rows}
    lost = [doc for doc, id_ in books.documents.items()
            if found.get(doc, (0, ''))[1] != id_.replace('-', '')]
    twice = [doc for doc, (n, _) in found.items() if n > 1]
    more = found.keys() - books.documents.keys()
    report.check(not lost, 'acknowledged postings are there', f'{len(lost)}: {lost[:3]}')
    report.check(not twice, 'none is there twice', f'{len(twice)}: {twice[:3]}')
    report.check(not more, 'none is there that nobody was told of', f'{len(more)}: {list(more)[:3]}')
    keys = instance.sql("SELECT COUNT(*), COUNT(DISTINCT idem_key) FROM journal"
                        " WHERE idem_key LIKE 'till%'")
    report.equal(keys, [[str(len(books.requests))] * 2], 'journal rows, keys')
    return len(lost), len(twice) + len(more)


def repeats_answer_the_same(instance, report, books):
    """All that were asked more than once, and every tenth of the others."""
    client = instance.client()
    chosen = [r for n, r in enumerate(books.requests) if r[4] > 1 or n % 10 == 0]
    wrong = 0
    for path, body, key, answer, _ in chosen:
        again, _ = client.until(path, body, key)
        same = again.replayed and (again.status, again.body) == (answer.status, answer.body)
        wrong += not same
        if not same and wrong <= 3:
            report.check(False, f'{path} {body} again', f'{again}, not {answer}')
    client.close()
    report.equal(wrong, 0, 'repeats that answered otherwise')
    return len(chosen)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--postings', type=int, default=20000, help='to be acknowledged (20000)')
    parser.add_argument('--seconds', type=float, default=float('inf'),
                        help='the storm ends then, however many are acknowledged')
    parser.add_argument('--worker-kills', type=int, default=10)
    parser.add_argument('--database-kills', type=int, default=2)
    parser.add_argument('--clients', type=int, default=32)
    parser.add_argument('--seed', type=int, default=None, help='of the moments of the kills')
    options = parser.parse_args()
    options.seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f'--seed {options.seed}', flush=True)
    report = Report()
    with Instance('crashes') as instance:
        cards = prepare(instance)
        books = Books(options)
        killed, faults = rage(instance, options, books, cards)
        seconds = time.monotonic() - books.started
        report.check(not faults, 'every till ended in peace', faults)
        report.equal((killed['workers'], killed['databases']),
                     (options.worker_kills, options.database_kills), 'kills')
        lost, twice = nothing_lost_nothing_twice(instance, report, books, cards)
        repeated = repeats_answer_the_same(instance, report, books)
        audit(instance, report)
        report.check('Sanitizer' not in instance.log(), 'no word of a sanitizer')
    again = sum(r[4] > 1 for r in books.requests)
    print(f'acknowledged {books.acknowledged} in {seconds:.0f} s, kills: {killed["workers"]} workers,'
          f' {killed["databases"]} databases; asked again during the storm {again}, lost {lost},'
          f' duplicated {twice}; {repeated} repeated afterwards')
    return report.finish()


program(main)
