"""The geometry of the charts: everything stands where it means, and inside."""

from decimal import Decimal

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from assistant.coaching.recommendation.square import GOALS, barycentre
from web.charts import (
    SHAPES,
    WIDTH,
    bar_chart,
    family_chart,
    grid_chart,
    outline,
    square_chart,
    stair_chart,
)

PLACES = st.tuples(st.floats(-5, 5, allow_nan=False), st.floats(-5, 5, allow_nan=False))


@any_of(st.dictionaries(st.text(max_size=5), PLACES, max_size=8))
def test_points_are_always_inside_the_square(points: dict[str, tuple[float, float]]) -> None:
    chart = square_chart(points)
    assert [dot.name for dot in chart.dots] == list(points)
    for dot in chart.dots:
        assert chart.left - 0.01 <= dot.x <= chart.left + chart.side + 0.01
        assert chart.top - 0.01 <= dot.y <= chart.top + chart.side + 0.01


@pytest.mark.parametrize("goal", GOALS)
def test_all_points_on_one_goal_stand_at_the_outer_corner_of_its_quarter(goal: str) -> None:
    weights = {name: Decimal(10 if name == goal else 0) for name in GOALS}
    x, y = barycentre(weights)
    chart = square_chart({"a": (float(x), float(y))})
    (dot,) = chart.dots
    (quarter,) = (c for c in chart.corners if c.name == goal)
    assert quarter.x <= dot.x <= quarter.x + quarter.side
    assert quarter.y <= dot.y <= quarter.y + quarter.side
    assert dot.x in (chart.left, chart.left + chart.side)
    assert dot.y in (chart.top, chart.top + chart.side)


def test_the_axes_are_those_of_the_guide() -> None:
    """Upwards from the organisation to its ecosystem, across from cohesion to coherence (p. 22)."""
    corners = {c.name: c for c in square_chart({}).corners}
    assert corners["positionnement"].y < corners["processus"].y
    assert corners["innovation"].y < corners["modele_eco"].y
    assert corners["processus"].x < corners["modele_eco"].x
    assert corners["positionnement"].x < corners["innovation"].x


def test_balance_is_the_middle() -> None:
    (dot,) = square_chart({"a": (0, 0)}).dots
    assert (dot.x, dot.y) == (WIDTH / 2, WIDTH / 2)


def test_everyone_has_a_shape_of_their_own() -> None:
    chart = square_chart(dict.fromkeys("abcdef", (0, 0)))
    assert len({dot.shape for dot in chart.dots}) == len(SHAPES) == 6


@pytest.mark.parametrize("shape", SHAPES)
def test_an_outline_is_a_closed_path(shape: str) -> None:
    path = outline(shape, 10, 20, 5)
    assert path.startswith("M")
    assert path.endswith("z")


@any_of(
    st.dictionaries(st.text(max_size=4), st.floats(-50, 500, allow_nan=False), max_size=6),
    st.floats(0, 200, allow_nan=False),
)
def test_bars_stay_in_their_frame_and_never_overlap(values: dict[str, float], most: float) -> None:
    chart = bar_chart(values, most=most)
    assert all(0 <= bar.width <= chart.full for bar in chart.bars)
    assert all(bar.y + bar.height <= chart.height for bar in chart.bars)
    tops = [bar.label_y for bar in chart.bars]
    assert all(a.y + a.height < b for a, b in zip(chart.bars, tops[1:], strict=False))


def test_a_bar_is_as_long_as_its_share() -> None:
    assert [bar.width for bar in bar_chart({"a": 25, "b": 100}, most=100).bars] == [80, 320]


def test_families_mark_what_was_chosen() -> None:
    chart = family_chart({"f": ["a", "b"], "g": ["c"]}, ["b", "z"])
    chosen = {cell.name: cell.chosen for family in chart.families for cell in family.cells}
    assert chosen == {"a": False, "b": True, "c": False}
    cells = [cell for family in chart.families for cell in family.cells]
    assert all(cell.x + cell.size <= chart.width for cell in cells)
    assert all(cell.y + cell.size <= chart.height for cell in cells)


def test_marks_stand_on_the_scale_side_by_side_when_equal() -> None:
    chart = grid_chart(("k",), {"a": {"k": 1}, "b": {"k": 5}, "c": {"k": 5}, "d": {"k": None}})
    (line,) = chart.lines
    places = {dot.name: dot.x for dot in line.dots}
    assert places["a"] == chart.scale[0]
    assert places["b"] == chart.scale[4]
    assert places["c"] > places["b"]
    assert "d" not in places


@any_of(st.lists(st.integers(-2, 9) | st.none(), max_size=6))
def test_the_grid_holds_its_marks(marks: list[int | None]) -> None:
    chart = grid_chart(("k", "l"), {str(n): {"k": m, "l": m} for n, m in enumerate(marks)})
    for line in chart.lines:
        assert len(line.dots) == len([m for m in marks if m is not None and 1 <= m <= 5])
        assert all(0 <= dot.x <= chart.width and 0 <= dot.y <= chart.height for dot in line.dots)


@pytest.mark.parametrize("level", [None, 1, 2, 3, 4])
def test_stairs_go_up_to_the_level(level: int | None) -> None:
    chart = stair_chart(level)
    assert [s.level for s in chart.stairs if s.reached] == list(range(1, (level or 0) + 1))
    assert [s.level for s in chart.stairs if s.current] == ([level] if level else [])
    assert [s.height for s in chart.stairs] == sorted(s.height for s in chart.stairs)
    assert all(s.y + s.height == chart.height for s in chart.stairs)
