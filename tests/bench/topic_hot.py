"""POST transaction/add on one hot card beside the same on spread cards, in interleaved rounds."""
import postings
import report
from compare import conclude, draw, interleave, others_of, show
from instance import Beside, running

# Of the rate on spread cards.
GOAL_RATE = 0.5
IDS = 20000


def subjects_of(beside, instance, name):
    ids = instance.card_ids(IDS, postings.ENOUGH)
    return [postings.service(beside, instance, name + who, lines) for who, lines in (
        ('spread', postings.alternating(ids)), ('hot', postings.alternating(ids[:1])))]


def measure(options):
    with running(options) as instance, running(options, options.against) as other, Beside() as beside:
        subjects = subjects_of(beside, instance, '')
        if other:
            subjects += subjects_of(beside, other, 'against, ')
        return interleave(subjects, options.rounds, options.seconds)


def run(options):
    found = measure(options)
    show(f'postings, on and off, {options.cards} cards or one, 16 connections, {options.rounds} rounds of '
         f'{options.seconds} s', found, 'spread')
    draw('hot', 'Postings on many cards, and all on one card', found)
    rates = [hot['rps'] / spread['rps'] for hot, spread in zip(found['hot'], found['spread'])]
    goals = [report.goal_line('posting, rate of a hot card against spread ones', rates, GOAL_RATE,
                              others_of(found))]
    return conclude('hot', options, goals, others=others_of(found), rounds=found)
