"""GET card: the service beside the bare pipeline, in interleaved rounds."""
import hashlib
import hmac
import os
import secrets
import statistics
import time

import report
from instance import STATE, Beside, Instance
from load import Subject, burst

TITLE = 'GET card'
# Of the bare pipeline's CPU per request, and ms.
GOAL_RATIO = 0.85
GOAL_P99_MS = 10
IDS = 20000


def bare_token(key):
    text = f'bench.{int(time.time()) + 86400}'
    return f"token: {text}.{hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()}"


def request_file(beside, name, prefix, ids):
    path = beside.path(name)
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(f'GET {prefix}{card}\n' for card in ids)
    return path


def own_subject(beside, instance, name, ids):
    requests = request_file(beside, f'requests-{name}', '/organization/card/', ids)
    groups = {'nginx': instance.pids['nginx'], 'service': instance.pids['kartoteka-fcgi'],
              'database': instance.pids['mariadbd']}
    return Subject(name, instance.env['KARTOTEKA_URL'], requests,
                   f"token: {instance.env['KARTOTEKA_TOKEN']}", groups)


def bare_subjects(beside, instance, ids):
    key = secrets.token_hex(16)
    process, sock = beside.bare(instance, key)
    front, url = beside.nginx('bare', sock)
    groups = {'nginx': front.pid, 'service': process.pid, 'database': instance.pids['mariadbd']}
    token = bare_token(key)
    return [Subject(name, url, request_file(beside, f'requests{path.strip("/")}', path, ids), token, groups)
            for name, path in (('bare', '/card/'), ('bare, joined', '/joined/'))]


def interleave(subjects, rounds, seconds):
    """Rounds of every subject in turn, each second round backwards; a round that lost count is
    done again."""
    found = {subject.name: [] for subject in subjects}
    for subject in subjects:
        burst(subject, 1)
    for number in range(rounds):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            figures = burst(subject, seconds)
            if not figures['whole']:
                figures = burst(subject, seconds)
            found[subject.name].append(figures)
    return found


def row(name, rounds, bare):
    middle = lambda *path: report.median_of(rounds, *path)
    ratio = statistics.median(report.ratios(bare, rounds))
    return [name, f"{middle('rps'):.0f}", f"{middle('p50_ms'):.2f}", f"{middle('p99_ms'):.2f}",
            *(f"{middle('cpu_us', group):.0f}" for group in ('nginx', 'service', 'database')),
            f"{middle('sum_us'):.0f}", f'{ratio:.2f}']


HEAD = ['', 'req/s', 'p50 ms', 'p99 ms', 'nginx us', 'service us', 'database us', 'sum us', 'ratio']


def measure(options):
    instance = Instance(options.checkout, options.cards)
    other = Instance(options.against, options.cards) if options.against else None
    try:
        with Beside() as beside:
            ids = instance.card_ids(IDS)
            subjects = [*bare_subjects(beside, instance, ids),
                        own_subject(beside, instance, 'service', ids)]
            if other:
                subjects.append(own_subject(beside, other, 'against', other.card_ids(IDS)))
            return interleave(subjects, options.rounds, options.seconds)
    finally:
        for used in filter(None, (instance, other)):
            if not options.keep:
                used.stop()


def run(options):
    found = measure(options)
    bare, own = found['bare'], found['service']
    others = max(figures['others'] for rounds in found.values() for figures in rounds)
    print(f'GET card, {options.cards} cards, 16 connections, {options.rounds} rounds of '
          f'{options.seconds} s; CPU in microseconds a request; medians')
    for line in report.table(HEAD, [row(name, rounds, bare) for name, rounds in found.items()]):
        print(line)
    goals = [report.goal_line('card, CPU per request against bare', report.ratios(bare, own),
                              GOAL_RATIO, others),
             report.goal_line('card, p99 ms', [figures['p99_ms'] for figures in own], GOAL_P99_MS,
                              others, most=True)]
    for _, line, _ in goals:
        print(line)
    print(f'others used up to {others:.0%} of the machine')
    print('written:', report.write_json(STATE, 'card', {
        'topic': 'card', 'cards': options.cards, 'cpus': os.cpu_count(), 'others': others,
        'rounds': found, 'goals': [goal for _, _, goal in goals]}))
    return [verdict for verdict, _, _ in goals]
