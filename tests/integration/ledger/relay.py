"""relay.py [--help]

A relay between workers and the database. It counts the packets that each kind of posting sends:
two at most, on an ordinary card, by a connection that has done this kind before. And it cuts the connection around every one of them - before it
reaches the server, after the answer (that of COMMIT too), in the middle of it, right after
sending: the client gets its one right answer, the posting is in the books once, a repeat replays.
"""
import argparse
import itertools

from audit import audit
from stage import Instance, Report, Workers, fresh, program
from wiretap import MANNERS, Relay

MOST = 2     # packets of a posting
ROUNDS = 5   # of counting
_numbers = itertools.count()


class Till:
    """Requests of one kind are made ready first, then asked."""

    def __init__(self, client):
        self.client = client
        self.card = fresh()
        self.must('/organization/card/add', {'id': self.card, 'code': '1', 'active': True,
                                             'barcode': f'relay{next(_numbers)}', 'balance': 100000})

    def must(self, path, body, key=None):
        answer = self.client.post(path, body, key)
        if answer.status != 200:
            raise AssertionError(f'{path} {body}: {answer}')
        return answer

    def posting(self, kind, sum_=7):
        return ('/organization/transaction/add',
                {'card_id': self.card, 'type': kind, 'sum': sum_, 'author': 'a', 'shop_id': 's',
                 'doc_id': f'd{next(_numbers)}', 'doc_type': 1, 'discount_id': ''})

    def placed(self):
        return self.must(*self.hold()).id

    def accrual(self):
        return self.posting(0)

    def spend(self):
        return self.posting(1)

    def refund(self):
        spend = self.must(*self.posting(1)).id
        return f'/organization/transaction/{spend}/refund', {'doc_id': f'd{next(_numbers)}'}

    def accrual_return(self):
        accrual = self.must(*self.posting(0)).id
        return f'/organization/transaction/{accrual}/refund', {'doc_id': f'd{next(_numbers)}'}

    def hold(self):
        return (f'/organization/card/{self.card}/hold',
                {'sum': 9, 'timeout_s': 86400, 'doc_id': f'd{next(_numbers)}'})

    def capture(self):
        return f'/organization/hold/{self.placed()}/capture', {'sum': 4}

    def void(self):
        return f'/organization/hold/{self.placed()}/void', {}


# Kind -> what it adds to the balance, in minor units, and how many entries.
KINDS = {'accrual': (700, 1), 'spend': (-700, 1), 'refund': (700, 1), 'accrual_return': (-700, 1),
         'hold': (0, 0), 'capture': (-400, 1), 'void': (0, 0)}


def packets(relay, till, report):
    """Prints the table of packets by kind, without a key and with one."""
    print(f'{"posting":<16}{"packets":>9}{"with key":>10}')
    for kind in KINDS:
        counts = []
        for keyed in (False, True):
            till.must(*getattr(till, kind)(), f'warm{next(_numbers)}' if keyed else None)
            seen = []
            for _ in range(ROUNDS):
                path, body = getattr(till, kind)()
                relay.listen()
                answer = till.client.post(path, body, f'count{next(_numbers)}' if keyed else None)
                report.equal(answer.status, 200, f'{kind}: {answer}')
                seen.append([c.text[:300] for c in relay.counted()])
            counts.append(max(map(len, seen)))
            report.check(0 < counts[-1] <= MOST, f'{kind}, key {keyed}: packets', seen[0])
        print(f'{kind:<16}{counts[0]:>9}{counts[1]:>10}', flush=True)


def books_of(instance, till):
    """Balance, entries and open holds of the card."""
    card = till.card.replace('-', '')
    return [int(n) for n in instance.sql(
        f"SELECT (SELECT balance FROM account WHERE card_id = x'{card}'),"
        f" (SELECT COUNT(*) FROM entry WHERE account_card_id = x'{card}'),"
        f" (SELECT COUNT(*) FROM hold WHERE account_card_id = x'{card}' AND state = 1)")[0]]


HOLDS = {'hold': 1, 'capture': -1, 'void': -1}


def cut_around(instance, relay, till, report, kind, plan, keyed):
    what = f'{kind}, key {keyed}, cut {plan}'
    path, body = getattr(till, kind)()
    key = f'cut{next(_numbers)}' if keyed else None
    before = books_of(instance, till)
    relay.listen(plan)
    answer = till.client.post(path, body, key)
    report.equal(relay.cuts, len(plan), f'{what}: cuts')
    relay.listen()
    report.equal(answer.status, 200, f'{what}: {answer}')
    report.check(not answer.replayed or kind in ('accrual', 'spend'), f'{what}: not a replay', answer)
    amount, entries = KINDS[kind]
    wanted = [before[0] + amount, before[1] + entries, before[2] + HOLDS.get(kind, 0)]
    report.equal(books_of(instance, till), wanted, f'{what}: in the books once')
    if keyed:
        again = till.client.post(path, body, key)
        report.check(again.replayed and again.body == answer.body, f'{what}: again', again)
        report.equal(books_of(instance, till), wanted, f'{what}: not twice')


def cuts(instance, relay, till, report):
    for kind in KINDS:
        for keyed in (False, True):
            for manner in MANNERS:
                for packet in range(1, MOST + 1):
                    cut_around(instance, relay, till, report, kind, {packet: manner}, keyed)
    # the new connection is lost too, before it has what it needs
    for manner in MANNERS:
        cut_around(instance, relay, till, report, 'spend', {1: MANNERS[0], 0: manner}, True)
    # the commit's answer is lost, and then the question what became of it
    for manner, second in itertools.product(MANNERS, MANNERS):
        cut_around(instance, relay, till, report, 'spend', {2: manner, 3: second}, True)


def main():
    argparse.ArgumentParser(description=__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    report = Report()
    with Instance('relay', workers=1) as instance, Workers() as workers:
        relay = Relay(workers.path('mysql.sock'), instance.env['KARTOTEKA_DB_SOCKET'])
        till = Till(instance.client(workers.serve(instance, workers=1, database=relay.path)))
        packets(relay, till, report)
        cuts(instance, relay, till, report)
        audit(instance, report)
        relay.close()
    return report.finish()


program(main)
