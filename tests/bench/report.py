"""Tables, ratios and verdicts."""
import json
import os
import statistics

REACHED, MISSED, NOISY = 'reached', 'MISSED', 'too noisy to tell'
HOLDS, FALLEN, EXCUSED = 'holds', 'FALLEN', 'excused: too noisy to tell'
# Middle half of the rounds' ratios, wider than this share of their median: noise.
SPREAD_MOST = 0.10
# Share of the machine that others may use.
OTHERS_MOST = 0.10
# Share of a recorded ratio that may be lost.
FALL_MOST = 0.25


def median_of(rounds, *path):
    def look(figures):
        for name in path:
            figures = figures[name]
        return figures
    return statistics.median(look(figures) for figures in rounds)


def table(head, rows):
    """Lines of an aligned table: the first column to the left, the others to the right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ['  '.join(cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in cells]
    return [lines[0], '-' * len(lines[0]), *lines[1:]]


def ratios(bare, own):
    """Of CPU per request, round by round: 1 = as cheap as the bare pipeline."""
    return [b['sum_us'] / o['sum_us'] for b, o in zip(bare, own)]


def quartiles(values):
    if len(values) < 3:
        return min(values), max(values)
    low, _, high = statistics.quantiles(values, n=4, method='inclusive')
    return low, high


def judge(values, goal, others, most=False):
    """Reached, missed or too noisy. most: the goal is an upper limit. In noise only rounds that
    all reached the goal count; neighbours that take the CPU excuse any miss."""
    middle = statistics.median(values)
    on_side = [value <= goal if most else value >= goal for value in values]
    if noisy(values, others):
        return REACHED if all(on_side) else NOISY
    return REACHED if (middle <= goal if most else middle >= goal) else MISSED


def noisy(values, others):
    low, high = quartiles(values)
    return others > OTHERS_MOST or (len(values) > 1 and high - low > SPREAD_MOST * statistics.median(values))


def fall(values, recorded, others):
    """What rounds say of a ratio recorded before. Noise excuses it only while one of the rounds, at
    least, reached what they all should."""
    bar = recorded * (1 - FALL_MOST)
    if statistics.median(values) >= bar:
        return HOLDS
    return EXCUSED if noisy(values, others) and max(values) >= bar else FALLEN


def goal_line(name, values, goal, others, most=False, counted=None):
    """(verdict, line, row of the JSON file). counted: the same ratio by instructions, as information:
    neighbours hardly move it."""
    verdict = judge(values, goal, others, most)
    middle = statistics.median(values)
    rounds = f' (rounds {min(values):.2f} to {max(values):.2f})' if len(values) > 1 else ''
    beside = f', by instructions {counted:.2f}' if counted else ''
    line = f"{name}: {middle:.2f}{rounds}{beside}, goal {'<=' if most else '>='} {goal:g}: {verdict}"
    return verdict, line, {'goal': name, 'wanted': goal, 'upper': most, 'median': middle,
                           'rounds': values, 'instructions': counted, 'verdict': verdict}


def fault_row(topic):
    """Of a topic that could not be measured."""
    return {'goal': f'{topic}, faults', 'wanted': 0, 'upper': True, 'median': 1, 'rounds': [1],
            'instructions': None, 'verdict': MISSED}


def figure(value):
    return f'{value:,.0f}' if abs(value) >= 100 or value == int(value) else f'{value:.2f}'


def goal_table(goals):
    """Lines: every goal, and what they come to."""
    rows = [[goal['goal'], ('<= ' if goal['upper'] else '>= ') + f"{goal['wanted']:g}", figure(goal['median']),
             f"{figure(min(goal['rounds']))} to {figure(max(goal['rounds']))}",
             figure(goal['instructions']) if goal.get('instructions') else '', goal['verdict']] for goal in goals]
    head = ['goal', 'wanted', 'median', 'rounds', 'by instructions', 'verdict']
    return [*table(head, rows), '', *summary(goals)]


def summary(goals):
    of = {verdict: [goal['goal'] for goal in goals if goal['verdict'] == verdict]
          for verdict in (REACHED, MISSED, NOISY)}
    yield f'{len(of[REACHED])} of {len(goals)} goals reached'
    if of[MISSED]:
        yield f'first goal missed: {of[MISSED][0]}'
    if of[NOISY]:
        yield 'the machine was too noisy to tell: ' + '; '.join(of[NOISY])


def write_json(folder, topic, content):
    path = os.path.join(folder, topic + '.json')
    with open(path + '.new', 'w', encoding='utf-8') as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write('\n')
    os.replace(path + '.new', path)
    return path
