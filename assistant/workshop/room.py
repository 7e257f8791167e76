"""The room as it stands: the fold of its events. Pure; the same events give the same room."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import singledispatch
from types import MappingProxyType
from typing import Any, Literal

from assistant.knowledge.content import Actor
from assistant.workshop import events as ev
from assistant.workshop.agenda import Agenda, Item

Phase = Literal["ready", "open", "closed"]
EMPTY: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution; ``seq`` is its id. ``value`` None is an abstention."""

    seq: int
    participant: str
    key: str
    value: Mapping[str, Any] | None
    at: datetime
    round: int
    hidden: bool = False
    pinned: bool = False
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one item of the agenda has got to; entries by participant, key and round."""

    phase: Phase = "ready"
    round: int = 0
    config: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    entries: Mapping[tuple[str, str, int], Entry] = field(default_factory=lambda: EMPTY)
    on_screen: bool = False
    on_phones: bool = False
    part: int | None = None  # of the results: the one that the trainer comments
    version: int = 0  # number of the last event that changed its results


@dataclass(frozen=True, slots=True)
class Person:
    """A participant; ``nonces`` are what this phone has already sent."""

    id: str
    number: int
    name: str | None
    actor: Actor | None
    table: int | None
    joined_at: datetime
    removed: bool = False
    revision: int = 0
    nonces: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """A question from the room; ``reply`` once the trainer has picked it."""

    seq: int
    participant: str
    text: str
    reply: Mapping[str, Any] | None = None
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Timer:
    """Runs out at ``ends_at``; it was set for ``seconds``."""

    ends_at: datetime
    seconds: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Room:
    """``revision``: the last event; ``scene``: the last that changes what every phone shows."""

    agenda: Agenda
    revision: int = 0
    scene: int = 0
    current: str | None = None
    stages: Mapping[str, Stage] = field(default_factory=lambda: EMPTY)
    people: Mapping[str, Person] = field(default_factory=lambda: EMPTY)
    questions: tuple[Question, ...] = ()
    answered: int | None = None
    paces: Mapping[str, ev.Pace] = field(default_factory=lambda: EMPTY)
    timer: Timer | None = None
    tables: int = 0
    blank: bool = False
    locked: bool = False
    ended: bool = False
    undoable: tuple[tuple[datetime, int], ...] = ()  # what one command did has one moment

    @property
    def item(self) -> Item | None:
        """The item that the room is at."""
        return self.agenda.item(self.current)

    def stage(self, item: str | None) -> Stage:
        """Where an item has got to; one that was never opened is ready."""
        return self.stages.get(item, Stage()) if item else Stage()

    @property
    def here(self) -> tuple[Person, ...]:
        """Who came in and was not put out, in the order of arrival."""
        return tuple(person for person in self.people.values() if not person.removed)

    def entry(self, seq: int) -> tuple[str, Entry] | None:
        """An item and its entry of this number."""
        for item, stage in self.stages.items():
            for entry in stage.entries.values():
                if entry.seq == seq:
                    return item, entry
        return None


def fold(history: Iterable[ev.Recorded]) -> Room:
    """The room after these events, of which the first sets the agenda."""
    known = list(history)
    void = {item.event.seq for item in known if isinstance(item.event, ev.Undone)}
    room = Room(agenda=Agenda(title="?", items=()))
    for item in known:
        room = replace(room, revision=item.seq) if item.seq in void else apply(room, item)
    return room


def advance(room: Room, past: Sequence[ev.Recorded], new: Sequence[ev.Recorded]) -> Room:
    """``room``, which is the fold of ``past``, after ``new`` events."""
    if any(isinstance(item.event, ev.Undone) for item in new):
        return fold([*past, *new])
    for item in new:
        room = apply(room, item)
    return room


def apply(room: Room, item: ev.Recorded) -> Room:
    """The room after one event."""
    undoable = room.undoable
    if isinstance(item.event, ev.Undone):
        kept = tuple(done for done in undoable if done[1] != item.event.seq)
        return replace(room, revision=item.seq, scene=item.seq, undoable=kept)
    if item.by == ev.TRAINER and not isinstance(item.event, ev.AgendaSet):
        undoable = (*undoable, (item.at, item.seq))
    changed = _after(item.event, room, item)
    scene = room.scene if isinstance(item.event, _QUIET) else item.seq
    return replace(changed, revision=item.seq, scene=scene, undoable=undoable)


# what changes nothing on other phones: these follow their person's revision, and results
_QUIET = (
    ev.Joined, ev.Introduced, ev.Contributed, ev.Withdrawn, ev.Asked, ev.Paced, ev.Moderated,
    ev.Pinned, ev.Grouped, ev.Removed, ev.Seated, ev.Locked, ev.Blanked, ev.Synthesized,
)  # fmt: skip


@singledispatch
def _after(event: Any, room: Room, _item: ev.Recorded) -> Room:
    raise TypeError(event, room)


@_after.register
def _(event: ev.AgendaSet, room: Room, _item: ev.Recorded) -> Room:
    current = room.current if event.agenda.item(room.current) else None
    return replace(room, agenda=event.agenda, current=current)


@_after.register
def _(event: ev.Chosen, room: Room, _item: ev.Recorded) -> Room:
    return replace(room, current=event.item, answered=None, timer=None)


@_after.register
def _(event: ev.Opened, room: Room, item: ev.Recorded) -> Room:
    stage = room.stage(event.item)
    opened = replace(stage, phase="open", round=event.round, config=dict(event.config),
                     version=item.seq)  # fmt: skip
    opening = room.agenda.item(event.item)
    timer = room.timer
    if opening and event.round == 1:
        seconds = opening.minutes * 60
        timer = Timer(item.at + timedelta(seconds=seconds), seconds)
    return _staged(replace(room, current=event.item, timer=timer), event.item, opened)


@_after.register
def _(event: ev.Closed, room: Room, _item: ev.Recorded) -> Room:
    closed = replace(room.stage(event.item), phase="closed")
    return _staged(replace(room, timer=None), event.item, closed)


@_after.register
def _(event: ev.Shown, room: Room, _item: ev.Recorded) -> Room:
    stage = room.stage(event.item)
    if event.where == "screen":
        stage = replace(stage, part=event.part)
        return _staged(room, event.item, replace(stage, on_screen=event.visible))
    return _staged(room, event.item, replace(stage, on_phones=event.visible))


@_after.register
def _(event: ev.Timed, room: Room, item: ev.Recorded) -> Room:
    seconds, running = event.seconds, room.timer if event.more else None
    since = max(running.ends_at, item.at) if running else item.at
    whole = (seconds or 0) + (running.seconds if running else 0)
    timer = Timer(since + timedelta(seconds=seconds), whole) if seconds else None
    return replace(room, timer=timer)


@_after.register
def _(event: ev.Blanked, room: Room, _item: ev.Recorded) -> Room:
    return replace(room, blank=event.blank)


@_after.register
def _(event: ev.Moderated, room: Room, item: ev.Recorded) -> Room:
    return _marked(room, (event.entry,), item.seq, hidden=event.hidden)


@_after.register
def _(event: ev.Pinned, room: Room, item: ev.Recorded) -> Room:
    return _marked(room, (event.entry,), item.seq, pinned=event.pinned)


@_after.register
def _(event: ev.Grouped, room: Room, item: ev.Recorded) -> Room:
    return _marked(room, event.entries, item.seq, group=event.group or None)


@_after.register
def _(_event: ev.Synthesized, room: Room, _item: ev.Recorded) -> Room:
    return room


@_after.register
def _(event: ev.Locked, room: Room, _item: ev.Recorded) -> Room:
    return replace(room, locked=event.locked)


@_after.register
def _(event: ev.Removed, room: Room, item: ev.Recorded) -> Room:
    person = room.people.get(event.participant)
    if person is None:
        return room
    stages = {
        name: replace(stage, version=item.seq, entries={
            place: entry for place, entry in stage.entries.items() if place[0] != person.id
        })
        for name, stage in room.stages.items()
    }  # fmt: skip
    questions = tuple(q for q in room.questions if q.participant != person.id)
    paces = {who: pace for who, pace in room.paces.items() if who != person.id}
    gone = replace(person, removed=True, revision=item.seq)
    return replace(_known(room, gone), stages=stages, questions=questions, paces=paces)


@_after.register
def _(event: ev.Arranged, room: Room, _item: ev.Recorded) -> Room:
    people = {
        who: person if (person.table or 0) <= event.tables else replace(person, table=None)
        for who, person in room.people.items()
    }
    return replace(room, tables=event.tables, people=people)


@_after.register
def _(event: ev.Seated, room: Room, item: ev.Recorded) -> Room:
    for who, table in event.tables.items():
        if person := room.people.get(who):
            room = _known(room, replace(person, table=table or None, revision=item.seq))
    return room


@_after.register
def _(event: ev.Answered, room: Room, _item: ev.Recorded) -> Room:
    questions = tuple(
        replace(q, reply=event.reply) if q.seq == event.question else q for q in room.questions
    )
    return replace(room, questions=questions, answered=event.question if event.shown else None)


@_after.register
def _(event: ev.Dropped, room: Room, _item: ev.Recorded) -> Room:
    questions = tuple(
        replace(q, dropped=True) if q.seq == event.question else q for q in room.questions
    )
    answered = None if room.answered == event.question else room.answered
    return replace(room, questions=questions, answered=answered)


@_after.register
def _(_event: ev.Ended, room: Room, _item: ev.Recorded) -> Room:
    return replace(room, ended=True, timer=None)


@_after.register
def _(event: ev.Joined, room: Room, item: ev.Recorded) -> Room:
    person = Person(
        id=item.by,
        number=len(room.people) + 1,
        name=event.name,
        actor=event.actor,
        table=event.table,
        joined_at=item.at,
        revision=item.seq,
    )
    return _known(room, person)


@_after.register
def _(event: ev.Introduced, room: Room, item: ev.Recorded) -> Room:
    person = room.people.get(item.by)
    if person is None:
        return room
    return _known(room, replace(person, name=event.name, actor=event.actor, table=event.table,
                                revision=item.seq))  # fmt: skip


@_after.register
def _(event: ev.Contributed, room: Room, item: ev.Recorded) -> Room:
    stage = room.stage(event.item)
    place = (item.by, event.key, max(stage.round, 1))
    before = stage.entries.get(place)
    entry = Entry(
        seq=item.seq,
        participant=item.by,
        key=event.key,
        value=event.value,
        at=item.at,
        round=place[2],
        hidden=before.hidden if before else False,
        group=before.group if before else None,
    )
    entries = {**stage.entries, place: entry}
    room = _staged(room, event.item, replace(stage, entries=entries, version=item.seq))
    return _heard(room, item, event.nonce)


@_after.register
def _(event: ev.Withdrawn, room: Room, item: ev.Recorded) -> Room:
    stage = room.stage(event.item)
    place = (item.by, event.key, max(stage.round, 1))
    entries = {where: entry for where, entry in stage.entries.items() if where != place}
    room = _staged(room, event.item, replace(stage, entries=entries, version=item.seq))
    return _heard(room, item, event.nonce)


@_after.register
def _(event: ev.Asked, room: Room, item: ev.Recorded) -> Room:
    person = room.people.get(item.by)
    if person and event.nonce in person.nonces:  # two workers heard the same retry
        return room
    asked = Question(item.seq, item.by, event.text)
    return _heard(replace(room, questions=(*room.questions, asked)), item, event.nonce)


@_after.register
def _(event: ev.Paced, room: Room, item: ev.Recorded) -> Room:
    paces = {who: pace for who, pace in room.paces.items() if who != item.by}
    if event.pace:
        paces[item.by] = event.pace
    person = room.people.get(item.by)
    room = replace(room, paces=paces)
    return _known(room, replace(person, revision=item.seq)) if person else room


def _staged(room: Room, item: str, stage: Stage) -> Room:
    return replace(room, stages={**room.stages, item: stage})


def _known(room: Room, person: Person) -> Room:
    return replace(room, people={**room.people, person.id: person})


def _heard(room: Room, item: ev.Recorded, nonce: str) -> Room:
    person = room.people.get(item.by)
    if person is None:
        return room
    return _known(room, replace(person, nonces=person.nonces | {nonce}, revision=item.seq))


def _marked(room: Room, entries: Sequence[int], seq: int, **marks: Any) -> Room:
    for number in entries:
        found = room.entry(number)
        if found is None:
            continue
        item, entry = found
        stage = room.stage(item)
        place = (entry.participant, entry.key, entry.round)
        changed = {**stage.entries, place: replace(entry, **marks)}
        room = _staged(room, item, replace(stage, entries=changed, version=seq))
    return room
