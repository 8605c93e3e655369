"""GET a list of ten cards and the number of all that match, about 80: the service beside the bare
pipeline, in interleaved rounds. The filter is parent_id with active, a group's active cards: one
index has them in the list's order and counts them, and the service keeps no count of them. A search by
name stands beside it as information."""
import directus
import lists
import peers
from compare import conclude, draw, interleave, most_us, others_of, ratio_goal, same, show
from instance import Beside, running

# Of the bare pipeline's CPU per request.
GOAL_RATIO = 0.80


def measure(options):
    with running(options) as instance, running(options, options.against) as other, Beside() as beside:
        ids, begins = lists.groups(instance), lists.words(instance)
        subjects = [*lists.bare(beside, instance, ids, begins), lists.service(beside, instance, 'service', ids),
                    lists.service_by_name(beside, instance, 'service, by name', begins)]
        bare, joined, bare_by_name, own, own_by_name = subjects
        others = peers.subjects(options, beside, instance, {'': lambda way: [f'GET {way}/list/{card}' for card in ids]})
        same(lists.shown, bare, joined, own, *others)
        same(lists.shown, bare_by_name, own_by_name)
        if other:
            subjects.append(lists.service(beside, other, 'against', lists.groups(other)))
        subjects += others
        subjects += directus.subjects(options, beside, instance, [directus.LIST + card for card in ids])
        return interleave(subjects, options.rounds, options.seconds)


def run(options):
    found = measure(options)
    others = others_of(found)
    show(f'list of 10 and count of {lists.MATCHES}, {options.cards} cards, 16 connections, {options.rounds} rounds'
         f' of {options.seconds} s', found, 'bare')
    draw('list', f'A list of ten of {lists.MATCHES} matches, counted, among {options.cards:,} cards', found,
         most_us(found['bare'], GOAL_RATIO))
    goals = [ratio_goal('list, CPU per request against bare', found['bare'], found['service'], GOAL_RATIO, others),
             *peers.goals_of(options, 'list', found, others)]
    return conclude('list', options, goals, others=others, rounds=found)
