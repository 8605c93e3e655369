"""One burst of load: wrk, and the CPU that every process of the subject used for it."""
import dataclasses
import json
import os
import shutil
import signal
import subprocess
import time

from instance import Fault

# In bodies and headers: another text of this width in every request (requests.lua).
SERIAL = '#' * 16
SCRIPT = os.path.join(os.path.dirname(__file__), 'requests.lua')


@dataclasses.dataclass
class Subject:
    """Something that answers requests. groups: name -> first process id of its tree."""
    name: str
    url: str
    requests: str
    headers: str
    groups: dict


def tree(pid):
    found = [pid]
    try:
        for task in os.listdir(f'/proc/{pid}/task'):
            with open(f'/proc/{pid}/task/{task}/children', encoding='ascii') as file:
                for child in file.read().split():
                    found += tree(int(child))
    except OSError:
        pass
    return found


def cpu_ns(pids):
    total = 0
    for pid in pids:
        try:
            for task in os.listdir(f'/proc/{pid}/task'):
                with open(f'/proc/{pid}/task/{task}/schedstat', encoding='ascii') as file:
                    total += int(file.read().split()[0])
        except OSError:
            pass
    return total


def busy_ns():
    """Of the whole machine."""
    with open('/proc/stat', encoding='ascii') as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) * 1_000_000_000 // os.sysconf('SC_CLK_TCK')


def wrk(subject, seconds, connections, threads=2):
    command = ['wrk', f'-t{min(threads, connections)}', f'-c{connections}', f'-d{seconds}s', '--timeout', '8s',
               '-s', SCRIPT, subject.url, '--', subject.requests]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=seconds + 30, check=False,
                              env={**os.environ, 'BENCH_HEADERS': subject.headers,
                                   'BENCH_RUN': f'{time.time_ns() >> 20 & 0xffffffff:08x}'})
    except subprocess.TimeoutExpired:
        raise Fault(f'wrk on {subject.name} does not end') from None
    try:
        return json.loads(done.stdout[done.stdout.index('{"requests"'):])
    except ValueError:
        raise Fault(f'wrk on {subject.name}: {done.stdout[-500:]} {done.stderr[-500:]}') from None


class Counter:
    """Instructions that groups of processes retire, where perf can count them: noise and
    neighbours hardly move that figure."""

    def __init__(self, groups):
        self.perfs = {}
        for name, pids in groups.items() if shutil.which('perf') else ():
            self.perfs[name] = subprocess.Popen(
                ['perf', 'stat', '-x,', '-e', 'instructions', '-p', ','.join(map(str, pids))],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def end(self):
        """Group -> instructions; empty when they are not counted here."""
        found = {}
        for name, perf in self.perfs.items():
            perf.send_signal(signal.SIGINT)
            count = perf.communicate()[1].split(',')[0]
            if count.isdigit():
                found[name] = int(count)
        return found


def burst(subject, seconds, connections=16):
    """One round: wrk's figures, cpu_us and (where they can be counted) thousands of instructions
    per request by group, what others used of the machine."""
    before = {name: tree(pid) for name, pid in subject.groups.items()}
    start = {name: cpu_ns(pids) for name, pids in before.items()}
    machine, begun = busy_ns(), time.monotonic()
    with_children = os.times()
    counter = Counter(before)
    try:
        figures = wrk(subject, seconds, connections)
    finally:
        counted = counter.end()
    client = sum(os.times()[2:4]) - sum(with_children[2:4])
    machine, elapsed = busy_ns() - machine, time.monotonic() - begun
    used = {name: cpu_ns(pids) - start[name] for name, pids in before.items()}
    if not figures['requests']:
        raise Fault(f'{subject.name} answered nothing')
    if figures['refused'] or figures['lost']:
        raise Fault(f"{subject.name}: {figures['refused']} answers were errors, {figures['lost']} lost")
    figures['rps'] = figures['requests'] / figures['seconds']
    figures['cpu_us'] = {name: ns / 1e3 / figures['requests'] for name, ns in used.items()}
    figures['kilo_instructions'] = {name: n / 1e3 / figures['requests'] for name, n in counted.items()}
    figures['sum_us'] = sum(figures['cpu_us'].values())
    figures['others'] = max(0.0, (machine - sum(used.values()) - client * 1e9)
                            / (elapsed * 1e9 * os.cpu_count()))
    # A worker that went took its count of CPU with it.
    figures['whole'] = all(before[name] == tree(pid) for name, pid in subject.groups.items())
    return figures
