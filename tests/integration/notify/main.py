"""main.py URL BUILD STATE DATABASE: see `run`."""
import base64
import email
import email.header
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse

import rough
import secure
from stage import HOLDERS, SLOW, Stage, ask, is_signed, until

SEEN_S = 5  # workers see a webhook within this time
HOST = '127.0.0.1'

# An organisation for the webhooks of each test.
EVENTS, OTHERS, FLAKY, HELD, PRIVATE, BUSY, LAST = 101, 102, 103, 104, 105, 106, 107
HOOKS = {EVENTS: [('events', HOST)], OTHERS: [('others', HOST)], FLAKY: [('flaky', HOST)],
         HELD: [('held', HOST)], BUSY: [('slow', HOST), ('shared', HOST)], LAST: [('last', HOST)],
         PRIVATE: [('private', host) for host in (HOST, 'localhost', '[::ffff:127.0.0.1]')]}


def spooled(stage):
    return {name for name in os.listdir(f'{stage.state}/spool') if not name.startswith('.')}


def a_code_is_spooled_and_opens(stage):
    program = stage.start()
    before = spooled(stage)
    user = ask(stage, 'phone')
    new = until(lambda: spooled(stage) - before, 10)
    stage.check(len(new) == 1, 'spooled', new)
    path = f'{stage.state}/spool/{new.pop()}'
    with open(path) as file:
        text = file.read()
    found = re.fullmatch(r'Channel: sms\nTo: \+7 900 000-00-01\nSubject: [^\n]+\n\n[^\n]*?(\d{6})[^\n]*\n',
                         text)
    stage.check(found, 'the file', text)
    stage.check(os.stat(path).st_mode & 0o777 == 0o640, 'its mode', oct(os.stat(path).st_mode))
    stage.check(not [n for n in os.listdir(f'{stage.state}/spool') if n.startswith('.')],
                'nothing beside it')
    left = until(lambda: stage.sql("SELECT COUNT(*) FROM message WHERE state = 2 AND recipient = '' "
                                   "AND subject = '' AND body = ''") == '1', 5)
    stage.check(left, 'nothing of the text is left', stage.sql('SELECT state, body FROM message'))
    status, answer = stage.call('/card/send_identify',
                                {'user_id': user, 'identify_code': found[1]})
    stage.check(status == 200 and len(answer['cards']) == 1, 'the code opens', answer)
    status, answer = stage.call('/card/send_identify',
                                {'user_id': user, 'identify_code': found[1]})
    stage.check(status == 404 and answer['code'] == 114, 'once', answer)
    before = spooled(stage)
    stage.call('/card/send_identify', {'email': 'nobody@example.org', 'send_to': 'email'})
    time.sleep(1.5)
    stage.check(spooled(stage) == before, 'nobody gets nothing')
    stage.check(stage.stop(program) == 0, 'stops with status 0')
    log = stage.log()
    stage.check(found[1] not in log and '900 000' not in log, 'no code and no phone in the log')


def of_many_at_once_one_code_opens_once(stage):
    """Four guesses at a time, the fifth would end it: through nginx and the workers."""
    program = stage.start()
    before = spooled(stage)
    user = ask(stage, 'email', 2)
    new = until(lambda: spooled(stage) - before, 10)
    code = re.search(r'\d{6}', open(f'{stage.state}/spool/{new.pop()}').read().split('\n\n')[1])[0]
    stage.stop(program)
    body = json.dumps({'user_id': user, 'identify_code': code})
    asks = [subprocess.Popen(['curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', '-H',
                              f'token: {stage.tokens[1]}', '--json', body,
                              f'{stage.url}/organization/card/send_identify'], text=True,
                             stdout=subprocess.PIPE) for _ in range(64)]
    answers = [ask.communicate()[0] for ask in asks]
    stage.check(answers.count('200') == 1 and answers.count('404') == 63, 'one of 64', answers)


def mail_goes_out(stage):
    stage.mail.refusals = 1
    program = stage.start(mail='smtp', smtp_url=f'smtp://127.0.0.1:{stage.mail.port}',
                          smtp_tls='off', smtp_from='cards@example.com')
    ask(stage, 'email', 3)
    try:
        sender, recipient, text = stage.mail.mails.get(timeout=10 * SLOW)
    except Exception:
        stage.check(False, 'a mail comes', stage.log()[-800:])
        stage.stop(program)
        return
    mail = email.message_from_bytes(text)
    subject = ''.join(part.decode(charset) if charset else part
                      for part, charset in email.header.decode_header(mail['Subject']))
    stage.check('<cards@example.com>' in sender and '<Holder3@example.org>' in recipient,
                'envelope', (sender, recipient))
    stage.check(subject == 'Код подтверждения', 'subject', subject)
    body = mail.get_payload(decode=True).decode()
    stage.check(re.search(r'\b\d{6}\b', body), 'code in the mail', body)
    stage.check(mail['From'] and mail['To'] and mail['Date'] and mail['Message-ID'], 'headers', mail)
    stage.check(stage.mail.refusals == 0, 'after a refusal it came again')
    sent = until(lambda: stage.sql('SELECT COUNT(*) FROM message WHERE state = 1') == '0', 5)
    stage.check(sent, 'noted', stage.sql('SELECT state, tries, fault FROM message'))
    stage.stop(program)


def mail_without_tls_stays_here(stage):
    """The server offers none, and it is required: no byte of the mail is said."""
    program = stage.start(mail='smtp', smtp_url=f'smtp://127.0.0.1:{stage.mail.port}',
                          smtp_from='cards@example.com')
    ask(stage, 'email', 4)
    fault = until(lambda: stage.sql("SELECT fault FROM message WHERE state = 1 AND fault <> ''"), 10)
    stage.check(fault and stage.mail.mails.empty(), 'refused', fault)
    stage.stop(program)
    stage.sql('DELETE FROM message')


def sms_go_out(stage):
    with open(f'{stage.state}/sms.password', 'w') as file:
        file.write('p a:ss\n')
    receiver = stage.receiver
    receiver.plan('sms', 500, 200)
    program = stage.start(sms='http', sms_url=receiver.url('sms') + '?to={to}',
                          sms_body='text={text}&to={to}', sms_user='shop',
                          sms_password_file='sms.password')
    ask(stage, 'phone', 4)
    calls = until(lambda: len(receiver.of('sms')) >= 2 and receiver.of('sms'), 10) or []
    stage.check(len(calls) == 2, 'after a refusal once more', calls)
    for seen in calls:
        form = urllib.parse.parse_qs(seen.body.decode())
        stage.check(seen.path == '/sms?to=79000000004' and form['to'] == ['79000000004'] and
                    re.search(r'Ваш код: \d{6}\.', form['text'][0]), 'form', (seen.path, form))
        wanted = 'Basic ' + base64.b64encode(b'shop:p a:ss').decode()
        stage.check(seen.headers.get('Authorization') == wanted, 'login', seen.headers)
    stage.stop(program)


def an_event_is_signed(stage):
    (hook,), (other,) = stage.hooks[EVENTS], stage.hooks[OTHERS]
    program = stage.start()
    trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    card = stage.add_card(EVENTS, **{'X-Request-Id': 'notify-1', 'traceparent': trace})
    seen = until(lambda: stage.receiver.of('events'), 10)
    stage.check(len(seen) == 1, 'an event comes', stage.log()[-500:])
    seen = seen[0]
    event = json.loads(seen.body)
    stage.check(set(event) == {'id', 'organisation', 'operation', 'at', 'object_id', 'subject',
                               'request_id', 'changes'}, 'members', event)
    stage.check((event['organisation'], event['operation'], event['object_id'], event['subject'],
                 event['request_id']) == (EVENTS, 'card_add', card, 'n', 'notify-1'), 'values', event)
    stage.check(abs(event['at'] / 1000 - time.time()) < 60, 'moment', event)
    stage.check(event['changes']['card']['barcode'] == [None, card[:30]], 'changes', event)
    stage.check(stage.sql(f"SELECT COUNT(*) FROM journal WHERE id = UNHEX(REPLACE('{event['id']}', "
                          "'-', ''))") == '1', 'its id is the journal row')
    stage.check(seen.headers.get('Kartoteka-Event') == event['id'], 'id in the header', seen.headers)
    stage.check(seen.headers.get('traceparent') == trace, 'traceparent', seen.headers)
    stage.check(is_signed(seen, hook), 'signature', seen.headers)
    hook.becomes((0, 1, 0), 5, 'noted')
    stage.add_card(OTHERS)
    other.becomes((0, 1, 0), 10, 'another organisation')
    stage.check(len(stage.receiver.of('events')) == 1, 'organisations apart and nothing twice')
    hook.remove()
    stage.add_card(EVENTS)
    time.sleep(1.5)
    stage.check(len(stage.receiver.of('events')) == 1, 'a removed webhook hears nothing')
    stage.stop(program)


def a_bad_receiver_gets_it_in_the_end(stage):
    receiver, hook = stage.receiver, stage.hooks[FLAKY][0]
    receiver.plan('flaky', 'drop', 302, 'hang', 200)
    program = stage.start()
    stage.add_card(FLAKY)
    hook.becomes((0, 1, 0), 30, 'delivered')
    seen = receiver.of('flaky')
    stage.check(len(seen) == 4 and len({s.body for s in seen}) == 1, 'at the fourth try', len(seen))
    gaps = [b.at - a.at for a, b in zip(seen, seen[1:])]
    stage.check(gaps[0] > 0.4 and gaps[1] > 0.9, 'later each time', gaps)
    stage.check(not receiver.of('redirected'), 'a redirect is not followed')
    # What never works is a dead letter, and can be had again.
    receiver.plan('flaky', 500)
    stage.add_card(FLAKY)
    hook.becomes((0, 1, 1), 30, 'dead letter')
    stage.check(len(receiver.of('flaky')) == 8, 'after four tries', len(receiver.of('flaky')))
    why = stage.sql(f'SELECT status, fault FROM delivery WHERE state = 3 AND organisation_id = {FLAKY}')
    stage.check(why == '500\tanswered 500', 'why', why)
    receiver.plan('flaky', 200)
    said = hook.replay()
    stage.check(said == '1\n', 'dead letters', said)
    hook.becomes((0, 2, 0), 10, 'replayed')
    said = hook.replay('--from', '2020-01-01')
    stage.check(said == '2\n', 'a time range', said)
    stage.check(until(lambda: len(receiver.of('flaky')) == 11, 10), 'both came again',
                len(receiver.of('flaky')))
    hook.becomes((0, 2, 0), 5, 'noted')
    stage.stop(program)


def one_killed_between_sending_and_noting(stage):
    receiver, hook = stage.receiver, stage.hooks[HELD][0]
    receiver.plan('held', 'hold', 200)
    program = stage.start()
    stage.add_card(HELD)
    stage.check(receiver.holding.wait(10 * SLOW), 'sent')
    stage.stop(program, signal.SIGKILL)
    receiver.go_on.set()
    stage.check(hook.counts() == (1, 0, 0), 'not noted', hook.counts())
    program = stage.start()
    hook.becomes((0, 1, 0), 25, 'noted by the next one')
    seen = receiver.of('held')
    stage.check(len(seen) == 2 and seen[0].body == seen[1].body, 'delivered again', len(seen))
    stage.stop(program)


def private_addresses_are_refused(stage):
    program = stage.start(webhook_private='refuse', webhook_tries=1)
    stage.add_card(PRIVATE)
    for hook in stage.hooks[PRIVATE]:
        hook.becomes((0, 0, 1), 10, 'a dead letter')
    faults = stage.sql(f'SELECT DISTINCT fault FROM delivery WHERE organisation_id = {PRIVATE}')
    stage.check(faults == 'the address is not public', 'why', faults)
    stage.check(not stage.receiver.of('private'), 'nobody was called')
    stage.stop(program)


def two_share_the_work_and_a_slow_one_holds_nobody(stage):
    receiver, (_, shared) = stage.receiver, stage.hooks[BUSY]
    receiver.plan('slow', 'hang')
    n = 60
    for _ in range(n):
        stage.add_card(BUSY)
    programs = [stage.start(f'notifier{i}') for i in range(2)]
    from_s = time.time()
    shared.becomes((0, n, 0), 60, 'all')
    took_s = time.time() - from_s
    ids = [json.loads(seen.body)['id'] for seen in receiver.of('shared')]
    stage.check(len(ids) == n and len(set(ids)) == n, 'each once', (len(ids), len(set(ids))))
    stage.check(took_s < 40, 'beside a slow one', took_s)
    for hook in stage.hooks[BUSY]:
        hook.remove()
    for program in programs:
        stage.check(stage.stop(program) == 0, 'stops')


def reload_and_stop(stage):
    receiver, hook = stage.receiver, stage.hooks[LAST][0]
    receiver.holding.clear()
    receiver.go_on.clear()
    receiver.plan('last', 'hold', 200)
    program = stage.start(timeout_s=10)
    before = spooled(stage)
    os.makedirs(f'{stage.state}/spool2', exist_ok=True)
    path = stage.configure('notifier', timeout_s=10)
    with open(path) as file:
        text = file.read().replace('\nspool = spool\n', '\nspool = spool2\n')
    with open(path, 'w') as file:
        file.write(text)
    stage.reload(program)
    time.sleep(1.5)
    ask(stage, 'phone', 5)
    stage.check(until(lambda: os.listdir(f'{stage.state}/spool2'), 10), 'another spool')
    stage.check(spooled(stage) == before, 'and not the old one')
    with open(path, 'w') as file:
        file.write('[notify]\nspool =\n')
    program.send_signal(signal.SIGHUP)
    time.sleep(1)
    stage.check(program.poll() is None, 'a bad configuration is not taken')
    # What is under way is brought to its end.
    stage.add_card(LAST)
    stage.check(receiver.holding.wait(10 * SLOW), 'under way')
    program.send_signal(signal.SIGTERM)
    time.sleep(1)
    stage.check(program.poll() is None, 'waits')
    receiver.go_on.set()
    stage.check(program.wait(20 * SLOW) == 0, 'then stops')
    stage.running.remove(program)
    stage.check(hook.counts() == (0, 1, 0), 'noted', hook.counts())


def a_stopped_notifier_is_seen(stage):
    """Nobody takes the event: the figures say so within the ten seconds between two looks."""
    stage.add_card(LAST)
    parts = urllib.parse.urlsplit(stage.url)

    def lag():
        wire = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20 * SLOW)
        wire.request('GET', '/metrics')
        text = wire.getresponse().read().decode()
        return int(re.search(r'^kartoteka_outbox_lag_seconds (\d+)$', text, re.M)[1])

    stage.check(until(lambda: lag() > 0, 20), 'outbox lag')


def bad_configurations(stage):
    for settings, word in (({'mail': 'smtp'}, 'smtp_url'),
                           ({'mail': 'smtp', 'smtp_url': 'smtp://h'}, 'smtp_from'),
                           ({'sms': 'http', 'sms_url': 'ftp://h/{text}'}, 'sms_url'),
                           ({'sms': 'http', 'sms_url': 'http://h/'}, '{text}'),
                           ({'smtp_password_file': 'none'}, 'No such file'),
                           ({'ca_file': 'none'}, 'No such file'),
                           ({'ca_file': 'kartoteka.ini'}, 'no certificate'),
                           ({'webhook_tries': 0}, 'webhook_tries')):
        path = stage.configure('bad', **settings)
        done = subprocess.run([f'{stage.build}/kartoteka-notifier', '--config', path, '--check'],
                              text=True, capture_output=True, timeout=20 * SLOW)
        stage.check(done.returncode == 1 and word in done.stderr, settings, done.stderr)
    path = stage.configure('good')
    for words, status in ((['--config', path, '--check'], 0), (['--help'], 0), (['--version'], 0),
                          (['--fast'], 2), (['now'], 2)):
        done = subprocess.run([f'{stage.build}/kartoteka-notifier', *words], capture_output=True,
                              timeout=20 * SLOW)
        stage.check(done.returncode == status, words, done)


def main():
    stage = Stage(*sys.argv[1:5])
    for n, hooks in HOOKS.items():
        stage.add_organisation(n, *(stage.receiver.url(name, host) for name, host in hooks))
    for module in (rough, secure):
        module.prepare(stage)
    for n in range(1, 10):
        stage.add_card()  # one for each to hold
        status, answer = stage.call('/user/new', {
            'login': f'holder{n}', 'name': 'x', 'phone': f'+7 900 000-00-0{n}',
            'email': f'Holder{n}@example.org', 'attach_free_card': True})
        assert status == 200, answer
    time.sleep(SEEN_S)
    try:
        for test in (bad_configurations, a_code_is_spooled_and_opens,
                     of_many_at_once_one_code_opens_once, mail_goes_out,
                     mail_without_tls_stays_here, sms_go_out, an_event_is_signed,
                     a_bad_receiver_gets_it_in_the_end,
                     one_killed_between_sending_and_noting, private_addresses_are_refused,
                     two_share_the_work_and_a_slow_one_holds_nobody, *rough.TESTS, *secure.TESTS,
                     reload_and_stop, a_stopped_notifier_is_seen):
            from_s = time.time()
            test(stage)
            print(f'{test.__name__}: {time.time() - from_s:.1f} s', flush=True)
    finally:
        for program in list(stage.running):
            stage.stop(program, signal.SIGKILL)
    print(f'{stage.passed} passed, {stage.failed} failed')
    return 1 if stage.failed else 0


sys.exit(main())
