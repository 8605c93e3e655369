"""Who is called: an HTTP receiver and a mail server, on loopback, both told how to behave."""
import http.server
import queue
import socketserver
import threading
import time


class Seen:
    def __init__(self, path, headers, body):
        self.path, self.headers, self.body, self.at = path, headers, body, time.time()


class Receiver:
    """/NAME behaves as told for it: statuses and words that are used up, the last one stays."""

    def __init__(self):
        self.seen, self.plans, self.lock = [], {}, threading.Lock()
        self.holding, self.go_on = threading.Event(), threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
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
        return f'http://{host}:{self.port}/{name}'

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
        status = step if isinstance(step, int) else 200
        handler.send_response(status)
        if status == 302:
            handler.send_header('Location', '/redirected')
        handler.send_header('Content-Length', '0')
        handler.end_headers()


class MailServer:
    """SMTP (RFC 5321) as far as it is needed; `refusals` is how many mails it puts off."""

    def __init__(self):
        self.mails, self.refusals = queue.Queue(), 0
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b'\r\n')

            def handle(self):
                self.say('220 sink')
                sender = recipient = None
                for line in iter(self.rfile.readline, b''):
                    word = line.strip().decode()
                    verb = word.upper()
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
                    elif verb == 'QUIT':
                        self.say('221 bye')
                        return
                    else:
                        self.say('250 ok')

        self.server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
