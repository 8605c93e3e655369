"""1 to 128 clients at once: a card, a list and a posting."""
import copy

import growth
from instance import Beside, running

CARDS = 100_000
SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


def run(options):
    small = copy.copy(options)
    small.cards = CARDS
    with running(small) as instance, Beside() as beside:
        kinds = growth.kinds(beside, instance)
        found = {clients: growth.measure(kinds, options, clients) for clients in SIZES}
    growth.show(f'more clients, {CARDS:,} cards', 'clients', found)
    growth.draw('growth_clients', 'Answers a second as clients grow', 'clients at once', 'requests a second', found, 'rps')
    growth.draw('growth_clients_p99', 'The slowest answer of a hundred as clients grow', 'clients at once',
                'p99, milliseconds', found, 'p99_ms')
    return growth.conclude('growth_clients', found)
