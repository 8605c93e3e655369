"""tests/bench/run: what the service costs, beside the least that it could cost.

Exit status: 0 every goal reached, 1 a goal missed or a fault, 2 usage, 3 too noisy to tell."""
import argparse
import importlib
import os
import re
import signal
import sys
import time

import report
from instance import STATE, Fault, let_go

TOPICS = {
    'card': 'GET card against the bare pipeline: CPU per request, req/s, p50, p99',
    'list': 'a list of ten and the count of about 80 matches, against the bare pipeline',
    'search': 'every list, filter and search: milliseconds for one client, rows that are read',
    'posting': 'postings against a bare posting of the same rows in two packets',
    'hot': 'postings on one hot card against spread cards',
    'lots': 'a card with 10,000 lots and 100,000 entries against ordinary cards',
    'burn': 'kartoteka burn against a bare batch of the same rows, and what tills feel of it',
    'verify': 'kartoteka verify: entries a second',
    'import': 'kartoteka import cards beside a bare load of the same rows, and again',
    'export': 'kartoteka export cards: cards a second, peak memory',
    'starve': 'clients left without an answer behind an nginx that keeps connections',
    'memory': 'resident memory of a worker after 1,000, 10,000 and 100,000 requests',
    'short': 'card, list and posting for CI: no ratio may fall by a quarter of the recorded one',
    'size': 'bytes that a card and a posting take, by table',
    'growth': 'the cost of a card, a list and a posting as cards (up to --cards), lots, clients and workers grow',
    'growth_cards': 'of these: cards', 'growth_lots': 'lots of a card', 'growth_clients': 'clients at once',
    'growth_workers': 'workers',
    'profile': 'GET card: where the time goes (needs perf)',
    'profile_posting': 'the same of postings, and how their statements find their rows',
}
IN_ALL = ('card', 'list', 'search', 'posting', 'hot', 'lots', 'burn', 'verify', 'import', 'export', 'starve', 'memory')
CARDS, CARDS_SHORT = 1_000_000, 100_000


def number(least, most):
    def check(text):
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f'must be {least} to {most}')
        return value
    return check


def options():
    parser = argparse.ArgumentParser(
        prog='tests/bench/run', formatter_class=argparse.RawDescriptionHelpFormatter,
        description='Measures the service on an instance of its own, below build/bench.',
        epilog='topics:\n' + '\n'.join(f'  {name:15} {text}' for name, text in TOPICS.items())
        + f"\n  {'all':15} {', '.join(IN_ALL)}; one table of every goal, build/bench/all.json"
        + '\nEach topic writes build/bench/TOPIC.json and, with bars of what a request costs, TOPIC.svg.\n\n'
        + __doc__.split('\n\n')[1])
    parser.add_argument('topic', nargs='?', default='card', choices=[*TOPICS, 'all'], metavar='TOPIC')
    parser.add_argument('--cards', type=number(1000, 20_000_000),
                        help=f'cards of the instance (default {CARDS}; short: {CARDS_SHORT})')
    parser.add_argument('--rounds', type=number(1, 1000), help='rounds (default 5; short: 3)')
    parser.add_argument('--seconds', type=number(1, 600), help='length of a round (default 4; short: 2)')
    parser.add_argument('--against', metavar='DIR', type=os.path.realpath,
                        help='card, list, posting, hot: another checkout, measured in the same rounds')
    parser.add_argument('--lots', type=number(1000, 20_000_000), default=200_000,
                        help='ended lots that burn burns (default 200000)')
    parser.add_argument('--peers', action='store_true',
                        help='install php-fpm and Node, which card, list and posting take in when they are there')
    parser.add_argument('--record', action='store_true', help='short: write down the ratios as those to hold')
    parser.add_argument('--only', metavar='REGEX', type=re.compile, default='',
                        help='search: queries whose names it matches, anywhere')
    parser.add_argument('--keep', action='store_true', help='leave the instance running')
    parser.add_argument('--no-install', action='store_true', help='install no package')
    chosen = parser.parse_args()
    brief = chosen.topic == 'short'
    chosen.cards = chosen.cards or (CARDS_SHORT if brief else CARDS)
    chosen.rounds = chosen.rounds or (3 if brief else 5)
    chosen.seconds = chosen.seconds or (2 if brief else 4)
    chosen.hold = chosen.topic == 'all'
    return chosen


def conclude_all(chosen, goals, seconds):
    title = f'every goal, {chosen.cards} cards, {chosen.rounds} rounds'
    print('\n'.join([title, *report.goal_table(goals)]))
    print(f'{sum(seconds.values()) / 60:.0f} minutes:', ', '.join(f'{topic} {s} s' for topic, s in seconds.items()))
    print('written:', report.write_json(STATE, 'all', {
        'cards': chosen.cards, 'rounds': chosen.rounds, 'cpus': os.cpu_count(), 'seconds': seconds, 'goals': goals}))


def every_topic(chosen):
    """Goals of all topics; one that fails is a goal missed, and the others are measured."""
    goals, seconds = [], {}
    for topic in IN_ALL:
        start = time.monotonic()
        try:
            goals += topic_run(topic, chosen)
        except Fault as fault:
            print(f'tests/bench/run: {topic}: {fault}', file=sys.stderr)
            goals.append(report.fault_row(topic))
        seconds[topic] = round(time.monotonic() - start)
        print(flush=True)
    conclude_all(chosen, goals, seconds)
    return goals


def topic_run(topic, chosen):
    return importlib.import_module(f'topic_{topic}').run(chosen)


def main():
    chosen = options()
    os.makedirs(STATE, exist_ok=True)
    try:
        goals = every_topic(chosen) if chosen.topic == 'all' else topic_run(chosen.topic, chosen)
    finally:
        let_go(chosen)
    verdicts = [goal['verdict'] for goal in goals]
    if report.MISSED in verdicts or report.FALLEN in verdicts:
        return 1
    return 3 if report.NOISY in verdicts else 0


signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
try:
    sys.exit(main())
except Fault as fault:
    print(f'tests/bench/run: {fault}', file=sys.stderr)
    sys.exit(1)
except KeyboardInterrupt:
    sys.exit(130)
