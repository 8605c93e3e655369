"""Postings: where the time goes, and how each statement of one finds its rows."""
import collections
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


def logged(instance, body):
    """(connection, kind, text) of what the server was sent and executed for one posting."""
    instance.sql("SET GLOBAL log_output = 'TABLE'; TRUNCATE mysql.general_log; SET GLOBAL general_log = 1")
    try:
        post(instance, body)
    finally:
        instance.sql('SET GLOBAL general_log = 0')
    text = instance.sql("SELECT thread_id, command_type, REPLACE(CONVERT(argument USING utf8mb4), '\n', ' ')"
                        " FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')"
                        ' ORDER BY event_time')
    return [line.split('\t') for line in text.splitlines()]


def statements(instance, body):
    """Of one posting: (what a packet says, the statement behind it with its values)."""
    named, found = collections.defaultdict(list), []
    for connection, kind, text in logged(instance, body):
        if kind == 'Query':
            named[connection] += [part for part in text.split(';') if part.startswith('EXECUTE ')]
        elif named[connection] and text.count('?') == len(values_of(named[connection][0])):
            said = named[connection].pop(0)
            values = iter(values_of(said))
            found.append((said, re.sub(r'\?', lambda _: next(values), text)))
    return found


def values_of(said):
    return said.partition(' USING ')[2].split(',')


def explained(instance, statement):
    """The plan's rows; none for an INSERT of values."""
    if statement.startswith('INSERT') and 'SELECT' not in statement:
        return []
    return [line.split('\t') for line in instance.sql('EXPLAIN ' + statement).splitlines()]


def shape(statement):
    """The words of a statement without its values and lists of columns."""
    text = re.sub(r'^SELECT .*? FROM (?!card_level)', 'SELECT … FROM ', statement)
    text = re.sub(r'SET .*? WHERE', 'SET … WHERE', text)
    return text[:TEXT_SHOWN]


def print_plans(instance, name, body):
    rows = []
    for said, statement in statements(instance, body):
        for columns in explained(instance, statement) or [[''] * 10]:
            rows.append([shape(statement), len(said), *(columns[i] for i in (2, 3, 5, 8, 9))])
    print()
    for line in report.table([name, 'bytes', 'table', 'type', 'key', 'rows', 'extra'], rows):
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
