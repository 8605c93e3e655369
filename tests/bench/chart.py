"""Charts as SVG files, for a browser or a page: bars of what a request costs, lines of how that grows.

Values are numbers of one unit, never negative; texts are plain (escaped here). A file is replaced as a
whole."""
import html
import math
import os

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 900, 230, 110, 70, 60
BAR, GAP = 26, 14
LINES_HEIGHT, LINES_LEFT = 420, 80
# Told apart by every eye (Okabe and Ito).
COLOURS = ('#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b3a500', '#555555')
GOAL_COLOUR = '#c00000'


def text_of(value):
    """As few digits as tell it: 1,234; 56; 7.8; 0.12; 5,000,000 as 5 M."""
    if value >= 1e6 and value % 1e5 == 0:
        return f'{value / 1e6:g} M'
    if value >= 20 or value == int(value):
        return f'{value:,.0f}'
    return f'{value:.1f}' if value >= 1 else f'{value:.2g}'


def steps(most, wanted=5):
    """Round numbers from 0 to at least `most`, about `wanted` of them."""
    most = most or 1
    size = 10 ** math.floor(math.log10(most / wanted))
    size *= next(times for times in (1, 2, 5, 10) if most / (size * times) <= wanted)
    return [size * i for i in range(math.ceil(most / size - 1e-9) + 1)]


def powers(least, most):
    """Powers of ten around both."""
    first, last = math.floor(math.log10(least) + 1e-9), math.ceil(math.log10(most) - 1e-9)
    return [10.0 ** i for i in range(first, max(last, first + 1) + 1)]


class Drawing:
    def __init__(self, title, height):
        self.height = height
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" role="img"'
            f' viewBox="0 0 {WIDTH} {height:g}" font-family="sans-serif" font-size="14" fill="#222">',
            f'<title>{html.escape(title)}</title>', f'<rect width="{WIDTH}" height="{height:g}" fill="#fff"/>']
        self.text(20, 28, title, size=17, weight='bold')

    def text(self, x, y, said, anchor='start', size=14, weight='normal', fill='#222', turned=False):
        turn = f' transform="rotate(-90 {x:g} {y:g})"' if turned else ''
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
                          f' font-weight="{weight}" fill="{fill}"{turn}>{html.escape(str(said))}</text>')

    def line(self, x1, y1, x2, y2, colour='#ddd', width=1, dash=''):
        dashed = f' stroke-dasharray="{dash}"' if dash else ''
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
                          f' stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def box(self, x, y, width, height, colour, said):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.2f}" height="{height:g}"'
                          f' fill="{colour}"><title>{html.escape(said)}</title></rect>')

    def curve(self, points, colour, name):
        path = ' '.join(f'{x:.1f},{y:.1f}' for x, y, _ in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        for x, y, said in points:
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}">'
                              f'<title>{html.escape(f"{name}: {said}")}</title></circle>')

    def legend(self, names, y):
        x = 20
        for name, colour in names:
            self.box(x, y - 11, 13, 13, colour, name)
            self.text(x + 19, y, name)
            x += 40 + 7.6 * len(name)

    def write(self, path):
        with open(path + '.new', 'w', encoding='utf-8') as file:
            file.write('\n'.join([*self.parts, '</svg>', '']))
        os.replace(path + '.new', path)
        return path


def names_of(rows):
    """Parts in the order of their first appearance, each with its colour."""
    found = dict.fromkeys(part for _, parts in rows for part in parts)
    return dict(zip(found, COLOURS))


def bars(path, title, unit, rows, goal=None):
    """One bar a row, stacked of its parts, the sum beside it.
    rows: (name, {part: value}), a part without a name is not in the legend; goal: None or (text, value), a line
    across the bars. Returns path."""
    foot = TOP + len(rows) * (BAR + GAP)
    drawing = Drawing(title, foot + BOTTOM)
    colours = names_of(rows)
    most = max([sum(parts.values()) for _, parts in rows] + ([goal[1]] if goal else []))
    ticks = steps(most)
    place = lambda value: LEFT + value / ticks[-1] * (WIDTH - LEFT - RIGHT)
    drawing.legend([(part, colours[part]) for part in colours if part], 54)
    for tick in ticks:
        drawing.line(place(tick), TOP, place(tick), foot)
        drawing.text(place(tick), foot + 18, text_of(tick), 'middle', 12)
    drawing.text(place(ticks[-1] / 2), foot + 42, unit, 'middle')
    for number, (name, parts) in enumerate(rows):
        y, at = TOP + GAP / 2 + number * (BAR + GAP), 0
        drawing.text(LEFT - 10, y + BAR * 0.7, name, 'end')
        for part, value in parts.items():
            drawing.box(place(at), y, place(value) - LEFT, BAR, colours[part], f'{part}: {text_of(value)}')
            at += value
        drawing.text(place(at) + 8, y + BAR * 0.7, text_of(at), weight='bold')
    if goal:
        drawing.line(place(goal[1]), TOP - 4, place(goal[1]), foot, GOAL_COLOUR, 2, '6 4')
        drawing.text(WIDTH - 20, 54, f'- - {goal[0]}', 'end', fill=GOAL_COLOUR)
    return drawing.write(path)


def places(values, log, least, most):
    """Of an axis: its ticks, and the function from value to place."""
    ticks = powers(min(values), max(values)) if log else steps(max(values))
    low, high = (math.log10(ticks[0]), math.log10(ticks[-1])) if log else (ticks[0], ticks[-1])
    return ticks, lambda value: least + ((math.log10(value) if log else value) - low) / (high - low) * (most - least)


def lines(path, title, x_label, y_label, series, log_x=False, goal=None):
    """One curve a series. series: (name, [(x, y)]); log_x: powers of ten, all x above 0; goal: None or
    (text, y), a line across. Returns path."""
    foot, right = LINES_HEIGHT - BOTTOM, WIDTH - 40
    drawing = Drawing(title, LINES_HEIGHT)
    everything = [point for _, points in series for point in points]
    x_ticks, x_place = places([x for x, _ in everything], log_x, LINES_LEFT, right)
    y_ticks, y_place = places([y for _, y in everything] + ([goal[1]] if goal else []), False, foot, TOP + 10)
    for tick in x_ticks:
        drawing.line(x_place(tick), TOP + 10, x_place(tick), foot)
        drawing.text(x_place(tick), foot + 18, text_of(tick), 'middle', 12)
    for tick in y_ticks:
        drawing.line(LINES_LEFT, y_place(tick), right, y_place(tick))
        drawing.text(LINES_LEFT - 8, y_place(tick) + 4, text_of(tick), 'end', 12)
    drawing.text((LINES_LEFT + right) / 2, foot + 42, x_label, 'middle')
    drawing.text(24, (TOP + foot) / 2, y_label, 'middle', turned=True)
    drawing.legend([(name, COLOURS[i % len(COLOURS)]) for i, (name, _) in enumerate(series)], 54)
    if goal:
        drawing.line(LINES_LEFT, y_place(goal[1]), right, y_place(goal[1]), GOAL_COLOUR, 2, '6 4')
        drawing.text(right, y_place(goal[1]) - 6, goal[0], 'end', fill=GOAL_COLOUR)
    for i, (name, points) in enumerate(series):
        drawing.curve([(x_place(x), y_place(y), f'{text_of(x)}: {text_of(y)}') for x, y in sorted(points)],
                      COLOURS[i % len(COLOURS)], name)
    return drawing.write(path)
