"""GET card: the service beside the bare pipeline, in interleaved rounds."""
import directus
import peers
import report
from compare import (bare_subjects, conclude, draw, get_file, interleave, most_us, others_of, own_subject, ratio_goal,
                     same, show)
from instance import Beside, running

# Of the bare pipeline's CPU per request, and ms.
GOAL_RATIO = 0.85
GOAL_P99_MS = 10
IDS = 20000
# Members by which answers must agree.
SHOWN = ('id', 'code', 'barcode', 'name')


def subject_of(beside, instance, name):
    requests = get_file(beside, f'requests-{name}', '/organization/card/', instance.card_ids(IDS))
    return own_subject(instance, name, requests)


def measure(options):
    with running(options) as instance, running(options, options.against) as other, Beside() as beside:
        ids = instance.card_ids(IDS)
        subjects = [*bare_subjects(beside, instance,
                                   [('bare', get_file(beside, 'requests-bare', '/card/', ids), ''),
                                    ('bare, joined', get_file(beside, 'requests-joined', '/joined/', ids), '')]),
                    subject_of(beside, instance, 'service')]
        if other:
            subjects.append(subject_of(beside, other, 'against'))
        others = peers.subjects(options, beside, instance, {'': lambda way: [f'GET {way}/card/{card}' for card in ids]})
        same(lambda answer: {name: answer['card'][name] for name in SHOWN}, subjects[0], subjects[2], *others)
        subjects += others
        subjects += directus.subjects(options, beside, instance, [directus.CARD + card for card in ids])
        return interleave(subjects, options.rounds, options.seconds)


def run(options):
    found = measure(options)
    bare, own = found['bare'], found['service']
    others = others_of(found)
    show(f'GET card, {options.cards} cards, 16 connections, {options.rounds} rounds of {options.seconds} s',
         found, 'bare')
    draw('card', f'One card: GET card among {options.cards:,} cards', found, most_us(bare, GOAL_RATIO))
    goals = [ratio_goal('card, CPU per request against bare', bare, own, GOAL_RATIO, others),
             report.goal_line('card, p99 ms', [figures['p99_ms'] for figures in own], GOAL_P99_MS,
                              others, most=True), *peers.goals_of(options, 'card', found, others)]
    return conclude('card', options, goals, others=others, rounds=found)
