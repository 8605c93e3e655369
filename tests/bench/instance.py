"""What is measured: a local instance of a checkout, and programs started beside it."""
import contextlib
import ctypes
import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
STATE = os.path.join(TOP, 'build', 'bench')
WORKERS = 8
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Fault(Exception):
    """Said to the user as it is; exit status 1."""


def run(command, **more):
    """Runs a command to its end; its standard output. A failure is a Fault with its words."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Fault(f'{shlex.join(command)}: status {done.returncode}\n{done.stderr[-2000:]}')
    return done.stdout


def settle(ready, what, seconds=90):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise Fault(f'{what} does not get ready')
        time.sleep(0.02)


def free_port():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        return taken.getsockname()[1]


def listens(address):
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


def end_with_parent():
    """In a child before its program: even a killed bench leaves nothing behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def pool_option(cards):
    """The buffer pool that kartoteka-sizing(7) asks for, as far as half of the memory goes: conf/up, a guest
    on somebody's machine, takes an eighth at most."""
    half_mb = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') // 2 >> 20
    return f'--innodb-buffer-pool-size={min(64 + 6 * cards // 1000, half_mb)}M'


class Instance:
    """conf/up of a checkout, with its own database and cards; kept for the next run."""

    def __init__(self, checkout, cards, name='cards'):
        self.checkout = checkout
        self.state = os.path.join(checkout, 'build', 'bench', f'{name}-{cards}')
        os.makedirs(os.path.dirname(self.state), exist_ok=True)
        self.stop()  # what runs may be of an older build
        run([f'{checkout}/conf/up', '--state', self.state, '--cards', str(cards),
             '--workers', str(WORKERS)], env={**os.environ, 'KARTOTEKA_MARIADB_OPTIONS': pool_option(cards)})
        lines = run([f'{checkout}/conf/up', '--state', self.state, '--env'])
        self.env = dict(word.split('=', 1) for word in shlex.split(lines))
        if 'nosync' in self.sql('SELECT @@innodb_flush_method'):
            raise Fault('the database does not flush its log: nothing to measure')
        with open(self.env['KARTOTEKA_PIDS'], encoding='utf-8') as file:
            self.pids = {name: int(pid) for name, pid in map(str.split, file)}

    def sql(self, text):
        return run(['mariadb', '--no-defaults', '-NB', '-uroot',
                    f"-S{self.env['KARTOTEKA_DB_SOCKET']}", self.env['KARTOTEKA_DB_NAME'], '-e', text])

    def card_ids(self, most, having='', must=True):
        """Ids of live cards, the same ones every time; having: a further condition. must: one at
        least."""
        rows = self.sql('SELECT LOWER(HEX(id)) FROM card WHERE organisation_id = 1 AND live = 1'
                        f' {having} ORDER BY RAND(1) LIMIT {most}').split()
        if not rows and must:
            raise Fault('the instance has no such card')
        return [f'{r[:8]}-{r[8:12]}-{r[12:16]}-{r[16:20]}-{r[20:]}' for r in rows]

    def stop(self):
        run([f'{self.checkout}/conf/down', '--state', self.state])


# Instances that the next topic finds as they are.
held = {}


@contextlib.contextmanager
def running(options, checkout=TOP, name='cards'):
    """An instance for the block; None without a checkout. options.hold: until let_go(); options.keep:
    it stays up afterwards."""
    key = checkout, options.cards, name
    instance = held.pop(key, None) or (Instance(checkout, options.cards, name) if checkout else None)
    try:
        yield instance
    finally:
        if instance and options.hold:
            held[key] = instance
        elif instance and not options.keep:
            instance.stop()


def let_go(options):
    while held:
        _, instance = held.popitem()
        if not options.keep:
            instance.stop()


class Beside:
    """Programs of our own next to an instance; leaving the block ends them."""

    def __init__(self):
        self.processes = []
        self.folder = tempfile.TemporaryDirectory(prefix='kartoteka-bench.')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes[:]):
            self.end(process)
        self.folder.cleanup()

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self.processes.remove(process)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def start(self, command, **environment):
        log = open(self.path('log'), 'ab')
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   env={**os.environ, **environment}, preexec_fn=end_with_parent)
        log.close()
        self.processes.append(process)
        return process

    def settle(self, ready, what, seconds=90):
        try:
            settle(lambda: self.processes[-1].poll() is not None or ready(), what, seconds)
        except Fault as fault:
            raise Fault(f'{fault}\n{self.tail()}') from None
        if self.processes[-1].poll() is not None:
            raise Fault(f'{what} ended at once\n{self.tail()}')

    def tail(self):
        with open(self.path('log'), encoding='utf-8', errors='replace') as log:
            return log.read()[-2000:]

    def nginx(self, name, sock, keepalive=0, script=''):
        """A private nginx before a FastCGI socket; (process, URL). keepalive > 0: the hostile kind.
        script: what a PHP behind it runs."""
        keep = f'keepalive {keepalive}; keepalive_requests 1000000;' if keepalive else ''
        param = f'fastcgi_param SCRIPT_FILENAME {script};' if script else ''
        return self.front(name, f'server unix:{sock} max_fails=0; {keep}',
                          FASTCGI % {'keep_conn': 'on' if keepalive else 'off', 'script': param})

    def proxy(self, name, port, keepalive):
        """A private nginx before an HTTP server; (process, URL)."""
        return self.front(name, f'server 127.0.0.1:{port} max_fails=0; keepalive {keepalive};', PROXY)

    def front(self, name, upstream, location):
        port = free_port()
        folder = self.path(name)
        os.makedirs(folder + '/temp')
        temp = ''.join(f'{kind}_temp_path temp/{kind};' for kind in
                       ('client_body', 'fastcgi', 'proxy', 'scgi', 'uwsgi'))
        user = 'user root;' if os.getuid() == 0 else ''
        with open(folder + '/nginx.conf', 'w', encoding='utf-8') as conf:
            conf.write(NGINX % {'user': user, 'temp': temp, 'upstream': upstream, 'location': location,
                                'port': port})
        process = self.start(['nginx', '-p', folder + '/', '-c', 'nginx.conf', '-e', 'error.log'])
        self.settle(lambda: listens(('127.0.0.1', port)), f'nginx of {name}')
        return process, f'http://127.0.0.1:{port}'

    def bare(self, instance, key, workers=WORKERS):
        """The bare pipeline on the instance's database: (process, socket)."""
        build = os.path.join(TOP, 'build', 'release')
        run(['ninja', '-C', build, 'kartoteka-bare'])
        sock = self.path('bare.sock')
        process = self.start([f'{build}/tests/bench/kartoteka-bare', sock, str(workers)],
                             BARE_KEY=key, BARE_DB_SOCKET=instance.env['KARTOTEKA_DB_SOCKET'],
                             BARE_DB_NAME=instance.env['KARTOTEKA_DB_NAME'])
        self.settle(lambda: os.path.exists(sock) and listens(sock), 'the bare pipeline')
        return process, sock

    def service(self, instance, name, **settings):
        """Workers of our own on the instance's database and keys: (process, socket)."""
        sock = self.path(name + '.sock')
        conf = self.path(name + '.ini')
        with open(instance.env['KARTOTEKA_CONF'], encoding='utf-8') as file:
            lines = rewrite(file.read().splitlines(), instance.state,
                            {'socket': sock, 'log_level': 'warn', **settings})
        with open(conf, 'w', encoding='utf-8') as file:
            file.write('\n'.join(lines) + '\n')
        process = self.start([f"{instance.env['KARTOTEKA_BIN']}/kartoteka-fcgi", '--config', conf])
        self.settle(lambda: os.path.exists(sock) and listens(sock), name)
        return process, sock


def rewrite(lines, folder, own):
    """kartoteka.ini with members of [server] set anew and relative paths made absolute."""
    section, out = '', []
    for line in lines:
        name, equals, value = (part.strip() for part in line.partition('='))
        if line.startswith('['):
            section = line.strip()
            out.append(line)
            if section == '[server]':
                out += [f'{key} = {text}' for key, text in own.items()]
        elif not equals or section == '[server]' and name in own:
            continue
        elif os.path.exists(os.path.join(folder, value)):
            out.append(f'{name} = {os.path.join(folder, value)}')
        else:
            out.append(line)
    return out


NGINX = """
%(user)s
daemon off;
pid nginx.pid;
error_log error.log warn;
worker_processes 1;
events {
	worker_connections 1024;
}
http {
	access_log off;
	server_tokens off;
	keepalive_requests 1000000;
	%(temp)s
	upstream service {
		%(upstream)s
	}
	server {
		listen 127.0.0.1:%(port)d;
		location / {
			%(location)s
		}
	}
}
"""
FASTCGI = """fastcgi_pass service;
			fastcgi_keep_conn %(keep_conn)s;
			fastcgi_param REQUEST_METHOD $request_method;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_param QUERY_STRING $query_string;
			fastcgi_param CONTENT_TYPE $content_type;
			fastcgi_param CONTENT_LENGTH $content_length;
			fastcgi_param REMOTE_ADDR $remote_addr;
			%(script)s"""
PROXY = """proxy_pass http://service;
			proxy_http_version 1.1;
			proxy_set_header Connection '';"""
