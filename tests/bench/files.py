"""Card files of an instance: organisations to take them in, and what a run of kartoteka costs."""
import contextlib
import itertools
import os
import subprocess
import tempfile
import time

from instance import Fault
from load import busy_ns, cpu_ns, tree

POLL_S = 0.01
_numbers = itertools.count(int(time.time()) % 1_000_000_000 + 1000)


def file_of(organisation):
    return f'{organisation}-customer_client_card.json'


def peak_kb(pid, known):
    """Of resident memory so far. A waited child's ru_maxrss would count what we held when we forked."""
    try:
        with open(f'/proc/{pid}/status', encoding='ascii') as file:
            return next((int(line.split()[1]) for line in file if line.startswith('VmHWM')), known)
    except OSError:
        return known


def kartoteka(instance, *words):
    """Seconds, CPU (the database's, too) and peak memory of the first process of one run, and what others
    took of the machine."""
    database = tree(instance.pids['mariadbd'])
    start, machine, used = time.monotonic(), busy_ns(), cpu_ns(database)
    child = subprocess.Popen([f"{instance.env['KARTOTEKA_BIN']}/kartoteka", '--config',
                              instance.env['KARTOTEKA_CONF'], *words],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    pid = peak = 0
    while pid == 0:
        peak = peak_kb(child.pid, peak)
        time.sleep(POLL_S)
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
    seconds = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Fault(f"kartoteka {' '.join(words)}: status {child.returncode}")
    used = cpu_ns(database) - used + (usage.ru_utime + usage.ru_stime) * 1e9
    others = max(0.0, (busy_ns() - machine - used) / (seconds * 1e9 * os.cpu_count()))
    return {'seconds': seconds, 'cpu_s': used / 1e9, 'peak_kb': peak, 'others': others}


@contextlib.contextmanager
def exported(instance):
    """A folder with the file of the instance's organisation, and what it cost."""
    with tempfile.TemporaryDirectory(prefix='kartoteka-bench.') as folder:
        yield folder, kartoteka(instance, 'export', 'cards', '--organisation', '1', '--out', folder)


def shorten(path, most):
    """Keeps the first records of an export, one a line; how many there are then."""
    with open(path, encoding='utf-8') as file:
        records = [line.rstrip('\n,') for line in itertools.islice(file, 1, most + 1)]
    if records and records[-1] == ']':
        records.pop()
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(record + '\n' for record in records)
    return len(records)


class Organisation:
    """An empty one, and gone with all its rows after the block."""

    def __init__(self, instance):
        self.instance, self.number = instance, next(_numbers)

    def __enter__(self):
        kartoteka(self.instance, 'organisation', 'add', '--id', str(self.number), '--name', 'Import')
        return self

    def __exit__(self, *_):
        for table in self.tables():
            self.instance.sql(f'SET SESSION max_statement_time = 0; DELETE FROM {table}'
                              f' WHERE organisation_id = {self.number}')
        self.instance.sql(f'DELETE FROM organisation WHERE id = {self.number}')

    def tables(self):
        """Those that hold rows of it."""
        every = self.instance.sql(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'organisation_id' AND"
            ' table_schema = DATABASE() ORDER BY table_name').split()
        asked = ' UNION ALL '.join(f"(SELECT '{table}' FROM {table} WHERE organisation_id = {self.number} LIMIT 1)"
                                   for table in every)
        return self.instance.sql(asked).split()
