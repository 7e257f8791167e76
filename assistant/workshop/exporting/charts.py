"""Charts as SVG: bars, marks from 1 to 5, the square. Numbers and labels in, a drawing out.

The drawings stand alone (no style sheet, no script): a page, Typst and a browser all read them.
What is coloured is also named or has a shape of its own.
"""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

WIDTH = 640
INK, SOFT, FULL, EMPTY, GOOD = "#1c1917", "#57534e", "#17594f", "#ece7dc", "#8a5a00"
SERIES = (FULL, "#8a5a00", "#3b5b8c", "#8c3b52")
FAMILY = "Georgia, 'Libertinus Serif', 'DejaVu Sans', serif"
LABEL, BAR_FROM, BAR_TO = 236, 248, 584  # where labels end, and bars begin and end
LINE, THICK = 16.0, 14.0
SCALE = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One name and its values, one a series; ``ahead`` sets it forward."""

    name: str
    values: tuple[float, ...]
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars; ``series`` names the values of each, none when there is but one."""

    title: str
    bars: tuple[Bar, ...]
    most: float
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A scale from 1 to 5: how many gave each mark, and named points on it."""

    name: str
    counts: tuple[int, ...] = ()
    points: tuple[tuple[int, float], ...] = ()
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Scales from 1 to 5, one under the other; ``series`` names the points."""

    title: str
    rows: tuple[Row, ...]
    series: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Square:
    """The carré magique: points (name, x, y), each from -1 to 1, x upwards (guide p. 22).

    ``corners`` are the four goals from upper left, clockwise; ``axes`` the words at the top, the
    right, the bottom and the left.
    """

    title: str
    points: tuple[tuple[str, float, float], ...]
    corners: tuple[str, str, str, str]
    axes: tuple[str, str, str, str]


Chart = Bars | Marks | Square


def retold(chart: Chart, change: Callable[[str], str]) -> Chart:
    """The chart with every label changed."""
    title = change(chart.title)
    match chart:
        case Bars():
            bars = tuple(replace(bar, name=change(bar.name)) for bar in chart.bars)
            return replace(chart, title=title, bars=bars, series=tuple(map(change, chart.series)))
        case Marks():
            rows = tuple(replace(row, name=change(row.name)) for row in chart.rows)
            return replace(chart, title=title, rows=rows, series=tuple(map(change, chart.series)))
        case Square():
            points = tuple((change(name), x, y) for name, x, y in chart.points)
            first, second, third, last = map(change, chart.corners)
            top, right, bottom, left = map(change, chart.axes)
            return Square(title, points, (first, second, third, last), (top, right, bottom, left))


def svg(chart: Chart) -> str:
    """The drawing."""
    match chart:
        case Bars():
            parts, height = _grouped(chart) if chart.series else _single(chart)
        case Marks():
            parts, height = _marks(chart)
        case Square():
            parts, height = _square(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}"'
        f' width="{WIDTH}" height="{height:g}" font-family="{FAMILY}">{"".join(parts)}</svg>'
    )


def figure(value: float) -> str:
    """3.5 → « 3,5 »."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _label(words: str, x: float, y: float, *, size: float = 13, **more: str) -> str:
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    colour = "" if "fill" in more else f' fill="{INK}"'
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}"{colour}{extra}>{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{max(width, 0):.2f}" height="{height:g}" fill="{fill}"/>'
    )


def _wrapped(words: str, width: int, lines: int = 3) -> list[str]:
    flat = " ".join(words.split())
    return textwrap.wrap(
        flat, width, max_lines=lines, placeholder=" …", break_long_words=True
    ) or [""]  # fmt: skip


def _single(chart: Bars) -> tuple[list[str], float]:
    parts, top = [], 4.0
    for bar in chart.bars:
        lines = _wrapped(bar.name, 36)
        height = len(lines) * LINE
        weight = "bold" if bar.ahead else "normal"
        for rank, line in enumerate(lines):
            y = top + rank * LINE + 12
            parts.append(_label(line, LABEL, y, text_anchor="end", font_weight=weight))
        middle = top + height / 2
        parts += _drawn(bar.values[0], chart.most, middle - THICK / 2, FULL)
        top += height + 8
    return parts, top


def _grouped(chart: Bars) -> tuple[list[str], float]:
    parts, top = [], 4.0
    for bar in chart.bars:
        lines = _wrapped(bar.name, 96, 2)
        for rank, line in enumerate(lines):
            y = top + rank * LINE + 12
            parts.append(_label(line, 0, y, font_weight="bold"))
        top += len(lines) * LINE + 2
        for rank, (name, value) in enumerate(zip(chart.series, bar.values, strict=True)):
            said = _wrapped(name, 38, 1)[0]
            parts.append(_label(said, LABEL, top + 12, text_anchor="end", fill=SOFT))
            parts += _drawn(value, chart.most, top + 1, SERIES[rank % len(SERIES)])
            top += LINE + 2
        top += 8
    return parts, top


def _drawn(value: float, most: float, y: float, fill: str) -> list[str]:
    whole = BAR_TO - BAR_FROM
    share = min(value / most, 1.0) if most > 0 else 0.0
    return [
        _rect(BAR_FROM, y, whole, THICK, EMPTY),
        _rect(BAR_FROM, y, whole * share, THICK, fill),
        _label(figure(value), BAR_TO + 8, y + 12, font_weight="bold"),
    ]


def _marks(chart: Marks) -> tuple[list[str], float]:
    parts, top = _legend(chart.series)
    step = (BAR_TO - BAR_FROM - 16) / (len(SCALE) - 1)

    def across(mark: float) -> float:
        return BAR_FROM + 8 + step * (mark - 1)

    parts += [
        _label(str(mark), across(mark), top + 12, text_anchor="middle", size=11, fill=SOFT)
        for mark in SCALE
    ]
    top += 20
    for row in chart.rows:
        lines = _wrapped(row.name, 36)
        height = max(len(lines) * LINE, 24.0)
        first = top + (height - len(lines) * LINE) / 2
        parts += [
            _label(line, LABEL, first + rank * LINE + 12, text_anchor="end")
            for rank, line in enumerate(lines)
        ]
        parts += _scale(row, top + height / 2, across)
        top += height + 6
    return parts, top


def _scale(row: Row, y: float, across: Callable[[float], float]) -> list[str]:
    parts = [f'<path d="M{across(1):g} {y:g}H{across(5):g}" stroke="{SOFT}" stroke-width="1"/>']
    total = sum(row.counts)
    for mark, count in zip(SCALE, row.counts, strict=False):
        radius = 2 + 8 * (count / total) ** 0.5 if count else 1.5
        fill = FULL if count else SOFT
        parts.append(f'<circle cx="{across(mark):g}" cy="{y:g}" r="{radius:.2f}" fill="{fill}"/>')
    parts += [
        f'<path d="{_shape(rank, across(value), y, 6.0)}" fill="{SERIES[rank % len(SERIES)]}"'
        f' stroke="#ffffff" stroke-width="1"/>'
        for rank, value in row.points
    ]
    if row.mean is not None:
        x = across(row.mean)
        parts.append(f'<path d="M{x:.2f} {y - 11:g}v22" stroke="{GOOD}" stroke-width="3"/>')
        parts.append(_label(figure(row.mean), BAR_TO + 8, y + 5, font_weight="bold"))
    return parts


def _legend(series: Sequence[str]) -> tuple[list[str], float]:
    parts, x = [], 8.0
    for rank, name in enumerate(series):
        said = _wrapped(name, 34, 1)[0]
        parts.append(f'<path d="{_shape(rank, x, 10, 6.0)}" fill="{SERIES[rank % len(SERIES)]}"/>')
        parts.append(_label(said, x + 12, 14, size=12))
        x += 28 + 6.6 * len(said)
    return parts, 26.0 if series else 4.0


def _square(chart: Square) -> tuple[list[str], float]:
    parts, top = _legend([name for name, _, _ in chart.points])
    side, left = 300.0, (WIDTH - 300.0) / 2
    top += 22
    half = side / 2
    for rank, corner in enumerate(chart.corners):
        column, line = (0, 1, 1, 0)[rank], (0, 0, 1, 1)[rank]
        x, y = left + column * half, top + line * half
        parts.append(_rect(x, y, half, half, ("#f1eee6", "#e3ede6")[rank % 2]))
        parts += [
            _label(words, x + half / 2, y + 20 + place * 14, size=11, text_anchor="middle",
                   fill=SOFT)
            for place, words in enumerate(_wrapped(corner, 24))
        ]  # fmt: skip
    parts.append(
        f'<rect x="{left:g}" y="{top:g}" width="{side:g}" height="{side:g}" fill="none"'
        f' stroke="{SOFT}"/>'
        f'<path d="M{left + half:g} {top:g}v{side:g}M{left:g} {top + half:g}h{side:g}"'
        f' stroke="{SOFT}" stroke-width="0.7"/>'
    )
    places = (
        (left + half, top - 8, "middle"),
        (left + side + 8, top + half + 4, "start"),
        (left + half, top + side + 18, "middle"),
        (left - 8, top + half + 4, "end"),
    )
    parts += [
        _label(words, x, y, text_anchor=anchor, fill=SOFT)
        for words, (x, y, anchor) in zip(chart.axes, places, strict=True)
    ]
    for rank, (_, x, y) in enumerate(chart.points):
        across, down = left + side * (_within(y) + 1) / 2, top + side * (1 - _within(x)) / 2
        path = _shape(rank, across, down, 8.0)
        fill = SERIES[rank % len(SERIES)]
        parts.append(f'<path d="{path}" fill="{fill}" stroke="#ffffff" stroke-width="1.5"/>')
    return parts, top + side + 28


def _within(value: float) -> float:
    return max(-1.0, min(1.0, float(value)))


def _shape(rank: int, x: float, y: float, r: float) -> str:
    """A disc, a square, a diamond, a triangle: told apart without colour."""
    if rank % 4 == 0:
        return f"M{x - r:.2f} {y:.2f}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
    corners = (
        ((-r, -r), (r, -r), (r, r), (-r, r)),
        ((0, -1.3 * r), (1.3 * r, 0), (0, 1.3 * r), (-1.3 * r, 0)),
        ((0, -1.2 * r), (1.1 * r, r), (-1.1 * r, r)),
    )[rank % 4 - 1]
    return "M" + "L".join(f"{x + dx:.2f} {y + dy:.2f}" for dx, dy in corners) + "z"
