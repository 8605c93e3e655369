"""A card with 1, 10, 1,000 and 10,000 open lots: GET and a spend, one client."""
import copy
import random

import growth
import postings
from compare import get_file, own_subject
from instance import Beside, running
from topic_lots import LITTLE, LOT_DAYS_MOST, MUCH, grow

CARDS = 10_000
SIZES = (1, 10, 1000, 10_000)


def card_with(instance, beside, ids, lots):
    """The first card that has so many already, or one that gets them."""
    counted = ('SELECT LOWER(HEX(card_id)) FROM lot WHERE organisation_id = 1 AND unit = 1 AND is_open = 1'
               f' GROUP BY card_id HAVING COUNT(*) BETWEEN {lots} AND {lots * 1.3:.0f}')
    found = instance.card_ids(1, f'{postings.ENOUGH} AND LOWER(HEX(id)) IN ({counted})', must=False)
    if found:
        return found[0]
    card, days = ids.pop(), random.Random(1)
    where = f"organisation_id = 1 AND card_id = x'{card.replace('-', '')}' AND unit = 1 AND is_open = 1"
    grow(instance, beside, f'SELECT COUNT(*) FROM lot WHERE {where}', lots,
         [postings.posting(card, False, MUCH, invalidate_period=days.randint(30, LOT_DAYS_MOST))
          for _ in range(lots)])
    return card


def subjects(beside, instance, lots, card):
    spends = [f'POST {postings.PATH} {postings.posting(card, True, LITTLE)}']
    return [own_subject(instance, f'GET, {lots}', get_file(beside, f'gets-{lots}', growth.GETS, [card])),
            postings.service(beside, instance, f'spend, {lots}', spends)]


def measure(options):
    small = copy.copy(options)
    small.cards = CARDS
    with running(small) as instance, Beside() as beside:
        ids = instance.card_ids(100, postings.ENOUGH)
        cards = {lots: card_with(instance, beside, ids, lots) for lots in SIZES}
        every = [subject for lots, card in cards.items() for subject in subjects(beside, instance, lots, card)]
        found = growth.measure(every, options, 1)
    return {lots: {'GET card': found[f'GET, {lots}'], 'spend': found[f'spend, {lots}']} for lots in SIZES}


def run(options):
    found = measure(options)
    growth.show('more open lots on a card, one client', 'lots', found)
    growth.draw('growth_lots', 'What a request costs as lots of its card grow', 'open lots of the card',
                'CPU of a request, microseconds', found, 'sum_us')
    return growth.conclude('growth_lots', found)
