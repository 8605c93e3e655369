"""TLS: events and mail go to whom the notifier has reason to trust, and to nobody else."""
import os
import re
import ssl
import warnings

from certificates import Authority
from receivers import MailServer, Receiver
from stage import SLOW, ask, is_signed, until

SECURE = 110
TRIES = 2
WAIT_S = 30

# What the system leaves to the program: without these two lines the old protocol fails by itself.
LENIENT = '''openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
'''


class Case:
    def __init__(self, what, tls, fault):
        self.what, self.fault, self.receiver, self.hook = what, fault, Receiver(tls), None


def old_protocol(authority):
    tls = authority.server('old')
    with warnings.catch_warnings():
        warnings.simplefilter('ignore', DeprecationWarning)
        tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    tls.set_ciphers('ALL:@SECLEVEL=0')
    return tls


def cases_of(ours, strangers):
    """The name in the long subject would be cut in the middle of a character by libcurl."""
    return [
        Case('good', ours.server('good'), ''),
        Case('another name', ours.server('name', 'DNS:elsewhere.example'), 'name'),
        Case('a long subject', ours.server('subject', '', 'x' + 62 * '\U0001d538'), 'subject name'),
        Case('ended', ours.server('ended', days=-1), 'expired'),
        Case('a stranger', strangers.server('good'), 'certificate'),
        Case('an old protocol', old_protocol(ours), 'protocol'),
        Case('no TLS', 'none', 'wrong version|packet'),
        Case('http', None, 'not https'),
    ]


def prepare(stage):
    folder = f'{stage.state}/certificates'
    os.makedirs(folder)
    ours, strangers = Authority(folder, 'ours'), Authority(folder, 'strangers')
    with open(f'{folder}/openssl.cnf', 'w') as file:
        file.write(LENIENT)
    stage.ours, stage.strangers, stage.cases = ours, strangers, cases_of(ours, strangers)
    hooks = stage.add_organisation(SECURE, *(case.receiver.url('secure') for case in stage.cases))
    for case, hook in zip(stage.cases, hooks):
        case.hook = hook


def start(stage, ca_file='', **settings):
    """A slow machine may take its time over a handshake."""
    environment = {'OPENSSL_CONF': f'{stage.state}/certificates/openssl.cnf'}
    return stage.start(environment=environment, ca_file=ca_file, timeout_s=20, webhook_tries=TRIES,
                       **settings)


def events_go_to_whom_is_trusted(stage):
    program = start(stage, stage.ours.path, webhook_http='refuse')
    stage.add_card(SECURE)
    for case in stage.cases:
        good = not case.fault
        case.hook.becomes((0, 1, 0) if good else (0, 0, 1), WAIT_S, case.what)
        fault, seen = case.hook.row()['fault'], case.receiver.of('secure')
        stage.check(re.search(case.fault, fault) if case.fault else fault == '-',
                    f'{case.what}: why', fault)
        stage.check(len(seen) == good, f'{case.what}: what it heard', len(seen))
        calls = case.receiver.calls
        stage.check(len(calls) == {'good': 1, 'http': 0}.get(case.what, TRIES),
                    f'{case.what}: calls', calls)
        stage.check(len(calls) < 2 or calls[1] - calls[0] > 0.4, f'{case.what}: at once', calls)
    stage.check(is_signed(stage.cases[0].receiver.of('secure')[0], stage.cases[0].hook), 'signed')
    trust_is_mended(stage, program)
    stage.check(stage.stop(program) == 0, 'stops')


def trust_is_mended(stage, program):
    """New certificates where those were at fault, both authorities, and http:// is allowed."""
    path = f'{stage.state}/certificates/both.pem'
    with open(path, 'w') as file:
        file.writelines(open(one.path).read() for one in (stage.ours, stage.strangers))
    good = stage.ours.server('mended')
    for case in stage.cases[1:]:
        if case.what not in ('a stranger', 'http'):
            case.receiver.tls = good
    stage.configure('notifier', ca_file=path, timeout_s=20)
    stage.reload(program)
    for case in stage.cases[1:]:
        said = case.hook.replay()
        stage.check(said == '1\n', f'{case.what}: replayed', said)
    for case in stage.cases:
        case.hook.becomes((0, 1, 0), WAIT_S, f'{case.what}: mended')
        seen = case.receiver.of('secure')
        stage.check(len(seen) == 1 and is_signed(seen[0], case.hook), f'{case.what}: heard', seen)
        stage.check(case.hook.row()['fault'] == '-', f'{case.what}: no fault is left')


def an_own_authority_must_be_named(stage):
    hook = stage.cases[0].hook
    program = start(stage)
    hook.replay('--from', '2020-01-01')
    hook.becomes((0, 0, 1), WAIT_S, 'the system does not know it')
    stage.check('certificate' in hook.row()['fault'], 'why', hook.row())
    stage.stop(program)


def mail_by_tls(stage, person, scheme, at_once):
    """First to one that bears another name, by and by mended."""
    mail = MailServer(stage.ours.server(f'mail{person}', 'DNS:elsewhere.example'), at_once)
    program = start(stage, stage.ours.path, mail='smtp', smtp_from='cards@example.com',
                    smtp_url=f'{scheme}://127.0.0.1:{mail.port}')
    ask(stage, 'email', person)
    fault = until(lambda: stage.sql("SELECT fault FROM message WHERE state = 1 AND fault <> ''"), 30)
    stage.check('name' in fault and mail.mails.empty(), f'{scheme}: another name', fault)
    mail.tls = stage.ours.server('mail')
    try:
        recipient = mail.mails.get(timeout=SLOW * WAIT_S)[1]
    except Exception:
        recipient = stage.log()[-500:]
    stage.check(f'Holder{person}@' in recipient, f'{scheme}: mended', recipient)
    stage.check(set(mail.open) == (set() if at_once else {'EHLO', 'STARTTLS'}),
                f'{scheme}: said in the open', mail.open)
    sent = until(lambda: stage.sql('SELECT COUNT(*) FROM message WHERE state = 1') == '0', 20)
    stage.check(sent, f'{scheme}: noted')
    stage.stop(program)


def mail_goes_to_whom_is_trusted(stage):
    mail_by_tls(stage, 6, 'smtp', False)
    mail_by_tls(stage, 7, 'smtps', True)


TESTS = (events_go_to_whom_is_trusted, an_own_authority_must_be_named, mail_goes_to_whom_is_trusted)
