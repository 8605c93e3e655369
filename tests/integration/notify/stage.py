"""The service under test, its webhooks, and notifiers that are started beside it."""
import hashlib
import hmac
import http.client
import json
import os
import signal
import subprocess
import time
import urllib.parse
import uuid

from receivers import MailServer, Receiver

ALL = 'cards:read cards:write ledger:read ledger:write people:read people:write'
HOLDERS = 1  # organisation of those who get codes
SLOW = 4  # times as long as on a quiet machine, at most


class Hook:
    def __init__(self, stage, organisation, row):
        self.stage, self.id, self.secret = stage, row['id'], row['secret']
        self.words = ['--organisation', str(organisation)]

    def row(self):
        rows = json.loads(self.stage.admin('webhook', 'list', *self.words, '--json'))
        return next(row for row in rows if row['id'] == self.id)

    def counts(self):
        """How many wait, were delivered, are dead."""
        row = self.row()
        return row['waiting'], row['delivered'], row['dead']

    def becomes(self, counts, seconds, what):
        self.stage.check(until(lambda: self.counts() == counts, seconds), what, self.counts())

    def replay(self, *words):
        return self.stage.admin('webhook', 'replay', *self.words, '--id', self.id, *words)

    def remove(self):
        self.stage.admin('webhook', 'remove', *self.words, '--id', self.id)


class Stage:
    def __init__(self, url, build, state, database):
        self.url, self.build, self.state, self.database = url, build, state, database
        self.passed = self.failed = 0
        self.receiver, self.mail = Receiver(), MailServer()
        self.tokens, self.hooks, self.running = {}, {}, []
        self.add_token(HOLDERS)

    def add_token(self, organisation):
        self.tokens[organisation] = self.admin(
            'token', 'issue', '--organisation', str(organisation), '--subject', 'n', '--role',
            'organization', '--scope', ALL, '--ttl', '3600').strip()

    def add_organisation(self, n, *urls):
        """With a webhook for each URL; the workers see them some seconds later."""
        self.admin('organisation', 'add', '--id', str(n), '--name', 'Notify')
        self.add_token(n)
        rows = [json.loads(self.admin('webhook', 'add', '--organisation', str(n), '--url', url,
                                      '--json'))[0] for url in urls]
        self.hooks[n] = [Hook(self, n, row) for row in rows]
        return self.hooks[n]

    def check(self, good, what, detail=''):
        self.passed += bool(good)
        if not good:
            self.failed += 1
            print(f'not ok - {what}: {str(detail)[:800]}')

    def admin(self, *words):
        return subprocess.run([f'{self.build}/kartoteka', '--config', f'{self.state}/kartoteka.ini',
                               *words], check=True, text=True, stdout=subprocess.PIPE).stdout

    def sql(self, text):
        socket = os.environ['KARTOTEKA_TEST_SOCKET']
        return subprocess.run(['mariadb', '--no-defaults', f'--socket={socket}', '--user=root', '-N',
                               '-e', text, self.database], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()

    def call(self, path, body, organisation=HOLDERS, **headers):
        parts = urllib.parse.urlsplit(self.url)
        wire = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20 * SLOW)
        headers = {'token': self.tokens[organisation], 'Content-Type': 'application/json', **headers}
        wire.request('POST', '/organization' + path, json.dumps(body), headers)
        answer = wire.getresponse()
        return answer.status, json.loads(answer.read())

    def add_card(self, organisation=HOLDERS, **headers):
        id = str(uuid.uuid4())
        status, answer = self.call('/card/add', {'id': id, 'code': '1', 'barcode': id[:30]},
                                   organisation, **headers)
        assert status == 200, answer
        return id

    def configure(self, name, **settings):
        """A configuration of its own: the stage's, with other ways out."""
        with open(f'{self.state}/kartoteka.ini') as file:
            text = file.read()
        settings = {'timeout_s': 3, 'retry_s': 1, 'webhook_tries': 4, 'webhook_private': 'allow',
                    **settings}
        path = f'{self.state}/{name}.ini'
        with open(path, 'w') as file:
            file.write(text + ''.join(f'{key} = {value}\n' for key, value in settings.items()))
        return path

    def start(self, name='notifier', environment=None, **settings):
        path = self.configure(name, **settings)
        before = self.log(name).count('notifier started')
        with open(f'{self.state}/{name}.log', 'a') as log:
            program = subprocess.Popen([f'{self.build}/kartoteka-notifier', '--config', path],
                                       stdin=subprocess.DEVNULL, stderr=log,
                                       env={**os.environ, **(environment or {})})
        self.running.append(program)
        assert until(lambda: self.log(name).count('notifier started') > before, 20)
        return program

    def reload(self, program):
        before = self.log().count('notifier reloads')
        program.send_signal(signal.SIGHUP)
        self.check(until(lambda: self.log().count('notifier reloads') > before, 20), 'reloads')

    def log(self, name='notifier'):
        path = f'{self.state}/{name}.log'
        return open(path).read() if os.path.exists(path) else ''

    def stop(self, program, how=signal.SIGTERM):
        program.send_signal(how)
        status = program.wait(30 * SLOW)
        self.running.remove(program)
        return status


def until(question, seconds):
    """What the question answers once it is true, or at the end of the time on a busy machine."""
    end = time.time() + SLOW * seconds
    while not (answer := question()) and time.time() < end:
        time.sleep(0.05)
    return answer


def is_signed(seen, hook):
    """Under the webhook's secret, at most a minute before it came."""
    fields = dict(part.split('=') for part in seen.headers['Kartoteka-Signature'].split(','))
    wanted = hmac.new(hook.secret.encode(), fields['t'].encode() + b'.' + seen.body,
                      hashlib.sha256).hexdigest()
    return fields['v1'] == wanted and abs(int(fields['t']) - seen.at) < 60


def ask(stage, send_to, person=1):
    status, answer = stage.call('/card/send_identify', {
        'email': f'holder{person}@example.org', 'send_to': send_to})
    assert status == 200, answer
    return answer['user_id']
