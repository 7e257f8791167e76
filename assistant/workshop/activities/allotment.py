"""Points shared out between a few goals: read, checked, averaged."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from assistant.knowledge.content import Actor
from assistant.typography import french
from assistant.workshop.activities.gathering import by_actor, mean, percent
from assistant.workshop.activity import Cells, Form, Part, Refused, Table, Tools
from assistant.workshop.room import Entry, Room

FIELD = "points-"


class Allotment(Part):
    """The points of one person, by the id of what gets them."""

    points: Annotated[
        Mapping[str, Annotated[int, Field(ge=0, le=100)]], Field(min_length=1, max_length=40)
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """What one goal got: its points in all, their mean, and its share of them in percent."""

    id: str
    label: str
    total: int
    mean: float
    percent: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """The mean of several people; ``actor`` is None for the whole room."""

    actor: Actor | None
    people: int
    shares: tuple[Share, ...]

    @property
    def heaviest(self) -> tuple[Share, ...]:
        """What weighs most, tied or not."""
        most = max((share.total for share in self.shares), default=0)
        return tuple(share for share in self.shares if share.total == most)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The whole room first, then each type of actor that may be shown; none without anybody."""

    weighings: tuple[Weighing, ...]
    withheld: bool

    @property
    def room(self) -> Weighing | None:
        """The whole room."""
        return self.weighings[0] if self.weighings else None

    @property
    def actors(self) -> tuple[Weighing, ...]:
        """By type of actor."""
        return self.weighings[1:]


def read_points(form: Form) -> Mapping[str, int | str]:
    """The fields ``points-<id>``; an empty one is zero."""
    found: dict[str, int | str] = {}
    for name, values in form.items():
        if name.startswith(FIELD) and values:
            found[name.removeprefix(FIELD)] = values[-1].strip() or 0
    return found


def check_points(value: Allotment, names: Sequence[str], total: int) -> None:
    """Raise ``Refused``, saying how many points are missing or too many."""
    if not set(value.points) <= set(names):
        raise Refused
    left = total - sum(value.points.values())
    if left == 0:
        return
    one = "_un" if abs(left) == 1 else ""
    raise Refused(f"points_{'restent' if left > 0 else 'en_trop'}{one}", nombre=abs(left))


def listed(labels: Mapping[str, str], value: Allotment) -> str:
    """What got points, and how many."""
    given = ((label, value.points.get(name)) for name, label in labels.items())
    return french(" ; ".join(f"{label} : {points}" for label, points in given if points))


def weigh(
    room: Room,
    found: Iterable[tuple[Entry, Allotment]],
    label: Callable[[Actor | None], Mapping[str, str]],
    total: int,
) -> Weighed:
    """Means by goal, for the room and by actor; ``label`` names the goals for an actor."""
    known = [(entry, value.points) for entry, value in found]
    if not known:
        return Weighed((), withheld=False)
    sides = by_actor(room, known)
    groups: list[tuple[Actor | None, tuple[Mapping[str, int], ...]]] = [
        (None, tuple(points for _, points in known)),
        *sides.shown,
    ]
    return Weighed(
        tuple(_weighing(actor, held, label(actor), total) for actor, held in groups),
        withheld=sides.withheld,
    )


def _weighing(
    actor: Actor | None, held: Sequence[Mapping[str, int]], labels: Mapping[str, str], total: int
) -> Weighing:
    shares = []
    for name, label in labels.items():
        given = [points.get(name, 0) for points in held]
        shares.append(
            Share(name, label, sum(given), mean(given), percent(sum(given), total * len(given)))
        )
    return Weighing(actor, len(held), tuple(shares))


def weighed_table(tools: Tools, title: str, weighed: Weighed) -> Table:
    """One line a goal: the room, then each type of actor that may be shown."""
    say = tools.texts.say
    columns = [say("atelier", "objectif")]
    for weighing in weighed.weighings:
        who = (
            tools.display.value("acteur_type", weighing.actor)
            if weighing.actor
            else say("atelier", "salle")
        )
        columns.append(say("atelier", "moyenne_de", qui=who, nombre=weighing.people))
    first = weighed.weighings[0].shares if weighed.weighings else ()
    rows: tuple[Cells, ...] = tuple(
        (share.label, *(weighing.shares[place].mean for weighing in weighed.weighings))
        for place, share in enumerate(first)
    )
    return Table(title, tuple(columns), rows)
