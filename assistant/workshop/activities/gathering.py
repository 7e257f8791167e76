"""What several activities share: groups that are too small to be shown, and means.

Anonymity (a choice of the project): what people of one type of actor said is shown only when at
least ``SMALLEST`` of them said something. When the people of the types left out, with those who
gave no type, are fewer than that, taking the groups shown from the whole room would give them
away: the smallest group shown is then left out too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, get_args

from assistant.knowledge.content import Actor
from assistant.workshop.room import Entry, Room

SMALLEST = 3
ACTORS: tuple[Actor, ...] = get_args(Actor)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sides(Generic[T]):
    """What each type of actor said, where it may be shown; ``withheld`` when some may not be."""

    shown: tuple[tuple[Actor, tuple[T, ...]], ...]
    withheld: bool


def by_actor(room: Room, found: Iterable[tuple[Entry, T]]) -> Sides[T]:
    """Contributions, one a person, by type of actor."""
    groups: dict[Actor, list[T]] = {actor: [] for actor in ACTORS}
    untyped = 0
    for entry, value in found:
        person = room.people.get(entry.participant)
        if person is None or person.actor is None:
            untyped += 1
        else:
            groups[person.actor].append(value)
    present = [actor for actor in ACTORS if groups[actor]]
    shown = [actor for actor in present if len(groups[actor]) >= SMALLEST]
    hidden = sum(len(groups[actor]) for actor in present if actor not in shown)
    while shown and hidden > 0 and hidden + untyped < SMALLEST:
        last = min(reversed(shown), key=lambda actor: len(groups[actor]))
        shown.remove(last)
        hidden += len(groups[last])
    return Sides(
        tuple((actor, tuple(groups[actor])) for actor in shown),
        withheld=len(shown) < len(present),
    )


def mean(values: Sequence[int]) -> float:
    """The mean of whole numbers, to the hundredth; the same in any order. Zero for none."""
    return round(sum(values) / len(values), 2) if values else 0.0


def percent(part: int, whole: int) -> int:
    """A share in whole percents; zero of nothing."""
    return round(100 * part / whole) if whole else 0
