"""tests/bench/run: what the service costs, beside the least that it could cost.

Exit status: 0 every goal reached, 1 a goal missed or a fault, 2 usage, 3 too noisy to tell."""
import argparse
import importlib
import os
import signal
import sys

import report
from instance import STATE, Fault

TOPICS = {
    'card': 'GET card against the bare pipeline: CPU per request, req/s, p50, p99',
    'list': 'a list of ten and the count of about 80 matches, against the bare pipeline',
    'memory': 'resident memory of a worker after 1,000, 10,000 and 100,000 requests',
    'starve': 'clients left without an answer behind an nginx that keeps connections',
    'posting': 'postings against a bare posting of the same rows in two packets',
    'hot': 'postings on one hot card against spread cards',
    'lots': 'a card with 10,000 lots and 100,000 entries against ordinary cards',
    'burn': 'kartoteka burn against a bare batch of the same rows, and what tills feel of it',
    'verify': 'kartoteka verify: entries a second',
    'import': 'kartoteka import cards beside a bare load of the same rows, and again',
    'export': 'kartoteka export cards: cards a second, peak memory',
    'profile': 'GET card: where the time goes (needs perf)',
    'profile_posting': 'the same of postings, and how their statements find their rows',
}
IN_ALL = ('card', 'list', 'posting', 'hot', 'lots', 'burn', 'verify', 'import', 'export', 'starve', 'memory')


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
        + f"\n  {'all':15} {', '.join(IN_ALL)}\n\n" + __doc__.split('\n\n')[1])
    parser.add_argument('topic', nargs='?', default='card', choices=[*TOPICS, 'all'], metavar='TOPIC')
    parser.add_argument('--cards', type=number(1000, 20_000_000), default=100_000,
                        help='cards of the instance (default 100000)')
    parser.add_argument('--rounds', type=number(1, 1000), default=5, help='rounds (default 5)')
    parser.add_argument('--seconds', type=number(1, 600), default=4,
                        help='length of a round (default 4)')
    parser.add_argument('--against', metavar='DIR', type=os.path.realpath,
                        help='another checkout, measured in the same rounds')
    parser.add_argument('--lots', type=number(1000, 20_000_000), default=200_000,
                        help='ended lots that burn burns (default 200000)')
    parser.add_argument('--peers', action='store_true', help='posting: php-fpm too (installs it)')
    parser.add_argument('--keep', action='store_true', help='leave the instance running')
    parser.add_argument('--no-install', action='store_true', help='install no package')
    return parser.parse_args()


def main():
    chosen = options()
    os.makedirs(STATE, exist_ok=True)
    verdicts = []
    for topic in IN_ALL if chosen.topic == 'all' else (chosen.topic,):
        verdicts += importlib.import_module(f'topic_{topic}').run(chosen)
        print()
    if report.MISSED in verdicts:
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
