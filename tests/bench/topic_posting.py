"""POST transaction/add: the service beside a bare posting of the same rows in two packets and
(--peers) of php-fpm in five trips, in interleaved rounds. Two-row postings (one CALL; php-fpm in five
trips) stand beside them as information."""
import postings
import report
from compare import conclude, draw, interleave, most_us, others_of, show
from instance import Beside, running

# Of the CPU per request of a bare posting; of php-fpm's.
GOAL_RATIO = 0.70
GOAL_PEER = 1.5
GOAL_P99_MS = 20
IDS = 20000


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
        return interleave(subjects + postings.php(beside, instance, ids), options.rounds, options.seconds)


def goals_of(found):
    others = others_of(found)
    for own, bare in (('service', 'bare'), ('service, keyed', 'bare, keyed')):
        yield report.goal_line(f'posting, {own}, CPU per request against bare',
                               report.ratios(found[bare], found[own]), GOAL_RATIO, others)
    yield report.goal_line('posting, p99 ms', [figures['p99_ms'] for figures in found['service']],
                           GOAL_P99_MS, others, most=True)
    if 'php-fpm' in found:
        yield report.goal_line('posting, CPU per request against php-fpm',
                               report.ratios(found['php-fpm'], found['service']), GOAL_PEER, others)
    else:
        print('php-fpm: not installed (--peers installs it)')


def run(options):
    found = measure(options)
    show(f'postings, on and off, {options.cards} cards, 16 connections, {options.rounds} rounds of '
         f'{options.seconds} s', found, 'bare')
    draw('posting', f'One posting among {options.cards:,} cards', found, most_us(found['bare'], GOAL_RATIO))
    return conclude('posting', options, list(goals_of(found)), others=others_of(found), rounds=found)
