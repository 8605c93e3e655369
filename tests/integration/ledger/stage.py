"""What the storms rage on: an instance of conf/up, and workers of our own on its database."""
import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..', '..'))
sys.path.append(f'{TOP}/tests/bench')

from instance import Beside, Fault, free_port, listens, run, settle  # noqa: E402

from client import Client, Lost  # noqa: E402

WORKERS = 8
RELEASE = f'{TOP}/build/release'


class Console:
    """One client of the database that is asked again and again: to start one takes longer."""

    MARK = 'that was all'

    def __init__(self, env):
        self.client = subprocess.Popen(
            ['mariadb', '--no-defaults', '-NB', '--unbuffered', '-uroot',
             f"-S{env['KARTOTEKA_DB_SOCKET']}", env['KARTOTEKA_DB_NAME']],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def ask(self, text):
        """Lines of the answer; a client that ends instead is a Fault with its last words."""
        lines = []
        with contextlib.suppress(OSError):  # what it said before it ended is still to be read
            self.client.stdin.write(f"{text};\nSELECT '{self.MARK}';\n")
            self.client.stdin.flush()
        for line in self.client.stdout:
            if line.rstrip('\n') == self.MARK:
                return lines
            lines.append(line.rstrip('\n'))
        raise Fault(f'{text}: {lines[-1:]}')

    def close(self):
        with contextlib.suppress(OSError):
            self.client.stdin.close()
        self.client.stdout.close()
        self.client.wait()


class Instance:
    """conf/up in a folder of its own; leaving the block stops and wipes it."""

    def __init__(self, name, workers=WORKERS, cards=0):
        self.state = f'{TOP}/build/storm/{name}'
        self.workers, self.cards = workers, cards
        self.console, self.lock = None, threading.Lock()

    def __enter__(self):
        os.makedirs(os.path.dirname(self.state), exist_ok=True)
        self.wipe()
        self.up()
        lines = run([f'{TOP}/conf/up', '--state', self.state, '--env'])
        self.env = dict(word.split('=', 1) for word in shlex.split(lines))
        return self

    def __exit__(self, kind, *_):
        self.hang_up()
        if kind is None or not os.environ.get('STORM_KEEP'):
            self.wipe()

    def wipe(self):
        run([f'{TOP}/conf/down', '--state', self.state, '--wipe'])

    def up(self):
        """What died comes back, what lives is left alone."""
        self.hang_up()
        run([f'{TOP}/conf/up', '--no-install', '--state', self.state, '--cards', str(self.cards),
             '--workers', str(self.workers)])

    @property
    def url(self):
        return self.env['KARTOTEKA_URL']

    @property
    def token(self):
        return self.env['KARTOTEKA_TOKEN']

    def pid(self, name):
        """Of a master, as it is now; None when it does not live."""
        try:
            with open(f'{self.state}/pids', encoding='utf-8') as file:
                pids = dict(line.split() for line in file if len(line.split()) == 2)
            os.kill(int(pids[name]), 0)
            return int(pids[name])
        except (OSError, KeyError):
            return None

    def sql(self, text):
        """Rows of a query as lists of texts, by the database's root."""
        with self.lock:
            if not self.console:
                self.console = Console(self.env)
            return [line.split('\t') for line in self.console.ask(text)]

    def hang_up(self):
        with self.lock:
            if self.console:
                self.console.close()
            self.console = None

    def number(self, text):
        return int(self.sql(text)[0][0])

    def admin(self, *words, environment=None):
        return run([f'{RELEASE}/kartoteka', '--config', self.env['KARTOTEKA_CONF'], *words],
                   env={**os.environ, **(environment or {})})

    def client(self, url=None, token=None):
        return Client(url or self.url, token or self.token)

    def log(self):
        with open(f'{self.state}/kartoteka-fcgi.log', encoding='utf-8', errors='replace') as file:
            return file.read()


def children(pid):
    try:
        with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def kill(pid):
    """kill -9; False when it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


class Workers(Beside):
    """Workers and an nginx of our own on an instance's database; another build, socket or clock."""

    def serve(self, instance, programs=RELEASE, workers=4, database=None, environment=None, **more):
        """The URL; database = the socket that the workers are to use instead of the true one."""
        conf = self.path('kartoteka.ini')
        sock = self.path('fcgi.sock')
        state = instance.state
        sections = {
            'server': {'socket': sock, 'workers': workers, 'log_level': 'warn'},
            'database': {'socket': database or instance.env['KARTOTEKA_DB_SOCKET'],
                         'password_file': f'{state}/database-password', **more},
            'token': {'keyring': instance.env['KARTOTEKA_KEYRING']},
            'ledger': {'keys': f'{state}/ledger.keys'},
            'notify': {'spool': instance.env['KARTOTEKA_SPOOL']},
        }
        with open(conf, 'w', encoding='utf-8') as file:
            for name, members in sections.items():
                file.write(f'[{name}]\n' + ''.join(f'{k} = {v}\n' for k, v in members.items()))
        self.master = self.start([f'{programs}/kartoteka-fcgi', '--config', conf],
                                 ASAN_OPTIONS='detect_leaks=0', **(environment or {}))
        self.settle(lambda: os.path.exists(sock) and listens(sock), 'kartoteka-fcgi')
        return self.web(sock)

    def web(self, sock):
        port, folder = free_port(), self.path('nginx')
        os.makedirs(f'{folder}/temp')
        os.symlink(f'{TOP}/nginx', f'{folder}/kartoteka')
        with open(f'{TOP}/nginx/local.conf.in', encoding='utf-8') as file:
            conf = file.read()
        for mark, text in (('@USER@', 'user root;' if os.getuid() == 0 else ''),
                           ('@SOCKET@', sock), ('@PORT@', str(port)), ('daemon on', 'daemon off')):
            conf = conf.replace(mark, text)
        with open(f'{folder}/nginx.conf', 'w', encoding='utf-8') as file:
            file.write(conf)
        nginx = shutil.which('nginx', path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
        self.start([nginx, '-p', folder + '/', '-c', 'nginx.conf', '-e', 'error.log'])
        self.settle(lambda: listens(('127.0.0.1', port)), 'nginx')
        url = f'http://127.0.0.1:{port}'
        with Client(url, '') as probe:
            settle(lambda: probe.get('/readyz').status == 200, 'the workers')
        return url

    def log(self):
        with open(self.path('log'), encoding='utf-8', errors='replace') as file:
            return file.read()


class Report:
    """Checks with names; the last line tells the sum."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, detail=''):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f'not ok - {what}: {str(detail)[:800]}', flush=True)
        return bool(good)

    def equal(self, got, wanted, what):
        return self.check(got == wanted, what, f'{got}, not {wanted}')

    def finish(self):
        print(f'{self.passed} passed, {self.failed} failed')
        return 1 if self.failed or not self.passed else 0


def program(run_it):
    """A script's main: Faults are said, not traced."""
    started = time.monotonic()
    try:
        status = run_it()
    except Fault as fault:
        print(f'{sys.argv[0]}: {fault}', file=sys.stderr)
        status = 1
    print(f'{time.monotonic() - started:.1f} s')
    sys.exit(status)


def fresh():
    return str(uuid.uuid4())


__all__ = ['Client', 'Fault', 'Lost', 'Instance', 'RELEASE', 'Report', 'TOP', 'Workers', 'children', 'fresh',
           'kill', 'program', 'run', 'settle', 'subprocess']
