"""hot.py [--seconds N] [--rounds N] [--help]

Postings on one card from all connections, against postings spread over as many cards: the rates,
interleaved; the one is at least half of the other. (tests/bench/run measures it in quiet.)
"""
import argparse
import statistics
import threading
import time

from audit import audit
from stage import Instance, Report, fresh, program

CLIENTS = 16
GOAL = 0.5
TRIES = 3  # neighbours may spoil most rounds of a try, but not of three


def cards_of(instance, n):
    cards = [fresh() for _ in range(n)]
    with instance.client() as client:
        for k, card in enumerate(cards):
            client.post('/organization/card/add', {'id': card, 'code': '1', 'barcode': f'hot{k}',
                                                   'active': True, 'balance': 1000000})
    return cards


def rate(instance, cards, seconds, report):
    """Spends per second; client n posts to cards[n % their number]."""
    end, done, wrong = time.monotonic() + seconds, [], []

    def work(card):
        n = 0
        with instance.client() as client:
            while time.monotonic() < end:
                answer = client.post('/organization/transaction/add', {
                    'card_id': card, 'type': 1, 'sum': 0.01, 'author': 'a', 'doc_id': '',
                    'doc_type': 0, 'shop_id': '', 'discount_id': ''})
                n += 1
                if answer.status != 200:
                    wrong.append(answer)
        done.append(n)

    threads = [threading.Thread(target=work, args=(cards[n % len(cards)],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report.check(not wrong, 'every spend is answered with 200', wrong[:1])
    return sum(done) / seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--seconds', type=float, default=1, help='of a round (1)')
    parser.add_argument('--rounds', type=int, default=5)
    options = parser.parse_args()
    report = Report()
    with Instance('hot') as instance:
        cards = cards_of(instance, CLIENTS)
        rate(instance, cards, 0.5, report)
        hot, spread, ratio = [], [], 0
        while ratio < GOAL and len(hot) < TRIES * options.rounds:
            for _ in range(options.rounds):
                hot.append(rate(instance, cards[:1], options.seconds, report))
                spread.append(rate(instance, cards, options.seconds, report))
            ratio = statistics.median(h / s for h, s in zip(hot, spread))
        report.check(ratio >= GOAL, 'a hot card', ratio)
        audit(instance, report)
    print(f'hot {statistics.median(hot):.0f}/s, spread {statistics.median(spread):.0f}/s,'
          f' ratio {ratio:.2f} (goal {GOAL})')
    return report.finish()


program(main)
