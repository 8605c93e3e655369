"""How a request's cost grows: the same few requests at each of a row of sizes, and a chart of it."""
import os

import chart
import lists
import postings
import report
from compare import get_file, interleave, own_subject
from instance import STATE

GETS = '/organization/card/'
IDS = 20000
HEAD = ['', 'req/s', 'p50 ms', 'p99 ms', 'nginx us', 'service us', 'database us', 'sum us']


def kinds(beside, instance, name=''):
    """A card, a list of ten with its count, a posting: what a till and its back office ask for."""
    ids = instance.card_ids(IDS)
    rich = instance.card_ids(IDS, postings.ENOUGH)
    return [own_subject(instance, 'card', get_file(beside, f'requests-card{name}', GETS, ids)),
            lists.service(beside, instance, 'list', lists.groups(instance)),
            postings.service(beside, instance, 'posting', postings.alternating(rich))]


def figures_of(rounds):
    """Medians of one subject's rounds."""
    middle = lambda *path: report.median_of(rounds, *path)
    return {'rps': middle('rps'), 'p50_ms': middle('p50_ms'), 'p99_ms': middle('p99_ms'), 'sum_us': middle('sum_us'),
            'cpu_us': {group: middle('cpu_us', group) for group in rounds[0]['cpu_us']},
            'others': max(figures['others'] for figures in rounds)}


def measure(subjects, options, connections):
    """Subject's name -> figures."""
    found = interleave(subjects, options.rounds, options.seconds, connections)
    return {name: figures_of(rounds) for name, rounds in found.items()}


def line_of(said, figures):
    return [said, f"{figures['rps']:.0f}", f"{figures['p50_ms']:.2f}", f"{figures['p99_ms']:.2f}",
            *(f'{us:.0f}' for us in figures['cpu_us'].values()), f"{figures['sum_us']:.0f}"]


def show(title, unit, found):
    """found: size -> subject's name -> figures."""
    print(f'{title}; CPU in microseconds a request; medians')
    for line in report.table(HEAD, [line_of(f'{name}, {size:,} {unit}', figures)
                                    for name in next(iter(found.values()))
                                    for size, figures in ((size, by[name]) for size, by in found.items())]):
        print(line)
    most = max(figures['others'] for by in found.values() for figures in by.values())
    print(f'others used up to {most:.0%} of the machine')


def draw(topic, title, x_label, y_label, found, member):
    series = [(name, [(size, by[name][member]) for size, by in found.items()]) for name in next(iter(found.values()))]
    print('drawn:', chart.lines(os.path.join(STATE, topic + '.svg'), title, x_label, y_label, series, True))


def conclude(topic, found):
    """No goal is stated for growth: the figures are for reading. The goals, none."""
    print('written:', report.write_json(STATE, topic, {
        'topic': topic, 'cpus': os.cpu_count(), 'goals': [],
        'sizes': [{'size': size, 'found': by} for size, by in found.items()]}))
    return []
