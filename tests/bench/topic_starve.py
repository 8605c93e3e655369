"""Does every client get answers behind an nginx that keeps its connections to the workers?
An idle kept connection would own a worker; wrk's latencies would not show the clients that
never got one."""
import os

import report
from instance import STATE, Beside, Instance
from load import Subject, wrk
from topic_card import request_file

# Workers, connections that nginx keeps, clients.
CASES = ((4, 0, 16), (4, 64, 16), (4, 64, 64), (8, 64, 32))
SECONDS = 4
IDS = 5000


def measure(beside, instance):
    ids = instance.card_ids(IDS)
    requests = request_file(beside, 'requests', '/organization/card/', ids)
    found = []
    for workers, keepalive, clients in CASES:
        name = f'{workers}-{keepalive}-{clients}'
        process, sock = beside.service(instance, name, workers=workers)
        front, url = beside.nginx('nginx-' + name, sock, keepalive)
        subject = Subject(name, url, requests, f"token: {instance.env['KARTOTEKA_TOKEN']}", {})
        figures = wrk(subject, SECONDS, clients, threads=clients)
        found.append({'workers': workers, 'keepalive': keepalive, 'clients': clients, **figures})
        beside.end(front)
        beside.end(process)
    return found


def run(options):
    instance = Instance(options.checkout, options.cards)
    try:
        with Beside() as beside:
            found = measure(beside, instance)
    finally:
        if not options.keep:
            instance.stop()
    print(f'GET card, {SECONDS} s; clients without any answer')
    head = ['workers, keepalive of nginx', 'clients', 'unanswered', 'fewest answers', 'req/s',
            'p99 ms', 'max ms', 'errors']
    for line in report.table(head, [
            [f"{row['workers']}, {row['keepalive']}", row['clients'], row['unanswered'], row['fewest'],
             f"{row['requests'] / row['seconds']:.0f}", f"{row['p99_ms']:.1f}", f"{row['max_ms']:.0f}",
             row['refused'] + row['lost']] for row in found]):
        print(line)
    goal = report.goal_line('starve, clients unanswered and errors', [
        sum(row['unanswered'] + row['refused'] + row['lost'] for row in found)], 0, 0, most=True)
    print(goal[1])
    print('written:', report.write_json(STATE, 'starve', {
        'topic': 'starve', 'cards': options.cards, 'cpus': os.cpu_count(), 'cases': found,
        'goals': [goal[2]]}))
    return [goal[0]]
