"""A card with many lots and entries beside ordinary ones: GET card and a spend, one client."""
import random

import postings
import report
from compare import conclude, draw, get_file, interleave, others_of, own_subject, show
from instance import Beside, Fault, running
from load import wrk

LOTS = 10_000
ENTRIES = 100_000
# Times of an ordinary card's median.
GOAL_TIMES = 2
IDS = 20000
GETS = '/organization/card/'
# Given to the card and taken from it by one posting.
MUCH, LITTLE = 100, 0.01
LOT_DAYS_MOST = 3650
SECONDS = 5
BURSTS_MOST = 200


def heavy_card(instance, beside, fallback):
    """The card that has them; made by postings when there is none yet."""
    full = (f' AND id IN (SELECT card_id FROM account WHERE organisation_id = 1 AND last_seq >= {ENTRIES})')
    found = instance.card_ids(1, full, must=False)
    return found[0] if found else make_heavy(instance, beside, fallback)


def make_heavy(instance, beside, card):
    where = f"organisation_id = 1 AND card_id = x'{card.replace('-', '')}' AND unit = 1"
    days = random.Random(1)
    grow(instance, beside, f'SELECT COUNT(*) FROM lot WHERE {where} AND is_open = 1', LOTS * 1.02,
         [postings.posting(card, False, MUCH, invalidate_period=days.randint(30, LOT_DAYS_MOST))
          for _ in range(LOTS)])
    grow(instance, beside, f'SELECT last_seq FROM account WHERE {where}', ENTRIES,
         [postings.posting(card, True, LITTLE)])
    return card


def grow(instance, beside, count, wanted, bodies):
    """Posts until a query counts as many as wanted."""
    lines = [f'POST {postings.PATH} {body}' for body in bodies]
    subject = postings.service(beside, instance, 'heavy', lines)
    for _ in range(BURSTS_MOST):
        if int(instance.sql(count)) >= wanted:
            return
        figures = wrk(subject, SECONDS, 16)
        if figures['refused'] or figures['lost']:
            raise Fault(f"the card with many lots: {figures['refused']} postings were refused")
    raise Fault('the card with many lots does not get enough')


def measure(options):
    with running(options) as instance, Beside() as beside:
        ids = instance.card_ids(IDS, postings.ENOUGH)
        heavy = heavy_card(instance, beside, ids.pop())
        subjects = []
        for who, cards in (('ordinary', ids), ('heavy', [heavy])):
            spends = (f'POST {postings.PATH} {postings.posting(card, True, LITTLE)}' for card in cards)
            subjects += [own_subject(instance, f'{who}, GET', get_file(beside, f'gets-{who}', GETS, cards)),
                         postings.service(beside, instance, f'{who}, spend', spends)]
        return interleave(subjects, options.rounds, options.seconds, connections=1)


def run(options):
    found = measure(options)
    others = others_of(found)
    show(f'a card with {LOTS} lots and {ENTRIES} entries and others, one client, {options.rounds} rounds of '
         f'{options.seconds} s', found, 'ordinary, GET')
    draw('lots', f'A card with {LOTS:,} lots and an ordinary one', found)
    goals = []
    for what in ('GET', 'spend'):
        times = [heavy['p50_ms'] / ordinary['p50_ms'] for heavy, ordinary in
                 zip(found[f'heavy, {what}'], found[f'ordinary, {what}'])]
        goals.append(report.goal_line(f'lots, {what}, times an ordinary card', times, GOAL_TIMES, others,
                                      most=True))
    return conclude('lots', options, goals, others=others, rounds=found)
