"""kartoteka import cards of a big file into an empty organisation, beside a bare bulk load of the same
rows, and again, when nothing is to be changed: cards a second, and peak memory."""
import time

import report
from compare import conclude, draw_single
from files import Organisation, exported, file_of, kartoteka
from instance import running

# Of a bare bulk load's time; cards a second.
GOAL_RATIO = 0.4
GOAL_RATE = 6000
TABLES = ('person', 'person_text', 'card', 'card_word', 'card_text', 'card_status', 'account', 'entry', 'lot')


def bare_load(instance, organisation):
    """Seconds to copy the rows of an organisation into empty tables of the same keys."""
    instance.sql('DROP DATABASE IF EXISTS bare_load; CREATE DATABASE bare_load')
    name, seconds = instance.env['KARTOTEKA_DB_NAME'], 0
    for table in TABLES:
        instance.sql(f'CREATE TABLE bare_load.{table} LIKE {name}.{table}')
        start = time.monotonic()
        instance.sql(f"SET SESSION max_statement_time = 0, sql_mode = ''; INSERT INTO bare_load.{table}"
                     f' SELECT * FROM {name}.{table} WHERE organisation_id = {organisation}')
        seconds += time.monotonic() - start
    instance.sql('DROP DATABASE bare_load')
    return seconds


def one_round(instance, path):
    with Organisation(instance) as organisation:
        words = ('import', 'cards', path, '--organisation', str(organisation), '--rewrite-organisation')
        first, second = kartoteka(instance, *words), kartoteka(instance, *words)
        bare = bare_load(instance, organisation)
    return {'first': first, 'second': second, 'bare_s': bare}


def run(options):
    with running(options) as instance:
        with exported(instance) as (folder, _):
            rounds = [one_round(instance, f'{folder}/{file_of(1)}') for _ in range(options.rounds)]
    rates = [options.cards / figures['first']['seconds'] for figures in rounds]
    again = [options.cards / figures['second']['seconds'] for figures in rounds]
    middle = lambda values: sorted(values)[len(values) // 2]
    others = max(figures[name]['others'] for figures in rounds for name in ('first', 'second'))
    for line in report.table(['import', 'medians'], [
            ['cards', f'{options.cards:,}'], ['cards/s', f'{middle(rates):,.0f}'],
            ['again, cards/s', f'{middle(again):,.0f}'],
            ['peak memory, kB', f"{report.median_of(rounds, 'first', 'peak_kb'):,.0f}"],
            ['bare load, cards/s', f"{options.cards / report.median_of(rounds, 'bare_s'):,.0f}"]]):
        print(line)
    print(f'others used up to {others:.0%} of the machine')
    draw_single('import', 'kartoteka import cards', 'cards a second: a longer bar is better', {
        'import': middle(rates), 'the same file again': middle(again),
        'bare load of the rows': options.cards / report.median_of(rounds, 'bare_s')},
        (f'goal of import: at least {GOAL_RATE:,}', GOAL_RATE))
    ratios = [figures['bare_s'] / figures['first']['seconds'] for figures in rounds]
    goals = [report.goal_line('import, of a bare load', ratios, GOAL_RATIO, others),
             report.goal_line('import, cards/s', rates, GOAL_RATE, others)]
    return conclude('import', options, goals, others=others, rounds=rounds)
