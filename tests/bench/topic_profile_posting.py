"""Postings: where the time goes, and how each statement of one finds its rows."""
import http.client
import re
import time
import urllib.parse

import postings
import report
from compare import conclude
from instance import Fault, running
from topic_profile import profile

IDS = 20000
TEXT_SHOWN = 60


def subject_of(beside, instance):
    lines = postings.alternating(instance.card_ids(IDS, postings.ENOUGH))
    return postings.service(beside, instance, 'service', lines)


def post(instance, body):
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(instance.env['KARTOTEKA_URL']).netloc)
    connection.request('POST', postings.PATH, body, {'token': instance.env['KARTOTEKA_TOKEN'],
                                                     'Content-Type': 'application/json'})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise Fault(f'posting: {answer.status} {text[:200]}')


def statements(instance, body):
    """What the server was sent for one posting."""
    instance.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1")
    try:
        post(instance, body)
    finally:
        instance.sql('SET GLOBAL general_log = 0')
    text = instance.sql("SELECT REPLACE(CONVERT(argument USING utf8mb4), '\\n', ' ') FROM mysql.general_log"
                        " WHERE command_type IN ('Query', 'Execute') ORDER BY event_time")
    return [line for line in text.splitlines() if re.match('SELECT|INSERT|UPDATE|DELETE', line.strip())
            and 'general_log' not in line]


def explained(instance, statement):
    """type, key and rows of each table of a statement; nothing for an INSERT of values."""
    if statement.lstrip().startswith('INSERT') and 'SELECT' not in statement:
        return []
    return [line.split('\t') for line in instance.sql('EXPLAIN ' + statement).splitlines()]


def shape(statement):
    """The words of a statement without its values and lists of columns."""
    text = re.sub(r'^SELECT .*? FROM ', 'SELECT … FROM ', statement.strip())
    text = re.sub(r"_utf8mb4 ?(X'|x'|0x)[0-9A-Fa-f]*'?|[xX]?'[^']*'|\b\d+\b", '?', text)
    text = re.sub(r'SET .*? WHERE', 'SET … WHERE', text)
    return text[:TEXT_SHOWN]


def print_plans(instance, name, body):
    rows = []
    for statement in statements(instance, body):
        plan = explained(instance, statement)
        for columns in plan or [[''] * 10]:
            rows.append([shape(statement), len(statement), columns[3], columns[5], columns[8], columns[9]])
    print()
    for line in report.table([name, 'bytes', 'type', 'key', 'rows', 'extra'], rows):
        print(line)
    return rows


def run(options):
    with running(options) as instance:
        content = profile(instance, 'posting', subject_of)
        card = instance.card_ids(1, postings.ENOUGH)[0]
        for name, off in (('accrual', False), ('spend', True)):
            body = postings.posting(card, off, doc_id=f'{name} {time.time_ns()}')
            content[name] = print_plans(instance, name, body)
    return conclude('profile_posting', options, [], **content)
