"""Peers: what people would write instead, doing only the bare job on the same tables: php-fpm with
statements prepared at the server and with values put in by PDO, and Node. Those that are installed."""
import functools
import os
import secrets
import shutil

import report
from compare import bare_token, ratio_goal, request_file
from instance import STATE, WORKERS, free_port, listens, run
from load import Subject

HERE = os.path.dirname(os.path.realpath(__file__))
NODE_PROCESSES = 2
NODE_KEPT = 16  # connections that nginx keeps to it
# Of a peer's CPU per request.
GOALS = {'php-fpm': {'card': 2.0, 'list': 1.5, 'posting': 1.7}, 'Node': {'card': 1.6, 'list': 1.3, 'posting': 1.5},
         'Directus': {'card': 30, 'list': 15}}
HOW = {'Directus': 'see tests/bench/directus.py for the command that installs it'}
PHP = {'php-fpm native': '/native', 'php-fpm emulated': '/emulated'}

FPM = """[global]
error_log = %(log)s
daemonize = no
[www]
%(user)slisten = %(socket)s
pm = static
pm.max_children = %(workers)d
pm.max_requests = 0
clear_env = no
php_admin_value[opcache.enable] = 1
php_admin_value[opcache.validate_timestamps] = 0
"""


@functools.cache
def fpm_program():
    found = run(['bash', '-c', 'compgen -c php-fpm || true'], env={'PATH': '/usr/sbin:/usr/bin'}).split()
    return shutil.which(sorted(found)[-1], path='/usr/sbin:/usr/bin') if found else None


def node_program():
    there = os.path.isdir(os.path.join(STATE, 'node_modules', 'mysql2'))
    return (shutil.which('node') or shutil.which('nodejs')) if there else None


def environment(instance, key):
    return {'BARE_KEY': key, 'BARE_DB_SOCKET': instance.env['KARTOTEKA_DB_SOCKET'],
            'BARE_DB_NAME': instance.env['KARTOTEKA_DB_NAME'], 'NODE_PATH_MODULES': STATE}


def php_start(beside, instance, key):
    """(process, front, URL)"""
    sock, conf = beside.path('fpm.sock'), beside.path('fpm.conf')
    user = 'user = root\ngroup = root\n' if os.getuid() == 0 else ''
    with open(conf, 'w', encoding='utf-8') as file:
        file.write(FPM % {'log': beside.path('fpm.log'), 'user': user, 'socket': sock, 'workers': WORKERS})
    process = beside.start([fpm_program(), '-F', *(['-R'] if user else []), '-y', conf], **environment(instance, key))
    beside.settle(lambda: os.path.exists(sock), 'php-fpm')
    return process, *beside.nginx('php', sock, script=os.path.join(HERE, 'peer.php'))


def node_start(beside, instance, key):
    port = free_port()
    process = beside.start([node_program(), os.path.join(HERE, 'peer.mjs'), str(port), str(NODE_PROCESSES)],
                           **environment(instance, key))
    beside.settle(lambda: listens(('127.0.0.1', port)), 'Node')
    return process, *beside.proxy('node', port, NODE_KEPT)


def wanted(options):
    return options.peers or options.topic == 'all'


def subjects(options, beside, instance, jobs):
    """jobs: suffix of the subjects' names -> lines of requests for a prefix of paths."""
    key = secrets.token_hex(16)
    found = []
    if not wanted(options):
        return found
    for program, start, ways in ((fpm_program(), php_start, PHP), (node_program(), node_start, {'Node': ''})):
        if not program:
            continue
        process, front, url = start(beside, instance, key)
        groups = {'nginx': front.pid, 'service': process.pid, 'database': instance.pids['mariadbd']}
        found += [Subject(way + suffix, url, request_file(beside, f'requests-{way}{suffix}', lines(prefix)),
                          bare_token(key), groups)
                  for way, prefix in ways.items() for suffix, lines in jobs.items()]
    return found


def fastest(found, peer):
    """The rounds of the peer's form that costs least; None without the peer. A name with a comma does less
    than the bare job."""
    forms = [rounds for name, rounds in found.items() if name.startswith(peer) and ',' not in name]
    return min(forms, key=lambda rounds: report.median_of(rounds, 'sum_us')) if forms else None


def tell_forms(found, peer):
    """The goal is for the form that costs least; what the others cost, and less work, stands beside it."""
    for name in found:
        if name.startswith(peer):
            ratio = report.statistics.median(report.ratios(found[name], found['service']))
            print(f'for information: {name} costs {ratio:.2f} times what ours costs')


def goals_of(options, job, found, others):
    """Goal lines of our service against the faster form of each peer."""
    for peer, ratios in GOALS.items():
        rounds = fastest(found, peer)
        if job not in ratios:
            continue
        if rounds:
            yield ratio_goal(f'{job}, CPU per request against {peer}', rounds, found['service'], ratios[job], others)
            tell_forms(found, peer)
        elif wanted(options):
            print(f"{peer}: not installed ({HOW.get(peer, '--peers installs it')})")
