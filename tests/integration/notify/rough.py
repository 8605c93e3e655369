"""Receivers as they are at three in the morning: each costs its own time and nobody else's."""
import re

from receivers import FLOODS
from stage import until

ROUGH, NAMES = 108, 109
TIMEOUT_S = 5  # a good one answers within it on a busy machine, too
TAKEN_MAX = 32 << 20  # bytes of a flood: what the kernel's buffers hold on both sides, and some

# How it behaves, and what is said of it in the end; '' = its answer counts.
ROUGHS = [('endless', ''), ('endless fault', 'answered 500'), (410, 'answered 410'),
          ('endless headers', '.'), ('slow headers', 'timed out'), ('slow', 'timed out'),
          ('more to come', 'timed out'), ('hold', 'timed out')]


def path(step):
    return 'rough-' + str(step).replace(' ', '-')


def prepare(stage):
    receiver = stage.receiver
    for step, _ in ROUGHS:
        receiver.plan(path(step), step)
    stage.add_organisation(ROUGH, receiver.url('beside'),
                           *(receiver.url(path(step)) for step, _ in ROUGHS))
    stage.add_organisation(NAMES, receiver.url('named'),
                           f'http://slow.invalid:{receiver.port}/slowly')


def each_is_bounded(stage):
    receiver, (beside, *hooks) = stage.receiver, stage.hooks[ROUGH]
    receiver.go_on.clear()
    program = stage.start(timeout_s=TIMEOUT_S, webhook_tries=2)
    for _ in range(3):
        stage.add_card(ROUGH)
    beside.becomes((0, 3, 0), 60, 'beside them all')
    for hook, (step, fault) in zip(hooks, ROUGHS):
        hook.becomes((0, 0, 3) if fault else (0, 3, 0), 60, step)
        said = hook.row()['fault']
        stage.check(re.search(fault, said) if fault else said == '-', f'{step}: why', said)
        tries = len(receiver.of(path(step)))
        stage.check(tries == 6 if fault else tries >= 3, f'{step}: tries', tries)
        taken = receiver.flooded.get(step, 0)
        stage.check(step not in FLOODS or 0 < taken < tries * TAKEN_MAX, f'{step}: taken', taken)
    receiver.go_on.set()
    stage.check(stage.stop(program) == 0, 'stops')


def a_silent_name_server_holds_nobody(stage):
    """slow_names.c: looking up slow.invalid takes an hour, and cannot be broken off."""
    (named, slow) = stage.hooks[NAMES]
    program = stage.start(timeout_s=TIMEOUT_S, webhook_tries=2, environment={
        'LD_PRELOAD': f'{stage.build}/tests/integration/notify/slow_names.so',
        'ASAN_OPTIONS': 'verify_asan_link_order=0'})
    stage.add_card(NAMES)
    slow.becomes((0, 0, 1), 60, 'given up')
    fault = slow.row()['fault']
    stage.check(re.search('timed out', fault), 'why', fault)
    stage.add_card(NAMES)
    named.becomes((0, 2, 0), 30, 'beside it')
    seen = until(lambda: len(stage.receiver.of('named')) >= 2, 10)
    stage.check(seen and not stage.receiver.of('slowly'), 'who was called')
    stage.check(stage.stop(program) == 0, 'stops')


TESTS = (each_is_bounded, a_silent_name_server_holds_nobody)
