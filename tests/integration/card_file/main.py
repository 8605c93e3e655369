"""main.py URL BUILD STATE RELEASE CARDS: see `run`."""
import gzip
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

URL, BUILD, STATE, RELEASE, CARDS = *sys.argv[1:5], int(sys.argv[5])
programs = BUILD  # where `kartoteka` is taken from
HERE, OTHER = f'{STATE}/kartoteka.ini', f'{STATE}/other.ini'
FIRST_ID = 1_000_000  # of a big file: beyond those of the vendor's samples
failed = passed = 0


def check(good, what, detail=''):
    global failed, passed
    passed += bool(good)
    if not good:
        failed += 1
        print(f'not ok - {what}: {str(detail)[:600]}')


def run(config, *words):
    done = subprocess.run([f'{programs}/kartoteka', '--config', config, *words],
                          capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def peak_kb(config, *words):
    """Most memory of the first process of one run, in kB, and its exit status. The kernel counts what a
    process had before its exec into ru_maxrss, so it is watched instead."""
    peak = 0
    with open(os.devnull, 'w', encoding='utf-8') as nowhere:
        child = subprocess.Popen([f'{programs}/kartoteka', '--config', config, *words], stdout=nowhere)
        while child.poll() is None:
            with open(f'/proc/{child.pid}/status', encoding='ascii') as file:
                peak = max([peak, *(int(line.split()[1]) for line in file if line.startswith('VmHWM'))])
            time.sleep(0.01)
    return peak, child.returncode


def write(name, text):
    path = f'{STATE}/{name}'
    with open(path, 'wb') as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def export(config, organisation):
    folder = f'{STATE}/out'
    os.makedirs(folder, exist_ok=True)
    path = f'{folder}/{organisation}-customer_client_card.json'
    if os.path.exists(path):
        os.remove(path)
    code, out, err = run(config, 'export', 'cards', '--organisation', str(organisation), '--out', folder)
    assert code == 0, (out, err)
    if not os.path.exists(path):
        return None
    with open(path, 'rb') as file:
        return file.read()


def record(**members):
    made = {'id': 1, 'customer_id': 1, 'card_number': 'A1', 'card_type': 'loyalty', 'status': 'active',
            'created_at': '2024-01-01T10:00:00'}
    made.update(members)
    return {name: value for name, value in made.items() if value != 'leave out'}


def imported(config, organisation, text, *words):
    return run(config, 'import', 'cards', write('given.json', text), '--organisation', str(organisation), *words)


# member, value, what is said of it; None = taken
CASES = [
    ('id', 0, 'id: out of range'), ('id', 9007199254740992, 'id: out of range'), ('id', 9007199254740991, None),
    ('id', '7', 'id: wrong type'), ('id', 1.5, 'id: wrong type'), ('id', 'leave out', 'id: required'),
    ('customer_id', 2, "customer_id: another organisation's"), ('customer_id', None, 'customer_id: required'),
    ('customer_client_id', 'x', 'customer_client_id: not a UUID'), ('customer_client_id', 5, 'customer_client_id: wrong type'),
    ('customer_client_id', 'A1B2C3D4-E5F6-7890-ABCD-EF1234567890', None), ('customer_client_id', None, None),
    ('card_number', '', 'card_number: required'), ('card_number', ' ', 'card_number: required'),
    ('card_number', 'x' * 65, 'card_number: too long'), ('card_number', 'я' * 64, None), ('card_number', 5, 'card_number: wrong type'),
    ('card_type', 'gift', 'card_type: unknown value'), ('card_type', 'membership', None), ('card_type', 'leave out', 'card_type: required'),
    ('balance', -0.01, 'balance: out of range'), ('balance', 0.001, 'balance: more than two fraction digits'),
    ('balance', '5', 'balance: wrong type'), ('balance', None, None), ('balance', 12.75, None),
    ('points', -1, 'points: out of range'), ('points', 1.5, 'points: wrong type'), ('points', 10 ** 13 + 1, 'points: out of range'),
    ('points', None, None), ('points', 5, None),
    ('valid_from', '2024-02-30T00:00:00', 'valid_from: malformed'), ('valid_from', '2024-02-29', 'valid_from: malformed'),
    ('valid_from', '2024-02-29T00:00:00.123456', None), ('valid_to', '2024-02-29T24:00:00', 'valid_to: malformed'),
    ('valid_to', 7, 'valid_to: wrong type'), ('valid_to', '2024-02-29T00:00:00+25:00', 'valid_to: malformed'),
    ('valid_to', '2024-02-29T00:00:00+03:00', None), ('status', 'blocked', 'status: unknown value'),
    ('status', 'inactive', None), ('created_at', None, 'created_at: required'), ('created_at', '2024-01-01T10:00:00Z', None),
    ('unknown', {'a': [1]}, None),
]


def test_records():
    for member, value, said in CASES:
        _, out, _ = imported(HERE, 1, json.dumps(record(**{member: value})), '--dry-run')
        first = out.splitlines()[0]
        check(first == f'record 1: {said}' if said else '1 new' in first, f'{member} {value!r}', out)
    both = record(valid_from='2024-01-02T00:00:00', valid_to='2024-01-01T23:59:59')
    check('valid_to: lies before the start' in imported(HERE, 1, json.dumps(both), '--dry-run')[1], 'valid_to')
    gift = record(card_type='giftcard', points=1)
    check('points: a gift card takes no points' in imported(HERE, 1, json.dumps(gift), '--dry-run')[1], 'gift')
    check(export(HERE, 1) is None, 'a dry run writes nothing')


def test_forms():
    a, b = json.dumps(record()), json.dumps(record(id=2, card_number='A2'))
    for name, text, said, code in [
            ('array', f'[{a},{b}]', '2 records: 2 new', 0), ('mark', b'\xef\xbb\xbf[' + a.encode() + b']', '1 records: 1 new', 0),
            ('lines', f'{a}\r\n\r\n{b}', '2 records: 2 new', 0), ('object', json.dumps(record(), indent=1), '1 records: 1 new', 0),
            ('objects', json.dumps(record(), indent=1) + '\n' + b, '2 records: 2 new', 0),
            ('nothing', ' \n', '0 records', 0), ('empty', '[ ]', '0 records', 0),
            ('cut', f'[{a},{b[:20]}', 'record 2: record: malformed', 3), ('comma', f'[{a},]', 'record 2: body: malformed', 3),
            ('open', f'[{a}', 'record 1: record: malformed', 3), ('behind', f'[{a}] {b}', 'record 2: record: data after the end', 3),
            ('twice', f'[{a[:-1]},"id":1}}]', 'record 1: id: appears twice', 3), ('word', f'[{a},nonsense]', 'record 2: body: malformed', 3),
            ('broken line', f'{a}\n{b[:9]}\n{b}', 'record 2: body: malformed', 3),
            ('long', '[' + json.dumps(record(unknown='x' * 66000)) + f',{a}]', 'record 1: record: too long', 3)]:
        status, out, err = imported(HERE, 1, text, '--dry-run')
        check(said in out and status == code, name, (status, out, err))


def test_organisations():
    path = write('10353-customer_client_card.json', json.dumps([record(customer_id=10353)]))
    check(run(HERE, 'import', 'cards', path, '--organisation', '1')[0] == 1, 'named for another')
    check(run(HERE, 'import', 'cards', path)[0] == 1, 'named for one that is not there')
    check(run(HERE, 'import', 'cards', path, '--organisation', '1', '--rewrite-organisation', '--dry-run')[0] == 0, 'rewritten')
    check(run(HERE, 'import', 'cards', write('x.json', '[]'))[0] == 2, 'named for none')
    check(run(HERE, 'import', 'cards')[0] == 2, 'no file')
    check(run(HERE, 'import', 'cards', f'{STATE}/none.json', '--organisation', '1')[0] == 1, 'file is not there')


def test_times():
    """Europe/Berlin: 02:00 to 03:00 is skipped on 2024-03-31, comes twice on 2024-10-27."""
    for given, shown in [('2024-03-31T02:30:00', '2024-03-31T03:00:00'), ('2024-03-31T01:59:59', '2024-03-31T01:59:59'),
                         ('2024-10-27T02:30:00', '2024-10-27T02:30:00'), ('2024-07-01T00:00:00Z', '2024-07-01T02:00:00'),
                         ('2024-07-01T00:00:00.999-01:30', '2024-07-01T03:30:00'), ('1970-01-01T00:00:00Z', '1970-01-01T01:00:00'),
                         ('1969-12-31T23:59:59Z', '1970-01-01T00:59:59')]:
        imported(HERE, 21, json.dumps(record(customer_id=21, valid_from=given)))
        now = json.loads(export(HERE, 21))[0]['valid_from']
        check(now == shown, given, now)
        again = imported(HERE, 21, export(HERE, 21))[1]
        check('1 as they were' in again, f'{given} again', again)


def test_changes():
    first = [record(), record(id=2, card_number='A2', card_type='giftcard', balance=500.0),
             record(id=3, card_number='A3', points=7, customer_client_id=str(uuid.uuid4()))]
    check(imported(HERE, 1, json.dumps(first))[0] == 0, 'made')
    now = export(HERE, 1)
    check('"balance":500.0,' in now.decode() and '"points":7,' in now.decode(), 'printed', now)
    check('3 as they were' in imported(HERE, 1, now)[1], 'its own export')
    first[0].update(points=100, status='inactive', customer_client_id=first[2]['customer_client_id'])
    first[1].update(balance=12.75, card_number='B2')
    first[2].update(points=3, customer_client_id=None, valid_to='2030-01-01T00:00:00')
    check('3 changed' in imported(HERE, 1, json.dumps(first))[1], 'changed')
    check('3 as they were' in imported(HERE, 1, json.dumps(first))[1], 'changed once')
    check('3 as they were' in imported(HERE, 1, export(HERE, 1))[1], 'export of the change')
    taken = imported(HERE, 1, json.dumps(record(id=9, card_number='b2')))
    check('record 1: card_number: already taken' in taken[1] and taken[0] == 3, 'number of another', taken)
    before = export(HERE, 1)
    bad = json.dumps([record(id=10, card_number='S10'), record(id=11, card_type='x')])
    strict = imported(HERE, 1, bad, '--strict')
    check(strict[0] == 3 and export(HERE, 1) == before, 'strict: nothing', strict)
    twins = json.dumps([record(id=10, card_number='T'), record(id=11, card_number='t'), record(id=10, card_number='T')])
    strict = imported(HERE, 1, twins, '--strict')
    check(strict[0] == 3 and 'record 2: card_number: appears twice' in strict[1] and export(HERE, 1) == before,
          'strict: one number for two cards', strict)
    check(imported(HERE, 1, bad)[0] == 3 and b'S10' in export(HERE, 1), 'not strict: the good one')
    check(run(HERE, 'verify', '--organisation', '1')[0] == 0, 'books are sound')


def big_file(organisation, n):
    rows, dice = [], random.Random(7)
    for i in range(FIRST_ID, FIRST_ID + n):
        kind = ('loyalty', 'giftcard', 'membership')[i % 3]
        rows.append(json.dumps(record(
            id=i, customer_id=organisation, card_number=f'N{i:07}', card_type=kind,
            customer_client_id=None if i % 4 == 0 else str(uuid.UUID(int=dice.getrandbits(96) // (1 + i % 2), version=4)),
            balance=dice.randrange(100000) / 100 if kind == 'giftcard' else 0,
            points=0 if kind == 'giftcard' else dice.randrange(5000), status='inactive' if i % 9 == 0 else 'active')))
    return '[\n' + ',\n'.join(rows) + '\n]\n'


def test_kills():
    path = write('10352-customer_client_card.json', big_file(10352, CARDS))
    begun = time.monotonic()
    status, out, err = run(OTHER, 'import', 'cards', path)
    whole_s = time.monotonic() - begun
    check(status == 0 and f'{CARDS} new' in out, 'uninterrupted', (out, err))
    print(f'# uninterrupted: {out.strip()}')
    for part in (0.15, 0.3, 0.3):
        child = subprocess.Popen([f'{programs}/kartoteka', '--config', HERE, 'import', 'cards', path],
                                 stdout=subprocess.DEVNULL)
        time.sleep(max(0.3, whole_s * part))
        child.send_signal(signal.SIGKILL)
        child.wait()
    partly = json.loads(export(HERE, 10352) or '[]')
    print(f'# after three kills: {len(partly)} cards')
    check(run(HERE, 'import', 'cards', path)[0] == 0, 'after three kills')
    wanted, have = json.loads(export(OTHER, 10352)), json.loads(export(HERE, 10352))
    vendor = [row for row in have if row['id'] in (50001, 50002)]
    check([row for row in have if row not in vendor] == wanted, 'the end of both is the same')
    check(f'{CARDS} as they were' in run(HERE, 'import', 'cards', path)[1], 'a second run changes nothing')
    check(run(HERE, 'verify', '--organisation', '10352')[0] == 0, 'books are sound')


def test_memory():
    small = write('small.json', big_file(1, max(CARDS // 10, 300)))
    big = write('big.json', big_file(1, CARDS))
    few, _ = peak_kb(OTHER, 'import', 'cards', small, '--organisation', '1', '--dry-run')
    many, _ = peak_kb(OTHER, 'import', 'cards', big, '--organisation', '1', '--dry-run')
    print(f'# peak memory of {max(CARDS // 10, 300)} and {CARDS} records: {few} and {many} kB')
    check(many < few * 1.15 + 4096, 'memory is flat', (few, many))


def call(method, path, body=None, token=None, **headers):
    headers = {name.replace('_', '-'): value for name, value in headers.items()}
    headers['token'] = token or os.environ['KARTOTEKA_TOKEN']
    data = json.dumps(body).encode() if body is not None else None
    if data is not None:
        headers['Content-Type'] = 'application/json'
    request = urllib.request.Request(URL + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


FILE = '/2/2-customer_client_card.json'


def test_download():
    check(call('GET', FILE)[0] == 404, 'no cards')
    check(imported(HERE, 2, big_file(2, 200))[0] == 0, 'imported')
    status, headers, body = call('GET', FILE)
    check(status == 200 and body == export(HERE, 2), 'the same as the export')
    check(headers.get('Content-Type') == 'application/json' and headers.get('X-Request-Id'), 'headers', headers)
    tag = headers.get('ETag', '')
    check(re.fullmatch(r'"[0-9a-f]+"', tag), 'tag', headers)
    check(call('GET', FILE, If_None_Match=tag)[0] == 304, 'not modified')
    status, headers, part = call('GET', FILE, Range='bytes=10-109')
    check(status == 206 and part == body[10:110], 'range', headers)
    check(call('GET', FILE, Range='bytes=10-109', If_Range=tag)[0] == 206, 'if-range')
    check(call('GET', FILE, Range='bytes=10-109', If_Range='"x"')[0] == 200, 'if-range of another')
    status, headers, packed = call('GET', FILE, Accept_Encoding='gzip')
    check(headers.get('Content-Encoding') == 'gzip' and gzip.decompress(packed) == body, 'gzip', headers)
    check(call('GET', FILE, If_None_Match=headers.get('ETag', ''))[0] == 304, 'weak tag')
    status, headers, nothing = call('HEAD', FILE)
    check(status == 200 and nothing == b'' and headers.get('Content-Length') == str(len(body)), 'head', headers)
    check(call('GET', '/_kartoteka_file/' + os.listdir(f'{STATE}/files')[0])[0] == 404, 'the folder is nobody\'s')
    changed = json.loads(body)
    changed[1]['points'] += 1
    imported(HERE, 2, json.dumps(changed))
    check(call('GET', FILE, If_None_Match=tag)[0] == 200, 'modified')


def test_snapshot():
    """While cards are replaced, which moves their points, every file has the same sum."""
    ids = []
    for i in range(12):
        answer = json.loads(call('POST', '/organization/card/add', {
            'code': f's{i}', 'barcode': f's{i}', 'active': True, 'balance': 100})[2])
        ids.append(answer['id'])
    wanted = sum(row['points'] for row in json.loads(call('GET', FILE)[2]))
    done = threading.Event()

    def replace():
        for i, old in enumerate(ids * 2):
            answer = json.loads(call('POST', '/organization/card/add', {'code': f't{i}', 'barcode': f't{i}'})[2])
            moved = call('POST', '/organization/card/replacement',
                         {'old_card_id': ids[i % len(ids)], 'new_card_id': answer['id']})
            if i < len(ids):
                check(moved[0] == 200, 'replaced', moved)
            ids[i % len(ids)] = answer['id']
        done.set()

    tills = threading.Thread(target=replace)
    tills.start()
    files = 0
    while not done.is_set() or files < 3:
        have = sum(row['points'] for row in json.loads(call('GET', FILE)[2]))
        files += 1
        if have != wanted:
            check(False, 'sum of a snapshot', (have, wanted))
            break
    tills.join()
    print(f'# {files} files while cards were replaced')
    check(files >= 3, 'files')


for test in (test_records, test_forms, test_organisations, test_times, test_changes, test_kills,
             test_memory, test_download, test_snapshot):
    programs = RELEASE if test in (test_kills, test_memory) else BUILD
    test()
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
