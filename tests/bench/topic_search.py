"""Every list, filter and search of the dialects: milliseconds for one client, CPU of all processes, and
rows that the server reads. A verdict `waited` is no miss: by the clock it took longer than the goal, but
its processes worked for less; others had the processors."""
import http.client
import os
import re
import statistics
import subprocess
import time
import urllib.parse

import report
import shapes_cards
import shapes_more
from compare import conclude
from instance import STATE, Fault, running
from load import busy_ns, cpu_ns, tree
from shapes import APART, FIND, JUMP, ORDER, Data

# ms; the second beyond LARGE cards.
GOAL_MS = {FIND: (5, 10), ORDER: (5, 10), JUMP: (150, 750)}
LARGE = 1_000_000
GOAL_ROWS = 10_000
# `items` is exact up to 10,000 (the contract of the organization dialect): to say that there are more,
# 10,001 are counted, besides what the page reads.
CAPPED, CAPPED_ROWS = b'"items_capped":true', 10_001 + 500
ROW = '{:{width}}  {:>6}  {:>6}  {:>9}  {:>8}  {:>8}  {:>8}  {}'
# A shape that takes longer is measured by its first values.
SECONDS_MOST = 2
VALUES_LEAST = 3
# Timed again so often when it missed without reading much: noise only adds.
TRIES = 3
# 404 is an empty list; what takes too long is refused.
ANSWERS, REFUSALS = (200, 404), (400, 503)
# As tests/db counts: all reads of rows but those of temporary tables.
ROWS = ("SELECT CAST(SUM(IF(variable_name = 'Handler_tmp_write', -variable_value, variable_value)) AS SIGNED) "
        "FROM information_schema.global_status WHERE variable_name LIKE 'Handler\\_read%' "
        "OR variable_name = 'Handler_tmp_write';\n")


class Client:
    """One connection to nginx."""

    def __init__(self, instance):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(instance.env['KARTOTEKA_URL']).netloc,
                                                     timeout=60)
        self.headers = {'token': instance.env['KARTOTEKA_TOKEN']}

    def ask(self, method, path, body):
        """(ms, status, rows that may be read)"""
        headers = {**self.headers, 'Content-Type': 'application/json'} if body else self.headers
        start = time.perf_counter()
        self.connection.request(method, path, body and body.encode(), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        taken = (time.perf_counter() - start) * 1e3
        if answer.status not in ANSWERS + REFUSALS:
            raise Fault(f'{method} {path} {body or ""}: {answer.status} {text[:300]}')
        return taken, answer.status, CAPPED_ROWS if CAPPED in text else GOAL_ROWS


class Rows:
    """Rows that the whole server has read since the last look; its own looking is taken off."""

    def __init__(self, instance):
        self.mariadb = subprocess.Popen(
            ['mariadb', '--no-defaults', '-NB', '--unbuffered', '-uroot',
             f"-S{instance.env['KARTOTEKA_DB_SOCKET']}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.before = self.now()
        self.own = min(self.since() for _ in range(3))

    def now(self):
        self.mariadb.stdin.write(ROWS)
        self.mariadb.stdin.flush()
        return int(self.mariadb.stdout.readline())

    def since(self):
        now = self.now()
        read, self.before = now - self.before - getattr(self, 'own', 0), now
        return read

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.mariadb.stdin.close()
        self.mariadb.wait()


def first_pass(client, counter, shape, pids):
    """Of each value in turn: ms, rows, status, CPU ms of all processes, rows beyond what may be read."""
    found, end = [], time.monotonic() + SECONDS_MOST
    for number, request in enumerate(shape.requests):
        counter.since()
        before = cpu_ns(pids)
        taken, status, most = client.ask(*request)
        cpu = (cpu_ns(pids) - before) / 1e6
        if number >= shape.lead:
            rows = max(0, counter.since())
            found.append((taken, rows, status, cpu, max(0, rows - most)))
        if time.monotonic() > end and len(found) >= VALUES_LEAST:
            break
    return found


def times_of(client, shape, seen, goal):
    """ms by value: of values asked once before, and again while they miss. Pages are cold but once,
    and what nothing is promised of is asked once."""
    once = [ms for ms, *_ in seen]
    if shape.kind in (ORDER, JUMP, APART) or len(seen) < len(shape.requests) - shape.lead:
        return once
    best = once
    for _ in range(TRIES if not any(beyond for *_, beyond in seen) else 1):
        again = [client.ask(*request)[0] for request in shape.requests]
        best = min(best, again, key=statistics.median)
        if statistics.median(best) <= goal:
            break
    return best


def speed_of(median, cpu, goal, is_greedy):
    """Beyond the goal by the clock: slow; but when the processors worked for less than the goal and
    few rows were read, the request has only waited for others."""
    if median <= goal:
        return ''
    return 'waited' if cpu <= goal and not is_greedy else 'slow'


def measure_shape(client, counter, shape, pids, cards):
    goal = GOAL_MS.get(shape.kind, (0, 0))[cards > LARGE]
    seen = first_pass(client, counter, shape, pids)
    times = times_of(client, shape, seen, goal)
    cpu = statistics.median(ms for _, _, _, ms, _ in seen)
    median, rows = statistics.median(times), max(read for _, read, *_ in seen)
    is_greedy = any(beyond for *_, beyond in seen)
    speed, greedy = speed_of(median, cpu, goal, is_greedy), is_greedy and shape.kind != JUMP
    refused = any(status in REFUSALS for _, _, status, *_ in seen)
    verdict = ('excepted' if shape.kind == APART else
               ' and '.join(word for word, is_so in ((speed, speed), ('greedy', greedy), ('refused', refused)) if is_so))
    return {'query': shape.name, 'kind': shape.kind, 'values': len(times), 'median_ms': median,
            'p95_ms': sorted(times)[int(len(times) * 0.95)], 'cpu_ms': cpu, 'rows': rows, 'goal_ms': goal or None,
            'found': sum(status == 200 for _, _, status, *_ in seen), 'verdict': verdict or 'reached'}


def measure(options):
    with running(options) as instance, Rows(instance) as counter:
        data, client = Data(instance), Client(instance)
        every = [shape for module in (shapes_cards, shapes_more) for shape in module.shapes(data)
                 if shape.requests and re.search(options.only, shape.name)]
        pids = [pid for first in instance.pids.values() for pid in tree(first)]
        width, found = max(len(shape.name) for shape in every), []
        print(ROW.format('query', 'values', 'found', 'median ms', 'p95 ms', 'CPU ms', 'rows', 'verdict', width=width))
        everybody = pids + [os.getpid()]
        start, own, machine = time.monotonic(), cpu_ns(everybody), busy_ns()
        for shape in every:
            found.append(measure_shape(client, counter, shape, pids, options.cards))
            print(ROW.format(*line_of(found[-1]), width=width), flush=True)
        spent = (time.monotonic() - start) * 1e9 * os.cpu_count()
        return found, max(0.0, (busy_ns() - machine - cpu_ns(everybody) + own) / spent)


def line_of(row):
    return [row['query'], row['values'], row['found'], f"{row['median_ms']:.2f}", f"{row['p95_ms']:.2f}",
            f"{row['cpu_ms']:.2f}", row['rows'], row['verdict']]


def goal_of(name, found, others):
    return report.goal_line(f'search, {name}', [sum(found)], 0, others, most=True)


def run(options):
    print(f'searches, {options.cards} cards, one client; rows: the most that one request reads')
    found, others = measure(options)
    print(f'others used {others:.0%} of the machine')
    goals = [goal_of('queries that read too many rows', ['greedy' in row['verdict'] for row in found], 0),
             goal_of('queries refused', ['refused' in row['verdict'] for row in found], 0),
             goal_of('queries slower than their goal', ['slow' in row['verdict'] for row in found], others),
             goal_of('queries that only waited', ['waited' in row['verdict'] for row in found], others)]
    return conclude('search', options, goals, others=others, queries=found)
