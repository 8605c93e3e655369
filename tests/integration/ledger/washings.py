"""washings.py [--steps N] [--kills N] [--seed N] [--help]

Money at the till of a car wash. 64 tills at once on one card: nothing below its credit line, and
one receipt is one sale. The connection to the database cut around every packet of a sale: one
answer, one washing. Workers killed with -9 under load: tills repeat a receipt until they are
answered, without any key, and each receipt is there once.
"""
import argparse
import itertools
import random
import threading
import time

from audit import audit
from stage import Instance, Report, Workers, children, fresh, kill, program
from wiretap import MANNERS, Relay

CLIENTS = 64
PACKETS = 2      # of a sale
NOT_ENOUGH = 4   # ApplicationErrorCode
PATIENCE_S = 60
_numbers = itertools.count()


def add_card(instance, line=0):
    """The number of a new card that may go `line` minor units below zero."""
    number = f'wash{next(_numbers)}'
    with instance.client() as client:
        answer = client.post('/organization/card/add', {
            'id': fresh(), 'code': number, 'barcode': number, 'active': True})
    if answer.status != 200:
        raise AssertionError(answer)
    if line:
        instance.sql(f"UPDATE card SET is_credit = 1, credit_limit = {line} WHERE barcode = '{number}'")
    return number


def sale(card, price, receipt=None):
    return '/api/Sale', {'CardNumber': card, 'PaymentMethod': 1, 'ReceiptNumber': receipt or fresh(),
                         'Items': [{'ArticleNumber': 'W', 'Quantity': 1, 'Price': price}]}


def charge(card, amount):
    return '/api/ChargeCardCredit', {'CardNumber': card, 'ChargeAmount': amount,
                                     'ReceiptNumber': fresh()}


def until(client, request, key=None):
    """Asks again until there is an answer."""
    end = time.monotonic() + PATIENCE_S
    while True:
        answer = client.once(*request, key)
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f'no answer to {request}')
        time.sleep(0.02)


def books_of(instance, card):
    """Balance, its lowest, washings, entries: of money."""
    of = f"(SELECT id FROM card WHERE barcode = '{card}')"
    return [int(n) for n in instance.sql(
        f'SELECT (SELECT COALESCE(MAX(balance), 0) FROM account WHERE unit = 2 AND card_id = {of}),'
        f' (SELECT COALESCE(MIN(balance_after), 0) FROM entry WHERE unit = 2 AND account_card_id = {of}),'
        f' (SELECT COUNT(*) FROM washing WHERE card_id = {of}),'
        f' (SELECT COUNT(*) FROM entry WHERE unit = 2 AND account_card_id = {of})')[0]]


def together(report, what, url, instance, bodies):
    """Each of them by a client and a thread of its own, all at once."""
    gate, faults = threading.Barrier(len(bodies)), []

    def run(body):
        try:
            with instance.client(url) as client:
                gate.wait()
                body(client)
        except Exception as fault:
            faults.append(repr(fault))

    threads = [threading.Thread(target=run, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.check(not faults, f'{what}: every till ended in peace', faults[:3])


def one_card(instance, url, report, options, line):
    what = f'one card, line {line}'
    card, sold, charged = add_card(instance, line), [], []

    def till(seed):
        chance = random.Random(seed)

        def body(client):
            for _ in range(options.steps):
                put = chance.random() < 0.1
                amount = chance.randint(1, 9)
                answer = until(client, charge(card, amount) if put else sale(card, amount))
                if answer.status == 200:
                    (charged if put else sold).append(amount * 100)
                elif answer.json()['ApplicationErrorCode'] != NOT_ENOUGH:
                    raise AssertionError(answer)
        return body

    with instance.client(url) as client:
        charged.append(6000)
        until(client, charge(card, 60))
    together(report, what, url, instance, [till(f'{options.seed}/{n}') for n in range(CLIENTS)])
    balance, lowest, washings, entries = books_of(instance, card)
    report.equal(balance, sum(charged) - sum(sold), f'{what}: balance')
    report.check(lowest >= -line, f'{what}: nothing below the line', lowest)
    report.equal((washings, entries), (len(sold), len(sold) + len(charged)), f'{what}: washings, entries')
    print(f'{what}: {len(sold)} sales, {len(charged)} charges, lowest {lowest}', flush=True)


def one_receipt(instance, url, report):
    card, answers = add_card(instance, 10000), []
    request = sale(card, 7)
    together(report, 'one receipt', url, instance,
             [lambda client: answers.append(until(client, request))] * CLIENTS)
    report.equal({(a.status, a.body) for a in answers}, {(200, answers[0].body)}, 'one receipt: one answer')
    report.equal(sum(not a.replayed for a in answers), 1, 'one receipt: one sale')
    report.equal(books_of(instance, card), [-700, -700, 1, 1], 'one receipt: in the books once')


def cut_around(instance, report):
    """Between a worker of our own and the database."""
    with Workers() as workers:
        relay = Relay(workers.path('mysql.sock'), instance.env['KARTOTEKA_DB_SOCKET'])
        url = workers.serve(instance, workers=1, database=relay.path)
        card = add_card(instance, 10 ** 9)
        with instance.client(url) as client:
            for _ in range(2):
                until(client, sale(card, 7), f'warm{next(_numbers)}')
            for keyed, manner, packet in itertools.product((False, True), MANNERS, range(1, PACKETS + 1)):
                what, request = f'sale, key {keyed}, cut {manner} at {packet}', sale(card, 7)
                before = books_of(instance, card)
                relay.listen({packet: manner})
                answer = client.post(*request, f'cut{next(_numbers)}' if keyed else None)
                report.equal(relay.cuts, 1, f'{what}: cuts')
                relay.listen()
                report.equal(answer.status, 200, f'{what}: {answer}')
                again = client.post(*request)
                report.check(again.replayed and again.body == answer.body, f'{what}: again', again)
                report.equal(books_of(instance, card),
                             [before[0] - 700, before[1] - 700, before[2] + 1, before[3] + 1],
                             f'{what}: in the books once')
        relay.close()


def killed_workers(instance, report, options):
    card, sold, stop = add_card(instance, 10 ** 9), [], threading.Event()

    def till(client):
        while not stop.is_set():
            request = sale(card, 3)
            answer = until(client, request)
            if answer.status != 200:
                raise AssertionError(answer)
            sold.append(request[1]['ReceiptNumber'])

    def hand(_):
        try:
            for _ in range(options.kills):
                time.sleep(0.3)
                workers = children(instance.pid('kartoteka-fcgi'))
                report.check(workers and kill(random.choice(workers)), 'a worker is killed', workers)
        finally:
            stop.set()

    together(report, 'killed workers', None, instance, [till] * 16 + [hand])
    rows = instance.sql('SELECT w.receipt, COUNT(*) FROM washing w JOIN card c ON c.id = w.card_id'
                        f" WHERE c.barcode = '{card}' GROUP BY 1")
    there = {receipt: int(n) for receipt, n in rows}
    report.check(set(there.values()) <= {1}, 'no receipt is there twice')
    report.equal(set(there), set(sold), 'what was acknowledged is there, and nothing else')
    report.equal(books_of(instance, card)[0], -300 * len(sold), 'killed workers: balance')
    print(f'{options.kills} kills, {len(sold)} receipts', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--steps', type=int, default=6, help='of each till (6)')
    parser.add_argument('--kills', type=int, default=8, help='of workers (8)')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 32))
    options = parser.parse_args()
    print(f'--seed {options.seed}', flush=True)
    report = Report()
    with Instance('washings') as instance:
        for line in (0, 2500):
            one_card(instance, None, report, options, line)
        one_receipt(instance, None, report)
        cut_around(instance, report)
        killed_workers(instance, report, options)
        audit(instance, report, debts=True)
    return report.finish()


program(main)
