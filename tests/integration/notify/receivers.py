"""Who is called: an HTTP receiver and a mail server, on loopback, both told how to behave, both with
TLS when they are given a context (`tls`, which may be changed: it counts from the next call on);
'none' speaks something else where TLS is expected."""
import http.server
import queue
import socketserver
import threading
import time


# What comes without end: how it begins, what comes again and again, seconds between.
BEGIN = b'HTTP/1.1 %s\r\nConnection: close\r\n'
FLOODS = {
    'endless': (BEGIN % b'200 OK' + b'\r\n', bytes(65536), 0),
    'endless fault': (BEGIN % b'500 No' + b'\r\n', bytes(65536), 0),
    'endless headers': (BEGIN % b'200 OK', b'X-More: ' + b'x' * 4000 + b'\r\n', 0),
    'slow headers': (BEGIN % b'200 OK', b'X: y\r\n', 0.1),
    'slow': (BEGIN % b'200 OK' + b'\r\n', b'x', 0.1),
    'more to come': (b'', b'HTTP/1.1 102 Processing\r\n\r\n', 0.1),
}


class Seen:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.time()


class Receiver:
    """/NAME behaves as told for it: statuses and words that are used up, the last one stays."""

    def __init__(self, tls=None):
        self.seen, self.plans, self.lock = [], {}, threading.Lock()
        self.tls, self.calls, self.flooded = tls, [], {}
        self.holding, self.go_on = threading.Event(), threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def setup(self):
                outer.calls.append(time.time())
                if outer.tls == 'none':
                    self.request.sendall(b'Hello!\r\n')
                elif outer.tls:
                    self.request = outer.tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def do_POST(self):
                outer.serve(self)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Server(('127.0.0.1', 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, name, host='127.0.0.1'):
        return f'http{"s" if self.tls else ""}://{host}:{self.port}/{name}'

    def plan(self, name, *steps):
        with self.lock:
            self.plans['/' + name] = list(steps)

    def of(self, name):
        with self.lock:
            return [seen for seen in self.seen if seen.path.split('?')[0] == '/' + name]

    def serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get('Content-Length', 0)))
        with self.lock:
            self.seen.append(Seen(handler.path, dict(handler.headers), body))
            plan = self.plans.get(handler.path.split('?')[0], [200])
            step = plan.pop(0) if len(plan) > 1 else plan[0]
        if step == 'drop':
            handler.connection.close()
            return
        if step == 'hang':
            time.sleep(8)
        if step == 'hold':
            self.holding.set()
            self.go_on.wait(20)
        if step in FLOODS:
            self.flood(handler, step)
            return
        status = step if isinstance(step, int) else 200
        handler.send_response(status)
        if status == 302:
            handler.send_header('Location', '/redirected')
        handler.send_header('Content-Length', '0')
        handler.end_headers()


    def flood(self, handler, step):
        """Until the other side has enough."""
        begin, more, pause_s = FLOODS[step]
        out = handler.connection
        try:
            out.sendall(begin)
            while True:
                out.sendall(more)
                self.flooded[step] = self.flooded.get(step, 0) + len(more)
                time.sleep(pause_s)
        except OSError:
            pass


class MailServer:
    """SMTP (RFC 5321) as far as it is needed; `refusals` is how many mails it puts off. With a
    context it speaks TLS after STARTTLS (RFC 3207), or at once; `open` is what was said before."""

    def __init__(self, tls=None, at_once=False):
        self.mails, self.refusals, self.tls, self.open = queue.Queue(), 0, tls, []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b'\r\n')

            def secure(self):
                self.connection = outer.tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile('rb')
                self.wfile = self.connection.makefile('wb', 0)

            def handle(self):
                secured = at_once
                if secured:
                    self.secure()
                self.say('220 sink')
                sender = recipient = None
                for line in iter(lambda: self.rfile.readline(), b''):
                    word = line.strip().decode()
                    verb = word.upper()
                    if not secured:
                        outer.open.append(verb.split()[0])
                    if verb.startswith('MAIL FROM:'):
                        sender = word[10:]
                        if outer.refusals > 0:
                            outer.refusals -= 1
                            self.say('451 later')
                        else:
                            self.say('250 ok')
                    elif verb.startswith('RCPT TO:'):
                        recipient = word[8:]
                        self.say('250 ok')
                    elif verb == 'DATA':
                        self.say('354 go on')
                        text = b''
                        for part in iter(self.rfile.readline, b'.\r\n'):
                            text += part
                        outer.mails.put((sender, recipient, text))
                        self.say('250 taken')
                    elif verb.startswith('EHLO') and outer.tls and not secured:
                        self.say('250-sink')
                        self.say('250 STARTTLS')
                    elif verb == 'STARTTLS':
                        self.say('220 go on')
                        self.secure()
                        secured = True
                    elif verb == 'QUIT':
                        self.say('221 bye')
                        return
                    else:
                        self.say('250 ok')

        class Server(socketserver.ThreadingTCPServer):
            def handle_error(self, *_):
                pass

        self.server = Server(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
