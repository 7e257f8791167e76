"""The geometry of the charts: numbers and slugs in, coordinates out; words are in the templates.

Every chart has the width ``WIDTH``, in units that are pixels on a small screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.coaching.recommendation.square import GOALS

WIDTH = 320
MARGIN = 26.0  # around the square, for the names of the axes
LEVELS = 4  # of maturity
MARKS = 5  # a criterion is marked from 1 to 5
ROW = 26.0
SHAPES = ("rond", "carre", "losange", "triangle", "croix", "anneau")


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark of the chart: whose it is, where, in which shape, and its outline as an SVG path."""

    name: str
    x: float
    y: float
    shape: str
    path: str


@dataclass(frozen=True, slots=True)
class Corner:
    """The quarter of the square where a goal stands: its upper left point and its side."""

    name: str
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class SquareChart:
    """The carré magique: across, cohesion to coherence; upwards, organisation to ecosystem."""

    width: float
    height: float
    left: float
    top: float
    side: float
    corners: tuple[Corner, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with the height where its label is written."""

    name: str
    value: float
    x: float
    y: float
    width: float
    height: float
    label_y: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars over a common length ``full``."""

    width: float
    height: float
    full: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of a family: whether it was chosen."""

    name: str
    x: float
    y: float
    size: float
    chosen: bool


@dataclass(frozen=True, slots=True)
class Family:
    """A line of cells, with where its name is written."""

    name: str
    label_y: float
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class FamilyChart:
    """Families one under the other."""

    width: float
    height: float
    families: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: where its name and its axis are, and the marks it got."""

    name: str
    label_y: float
    axis_y: float
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class GridChart:
    """Criteria one under the other, each with a scale from 1 to 5 at the places ``scale``."""

    width: float
    height: float
    scale: tuple[float, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Stair:
    """One level: a column, reached or not."""

    level: int
    x: float
    y: float
    width: float
    height: float
    reached: bool
    current: bool


@dataclass(frozen=True, slots=True)
class StairChart:
    """Four levels going up."""

    width: float
    height: float
    stairs: tuple[Stair, ...]


def square_chart(points: Mapping[str, tuple[float, float]]) -> SquareChart:
    """The square with one dot a name.

    A point is (x, y) as ``Barycentre`` has them, each from -1 to 1: x from the organisation to its
    ecosystem, y from cohesion to coherence. The guide draws the target upwards (p. 22): x is
    drawn vertically. What is beyond the square is brought back to its edge.
    """
    side = WIDTH - 2 * MARGIN
    places = zip(GOALS, ((0, 1), (1, 1), (1, 0), (0, 0)), strict=True)
    corners = tuple(
        Corner(name, MARGIN + column * side / 2, MARGIN + row * side / 2, side / 2)
        for name, (column, row) in places
    )
    dots = tuple(
        _dot(
            name,
            MARGIN + side * (_within(y) + 1) / 2,
            MARGIN + side * (1 - _within(x)) / 2,
            SHAPES[rank % len(SHAPES)],
        )
        for rank, (name, (x, y)) in enumerate(points.items())
    )
    return SquareChart(WIDTH, WIDTH, MARGIN, MARGIN, side, corners, dots)


def _within(value: float) -> float:
    return max(-1.0, min(1.0, float(value)))


def bar_chart(values: Mapping[str, float], *, most: float) -> BarChart:
    """One bar a name; ``most`` is what fills the whole width, and what is beyond is cut there."""
    bars = []
    for rank, (name, value) in enumerate(values.items()):
        top = rank * (ROW + 20)
        share = max(0.0, min(1.0, float(value) / most)) if most > 0 else 0.0
        bars.append(Bar(name, float(value), 0, top + 20, share * WIDTH, ROW - 10, top + 14))
    return BarChart(WIDTH, len(bars) * (ROW + 20), WIDTH, tuple(bars))


def family_chart(families: Mapping[str, Sequence[str]], chosen: Sequence[str]) -> FamilyChart:
    """The cells of each family, those of ``chosen`` marked."""
    kept = frozenset(chosen)
    made = []
    size, gap, step = 22.0, 8.0, 54.0
    for rank, (family, names) in enumerate(families.items()):
        top = rank * step
        cells = tuple(
            Cell(name, 1 + place * (size + gap), top + 22, size, name in kept)
            for place, name in enumerate(names)
        )
        made.append(Family(family, top + 14, cells))
    return FamilyChart(WIDTH, len(made) * step, tuple(made))


def grid_chart(criteria: Sequence[str], marks: Mapping[str, Mapping[str, int | None]]) -> GridChart:
    """Each name's mark on each criterion, 1 to 5; those who got the same stand side by side."""
    left, right = 10.0, WIDTH - 72.0
    step = (right - left) / (MARKS - 1)
    scale = tuple(left + place * step for place in range(MARKS))
    lines = []
    for rank, criterion in enumerate(criteria):
        top = rank * 46.0
        lines.append(
            Line(criterion, top + 14, top + 30, _marked(criterion, marks, scale, top + 30))
        )
    return GridChart(WIDTH, len(lines) * 46.0 + 18, scale, tuple(lines))


def _marked(
    criterion: str, marks: Mapping[str, Mapping[str, int | None]], scale: Sequence[float], y: float
) -> tuple[Dot, ...]:
    seen: dict[int, int] = {}
    dots = []
    for rank, (name, given) in enumerate(marks.items()):
        mark = given.get(criterion)
        if mark is None or not 1 <= mark <= MARKS:
            continue
        beside = seen.get(mark, 0)
        seen[mark] = beside + 1
        dots.append(_dot(name, scale[mark - 1] + beside * 12, y, SHAPES[rank % len(SHAPES)], 5.5))
    return tuple(dots)


def stair_chart(level: int | None) -> StairChart:
    """The four levels of maturity, those reached filled."""
    gap, height = 8.0, 96.0
    width = (WIDTH - gap * (LEVELS - 1)) / LEVELS
    stairs = []
    for rank in range(1, LEVELS + 1):
        tall = 24.0 * rank
        stairs.append(
            Stair(
                level=rank,
                x=(rank - 1) * (width + gap),
                y=height - tall,
                width=width,
                height=tall,
                reached=level is not None and rank <= level,
                current=rank == level,
            )
        )
    return StairChart(WIDTH, height, tuple(stairs))


def _dot(name: str, x: float, y: float, shape: str, radius: float = 8.0) -> Dot:
    x, y = round(x, 2), round(y, 2)
    return Dot(name, x, y, shape, outline(shape, x, y, radius))


def outline(shape: str, x: float, y: float, radius: float) -> str:
    """The path of a shape around (x, y): told apart without colour."""
    r = radius
    if shape in ("rond", "anneau"):
        return f"M{x - r:g} {y:g}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
    if shape == "croix":
        a, b = r, r / 3
        return (
            f"M{x - a:g} {y - b:g}H{x - b:g}V{y - a:g}H{x + b:g}V{y - b:g}H{x + a:g}V{y + b:g}"
            f"H{x + b:g}V{y + a:g}H{x - b:g}V{y + b:g}H{x - a:g}z"
        )
    corners = {
        "carre": ((-r, -r), (r, -r), (r, r), (-r, r)),
        "losange": ((0, -1.25 * r), (1.25 * r, 0), (0, 1.25 * r), (-1.25 * r, 0)),
        "triangle": ((0, -1.2 * r), (1.1 * r, r), (-1.1 * r, r)),
    }[shape]
    return "M" + "L".join(f"{x + dx:g} {y + dy:g}" for dx, dy in corners) + "z"
