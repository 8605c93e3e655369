"""main.py URL BUILD STATE: see `run`."""
import dataclasses
import http.client
import itertools
import json
import subprocess
import sys
import time
import urllib.parse

from fixtures import CLIENT_ROUTES, FIXTURES, Ids, Request, fresh, seed
from tokens import Forger

FIRST, SECOND = 1, 2
ALL = ('cards:read cards:write ledger:read ledger:write people:read people:write washing:read '
       'washing:write reports:read admin')
CHANGING = {'date'}  # headers that tell nothing


@dataclasses.dataclass
class Answer:
    status: int
    headers: list
    body: bytes

    def json(self):
        return json.loads(self.body)


class Client:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.wire = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)

    def call(self, method, path, body=None, **headers):
        headers = {name.replace('_', '-'): value for name, value in headers.items()}
        headers.setdefault('X-Request-Id', 'isolation')
        if body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps(body).encode()
        self.wire.request(method, urllib.parse.quote(path, safe='/?&=%'), body, headers)
        answer = self.wire.getresponse()
        shown = sorted((name.lower(), value) for name, value in answer.getheaders()
                       if name.lower() not in CHANGING)
        return Answer(answer.status, shown, answer.read())


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, detail=''):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f'not ok - {what}: {str(detail)[:600]}')


@dataclasses.dataclass
class Route:
    method: str
    path: str
    scopes: list

    @property
    def name(self):
        return f'{self.method} {self.path}'

    @property
    def public(self):
        return self.scopes == ['public']


class Stage:
    def __init__(self, url, build, state):
        self.client, self.build, self.state = Client(url), build, state
        self.report = Report()
        self.forger = Forger(f'{state}/keyring', FIRST)
        self.routes = [self._route(line) for line in self.run('kartoteka-fcgi', '--routes')]
        self.tokens = {n: self.token(n, f'org{n}', 'organization', ALL) for n in (FIRST, SECOND)}
        self.ids = {n: seed(self._caller(n)) for n in (FIRST, SECOND)}

    @staticmethod
    def _route(line):
        method, path, _dialect, scopes, _operation = line.split('\t')
        return Route(method, path, scopes.split())

    def run(self, program, *words):
        return subprocess.run([f'{self.build}/{program}', *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.splitlines()

    def admin(self, *words):
        return self.run('kartoteka', '--config', f'{self.state}/kartoteka.ini', *words)

    def token(self, organisation, subject, role, scopes):
        return self.admin('token', 'issue', '--organisation', str(organisation), '--subject',
                          subject, '--role', role, '--scope', scopes, '--ttl', '3600')[0]

    def _caller(self, organisation):
        def call(method, path, body=None, **headers):
            return self.client.call(method, path, body, token=self.tokens[organisation], **headers)
        return call

    def send(self, route, request, token, **headers):
        if token:
            headers['token'] = token
        return self.client.call(route.method, request.path, request.body, **headers)


def sample_of(route, ids):
    """A request of this row with ids of its own organisation."""
    fixture = FIXTURES[route.name]
    if fixture.sample:
        return fixture.sample(ids)
    for requests in (fixture.listing(ids), fixture.naming(ids, ids)):
        if requests:
            return requests[0]
    return fixture.making(fresh()) if fixture.making else Request(route.path)


def every_row_has_a_fixture(stage):
    for route in stage.routes:
        stage.report.check(route.name in FIXTURES, route.name, 'no fixture')
    for name in FIXTURES.keys() - {route.name for route in stage.routes}:
        stage.report.check(False, name, 'a fixture without a row')


HEADERS = ({}, {'Accept_Language': 'en'}, {'If_Match': '*', 'If_None_Match': '*'})


def foreign_ids_are_as_ids_of_nobody(stage):
    own, foreign = stage.ids[SECOND], stage.ids[FIRST]
    keys = itertools.count()
    for route in stage.routes:
        naming = FIXTURES[route.name].naming
        for i, request in enumerate(naming(own, foreign)):
            nobody = naming(own, Ids())[i]
            for headers in (*HEADERS, {'Idempotency_Key': f'foreign{next(keys)}'}):
                got = stage.send(route, request, stage.tokens[SECOND], **headers)
                if 'Idempotency_Key' in headers:
                    headers = {'Idempotency_Key': f'nobody{next(keys)}'}
                wanted = stage.send(route, nobody, stage.tokens[SECOND], **headers)
                what = f'{route.name} {request.path} {request.body} {headers}'
                stage.report.check(got == wanted, what, f'{got} {wanted}')
                stage.report.check(got.status == request.finds, what, got)


def snapshot(stage, organisation):
    """All that an organisation can see of itself, ETags too."""
    ids, answers = stage.ids[organisation], []
    for route in stage.routes:
        if route.method != 'GET' or route.public:
            continue
        fixture = FIXTURES[route.name]
        for request in (*fixture.naming(ids, ids), *fixture.listing(ids)):
            answers.append((request.path, stage.send(route, request, stage.tokens[organisation])))
    return answers


def own_ids_are_found(stage):
    """The control: what is refused for foreign ids is there for its owner."""
    for route in stage.routes:
        if (route.method == 'GET' and '{id}' in route.path) or FIXTURES[route.name].reads:
            request = FIXTURES[route.name].naming(stage.ids[FIRST], stage.ids[FIRST])[0]
            got = stage.send(route, request, stage.tokens[FIRST])
            stage.report.check(got.status == 200, f'{route.name} of its own', got)


def lists_hold_own_rows_only(stage):
    for route in stage.routes:
        for organisation, other in ((FIRST, SECOND), (SECOND, FIRST)):
            for request in FIXTURES[route.name].listing(stage.ids[organisation]):
                got = stage.send(route, request, stage.tokens[organisation])
                what = f'{route.name} {request.path} of {organisation}'
                stage.report.check(got.status == 200, what, got)
                text = got.body.decode()
                stage.report.check(any(id in text for id in stage.ids[organisation].ids()), what,
                                   'no row of its own')
                stage.report.check(not any(id in text for id in stage.ids[other].ids()), what,
                                   f'a row of {other}')


def ids_of_others_are_free(stage):
    for route in stage.routes:
        making = FIXTURES[route.name].making
        if not making:
            continue
        id = fresh()
        for organisation in (FIRST, SECOND):
            got = stage.send(route, making(id), stage.tokens[organisation])
            stage.report.check(got.status == 200 and got.json()['id'] == id,
                               f'{route.name} by {organisation}', got)
            again = stage.send(route, making(id), stage.tokens[organisation])
            stage.report.check(again.status == 409, f'{route.name} again by {organisation}', again)


def who_may(stage):
    for route in stage.routes:
        request = sample_of(route, stage.ids[FIRST])
        anonymous = stage.send(route, request, None)
        if route.public:
            stage.report.check(anonymous.status not in (401, 403) or route.method == 'POST',
                               f'{route.name} is public', anonymous)
            continue
        stage.report.check(anonymous.status == 401, f'{route.name} without token', anonymous)
        for scope in [scope for scope in route.scopes if scope != 'any']:
            words = ' '.join(word for word in ALL.split() if word != scope)
            token = stage.forger.make(scope=words)
            got = stage.send(route, request, token)
            stage.report.check(got.status == 403, f'{route.name} without {scope}', got)
        client = stage.forger.make(role='client', sub=fresh(), scope=ALL)
        got = stage.send(route, request, client)
        wanted = 404 if route.name in CLIENT_ROUTES else 403
        stage.report.check(got.status == wanted, f'{route.name} by a client', got)


def clients_see_no_more_than_their_own(stage):
    """A card of somebody else, of another organisation, of nobody: one answer."""
    client = stage.forger.make(role='client', sub=fresh(), scope=ALL)
    for route in stage.routes:
        if route.name not in CLIENT_ROUTES:
            continue
        answers = [stage.send(route, FIXTURES[route.name].naming(ids, ids)[0], client)
                   for ids in (stage.ids[FIRST], stage.ids[SECOND], Ids())]
        stage.report.check(answers[0] == answers[1] == answers[2], route.name, answers)


def tokens_that_are_not_ours(stage):
    route = Route('GET', '/organization/card/{id}', [])
    request = Request(f'/organization/card/{stage.ids[FIRST].card}')
    for what, token in stage.forger.good().items():
        got = stage.send(route, request, token)
        stage.report.check(got.status == 200, f'token: {what}', got)
    for what, token in stage.forger.bad().items():
        got = stage.send(route, request, token)
        stage.report.check(got.status == 401 and got.json()['code'] == 101, f'token: {what}', got)


def revoked_within_five_seconds(stage):
    route = Route('GET', '/organization/card/{id}', [])
    request = Request(f'/organization/card/{stage.ids[FIRST].card}')
    token, other = stage.forger.make(jti='called-back'), stage.forger.make(jti='kept')
    before = stage.send(route, request, token)
    stage.admin('token', 'revoke', '--organisation', str(FIRST), '--jti', 'called-back')
    time.sleep(5)
    # more asks than there are workers
    answers = [stage.send(route, request, token).status for _ in range(20)]
    stage.report.check(before.status == 200 and set(answers) == {401}, 'token: revoked', answers)
    got = stage.send(route, request, other)
    stage.report.check(got.status == 200, 'token: another jti', got)


def main():
    stage = Stage(*sys.argv[1:4])
    every_row_has_a_fixture(stage)
    if not stage.report.failed:
        own_ids_are_found(stage)
        before = snapshot(stage, FIRST)
        foreign_ids_are_as_ids_of_nobody(stage)
        who_may(stage)
        after = snapshot(stage, FIRST)
        for (path, was), (_, now) in zip(before, after):
            stage.report.check(was == now, f'{path} after the others', f'{was} {now}')
        lists_hold_own_rows_only(stage)
        ids_of_others_are_free(stage)
        clients_see_no_more_than_their_own(stage)
        tokens_that_are_not_ours(stage)
        revoked_within_five_seconds(stage)
    print(f'{stage.report.passed} passed, {stage.report.failed} failed')
    return 1 if stage.report.failed else 0


sys.exit(main())
