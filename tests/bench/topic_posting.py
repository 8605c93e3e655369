"""POST transaction/add: the service beside a bare posting of the same rows in two packets and peers'
postings of the same rows in the trips that they take, in interleaved rounds. Postings of two rows (one
CALL; the peers' in five trips) stand beside them as information."""
import peers
import postings
import report
from compare import conclude, draw, interleave, most_us, others_of, ratio_goal, show
from instance import Beside, running

# Of the CPU per request of a bare posting.
GOAL_RATIO = 0.70
GOAL_P99_MS = 20
IDS = 20000
TWO = ', two rows'


def measure(options):
    with running(options) as instance, running(options, options.against) as other, Beside() as beside:
        ids = instance.card_ids(IDS, postings.ENOUGH)
        postings.twin_tables(instance)
        lines = list(postings.alternating(ids))
        subjects = [*postings.bare(beside, instance, ids),
                    postings.service(beside, instance, 'service', lines),
                    postings.service(beside, instance, 'service, keyed', lines, postings.KEY)]
        if other:
            theirs = other.card_ids(IDS, postings.ENOUGH)
            subjects.append(postings.service(beside, other, 'against', postings.alternating(theirs)))
        subjects += peers.subjects(options, beside, instance, {
            '': lambda way: postings.alternating(ids, way + '/posting'),
            TWO: lambda way: postings.alternating(ids, way + '/two')})
        return interleave(subjects, options.rounds, options.seconds)


def goals_of(options, found):
    others = others_of(found)
    for own, bare in (('service', 'bare'), ('service, keyed', 'bare, keyed')):
        yield ratio_goal(f'posting, {own}, CPU per request against bare', found[bare], found[own], GOAL_RATIO, others)
    yield report.goal_line('posting, p99 ms', [figures['p99_ms'] for figures in found['service']],
                           GOAL_P99_MS, others, most=True)
    yield from peers.goals_of(options, 'posting', found, others)


def run(options):
    found = measure(options)
    show(f'postings, on and off, {options.cards} cards, 16 connections, {options.rounds} rounds of '
         f'{options.seconds} s', found, 'bare')
    draw('posting', f'One posting among {options.cards:,} cards', found, most_us(found['bare'], GOAL_RATIO))
    return conclude('posting', options, list(goals_of(options, found)), others=others_of(found), rounds=found)
