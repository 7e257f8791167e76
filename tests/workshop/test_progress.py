"""Planned time against time spent."""

from datetime import timedelta

import pytest

from assistant.workshop import events as ev
from assistant.workshop.progress import Progress, progress
from assistant.workshop.room import fold
from tests.workshop.building import NOON, agenda, item

# ten, five and twenty minutes, of which the second can be left out
ITEMS = (item("un", minutes=10), item("deux", minutes=5), item("trois", minutes=20))
AGENDA = agenda(ITEMS[0], ITEMS[1].model_copy(update={"spare": True}), ITEMS[2])


def after(*moments: tuple[int, ev.Event], now: int) -> Progress:
    """What a page says at minute ``now``, after events at these minutes."""
    told = [(0, ev.AgendaSet(agenda=AGENDA)), *moments]
    history = [
        ev.Recorded(seq=n, at=NOON + timedelta(minutes=minute), by=ev.TRAINER, event=event)
        for n, (minute, event) in enumerate(told, start=1)
    ]
    return progress(fold(history), history, now=NOON + timedelta(minutes=now))


def to(name: str | None) -> ev.Chosen:
    return ev.Chosen(item=name)


@pytest.mark.parametrize(
    ("moments", "now", "late", "left", "states"),
    [
        ([], 30, 0, 35, "next next next"),
        ([(0, to("un"))], 4, 0, 31, "current next next"),
        ([(0, to("un"))], 13, 3, 25, "current next next"),
        ([(0, to("un")), (12, to("deux"))], 14, 2, 23, "done current next"),
        ([(0, to("un")), (6, to("deux"))], 8, -4, 23, "done current next"),
        ([(0, to("un")), (10, to("trois"))], 15, -5, 15, "done skipped current"),
        # a break on the welcome page counts for nothing
        ([(0, to("un")), (10, to(None))], 60, 0, 25, "done next next"),
        ([(0, to("un")), (10, to(None)), (60, to("deux"))], 62, 0, 23, "done current next"),
        # back on what was done, then on
        ([(0, to("un")), (8, to("deux")), (10, to("un"))], 12, 2, 20, "current done next"),
        ([(0, to("un")), (10, ev.Ended())], 90, 0, 25, "current next next"),
    ],
)
def test_the_time_spent_is_compared_with_the_agenda(moments, now, late, left, states) -> None:
    found = after(*moments, now=now)

    assert [step.state for step in found.steps] == states.split()
    assert (found.late, found.left) == (late * 60, left * 60)


def test_what_was_undone_took_no_time() -> None:
    found = after((0, to("un")), (5, to("deux")), (6, ev.Undone(seq=3)), now=8)

    assert [step.spent for step in found.steps] == [8 * 60, 0, 0]


def test_opening_again_what_is_current_goes_on() -> None:
    found = after((0, to("un")), (2, ev.Opened(item="un", config=ITEMS[0].config)), now=5)

    assert found.steps[0].spent == 5 * 60


def test_only_what_is_to_come_can_be_left_out() -> None:
    assert [i.id for i in after((0, to("un")), now=1).spares] == ["deux"]
    assert after((0, to("trois")), now=1).spares == ()
