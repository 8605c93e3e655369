"""Resident memory of one worker as its requests grow: a mix of reads, changes and refusals."""
import http.client
import itertools
import os
import urllib.parse

import chart
import report
from compare import conclude
from instance import STATE, Beside, Fault, running
from load import tree

MARKS = (1000, 10_000, 100_000)
GOAL_MIB = 16
# Growth of the anonymous part from the second mark to the last that still counts as flat.
GOAL_GROWTH_KIB = 64
IDS = 2000
NO_SUCH = '00000000-0000-4000-8000-000000000000'


def mix(ids):
    """(method, path, body) without end."""
    for n, card in enumerate(itertools.cycle(ids)):
        yield 'GET', f'/organization/card/{card}', None
        yield 'GET', f'/organization/card?per_page=50&page={1 + n % 20}', None
        yield 'POST', f'/organization/card/{card}', f'{{"description": "change {n}"}}'
        yield 'GET', f'/organization/card/by_phone?filter={n % 10000:04}', None
        yield 'GET', '/organization/card_group?per_page=10', None
        yield 'GET', f'/organization/card/{NO_SUCH}', None
        yield 'POST', f'/organization/card/{card}', '{"name": [[[[]]]], "name": 1}'
        yield 'GET', '/nowhere', None


class Client:
    def __init__(self, url, token):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=30)
        self.headers = {'token': token}

    def play(self, requests):
        """Sends them all; how many answers had which status."""
        statuses = {}
        for method, path, body in requests:
            extra = {'Content-Type': 'application/json'} if body else {}
            self.connection.request(method, path, body, {**self.headers, **extra})
            answer = self.connection.getresponse()
            answer.read()
            statuses[answer.status] = statuses.get(answer.status, 0) + 1
        return statuses


def memory_kib(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        lines = dict(line.split(':', 1) for line in file)
    return {name: int(lines[name].split()[0]) for name in ('VmRSS', 'RssAnon')}


def worker_of(master):
    pids = tree(master)
    if len(pids) != 2:
        raise Fault(f'one worker was wanted, the processes are {pids}')
    return pids[1]


def measure(options, beside, instance):
    process, sock = beside.service(instance, 'memory', workers=1, max_requests=0)
    _, url = beside.nginx('memory-nginx', sock)
    client = Client(url, instance.env['KARTOTEKA_TOKEN'])
    requests, worker, found, done = mix(instance.card_ids(IDS)), worker_of(process.pid), [], 0
    for mark in MARKS:
        statuses = client.play(itertools.islice(requests, mark - done))
        done = mark
        wrong = sorted(status for status in statuses if status >= 500)
        if wrong or worker_of(process.pid) != worker:
            raise Fault(f'answers with status {wrong}, or the worker died\n{beside.tail()}')
        found.append({'requests': mark, 'statuses': statuses, **memory_kib(worker)})
    return found


def run(options):
    with running(options) as instance, Beside() as beside:
        found = measure(options, beside, instance)
    print('memory of one worker, KiB')
    for line in report.table(['requests', 'resident', 'of it anonymous'],
                             [[f"{row['requests']:,}", row['VmRSS'], row['RssAnon']] for row in found]):
        print(line)
    print('drawn:', chart.lines(
        os.path.join(STATE, 'memory.svg'), 'Memory of one worker', 'requests served', 'MiB', [
            ('resident', [(row['requests'], row['VmRSS'] / 1024) for row in found]),
            ('of it its own', [(row['requests'], row['RssAnon'] / 1024) for row in found])], True,
        (f'goal: at most {GOAL_MIB}', GOAL_MIB)))
    growth = found[-1]['RssAnon'] - found[-2]['RssAnon']
    goals = [report.goal_line('memory, MiB resident', [found[-1]['VmRSS'] / 1024], GOAL_MIB, 0, most=True),
             report.goal_line('memory, KiB grown between the last two', [growth], GOAL_GROWTH_KIB, 0,
                              most=True)]
    return conclude('memory', options, goals, marks=found)
