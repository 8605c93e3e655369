"""1 to 32 workers behind one nginx: a card, a list and a posting."""
import copy
import dataclasses

import growth
from instance import Beside, running

CARDS = 100_000
CONNECTIONS = 64
SIZES = (1, 2, 4, 8, 16, 32)


def measure(options, instance, workers):
    """A service of its own on the instance's database, each time with other workers."""
    with Beside() as beside:
        process, sock = beside.service(instance, 'service', workers=workers)
        front, url = beside.nginx('front', sock)
        groups = {'nginx': front.pid, 'service': process.pid, 'database': instance.pids['mariadbd']}
        kinds = [dataclasses.replace(kind, url=url, groups=groups) for kind in growth.kinds(beside, instance)]
        return growth.measure(kinds, options, CONNECTIONS)


def run(options):
    small = copy.copy(options)
    small.cards = CARDS
    with running(small) as instance:
        found = {workers: measure(options, instance, workers) for workers in SIZES}
    growth.show(f'more workers, {CARDS:,} cards, {CONNECTIONS} clients', 'workers', found)
    growth.draw('growth_workers', 'Answers a second as workers grow', 'workers', 'requests a second', found, 'rps')
    growth.draw('growth_workers_p99', 'The slowest answer of a hundred as workers grow', 'workers',
                'p99, milliseconds', found, 'p99_ms')
    return growth.conclude('growth_workers', found)
