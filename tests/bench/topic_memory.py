"""Resident memory of one worker as its requests grow: a mix of reads, changes and refusals."""
import os

import chart
import report
from compare import conclude, request_file
from instance import STATE, Beside, Fault, running
from load import SERIAL, Subject, tree, wrk

# Requests after which it is looked at, at least.
MARKS = (1000, 10_000, 100_000)
GOAL_MIB = 16
# Growth of the anonymous part from the second mark to the last that still counts as flat.
GOAL_GROWTH_KIB = 64
IDS = 2000
CLIENTS = 2
SECONDS_MOST = 600
NO_SUCH = '00000000-0000-4000-8000-000000000000'


def mix(ids):
    """Lines of requests."""
    for n, card in enumerate(ids):
        yield f'GET /organization/card/{card}'
        yield f'GET /organization/card?per_page=50&page={1 + n % 20}'
        yield f'POST /organization/card/{card} {{"description": "change {SERIAL}"}}'
        yield f'GET /organization/card/by_phone?filter={n % 10000:04}'
        yield 'GET /organization/card_group?per_page=10'
        yield f'GET /organization/card/{NO_SUCH}'
        yield f'POST /organization/card/{card} {{"name": [[[[]]]], "name": 1}}'
        yield 'GET /nowhere'


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
    subject = Subject('memory', url, request_file(beside, 'requests-memory', mix(instance.card_ids(IDS))),
                      f"token: {instance.env['KARTOTEKA_TOKEN']}", {})
    worker, found, done = worker_of(process.pid), [], 0
    for _ in range(SECONDS_MOST):
        figures = wrk(subject, 1, CLIENTS)
        done += figures['requests']
        if figures['failed'] or figures['lost'] or worker_of(process.pid) != worker:
            raise Fault(f"{figures['failed']} answers with status 5xx, {figures['lost']} lost, or the worker died"
                        f'\n{beside.tail()}')
        if done >= MARKS[len(found)]:
            found.append({'requests': done, **memory_kib(worker)})
        if len(found) == len(MARKS):
            return found
    raise Fault(f'{done} requests in {SECONDS_MOST} s')


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
