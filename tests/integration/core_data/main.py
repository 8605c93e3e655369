"""main.py URL TOKEN SOCKET: see `run`."""
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

# Each holds a mark that nothing of ours writes.
MARK = 'Zq7xK'
HOSTILE = (
    f"{MARK}' OR '1'='1", f'{MARK}" OR ""="', f"{MARK}'; DROP TABLE person; -- ", f'{MARK}`id`',
    f"{MARK}\\' OR 1=1 #", f'{MARK}\\', f"{MARK}%' UNION SELECT 1,2,3 -- ", f'{MARK}/*!50000 x*/',
    f"{MARK}\u00bf' OR 1=1", f"{MARK}\u02bc OR 1=1", f'{MARK}\n\r\t;', f'{MARK}?, ?', f'{MARK}${{1}} @ $1',
    f"x'{MARK}'", f'0x{MARK}', f"{MARK}''''",
)
COMPARATORS = ('=', '!=', '<', '<=', '>', '>=', 'like')
TEXTS = ('name', 'email', 'cardId', 'externalId', 'company.name', 'phone', 'remark', 'paymentCard')
ROW = ('name', 'email', 'cardId', 'externalId', 'phone', 'salutation', 'firstName', 'street', 'zip',
       'city', 'fax', 'contactPerson', 'contactPersonPhone', 'remark', 'paymentCard', 'birthday')


def queries(text):
    """A text in every place of a select."""
    def where(field, comparator, value):
        return {'conditions': {'filters': [
            {'field': field, 'comparator': comparator, 'value': value}]}}
    for field in TEXTS:
        yield from (where(field, comparator, text) for comparator in COMPARATORS)
        yield where(field, 'in', [text, text + 'y'])
        yield where(field, 'not in', [text])
        yield where(field, 'between', [text, text + 'y'])
    yield where(text, '=', 1)
    yield where('id', text, 1)
    yield where('id', '=', text)
    yield where('company', '=', {'id': text})
    yield where('company', '=', {text: 1})
    yield {'conditions': {'operator': text, 'filters': []}}
    yield {'conditions': {'filters': [{text: 1}]}}
    yield {'fields': {text: True}}
    yield {'fields': {'id': text}}
    yield {'orderBy': [{'field': text}]}
    yield {'orderBy': [{'field': 'id', 'order': text}]}
    yield {'limit': text}
    yield {'offset': text}
    yield {text: 1}
    yield {'searchValue': text, 'limit': 1}


def writes(text):
    for field in ROW:
        yield 'Customers/insert', {'fields': [{'name': 'x'} | {field: text}]}
    yield 'Customers/update/1', {'fields': {'name': text}}
    yield 'Customers/insert', {'fields': [{'name': 'x'}], 'returning': {text: True}}
    for field in ('name', 'description', 'address', 'registrationCode'):
        yield 'Companies/insert', {'fields': [{'name': 'x'} | {field: text}]}
    yield 'Vehicles/insert', {'fields': [{'customer': {'id': 1}, 'plate': text}]}
    for field in ('barcode', 'code', 'name', 'description', 'message', 'blockReason'):
        yield 'Cards/insert', {'fields': [{'barcode': text + field} | {field: text}]}
    for field in ('name', 'cardId'):
        yield 'Customers/remove', {'conditions': {'filters': [
            {'field': field, 'comparator': 'like', 'value': text}]}}


class Stage:
    def __init__(self, url, token, socket):
        self.url, self.token, self.socket = url, token, socket
        self.sent = self.good = 0

    def post(self, path, body):
        request = urllib.request.Request(f'{self.url}/core/data/{path}', json.dumps(body).encode(), {
            'Authorization': f'Bearer {self.token}', 'Content-Type': 'application/json'})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status in (200, 400, 409), (path, body, status)
        self.sent += 1
        self.good += status == 200

    def log(self):
        text = subprocess.run(
            ['mariadb', '--no-defaults', f'--socket={self.socket}', '--user=root', '--batch',
             '--skip-column-names', '-e', 'SELECT command_type, HEX(argument) FROM mysql.general_log '
             f"WHERE LOWER(CONVERT(argument USING utf8mb4)) LIKE '%{MARK.lower()}%'"],
            check=True, text=True, stdout=subprocess.PIPE).stdout
        for line in text.splitlines():
            kind, argument = line.split('\t')
            yield kind, bytes.fromhex(argument).decode('utf-8', 'replace')


LITERAL = re.compile(r"'(?:[^'\\]|\\.|'')*'", re.S)


def only_a_value(kind, text):
    """Parameters of an execution are logged as quoted and escaped literals; the texts of
    statements and of batches hold nothing that was sent."""
    if kind != 'Execute':
        return False
    return MARK.lower() not in LITERAL.sub('', text).lower()


def main():
    stage = Stage(*sys.argv[1:4])
    for text in HOSTILE:
        for body in queries(text):
            stage.post('Customers/select', body)
        for path, body in writes(text):
            stage.post(path, body)
    entries = list(stage.log())
    own = [entry for entry in entries if 'general_log' not in entry[1]]
    bad = [entry for entry in own if not only_a_value(*entry)]
    for kind, text in bad[:20]:
        print(f'not ok - {kind}: {text[:400]}')
    # the control: values do arrive, and a text that is pasted together is seen
    pasted = f"SELECT id FROM person WHERE name = '{HOSTILE[0]}'"
    control = [len(own) > 100, stage.good > 100, not only_a_value('Execute', pasted + f' {MARK}'),
               not only_a_value('Query', pasted)]
    print(f'{stage.sent} requests, {stage.good} good, {len(own)} log entries with the mark, '
          f'{len(bad)} outside a value, controls {control}')
    return 1 if bad or not all(control) else 0


sys.exit(main())
