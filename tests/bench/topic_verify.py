"""kartoteka verify on the instance: entries a second, and the CPU of an entry."""
import json
import time

import report
from compare import conclude, draw_single
from instance import running, run as run_command
from load import cpu_ns, tree


def one_round(instance):
    """What verify says of itself, with the microseconds of CPU that the database had for it."""
    database = tree(instance.pids['mariadbd'])
    before, start = cpu_ns(database), time.monotonic()
    said = run_command([f"{instance.env['KARTOTEKA_BIN']}/kartoteka", '--config',
                        instance.env['KARTOTEKA_CONF'], 'verify', '--json'])
    figures = json.loads(said)
    figures['seconds'] = time.monotonic() - start
    figures['rate'] = figures['entries'] / figures['seconds']
    figures['database_us'] = (cpu_ns(database) - before) / 1e3 / figures['entries']
    return figures


def run(options):
    with running(options) as instance:
        rounds = [one_round(instance) for _ in range(options.rounds)]
    middle = lambda name: report.median_of(rounds, name)
    for line in report.table(['verify', 'medians'], [
            ['entries', f"{middle('entries'):,.0f}"], ['accounts', f"{middle('accounts'):,.0f}"],
            ['lots', f"{middle('lots'):,.0f}"], ['allocations', f"{middle('allocations'):,.0f}"],
            ['seconds', f"{middle('seconds'):.2f}"], ['entries/s', f"{middle('rate'):,.0f}"],
            ['database, us an entry', f"{middle('database_us'):.1f}"]]):
        print(line)
    draw_single('verify', 'kartoteka verify', 'entries a second: a longer bar is better',
                {f'round {n}': figures['rate'] for n, figures in enumerate(rounds, 1)})
    sound = sum(1 for figures in rounds if figures['sound'])
    goals = [report.goal_line('verify, sound rounds', [sound], options.rounds, 0)]
    return conclude('verify', options, goals, rounds=rounds)
