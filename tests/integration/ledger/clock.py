"""clock.py [--help]

The workers' clock is moved by libfaketime: eleven days on, a year on, an hour back. Lots start and
end, holds time out, blocks and inactivity end by the clock alone; no entry is posted before its
predecessor; `kartoteka burn` in a year to come writes what the reads said.
"""
import argparse
import glob
import time

from audit import audit
from stage import Client, Fault, Instance, Report, Workers, fresh, program

DAY_MS = 86400000
SCOPES = 'cards:read cards:write ledger:read ledger:write people:read people:write'


class Stage:
    """Requests at a moment: `at` seconds from the true time."""

    def __init__(self, instance, workers, report):
        self.instance, self.report = instance, report
        library = glob.glob('/usr/lib/*/faketime/libfaketime.so.1')
        if not library:
            raise Fault('libfaketime is missing (conf/packages test)')
        self.file = workers.path('offset')
        self.environment = {'LD_PRELOAD': library[0], 'FAKETIME_TIMESTAMP_FILE': self.file,
                            'FAKETIME_NO_CACHE': '1', 'FAKETIME_DONT_FAKE_MONOTONIC': '1',
                            'DONT_FAKE_MONOTONIC': '1'}
        self.tokens = {}
        self.now(0)
        self.url = workers.serve(instance, workers=2, environment=self.environment)
        self.client = Client(self.url, self.token())

    def now(self, offset_s):
        self.offset = offset_s
        with open(self.file, 'w', encoding='ascii') as file:
            file.write(f'{offset_s:+d}s\n')

    def token(self):
        """One that is signed at this moment, as far as its leeway goes."""
        if self.offset not in self.tokens:
            self.tokens[self.offset] = self.instance.admin(
                'token', 'issue', '--organisation', '1', '--subject', 'clock', '--role',
                'organization', '--scope', SCOPES, '--ttl', '3600',
                environment=self.environment).strip()
        return self.tokens[self.offset]

    def move(self, offset_s):
        self.now(offset_s)
        self.client.token = self.token()

    def now_ms(self):
        return int((time.time() + self.offset) * 1000)

    def ask(self, path, body):
        return self.client.post(path, body)

    def must(self, path, body):
        answer = self.ask(path, body)
        if answer.status != 200:
            raise Fault(f'{path} {body} at {self.offset} s: {answer}')
        return answer

    def card(self, **members):
        id_ = fresh()
        self.must('/organization/card/add',
                  {'id': id_, 'code': '1', 'barcode': id_[:8], 'active': True, **members})
        return id_

    def post(self, card, kind, sum_, **members):
        return self.ask('/organization/transaction/add', {
            'card_id': card, 'type': kind, 'sum': sum_, 'author': 'a', 'doc_id': '', 'doc_type': 0,
            'shop_id': '', 'discount_id': '', **members})

    def refused(self, answer, code, what):
        self.report.check(answer.status == 409 and answer.code == code, what, answer)

    def available(self, card, wanted, what):
        info = self.client.get(f'/organization/card/{card}/balance_info').json()
        self.report.equal(info.get('balance_available'), wanted, f'{what}: balance_info')
        shown = self.client.get(f'/organization/card/{card}').json()
        self.report.equal(shown['card']['actual_balance'], wanted, f'{what}: card')

    def posted(self, card):
        return [int(row[0]) for row in self.instance.sql(
            'SELECT posted_at FROM entry WHERE account_card_id ='
            f" x'{card.replace('-', '')}' ORDER BY seq")]


def lots_start_and_end(stage):
    stage.move(0)
    card = stage.card(balance=10)
    stage.post(card, 0, 5, invalidate_period=30)
    stage.post(card, 0, 7, activation_period=10)
    hold = stage.must(f'/organization/card/{card}/hold', {'sum': 3, 'timeout_s': 3600}).id
    stage.available(card, 12, 'at first')
    stage.move(11 * 86400)
    stage.available(card, 22, 'in 11 days')
    stage.refused(stage.ask(f'/organization/hold/{hold}/capture', {}), 111, 'a hold past its time')
    stage.refused(stage.ask(f'/organization/hold/{hold}/void', {}), 111, 'void of it')
    stage.move(365 * 86400)
    stage.available(card, 17, 'in a year')
    stage.refused(stage.post(card, 1, 17.01), 112, 'more than is left')
    stage.report.equal(stage.post(card, 1, 17).status, 200, 'what is left')
    stage.available(card, 0, 'in a year, spent')
    return card


def time_never_goes_back(stage, card):
    ahead = stage.posted(card)[-1]
    stage.report.check(ahead > stage.now_ms() - 60000, 'posted in a year', ahead)
    stage.move(-3600)
    stage.report.equal(stage.post(card, 0, 4).status, 200, 'an accrual an hour ago')
    posted = stage.posted(card)
    stage.report.check(posted == sorted(posted) and posted[-1] >= ahead, 'no entry before its'
                       ' predecessor', posted)
    stage.move(366 * 86400)
    stage.available(card, 4, 'a day after')
    stage.move(0)
    other = stage.card(balance=9)
    stage.move(-3600)
    stage.report.equal(stage.post(other, 0, 1).status, 200, 'accrual an hour back')
    posted = stage.posted(other)
    stage.report.equal(posted, sorted(posted), 'posted, an hour back')
    stage.move(0)
    stage.available(other, 10, 'the hour has passed')


def blocks_end(stage):
    stage.move(0)
    card = stage.card(balance=5)
    stage.must(f'/organization/card/{card}/block', {'unblock_date': stage.now_ms() + DAY_MS})
    stage.refused(stage.post(card, 1, 1), 111, 'spend on a blocked card')
    stage.move(86400 + 60)
    stage.report.equal(stage.post(card, 1, 1).status, 200, 'the block has ended')


def clocks_apart_are_not_ready(stage):
    for offset_s, status in ((0, 200), (1, 200), (4, 503), (-4, 503), (0, 200)):
        stage.now(offset_s)
        stage.report.equal(stage.client.get('/readyz').status, status, f'ready at {offset_s} s')


def inactivity_ends_points(stage):
    stage.move(0)
    level = stage.must('/organization/card_level/add', {
        'name': 'idle', 'order': 777, 'inactivity_bonus_erase_period': 30}).id
    card = stage.card(balance=8, card_level_id=level)
    stage.available(card, 8, 'active')
    stage.move(29 * 86400)
    stage.available(card, 8, 'in 29 days')
    stage.move(31 * 86400)
    stage.available(card, 0, 'in 31 days')
    stage.refused(stage.post(card, 1, 1), 112, 'of an inactive one')


def the_job_writes_what_reads_said(stage):
    stage.move(0)
    card = stage.card(balance=3)
    stage.post(card, 0, 6, invalidate_period=2)
    stage.move(40 * 86400)
    stage.available(card, 3, 'before the job')
    stage.instance.admin('burn', environment=stage.environment)
    stage.available(card, 3, 'after the job')
    burnt = stage.instance.sql('SELECT amount FROM entry WHERE kind = 6 AND account_card_id ='
                               f" x'{card.replace('-', '')}'")
    stage.report.equal(burnt, [['-600']], 'one burn entry')


def main():
    argparse.ArgumentParser(description=__doc__,
                            formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    report = Report()
    with Instance('clock', workers=1) as instance, Workers() as workers:
        stage = Stage(instance, workers, report)
        card = lots_start_and_end(stage)
        time_never_goes_back(stage, card)
        clocks_apart_are_not_ready(stage)
        blocks_end(stage)
        inactivity_ends_points(stage)
        the_job_writes_what_reads_said(stage)
        audit(instance, report)
    return report.finish()


program(main)
