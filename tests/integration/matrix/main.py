"""main.py [--steps N] [--seed N] [--kills N] [--help]

One card, five views. First the matrix: a card made in each dialect is read, spent, charged, locked,
linked and exported in all the others. Then a random history through all five at once: after every
step the touched cards are read by all five and compared with a naive model, which knows nothing of
the service. With --kills, workers and the database are killed with -9 meanwhile.
"""
import argparse
import os
import random
import sys
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', 'ledger'))

from acts import Acts  # noqa: E402
from audit import audit  # noqa: E402
from desk import Desk  # noqa: E402
from stage import Instance, Report, children, kill, program  # noqa: E402
from views import VIEWS, must  # noqa: E402
from world import World  # noqa: E402

CREDIT_LINE = 2500  # minor units
FILE_EVERY = 10     # steps between two looks at the whole card file


def prepare(instance, desk):
    instance.admin('organisation', 'set', '--id', '1', f'credit_limit={CREDIT_LINE // 100}')
    instance.admin('source', 'add', '--organisation', '1', '--name', 'ONLINE')
    answer = desk.write('/v2/card/series', {'code': 'MATRIX', 'name': 'Matrix', 'type': 'PHYSICAL',
                                            'expiryDays': 0, 'isActive': True})
    series = must(answer, 'series')['entity']
    time.sleep(5)  # workers see settings and sources within that time
    return series


def compare(desk, world, report, card, what, views=VIEWS):
    """Number of views that show the card as the model has it."""
    return sum(report.equal(view.seen(desk, card), view.wanted(world, card),
                            f'{what}: {card.barcode} in {view.name}') for view in views)


class Count:
    cards = views = operations = 0


def matrix(desk, world, acts, report):
    """Every maker against every change, lock and link, each seen in all views."""
    count = Count()
    for make in Acts.MAKERS:
        make(acts)
        card, count.cards = world.cards[-1], count.cards + 1
        compare(desk, world, report, card, make.__name__)
        acts.card = lambda *conditions, card=card: card if all(c(card) for c in conditions) else None
        for act in (*Acts.CHANGES, Acts.organization_lock, Acts.core_data_lock,
                    Acts.core_data_lock, Acts.organization_lock, Acts.organization_link,
                    Acts.identifiers_lock, Acts.identifiers_unlock, Acts.person_lock,
                    Acts.charge, Acts.points_on, Acts.sale, Acts.person_lock, Acts.file_lock,
                    Acts.file_lock, Acts.identifiers_unlink, Acts.identifiers_link,
                    Acts.core_data_unlink, Acts.file_link, Acts.core_data_link, *Acts.CHANGES):
            if act in (Acts.person_lock, Acts.core_data_unlink) and card.holder:
                acts.person = lambda *_, card=card: card.holder
            act(acts)
            acts.__dict__.pop('person', None)
            count.operations += 1
            count.views += compare(desk, world, report, card, f'{make.__name__}, {act.__name__}')
        del acts.card
    print(f'matrix: {count.cards} makers x {count.operations // count.cards} operations,'
          f' {count.views} of {count.operations * len(VIEWS)} views right', flush=True)


def history(desk, world, acts, report, steps, seed):
    while len(world.persons) < 3:
        acts.customers_make()
    begun, failed = acts.steps, report.failed
    while acts.steps - begun < steps and report.failed == failed:
        act = acts.random.choice(Acts.ALL)
        acts.touched = []
        act(acts)
        what = f'seed {seed}, step {acts.steps - begun}, {act.__name__}'
        for card in acts.touched:
            if not card.deleted:
                compare(desk, world, report, card, what, VIEWS[:-1])
        if (acts.steps - begun) % FILE_EVERY == 0:
            for card in world.cards:
                compare(desk, world, report, card, what)
    for card in world.cards:
        compare(desk, world, report, card, f'seed {seed}, at the end')
    print(f'history: seed {seed}, {acts.steps - begun} steps, {len(world.cards)} cards,'
          f' {len(world.persons)} holders', flush=True)


class Hand(threading.Thread):
    """Kills with -9, workers mostly, until it is told to stop."""

    def __init__(self, instance, kills, seed):
        super().__init__(daemon=True)
        self.instance, self.kills, self.random = instance, kills, random.Random(seed)
        self.done, self.over = [], threading.Event()

    def run(self):
        for n in range(self.kills):
            if self.over.wait(0.3 + self.random.random()):
                return
            if n % 5 == 4:
                kill(self.instance.pid('mariadbd'))
                self.instance.up()
                self.done.append('mariadbd')
                continue
            workers = children(self.instance.pid('kartoteka-fcgi'))
            if workers and kill(self.random.choice(workers)):
                self.done.append('worker')


def under_kills(instance, kills, seed, rage):
    hand = Hand(instance, kills, seed)
    hand.start()
    rage()
    hand.over.set()
    hand.join()
    print(f"killed meanwhile: {hand.done.count('worker')} workers,"
          f" {hand.done.count('mariadbd')} databases", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--steps', type=int, default=300, help='of the random history (300)')
    parser.add_argument('--seed', type=int, default=None)
    parser.add_argument('--kills', type=int, default=10, help='during the second history (10)')
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    print(f'--seed {seed}', flush=True)
    report = Report()
    with Instance('matrix', workers=3) as instance:
        desk, world = Desk(instance, seed), World(CREDIT_LINE)
        acts = Acts(desk, world, random.Random(seed), report, prepare(instance, desk))
        acts.customers_make()
        matrix(desk, world, acts, report)
        history(desk, world, acts, report, options.steps, seed)
        if options.kills:
            under_kills(instance, options.kills, seed,
                        lambda: history(desk, world, acts, report, options.steps // 2, seed))
        audit(instance, report, debts=True)
        report.check('Sanitizer' not in instance.log(), 'no word of a sanitizer')
    return report.finish()


program(main)
