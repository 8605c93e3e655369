"""GET card: where the time goes. Samples of perf over nginx, workers and database, laid out by
part; microseconds are the CPU a request, shared out by the samples."""
import collections
import os
import re
import subprocess

import report
from compare import conclude
from instance import Beside, Fault, run as run_command, running
from load import burst, tree
from topic_card import subject_of

SECONDS = 6
FUNCTIONS = 25
# Mapped file of a sample -> part; the first that matches.
PARTS = (('libfcgi', 'libfcgi'), ('libcrypto', 'libcrypto'), ('libmariadb', 'libmariadb'),
         ('libjson-c', 'json-c'), ('libc.so', 'libc'), ('kartoteka-fcgi', 'ours'), ('nginx', 'nginx'),
         ('mariadbd', 'mariadbd'))


def sources(program):
    """Function -> its source, for the functions of our own program that have a name of their own."""
    found = {}
    for line in run_command(['nm', '-l', '--defined-only', program]).splitlines():
        match = re.match(r'\S+ [tT] (\S+)\t.*?((?:core|fcgi)/[^:]*):', line)
        if match:
            name, path = match[1], os.path.splitext(match[2])[0]
            found[name] = path if found.get(name, path) == path else 'ours, several'
    return found


def samples(path, group_of):
    """(group, part, function) -> number, of a file of perf."""
    found = collections.Counter()
    text = run_command(['perf', 'script', '-i', path, '-F', 'pid,ip,sym,dso'])
    for line in text.splitlines():
        match = re.match(r'\s*(\d+)\s+[0-9a-f]+ (.*) \(([^()]*)\)\s*$', line)
        if not match:
            continue
        group = group_of.get(int(match[1]))
        if group:
            kernel = match[3].startswith('[') and 'vdso' not in match[3]
            part = 'kernel' if kernel else next((name for mark, name in PARTS if mark in match[3]), 'rest')
            found[group, part, match[2]] += 1
    return found


def measure(instance, make):
    """make(beside, instance): the subject."""
    with Beside() as beside:
        subject = make(beside, instance)
        burst(subject, 2)
        group_of = {pid: name for name, root in subject.groups.items() for pid in tree(root)}
        path = beside.path('perf.data')
        perf = subprocess.Popen(['perf', 'record', '-q', '-F', '4999', '-e', 'cpu-clock', '-o', path, '-p',
                                 ','.join(map(str, group_of))], stdin=subprocess.DEVNULL)
        try:
            figures = burst(subject, SECONDS)
        finally:
            perf.terminate()
            perf.wait()
        if not os.path.exists(path):
            raise Fault('perf recorded nothing')
        return figures, samples(path, group_of)


def print_parts(what, figures, found, where):
    total = collections.Counter()
    parts = collections.Counter()
    for (group, part, function), n in found.items():
        total[group] += n
        if part == 'ours':
            part = f"ours, {os.path.dirname(where.get(function, '')) or 'several'}"
        parts[group, part] += n
    rows = []
    for (group, part), n in sorted(parts.items(), key=lambda item: (item[0][0], -item[1])):
        share = figures['cpu_us'][group] * n / total[group]
        rows.append([f'{group}: {part}', f'{share:.1f}', f"{share / figures['sum_us']:.1%}"])
    rows.append(['sum', f"{figures['sum_us']:.1f}", '100.0%'])
    for line in report.table([what, 'us a request', 'share'], rows):
        print(line)
    return rows


def print_functions(figures, found, where):
    total = sum(n for (group, _, _), n in found.items() if group == 'service')
    own = collections.Counter()
    for (group, part, function), n in found.items():
        if group == 'service' and part != 'kernel':
            own[function, part] += n
    rows = []
    for (function, part), n in own.most_common(FUNCTIONS):
        rows.append([function, where.get(function, part), f"{figures['cpu_us']['service'] * n / total:.2f}"])
    print()
    for line in report.table(['of the service outside the kernel', 'where', 'us a request'], rows):
        print(line)


def profile(instance, what, make):
    """Prints where the time of a subject goes; figures and parts."""
    figures, found = measure(instance, make)
    where = sources(f"{instance.env['KARTOTEKA_BIN']}/kartoteka-fcgi")
    rows = print_parts(what, figures, found, where)
    print_functions(figures, found, where)
    return {'figures': figures, 'parts': rows}


def run(options):
    with running(options) as instance:
        content = profile(instance, 'GET card', lambda beside, used: subject_of(beside, used, 'service'))
    return conclude('profile', options, [], **content)
