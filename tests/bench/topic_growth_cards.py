"""A card, a list and a posting among more and more cards: 10^4, 10^5 ... up to --cards."""
import copy

import growth
from instance import Beside, running

CONNECTIONS = 16
SIZES = (10_000, 100_000, 1_000_000, 5_000_000)


def measure(options, size):
    sized = copy.copy(options)
    sized.cards = size
    with running(sized) as instance, Beside() as beside:
        return growth.measure(growth.kinds(beside, instance), options, CONNECTIONS)


def run(options):
    sizes = [size for size in SIZES if size < options.cards] + [options.cards]
    found = {}
    for size in sizes:
        found[size] = measure(options, size)
        print(f'{size:,} cards:', ', '.join(f"{name} {figures['sum_us']:.0f} us"
                                            for name, figures in found[size].items()), flush=True)
    growth.show(f'more cards, {CONNECTIONS} connections', 'cards', found)
    growth.draw('growth_cards', 'What a request costs as cards grow', 'cards of the organisation',
                'CPU of a request, microseconds', found, 'sum_us')
    return growth.conclude('growth_cards', found)
