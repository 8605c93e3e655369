"""Subjects measured in the same rounds: the service and the bare pipelines on one instance."""
import hashlib
import hmac
import json
import os
import secrets
import statistics
import time
import urllib.request

import chart
import report
from instance import STATE, Fault
from load import Subject, burst

HEAD = ['', 'req/s', 'p50 ms', 'p99 ms', 'nginx us', 'service us', 'database us', 'sum us', 'ratio',
        'kinstr', 'ratio']
UNIT = 'CPU of a request, in microseconds: a shorter bar is better'


def bare_token(key):
    text = f'bench.{int(time.time()) + 86400}'
    return f"token: {text}.{hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()}"


def request_file(beside, name, lines):
    """Lines "METHOD PATH [BODY]"."""
    path = beside.path(name)
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(line + '\n' for line in lines)
    return path


def get_file(beside, name, prefix, ids):
    return request_file(beside, name, (f'GET {prefix}{card}' for card in ids))


def own_subject(instance, name, requests, headers=''):
    """The service; requests: a file. headers: further lines."""
    groups = {'nginx': instance.pids['nginx'], 'service': instance.pids['kartoteka-fcgi'],
              'database': instance.pids['mariadbd']}
    return Subject(name, instance.env['KARTOTEKA_URL'], requests,
                   f"token: {instance.env['KARTOTEKA_TOKEN']}\n{headers}", groups)


def bare_subjects(beside, instance, wanted):
    """One process for all: (name, file of requests, further headers) of each."""
    key = secrets.token_hex(16)
    process, sock = beside.bare(instance, key)
    front, url = beside.nginx('bare', sock)
    groups = {'nginx': front.pid, 'service': process.pid, 'database': instance.pids['mariadbd']}
    token = bare_token(key)
    return [Subject(name, url, requests, f'{token}\n{headers}', groups)
            for name, requests, headers in wanted]


def first_answer(subject):
    """What a subject says to its first request, a GET."""
    with open(subject.requests, encoding='utf-8') as file:
        path = file.readline().split()[1]
    headers = dict(line.split(': ', 1) for line in subject.headers.splitlines() if line)
    with urllib.request.urlopen(urllib.request.Request(subject.url + path, headers=headers), timeout=30) as answer:
        return json.load(answer)


def same(shown, *subjects):
    """Those with the same requests must do the same job; shown: the part of an answer that tells."""
    first, *others = [(subject.name, shown(first_answer(subject))) for subject in subjects]
    for name, part in others:
        if part != first[1]:
            raise Fault(f'{first[0]} and {name} answer differently: {first[1]} and {part}')


def interleave(subjects, rounds, seconds, connections=16):
    """Rounds of every subject in turn, each second round backwards; a round that lost count is
    done again."""
    found = {subject.name: [] for subject in subjects}
    for subject in subjects:
        burst(subject, 1, connections)
    for number in range(rounds):
        for subject in subjects if number % 2 == 0 else reversed(subjects):
            figures = burst(subject, seconds, connections)
            if not figures['whole']:
                figures = burst(subject, seconds, connections)
            found[subject.name].append(figures)
    return found


def row(name, rounds, bare):
    middle = lambda *path: report.median_of(rounds, *path)
    ratio = statistics.median(report.ratios(bare, rounds))
    return [name, f"{middle('rps'):.0f}", f"{middle('p50_ms'):.2f}", f"{middle('p99_ms'):.2f}",
            *(f"{middle('cpu_us', group):.0f}" for group in ('nginx', 'service', 'database')),
            f"{middle('sum_us'):.0f}", f'{ratio:.2f}', *instructions(rounds, bare)]


def kilo_instructions(figures):
    """Per request, all processes; 0 where they are not counted."""
    return sum(figures['kilo_instructions'].values())


def instructions(rounds, bare):
    """Thousands of them per request, all processes, and bare's share of that."""
    own, least = (statistics.median(map(kilo_instructions, of)) for of in (rounds, bare))
    return [f'{own:.0f}', f'{least / own:.2f}'] if own else ['', '']


def ratio_goal(name, least, own, goal, others):
    """The goal line of CPU per request: of `least` by `own`."""
    count, of = (statistics.median(map(kilo_instructions, rounds)) for rounds in (least, own))
    return report.goal_line(name, report.ratios(least, own), goal, others, counted=count / of if of else None)


def others_of(found):
    return max(figures['others'] for rounds in found.values() for figures in rounds)


def show(title, found, against):
    """The table of all subjects; `against`: whose CPU per request is 1 in the last column."""
    print(f'{title}; CPU in microseconds a request; medians')
    for line in report.table(HEAD, [row(name, rounds, found[against]) for name, rounds in found.items()]):
        print(line)
    print(f'others used up to {others_of(found):.0%} of the machine')
    for line in against_lines(found):
        print(line)


def against_lines(found):
    """What ours costs beside the other checkout's, which is named 'against' or 'against, …'."""
    for name, rounds in found.items():
        if name.startswith('against'):
            own = found[name.removeprefix('against').removeprefix(', ') or 'service']
            shares = [o['sum_us'] / a['sum_us'] for o, a in zip(own, rounds)]
            counted = [statistics.median(map(kilo_instructions, of)) for of in (own, rounds)]
            beside = f', by instructions {counted[0] / counted[1]:.2f}' if all(counted) else ''
            yield (f'beside {name}: ours costs {statistics.median(shares):.2f} of it (rounds {min(shares):.2f} to'
                   f' {max(shares):.2f}{beside})')


def draw(topic, title, found, goal=None):
    """The topic's chart: what a request costs each subject. goal: (text, microseconds)."""
    rows = [(name, {group: report.median_of(rounds, 'cpu_us', group) for group in ('nginx', 'service', 'database')})
            for name, rounds in found.items()]
    print('drawn:', chart.bars(os.path.join(STATE, topic + '.svg'), title, UNIT, rows, goal))


def draw_single(topic, title, unit, values, goal=None):
    """The topic's chart, one figure a bar. values: name -> figure; goal: (text, figure)."""
    rows = [(name, {'': value}) for name, value in values.items()]
    print('drawn:', chart.bars(os.path.join(STATE, topic + '.svg'), title, unit, rows, goal))


def most_us(rounds, ratio):
    """The goal line of a chart: what a request may cost when `rounds` is to cost `ratio` of it."""
    most = report.median_of(rounds, 'sum_us') / ratio
    return f'goal: at most {most:.0f}', most


def conclude(topic, options, goals, **content):
    """Prints the goal lines and writes the topic's file; the goals with their verdicts."""
    for _, line, _ in goals:
        print(line)
    rows = [goal for _, _, goal in goals]
    print('written:', report.write_json(STATE, topic, {
        'topic': topic, 'cards': options.cards, 'cpus': os.cpu_count(), **content, 'goals': rows}))
    return rows
