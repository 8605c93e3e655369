"""How the cost of work grows with cards, lots, clients and workers: the four topics in turn."""
import copy
import importlib

PARTS = ('cards', 'lots', 'clients', 'workers')
# Rounds of one point are few and short: a curve has many points.
ROUNDS, SECONDS = 2, 1


def run(options):
    brief = copy.copy(options)
    brief.rounds, brief.seconds = min(options.rounds, ROUNDS), min(options.seconds, SECONDS)
    for part in PARTS:
        importlib.import_module(f'topic_growth_{part}').run(brief)
        print(flush=True)
    return []
