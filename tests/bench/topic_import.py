"""kartoteka import cards of a big file into an empty organisation, beside a bare bulk load of the same
rows, and again, when nothing is to be changed: CPU of a card, cards a second, and peak memory."""
import os
import time

import report
from compare import conclude, draw_single
from files import Organisation, exported, file_of, kartoteka, shorten
from instance import running, settle
from load import cpu_ns, tree

# Of a bare bulk load's CPU; cards a second.
GOAL_RATIO = 0.4
GOAL_RATE = 6000
# Records of a round, at most: what a card costs is the same with more, and a round takes its time.
MOST = 100_000
ROUNDS = 3
HISTORY_MOST = 32  # transactions that are not purged, at most


def bare_load(instance, organisation):
    """Seconds, and CPU of the database, to copy all rows of an organisation into empty tables of the
    same keys, a statement each."""
    instance.sql('DROP DATABASE IF EXISTS bare_load; CREATE DATABASE bare_load')
    name, database = instance.env['KARTOTEKA_DB_NAME'], tree(instance.pids['mariadbd'])
    tables = organisation.tables()
    for table in tables:
        instance.sql(f'CREATE TABLE bare_load.{table} LIKE {name}.{table}')
    start, used = time.monotonic(), cpu_ns(database)
    for table in tables:
        instance.sql("SET SESSION max_statement_time = 0, sql_mode = '', tx_isolation = 'READ-COMMITTED';"
                     f' INSERT INTO bare_load.{table} SELECT * FROM {name}.{table}'
                     f' WHERE organisation_id = {organisation.number}')
    found = {'seconds': time.monotonic() - start, 'cpu_s': (cpu_ns(database) - used) / 1e9}
    instance.sql('DROP DATABASE bare_load')
    return found


def purged(instance):
    """Has the server taken away what was deleted? A round must not pay for the one before it."""
    return int(instance.sql("SHOW STATUS LIKE 'Innodb_history_list_length'").split()[1]) <= HISTORY_MOST


def one_round(instance, path):
    settle(lambda: purged(instance), 'the purge of deleted rows')
    with Organisation(instance) as organisation:
        words = ('import', 'cards', path, '--organisation', str(organisation.number), '--rewrite-organisation')
        return {'first': kartoteka(instance, *words), 'bare': bare_load(instance, organisation),
                'second': kartoteka(instance, *words)}


def measure(options):
    """Cards of a round, and the rounds."""
    with running(options) as instance, exported(instance) as (folder, _):
        path = os.path.join(folder, file_of(1))
        cards = shorten(path, MOST)
        return cards, [one_round(instance, path) for _ in range(min(options.rounds, ROUNDS))]


def run(options):
    cards, rounds = measure(options)
    named = (('import', 'first'), ('the same file again', 'second'), ('bare load of the rows', 'bare'))
    rates = {name: cards / report.median_of(rounds, key, 'seconds') for name, key in named}
    others = max(figures[key]['others'] for figures in rounds for key in ('first', 'second'))
    print(f'import of {cards:,} cards beside {options.cards:,}; medians of {len(rounds)} rounds')
    for line in report.table(['', 'cards/s', 'CPU us a card', 'peak memory, kB'], [
            [name, f'{rates[name]:,.0f}', f"{report.median_of(rounds, key, 'cpu_s') * 1e6 / cards:.0f}",
             f"{report.median_of(rounds, key, 'peak_kb'):,.0f}" if key != 'bare' else '']
            for name, key in named]):
        print(line)
    print(f'others used up to {others:.0%} of the machine')
    draw_single('import', 'kartoteka import cards', 'cards a second: a longer bar is better', rates,
                (f'goal of import: at least {GOAL_RATE:,}', GOAL_RATE))
    ratios = [figures['bare']['cpu_s'] / figures['first']['cpu_s'] for figures in rounds]
    goals = [report.goal_line('import, CPU of a bare load by ours', ratios, GOAL_RATIO, others),
             report.goal_line('import, cards/s', [cards / figures['first']['seconds'] for figures in rounds],
                              GOAL_RATE, others)]
    return conclude('import', options, goals, imported=cards, others=others, rounds=rounds)
