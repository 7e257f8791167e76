"""Where a workshop has got to against its agenda: planned, spent, what can be left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.workshop import events as ev
from assistant.workshop.agenda import Item
from assistant.workshop.room import Room

State = Literal["done", "skipped", "current", "next"]


@dataclass(frozen=True, slots=True)
class Step:
    """An item on the way; ``spent`` is in seconds."""

    item: Item
    state: State
    spent: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The whole way. Seconds; ``late`` is negative when ahead, ``left`` is what is still planned.

    ``spares`` are items to come that can be left out. Time on the welcome page counts for
    nothing: that is where a room takes its breaks.
    """

    steps: tuple[Step, ...]
    late: int
    left: int
    begun: bool

    @property
    def spares(self) -> tuple[Item, ...]:
        """What can be left out, in order."""
        return tuple(step.item for step in self.steps if step.state == "next" and step.item.spare)


def spent(history: Iterable[ev.Recorded], *, now: datetime) -> dict[str, int]:
    """The seconds that the room spent on each item, until the end or ``now``."""
    known = list(history)
    void = {item.event.seq for item in known if isinstance(item.event, ev.Undone)}
    seconds: dict[str, float] = {}
    current: str | None = None
    since = now
    for item in known:
        event = item.event
        if item.seq in void or not isinstance(event, ev.Chosen | ev.Opened | ev.Ended):
            continue
        if current is not None:
            seconds[current] = seconds.get(current, 0) + (item.at - since).total_seconds()
        current = None if isinstance(event, ev.Ended) else event.item
        since = item.at
    if current is not None:
        seconds[current] = seconds.get(current, 0) + (now - since).total_seconds()
    return {name: max(0, round(value)) for name, value in seconds.items()}


def progress(room: Room, history: Iterable[ev.Recorded], *, now: datetime) -> Progress:
    """Every item with its state, and how late the room is.

    What comes before the current item was to be done by now: an item left out puts the room ahead.
    """
    taken = spent(history, now=now)
    items = room.agenda.items
    here = next((n for n, item in enumerate(items) if item.id == room.current), None)
    if here is None:
        here = max((n + 1 for n, item in enumerate(items) if item.id in taken), default=0)
    steps = tuple(
        Step(item, _state(n, here, item.id, taken, room), taken.get(item.id, 0))
        for n, item in enumerate(items)
    )
    begun = any(step.spent for step in steps)
    past = sum(step.spent - step.item.minutes * 60 for step in steps[:here])
    now_at = steps[here] if room.current and here < len(steps) else None
    over = now_at.spent - now_at.item.minutes * 60 if now_at else 0
    ahead_of = sum(step.spent for step in steps[here + bool(now_at) :])
    coming = sum(step.item.minutes * 60 for step in steps[here:] if not step.spent)
    left = coming + (max(0, -over) if now_at and now_at.spent else 0)
    return Progress(steps, past + max(0, over) + ahead_of if begun else 0, left, begun)


def _state(place: int, here: int, item: str, taken: dict[str, int], room: Room) -> State:
    if item == room.current:
        return "current"
    if item in taken:
        return "done"
    return "skipped" if place < here else "next"
