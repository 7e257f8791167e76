"""What several activities share: people who write together at a table, the last one winning."""

from collections.abc import Iterable
from typing import Any, TypeVar

from assistant.workshop.activity import Refused, Scene
from assistant.workshop.room import Entry, Person

ROOM = 1  # the one table of a room that has none
T = TypeVar("T")


def table_of(scene: Scene[Any], person: Person) -> int | None:
    """Where somebody sits; a room without tables is one table."""
    return person.table or (None if scene.room.tables else ROOM)


def seated(scene: Scene[Any], by: str) -> int:
    """The table of ``by``; raises ``Refused`` for who has not said where they sit."""
    person = scene.person(by)
    table = table_of(scene, person) if person else None
    if table is None:
        raise Refused("sans_table")
    return table


def latest(found: Iterable[tuple[Entry, T]]) -> tuple[Entry, T] | None:
    """What was written last."""
    return max(found, key=lambda one: one[0].seq, default=None)


def there(scene: Scene[Any]) -> tuple[int, ...]:
    """The tables where somebody sits, in order."""
    return tuple(sorted({t for p in scene.room.here if (t := table_of(scene, p)) is not None}))
