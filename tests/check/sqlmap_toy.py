"""sqlmap_toy.py PORT_FILE: a select that pastes what it was sent, so that sqlmap has something to find."""
import http.server
import json
import sqlite3
import sys

PEOPLE = [('Ann',), ('Bob',)]


class Toy(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        people = sqlite3.connect(':memory:')
        people.execute('CREATE TABLE person (name TEXT)')
        people.executemany('INSERT INTO person VALUES (?)', PEOPLE)
        try:
            rows = people.execute(f"SELECT name FROM person WHERE name = '{body['name']}'").fetchall()
            self.answer(200, json.dumps(rows))
        except sqlite3.Error as error:
            self.answer(500, json.dumps({'error': str(error)}))
        people.close()

    def answer(self, status, text):
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Toy)
with open(sys.argv[1], 'w', encoding='utf-8') as file:
    file.write(str(server.server_port))
server.serve_forever()
