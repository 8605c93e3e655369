"""A relay between workers and the database: counts the client's commands, cuts connections.

It reads the client/server protocol of MySQL just as far as to know where a command begins (sequence
number 0) and where its answer does (sequence number 1): dev.mysql.com, "MySQL Packets".
"""
import collections
import contextlib
import dataclasses
import os
import socket
import threading

QUIT, QUERY, PREPARE, EXECUTE, LONG_DATA, CLOSE = 0x01, 0x03, 0x16, 0x17, 0x18, 0x19
BULK = 0xfa
UNANSWERED = (QUIT, LONG_DATA, CLOSE)
# What a worker asks by its own clock, whatever it serves at that moment.
HOUSEKEEPING = ('token_revocation', 'organisation_setting', 'FROM organisation', 'serial_counter',
                'SET NAMES', 'SET SESSION')
DRAIN_S = 0.05  # a server that is quiet for so long has answered

# What becomes of a command that is cut.
BEFORE = 'before it reached the server'
AFTER = 'after the server answered'
HALF = 'in the middle of the answer'
AT_ONCE = 'as soon as it was sent'
MANNERS = (BEFORE, AFTER, HALF, AT_ONCE)


@dataclasses.dataclass
class Command:
    code: int
    text: str  # of the query, or of the statement that is executed

    @property
    def counts(self):
        return self.code not in UNANSWERED and not any(word in self.text for word in HOUSEKEEPING)

    @property
    def prepares(self):
        """What a connection does once, before it first runs a statement."""
        return self.code == PREPARE or self.text.startswith('PREPARE ')


class Frames:
    """Cuts a stream into packets."""

    def __init__(self):
        self.data = b''

    def feed(self, data):
        self.data += data
        while len(self.data) >= 4:
            size = int.from_bytes(self.data[:3], 'little') + 4
            if len(self.data) < size:
                return
            packet, self.data = self.data[:size], self.data[size:]
            yield packet[3], packet[4:]


class Wire:
    """One connection of a worker."""

    def __init__(self, relay, client):
        self.relay, self.client = relay, client
        self.server = socket.socket(socket.AF_UNIX)
        self.statements = {}
        self.asked = collections.deque()  # commands that wait for an answer
        self.manner = None                # of the cut that this connection is to meet
        self.before = self.wrapped = None  # sequence number of the server's last packet
        try:
            self.server.connect(relay.target)
        except OSError:
            self.cut()
            return
        for target in (self.upward, self.downward):
            threading.Thread(target=target, daemon=True).start()

    def cut(self):
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def upward(self):
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := self.client.recv(65536):
                for number, payload in frames.feed(data):
                    if number == 0 and payload:
                        self.command(payload)
                if self.manner is BEFORE:
                    break
                self.server.sendall(data)
                if self.manner is AT_ONCE:
                    break
        self.cut()

    def command(self, payload):
        command = Command(payload[0], self.text(payload))
        if command.code not in UNANSWERED:
            self.asked.append(command)
        self.manner = self.relay.heard(command)

    def text(self, payload):
        if payload[0] in (QUERY, PREPARE):
            return payload[1:].decode('utf-8', 'replace')
        if payload[0] in (EXECUTE, BULK):
            return self.statements.get(int.from_bytes(payload[1:5], 'little'), '?')
        return ''

    def downward(self):
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := self.server.recv(65536):
                for number, payload in frames.feed(data):
                    if number == 1 and not self.wrapped and self.asked:
                        self.answered(payload)
                    self.wrapped = number == 0 and self.before == 255
                    self.before = number
                if self.manner:
                    self.drain(data)
                    break
                self.client.sendall(data)
        self.cut()

    def drain(self, data):
        """The last statement of a packet of several is done when nothing more comes."""
        if self.manner is HALF:
            self.client.sendall(data[:3])
        self.server.settimeout(DRAIN_S)
        while self.server.recv(65536):
            pass

    def answered(self, payload):
        command = self.asked.popleft()
        if command.code == PREPARE and payload[0] == 0:
            self.statements[int.from_bytes(payload[1:5], 'little')] = command.text


class Relay:
    """Listens on `path`, forwards to the database's socket `target`."""

    def __init__(self, path, target):
        self.path, self.target = path, target
        self.lock = threading.Lock()
        self.commands = []
        self.plan = {}    # number of a command that counts, from 1 -> manner; 0 = that prepares
        self.number = 0
        self.cuts = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        os.chmod(path, 0o666)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                Wire(self, self.listener.accept()[0])

    def close(self):
        self.listener.close()

    def listen(self, plan=None):
        """From now on commands are numbered anew, and cut as `plan` says."""
        with self.lock:
            self.commands, self.number, self.cuts, self.plan = [], 0, 0, dict(plan or {})

    def heard(self, command):
        with self.lock:
            self.commands.append(command)
            if not command.counts:
                return None
            self.number += not command.prepares
            manner = self.plan.pop(0 if command.prepares else self.number, None)
            self.cuts += manner is not None
            return manner

    def counted(self):
        with self.lock:
            return [c for c in self.commands if c.counts]
