"""A till: one kept connection, requests of the organization dialect, answers byte for byte."""
import dataclasses
import json
import socket
import time
import urllib.parse

TIMEOUT_S = 45  # longer than nginx waits for a worker


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    replayed: bool = False

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json()['code']

    @property
    def id(self):
        return self.json()['id']


class Lost(Exception):
    """The connection ended before the answer was whole."""


class Client:
    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.token, self.wire, self.rest = token, None, b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.wire:
            self.wire.close()
        self.wire, self.rest = None, b''

    def get(self, path):
        return self._ask('GET', path, b'', None)

    def post(self, path, body=None, key=None):
        return self._ask('POST', path, json.dumps(body or {}).encode(), key)

    def put(self, path, body=None, key=None):
        return self._ask('PUT', path, json.dumps(body or {}).encode(), key)

    def once(self, path, body, key):
        """None when no answer came, or one that says nothing of the request (502, 503, 504)."""
        try:
            answer = self.post(path, body, key)
        except Lost:
            return None
        return None if answer.status in (502, 503, 504) else answer

    def until(self, path, body, key, seconds=240):
        """Asks again under the same key until there is an answer: (answer, asked n times)."""
        end, asked = time.monotonic() + seconds, 0
        while True:
            asked += 1
            answer = self.once(path, body, key)
            if answer and not (answer.status == 409 and answer.code == 119):
                return answer, asked
            if time.monotonic() > end:
                raise Lost(f'no answer to {path} in {seconds} s')
            time.sleep(min(0.02 * asked, 0.5))

    def _ask(self, method, path, body, key):
        head = (f'{method} {path} HTTP/1.1\r\nHost: k\r\ntoken: {self.token}\r\n'
                + (f'Idempotency-Key: {key}\r\n' if key else '')
                + (f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\n'
                   if method != 'GET' else '') + '\r\n')
        try:
            if not self.wire:
                self.wire = socket.create_connection(self.address, TIMEOUT_S)
                self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wire.sendall(head.encode() + body)
            return self._answer()
        except OSError as error:
            self.close()
            raise Lost(str(error)) from None

    def _answer(self):
        data = self.rest
        while (end := data.find(b'\r\n\r\n')) < 0:
            data += self._more()
        lines = data[:end].decode('latin-1').split('\r\n')
        headers = dict(line.lower().split(': ', 1) for line in lines[1:])
        size = end + 4 + int(headers['content-length'])
        while len(data) < size:
            data += self._more()
        self.rest = data[size:]
        if headers.get('connection') == 'close':
            self.close()
        return Answer(int(lines[0].split()[1]), data[end + 4:size],
                      headers.get('idempotent-replayed') == 'true')

    def _more(self):
        data = self.wire.recv(65536)
        if not data:
            raise OSError('closed')
        return data
