"""The one way into live sessions: decide on the room as it stands, keep, tell who watches.

Rooms are held in memory and brought up to date from the store, so that several processes over
one database show the same room.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.knowledge.content import Actor
from assistant.store.workshops import WorkshopStore
from assistant.workshop import commands, editing
from assistant.workshop.activities import Registry
from assistant.workshop.activity import Form
from assistant.workshop.agenda import Agenda
from assistant.workshop.commands import Command, Events
from assistant.workshop.events import TRAINER, AgendaSet, Arranged, Event, Pace, Recorded
from assistant.workshop.room import Room, advance, fold
from assistant.workshop.session import Outdated, Session

ROOMS = 64  # held in memory
TRIES = 40  # how often another process may come first


@dataclass
class _Held:
    """A room in memory, its history, and the lock of whoever brings it up to date."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    room: Room | None = None
    past: list[Recorded] = field(default_factory=list)


class Workshops:
    """What trainers, phones and screens do; ``changed`` is told each time a room has moved."""

    def __init__(self, store: WorkshopStore, activities: Registry) -> None:
        self.store = store
        self.activities = activities
        self.changed: Callable[[str], None] = lambda _workshop_id: None
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._lock = threading.Lock()

    def create(self, owner: str, agenda: Agenda, *, tables: int = 0) -> Session:
        """A workshop that follows ``agenda``; raises ``InvalidConfig``."""
        empty = Room(agenda=Agenda(title=agenda.title, items=()))
        editing.replaced(empty, self.activities, agenda)
        events: Sequence[Event] = [AgendaSet(agenda=agenda)]
        if tables:
            events = [*events, Arranged(tables=tables)]
        return self.store.create(owner, title=agenda.title, events=events)

    def room(self, workshop_id: str) -> Room:
        """The room now; raises ``NotFound``."""
        held = self._holding(workshop_id)
        with held.lock:
            return self._fresh(workshop_id, held)

    def history(self, workshop_id: str) -> tuple[Recorded, ...]:
        """Everything that happened, in order."""
        held = self._holding(workshop_id)
        with held.lock:
            self._fresh(workshop_id, held)
            return tuple(held.past)

    def join(
        self, workshop_id: str, *, name: str | None, actor: Actor | None, table: int | None
    ) -> str:
        """Let a phone in; return the secret of its cookie. Raises ``Over``, ``DoorClosed``."""
        held = self._holding(workshop_id)
        with held.lock:
            for attempt in range(TRIES):
                room = self._fresh(workshop_id, held)
                event = commands.joining(room, name, actor, table)
                try:
                    recorded, secret = self.store.join(workshop_id, event, after=room.revision)
                except Outdated:
                    if attempt + 1 == TRIES:
                        raise
                    continue
                self._add(held, [recorded])
                break
        self.changed(workshop_id)
        return secret

    def direct(self, workshop_id: str, given: Command) -> Room:
        """Do what the trainer asks; raises what ``commands.directing`` raises."""
        return self._act(
            workshop_id, TRAINER, lambda room: commands.directing(room, self.activities, given)
        )

    def edit(self, workshop_id: str, change: editing.Change, *, seen: str) -> Room:
        """Change the agenda that a page showed; raises what ``editing.edited`` raises."""
        return self._act(
            workshop_id,
            TRAINER,
            lambda room: editing.edited(room, self.activities, change, seen=seen),
        )

    def contribute(
        self, workshop_id: str, by: str, item: str, *, form: Form | None, nonce: str
    ) -> Room:
        """Take a contribution, or an abstention; returning means that it is kept."""
        return self._act(
            workshop_id,
            by,
            lambda room: commands.contributing(
                room, self.activities, by, item, form=form, nonce=nonce
            ),
        )

    def withdraw(self, workshop_id: str, by: str, item: str, *, key: str, nonce: str) -> Room:
        """Take back a contribution."""
        return self._act(
            workshop_id,
            by,
            lambda room: commands.withdrawing(
                room, self.activities, by, item, key=key, nonce=nonce
            ),
        )

    def introduce(
        self, workshop_id: str, by: str, *, name: str | None, actor: Actor | None, table: int | None
    ) -> Room:
        """Say again who one is."""
        return self._act(
            workshop_id, by, lambda room: commands.introducing(room, by, name, actor, table)
        )

    def ask(self, workshop_id: str, by: str, text: str, *, nonce: str) -> Room:
        """Ask a question to the guide, through the trainer."""
        return self._act(workshop_id, by, lambda room: commands.asking(room, by, text, nonce=nonce))

    def pace(self, workshop_id: str, by: str, pace: Pace | None) -> Room:
        """Say how fast it goes."""
        return self._act(workshop_id, by, lambda room: commands.pacing(room, by, pace))

    def delete(self, workshop_id: str, *, owner: str) -> None:
        """Erase a workshop for good, from memory too; raises ``NotFound``."""
        self.store.delete(workshop_id, owner=owner)
        with self._lock:
            self._held.pop(workshop_id, None)
        self.changed(workshop_id)

    def purge(self) -> int:
        """Erase what is past its date, from memory too; return how many workshops went."""
        count = self.store.purge()
        if count:
            with self._lock:
                known = tuple(self._held)
                self._held.clear()
            for workshop_id in known:
                self.changed(workshop_id)
        return count

    def note(self, workshop_id: str, event: Event) -> Room:
        """Keep what was made of the room, whatever it is doing now."""
        return self._act(workshop_id, TRAINER, lambda _room: (event,))

    def _act(self, workshop_id: str, by: str, decide: Callable[[Room], Events]) -> Room:
        held = self._holding(workshop_id)
        with held.lock:
            for attempt in range(TRIES):
                room = self._fresh(workshop_id, held)
                events = decide(room)
                if not events:
                    return room
                try:
                    added = self.store.append(workshop_id, by, events, after=room.revision)
                except Outdated:
                    if attempt + 1 == TRIES:
                        raise
                    continue
                room = self._add(held, added)
                break
        self.changed(workshop_id)
        return room

    def _holding(self, workshop_id: str) -> _Held:
        with self._lock:
            held = self._held.setdefault(workshop_id, _Held())
            self._held.move_to_end(workshop_id)
            while len(self._held) > ROOMS:
                self._held.popitem(last=False)
            return held

    def _fresh(self, workshop_id: str, held: _Held) -> Room:
        since = held.room.revision if held.room else 0
        return self._add(held, self.store.history(workshop_id, since=since))

    @staticmethod
    def _add(held: _Held, new: list[Recorded]) -> Room:
        if held.room is None:
            held.room = fold(new)
        elif new:
            held.room = advance(held.room, held.past, new)
        held.past.extend(new)
        return held.room
