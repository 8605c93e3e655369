"""kartoteka burn of lots that have ended: lots a second beside a bare batch that writes the same
rows in the same transactions, and what tills feel of it meanwhile."""
import copy
import itertools
import json
import math
import os
import subprocess
import time

import postings
import report
from compare import conclude, draw_single
from instance import Beside, Fault, running
from load import burst, cpu_ns, tree, wrk

# Of the bare batch's CPU per lot; ms.
GOAL_RATIO = 0.4
GOAL_P99_MS = 20
# Of its own instance: an account of a card burns alike among any number of them.
CARDS_MOST = 100_000
IDS = 20000
ACCOUNTS = 64  # of one transaction of the bare batch
BARE_LOTS = 50_000  # that it burns, at most: what a lot costs is told by so many
MORE_LOTS = 100_000  # for the burn beside tills
LITTLE = 0.01
TILLS = 2
# That they are watched: long enough that the burn's first moment, when it prepares its statements,
# is no greater part of it than of a burn that is worth the name.
TILLS_SECONDS = 10
AMOUNT = 100
DAY_MS = 86_400_000
NO_ID = "x'" + '0' * 32 + "'"
TAG = "x'" + 'ba5e0000' * 8 + "'"

PREPARED = (
    "PREPARE account FROM 'SELECT * FROM bare.account WHERE organisation_id = 1 AND card_id = ? AND unit = 1"
    " FOR UPDATE'",
    "PREPARE lots FROM 'SELECT * FROM bare.lot FORCE INDEX (burn_order) WHERE organisation_id = 1 AND"
    " card_id = ? AND unit = 1 AND is_open = 1 AND burn_at <= ?'",
    "PREPARE entry FROM 'INSERT INTO bare.entry (organisation_id, account_card_id, unit, seq, id, kind, amount,"
    ' balance_after, posted_at, business_at, card_id, corrects_id, journal_id, active_from, active_to, author,'
    ' author_digest, description, description_digest, doc_id, doc_type, kkm_id, shop_id, discount_id, kid, tag)'
    ' SELECT 1, ?, 1, ?, ?, 6, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?\'',
    "PREPARE part FROM 'INSERT INTO bare.allocation VALUES (1, ?, 1, ?, 0, ?, ?, 0, 0, ?)'",
    "PREPARE eat FROM 'UPDATE bare.lot SET is_open = 0, remaining = 0 WHERE organisation_id = 1 AND card_id = ?"
    " AND unit = 1 AND id = ?'",
    "PREPARE figures FROM 'UPDATE bare.account SET balance = ?, last_seq = ?, last_posted_at = ?, last_tag = ?,"
    " mac = ? WHERE organisation_id = 1 AND card_id = ? AND unit = 1'",
    "PREPARE journal FROM 'INSERT INTO bare.journal (organisation_id, id, status, at, operation, subject,"
    " request_id, traceparent, object_id, changes, entries) VALUES (1, ?, 200, ?, ?, ?, ?, ?, ?, ?, ?)'",
)


def make_ended(instance, most):
    """Lots that ended yesterday, as many on each account; how many there are."""
    accounts = int(instance.sql('SELECT COUNT(*) FROM account WHERE organisation_id = 1 AND unit = 1'))
    each = math.ceil(most / accounts)
    now = int(time.time() * 1000)
    # Ids of this run: the clock, and what tells lots of one moment apart.
    instance.sql(
        'SET SESSION max_statement_time = 0; INSERT INTO lot (organisation_id, card_id, unit, id, is_open, amount,'
        ' remaining, held, active_from, active_to, burn_at, entry_id, origin_lot, business_at, posted_at, returned)'
        f" SELECT 1, a.card_id, 1, UNHEX(CONCAT('{now:012x}', LEFT(MD5(CONCAT(HEX(a.card_id), s.seq)), 20))), 1,"
        f' {AMOUNT}, {AMOUNT}, 0, {now - 2 * DAY_MS}, {now - DAY_MS}, {now - DAY_MS}, {NO_ID}, {NO_ID},'
        f' {now - 2 * DAY_MS}, {now - 2 * DAY_MS}, 0'
        f' FROM account a JOIN seq_1_to_{each} s WHERE a.organisation_id = 1 AND a.unit = 1 LIMIT {most};'
        f' UPDATE account a JOIN (SELECT card_id, COUNT(*) * {AMOUNT} AS more FROM lot WHERE organisation_id = 1'
        f' AND is_open = 1 AND unit = 1 AND burn_at = {now - DAY_MS} GROUP BY card_id) l ON l.card_id = a.card_id'
        ' SET a.balance = a.balance + l.more WHERE a.organisation_id = 1 AND a.unit = 1')
    return most


def packets(instance):
    """The bare batch's text, and its lots."""
    now = int(time.time() * 1000)
    rows = instance.sql(
        'SELECT HEX(l.card_id), HEX(l.id), l.remaining, a.last_seq, a.balance FROM bare.lot l JOIN bare.account a ON'
        ' a.organisation_id = 1 AND a.card_id = l.card_id AND a.unit = 1 WHERE l.organisation_id = 1 AND l.unit = 1'
        f' AND l.is_open = 1 AND l.burn_at <= {now} ORDER BY l.card_id, l.id LIMIT {BARE_LOTS}').splitlines()
    number = itertools.count(1)
    new_id = lambda: f"x'{now:012x}7{next(number):019x}'"
    by_card = [list(group) for _, group in itertools.groupby((row.split('\t') for row in rows), lambda row: row[0])]
    for at in range(0, len(by_card), ACCOUNTS):
        yield packet(by_card[at:at + ACCOUNTS], now, new_id)


def packet(chunk, now, new_id):
    """One transaction: reads of each account, then entries, parts, lots, account rows, journal row."""
    out, entries, journal = ['START TRANSACTION'], [], new_id()
    for group in chunk:
        out += [f"EXECUTE account USING x'{group[0][0]}'", f"EXECUTE lots USING x'{group[0][0]}', {now}"]
    for group in chunk:
        card = f"x'{group[0][0]}'"
        seq, balance = int(group[0][3]), int(group[0][4])
        for _, lot, remaining, _, _ in group:
            entry, seq, balance = new_id(), seq + 1, balance - int(remaining)
            entries.append(entry[2:-1])
            out += [f"EXECUTE entry USING {card}, {seq}, {entry}, (-{remaining}), ({balance}), {now}, {now}, {card},"
                    f" {NO_ID}, {journal}, 'burn', {TAG}, '', {TAG}, '', '', '', '', 'local', {TAG}",
                    f"EXECUTE part USING {card}, {entry}, x'{lot}', {remaining}, {now}",
                    f"EXECUTE eat USING {card}, x'{lot}'"]
        out.append(f'EXECUTE figures USING ({balance}), {seq}, {now}, {TAG}, {TAG}, {card}')
    out.append(f"EXECUTE journal USING {journal}, {now}, 'ledger_burn', 'burn', '', '', {NO_ID}, '{{}}',"
               f" x'{''.join(entries)}'")
    return ';\n'.join([*out, 'COMMIT'])


def timed(instance, command, **more):
    """Seconds of a command and the CPU, its own and the database's."""
    database = tree(instance.pids['mariadbd'])
    before, client, start = cpu_ns(database), sum(os.times()[2:4]), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, **more)
    if done.returncode != 0:
        raise Fault(f'{command[0]}: status {done.returncode}\n{done.stderr[-2000:]}')
    seconds = time.monotonic() - start
    cpu = (cpu_ns(database) - before) / 1e9 + sum(os.times()[2:4]) - client
    return {'seconds': seconds, 'cpu_s': cpu}


def bare_batch(instance, beside):
    """Plays the packets, each as one."""
    postings.twin_tables(instance)
    path = beside.path('burn.sql')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(''.join(f'{text};\n' for text in PREPARED))
        file.write('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;\nDELIMITER //\n')
        file.writelines(text + '//\n' for text in packets(instance))
    with open(path, encoding='utf-8') as file:
        return timed(instance, ['mariadb', '--no-defaults', '-NB', '-uroot',
                                f"-S{instance.env['KARTOTEKA_DB_SOCKET']}", instance.env['KARTOTEKA_DB_NAME']],
                     stdin=file)


def burn_command(instance, *words):
    return [f"{instance.env['KARTOTEKA_BIN']}/kartoteka", '--config', instance.env['KARTOTEKA_CONF'], 'burn', *words]


def longest_wait_ms(instance):
    return int(instance.sql("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_time_max'").split()[1])


def beside_tills(instance, tills, seconds):
    """The tills' figures while a burn runs as its timer starts it, and its lots a second; it is stopped
    then."""
    start = time.monotonic()
    program = subprocess.Popen(['nice', *burn_command(instance, '--json')], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        figures = wrk(tills, seconds, TILLS)
        if program.poll() is not None:
            raise Fault('the burn ended before the tills did')
    finally:
        program.terminate()
        said = program.communicate()[0]
    burnt = sum(int(row['entries']) for row in json.loads(said))
    return {**figures, 'lots_a_second': burnt / (time.monotonic() - start)}


def burn_all(instance):
    """A burn that does not spare its neighbours, to its end."""
    found = timed(instance, burn_command(instance, '--share', '100'))
    left = int(instance.sql(f'SELECT COUNT(*) FROM lot WHERE organisation_id = 1 AND is_open = 1'
                            f' AND burn_at <= {int(time.time() * 1000) - DAY_MS}'))
    if left:
        raise Fault(f'{left} ended lots were not burnt')
    return found


def measure(options):
    small = copy.copy(options)
    small.cards, small.hold = min(options.cards, CARDS_MOST), False
    with running(small, name='burn') as instance, Beside() as beside:
        ids = instance.card_ids(IDS, postings.ENOUGH)
        tills = postings.service(beside, instance, 'tills', [
            f'POST {postings.PATH} {postings.posting(card, True, LITTLE)}' for card in ids])
        lots = make_ended(instance, options.lots)
        found = {'cards_there': small.cards, 'lots': lots, 'bare_lots': min(lots, BARE_LOTS),
                 'bare': bare_batch(instance, beside), 'burn': burn_all(instance)}
        found['quiet'] = burst(tills, TILLS_SECONDS, TILLS)
        make_ended(instance, MORE_LOTS)
        found['busy'] = beside_tills(instance, tills, TILLS_SECONDS)
        found['longest_wait_ms'] = longest_wait_ms(instance)
        return found


def show(found):
    print(f"burn of {found['lots']:,} lots, {found['cards_there']:,} cards")
    us = {name: found[name]['cpu_s'] * 1e6 / found[lots] for name, lots in (('bare', 'bare_lots'), ('burn', 'lots'))}
    for line in report.table(['', 'lots/s', 'CPU us a lot'], [
            ['bare', f"{found['bare_lots'] / found['bare']['seconds']:,.0f}", f"{us['bare']:.0f}"],
            ['burn', f"{found['lots'] / found['burn']['seconds']:,.0f}", f"{us['burn']:.0f}"],
            ['burn beside tills', f"{found['busy']['lots_a_second']:,.0f}", '']]):
        print(line)
    for line in report.table([f'spends of {TILLS} tills', 'p50 ms', 'p99 ms', 'max ms', 'errors'], [
            [name, *(f'{found[key][figure]:.1f}' for figure in ('p50_ms', 'p99_ms', 'max_ms')),
             found[key]['refused'] + found[key]['lost']]
            for name, key in (('alone', 'quiet'), ('while burn runs', 'busy'))]):
        print(line)
    print(f"longest wait for a row since the server's start: {found['longest_wait_ms']} ms")
    print(f"others used {found['quiet']['others']:.0%} of the machine")
    draw_single('burn', f"kartoteka burn of {found['lots']:,} lots",
                'CPU of a lot, in microseconds: a shorter bar is better', us,
                ('goal: at most', us['bare'] / GOAL_RATIO))
    return us['bare'] / us['burn']


def run(options):
    found = measure(options)
    ratio, others = show(found), found['quiet']['others']
    goals = [report.goal_line('burn, CPU per lot against a bare batch', [ratio], GOAL_RATIO, others),
             report.goal_line('burn, p99 ms of tills meanwhile', [found['busy']['p99_ms']], GOAL_P99_MS, others,
                              most=True),
             report.goal_line('burn, spends refused or lost meanwhile',
                              [found['busy']['refused'] + found['busy']['lost']], 0, 0, most=True)]
    return conclude('burn', options, goals, **found)
