"""Does every client get answers behind an nginx that keeps its connections to the workers?
An idle kept connection would own a worker; wrk's latencies would not show the clients that
never got one."""
import secrets

import report
from compare import bare_token, conclude, draw_single, get_file
from instance import Beside, running
from load import Subject, wrk

# Workers, connections that nginx keeps, clients.
CASES = ((4, 0, 16), (4, 64, 16), (4, 64, 64), (8, 64, 32))
# The bare pipeline keeps what nginx asks for: of this one somebody must starve, or the check sees
# nothing: some client gets less than this part of an equal share.
CONTROL = (4, 64, 16)
STARVED = 0.1
SECONDS = 4
IDS = 5000


def play(beside, name, case, program, requests, headers):
    """One case; program is (process, socket)."""
    workers, keepalive, clients = case
    process, sock = program
    front, url = beside.nginx('nginx-' + name, sock, keepalive)
    figures = wrk(Subject(name, url, requests, headers, {}), SECONDS, clients, threads=clients)
    beside.end(front)
    beside.end(process)
    return {'name': name, 'workers': workers, 'keepalive': keepalive, 'clients': clients, **figures}


def measure(beside, instance):
    ids = instance.card_ids(IDS)
    requests = get_file(beside, 'requests', '/organization/card/', ids)
    token = f"token: {instance.env['KARTOTEKA_TOKEN']}"
    found = []
    for number, case in enumerate(CASES):
        name = f'service-{number}'
        program = beside.service(instance, name, workers=case[0])
        found.append(play(beside, name, case, program, requests, token))
    key = secrets.token_hex(16)
    control = play(beside, 'control', CONTROL, beside.bare(instance, key, CONTROL[0]),
                   get_file(beside, 'requests-bare', '/card/', ids), bare_token(key))
    return found, control


def run(options):
    with running(options) as instance, Beside() as beside:
        found, control = measure(beside, instance)
    print(f'GET card, {SECONDS} s; clients without any answer')
    head = ['', 'workers', 'kept by nginx', 'clients', 'unanswered', 'fewest answers', 'req/s',
            'p99 ms', 'max ms', 'errors']
    for line in report.table(head, [
            [row['name'], row['workers'], row['keepalive'], row['clients'], row['unanswered'], row['fewest'],
             f"{row['requests'] / row['seconds']:.0f}", f"{row['p99_ms']:.1f}", f"{row['max_ms']:.0f}",
             row['refused'] + row['lost']] for row in [*found, control]]):
        print(line)
    draw_single('starve', 'Clients that never got an answer', 'clients', {
        f"{row['name']}: {row['clients']} clients": row['unanswered'] for row in [*found, control]})
    goals = [
        report.goal_line('starve, clients unanswered and errors', [
            sum(row['unanswered'] + row['refused'] + row['lost'] for row in found)], 0, 0, most=True),
        report.goal_line('starve, least share of a client in the control',
                         [control['fewest'] * control['clients'] / control['requests']], STARVED, 0, most=True)]
    return conclude('starve', options, goals, cases=[*found, control])
