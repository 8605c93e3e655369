"""kartoteka export cards: cards a second and peak memory."""
import report
from compare import conclude, draw_single
from files import exported
from instance import running

GOAL_RATE = 100_000


def run(options):
    rounds = []
    with running(options) as instance:
        for _ in range(options.rounds):
            with exported(instance) as (_, figures):
                rounds.append(figures)
    rates = [options.cards / figures['seconds'] for figures in rounds]
    others = max(figures['others'] for figures in rounds)
    for line in report.table(['export', 'medians'], [
            ['cards', f'{options.cards:,}'], ['cards/s', f'{sorted(rates)[len(rates) // 2]:,.0f}'],
            ['peak memory, kB', f"{report.median_of(rounds, 'peak_kb'):,.0f}"]]):
        print(line)
    print(f'others used up to {others:.0%} of the machine')
    draw_single('export', 'kartoteka export cards', 'cards a second: a longer bar is better',
                {f'round {n}': rate for n, rate in enumerate(rates, 1)}, (f'goal: at least {GOAL_RATE:,}', GOAL_RATE))
    return conclude('export', options, [report.goal_line('export, cards/s', rates, GOAL_RATE, others)],
                    others=others, rounds=rounds)
