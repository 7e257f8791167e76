"""Shape what the trainer leads with: the way, the people, the questions, the last gesture."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from assistant.casefile.source import Source
from assistant.workshop.events import Pace, Recorded
from assistant.workshop.room import Room
from web.catalogue import CardLine, Catalogue
from web.dossier_values import SourceView
from web.dossier_views import Shaper

CARDS = 3  # shown beside a page of the guide
PACES: tuple[Pace, ...] = get_args(Pace)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A participant in the list; ``name`` None is known by ``number``."""

    id: str
    number: int
    name: str | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class TableView:
    """A table and who sits there; 0 is nowhere yet."""

    number: int
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question of the room."""

    seq: int
    text: str
    answered: bool
    on_screen: bool


@dataclass(frozen=True, slots=True)
class PaceShare:
    """How many people say so, and their part of those who said something, in percent."""

    pace: Pace
    people: int
    percent: int


@dataclass(frozen=True, slots=True)
class Gesture:
    """What « undo » would take back: the kind of event, the item it was about, and how it went."""

    kind: str
    title: str
    on: bool
    where: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the guide speaks of an item, and cards that restate it."""

    source: SourceView
    cards: tuple[CardLine, ...]


def tables_of(room: Room) -> tuple[TableView, ...]:
    """Everybody, table by table; who sits nowhere comes first."""
    lines: dict[int, list[PersonLine]] = {n: [] for n in range(room.tables + 1)}
    for person in room.here:
        line = PersonLine(person.id, person.number, person.name, person.actor)
        lines[person.table or 0].append(line)
    return tuple(TableView(n, tuple(people)) for n, people in lines.items() if n or people)


def questions_of(room: Room) -> tuple[QuestionLine, ...]:
    """What the room asks, what waits for an answer first."""
    lines = [
        QuestionLine(q.seq, q.text, q.reply is not None, q.seq == room.answered)
        for q in room.questions
        if not q.dropped
    ]
    return tuple(sorted(lines, key=lambda line: (not line.on_screen, line.answered)))


def paces_of(room: Room) -> tuple[PaceShare, ...]:
    """How fast it goes for the room: counts only, nobody is named."""
    here = {person.id for person in room.here}
    count = Counter(pace for who, pace in room.paces.items() if who in here)
    said = count.total()
    return tuple(
        PaceShare(pace, count[pace], round(100 * count[pace] / said) if said else 0)
        for pace in PACES
    )


def gesture_of(room: Room, history: Sequence[Recorded]) -> Gesture | None:
    """What the trainer did last and may take back."""
    if not room.undoable:
        return None
    last = room.undoable[-1][1]
    event: Any = next((r.event for r in reversed(history) if r.seq == last), None)
    if event is None:
        return None
    item = room.agenda.item(getattr(event, "item", None))
    name = next((n for n in _FLAGS if hasattr(event, n)), None)
    flag = bool(getattr(event, name)) if name else True
    return Gesture(event.kind, item.title if item else "", flag, getattr(event, "where", ""))


_FLAGS = ("visible", "blank", "hidden", "pinned", "locked", "shown", "seconds", "group")


def readings_of(
    pages: Sequence[Source], shaper: Shaper, catalogue: Catalogue
) -> tuple[Reading, ...]:
    """Where to read more about an item."""
    return tuple(Reading(shaper.source(page), _cards(page, catalogue)) for page in pages)


def _cards(page: Source, catalogue: Catalogue) -> tuple[CardLine, ...]:
    first, last = page.page, page.last_page or page.page
    found: Mapping[str, CardLine] = {
        card.id: card
        for section in catalogue.sections.get(page.document, ())
        if first and last and section.first_page
        if section.first_page <= last and (section.last_page or section.first_page) >= first
        for card in section.cards
    }
    return tuple(found.values())[:CARDS]
