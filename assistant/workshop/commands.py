"""What may be done now, and which events it makes. Pure: a room, a request, events or a refusal."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import CallerError, NotFound
from assistant.knowledge.content import Actor
from assistant.workshop import events as ev
from assistant.workshop.activities import Registry
from assistant.workshop.activity import Closed, Form, InvalidConfig, Scene
from assistant.workshop.agenda import Item
from assistant.workshop.room import Person, Room

MAX_PEOPLE = 500
MAX_QUESTIONS = 20  # a participant
MAX_NONCE = 64
Events = tuple[ev.Event, ...]


class Over(CallerError):
    """The workshop has ended: nothing else comes in."""

    code = "atelier_termine"
    status = 409


class DoorClosed(CallerError):
    """The trainer let nobody else in, or the room is full."""

    code = "atelier_ferme"
    status = 403


class PutOut(NotFound):
    """This phone is not, or not any more, in the room."""

    code = "participant_inconnu"
    status = 403


class Moved(CallerError):
    """The room has moved since the page that asks was drawn."""

    code = "atelier_a_change"
    status = 409


# Participants


def joining(room: Room, name: str | None, actor: Actor | None, table: int | None) -> ev.Joined:
    """Come in; raises ``Over`` or ``DoorClosed``."""
    if room.ended:
        raise Over
    if room.locked or len(room.here) >= MAX_PEOPLE:
        raise DoorClosed
    return ev.Joined(name=_name(name), actor=actor, table=_table(room, table))


def introducing(
    room: Room, by: str, name: str | None, actor: Actor | None, table: int | None
) -> Events:
    """Say again who one is; raises ``PutOut`` or ``Over``."""
    person = present(room, by)
    told = ev.Introduced(name=_name(name), actor=actor, table=_table(room, table))
    same = (person.name, person.actor, person.table) == (told.name, told.actor, told.table)
    return () if same else (told,)


def contributing(
    room: Room, activities: Registry, by: str, item_id: str, *, form: Form | None, nonce: str
) -> Events:
    """Contribute to the item that is open, or abstain with ``form`` None.

    What was already received, by its ``nonce``, makes nothing. Raises ``PutOut``, ``Over``,
    ``Closed`` or ``Refused``.
    """
    person = present(room, by)
    if nonce in person.nonces:
        return ()
    scene = open_scene(room, activities, item_id)
    activity = activities[scene.item.kind]
    if form is None:
        left = activity.passed(scene, by=by)
        return (ev.Contributed(item=item_id, value=left, nonce=nonce[:MAX_NONCE]),)
    given = activity.read(form)
    key = activity.key(scene, given, by=by, nonce=nonce)
    value = activity.accepted(scene, given, by=by, key=key)
    told = value.model_dump(mode="json")
    return (ev.Contributed(item=item_id, key=key, value=told, nonce=nonce[:MAX_NONCE]),)


def withdrawing(
    room: Room, activities: Registry, by: str, item_id: str, *, key: str, nonce: str
) -> Events:
    """Take back one's own contribution while the item is open."""
    person = present(room, by)
    if nonce in person.nonces:
        return ()
    open_scene(room, activities, item_id)
    return (ev.Withdrawn(item=item_id, key=key, nonce=nonce[:MAX_NONCE]),)


def asking(room: Room, by: str, text: str, *, nonce: str) -> Events:
    """Ask the guide a question; an empty one is none. Raises ``PutOut`` or ``Over``."""
    person = present(room, by)
    text = " ".join(text.split())
    if nonce in person.nonces:
        return ()
    if not text:
        raise CallerError("question_vide")
    if sum(question.participant == by for question in room.questions) >= MAX_QUESTIONS:
        raise CallerError("assez_de_questions", nombre=MAX_QUESTIONS)
    return (ev.Asked(text=text[:500], nonce=nonce[:MAX_NONCE]),)


def pacing(room: Room, by: str, pace: ev.Pace | None) -> Events:
    """Say how fast it goes."""
    present(room, by)
    return () if room.paces.get(by) == pace else (ev.Paced(pace=pace),)


def present(room: Room, by: str) -> Person:
    """Who contributes; raises ``PutOut`` when it is nobody here, ``Over`` when it has ended."""
    person = room.people.get(by)
    if person is None or person.removed:
        raise PutOut
    if room.ended:
        raise Over
    return person


def open_scene(room: Room, activities: Registry, item_id: str) -> Scene[Any]:
    """The scene of an item that takes contributions; raises ``Closed``."""
    item = room.agenda.item(item_id)
    if item is None or room.stage(item_id).phase != "open" or item.kind not in activities:
        raise Closed
    return activities[item.kind].scene(room, item)


def _name(name: str | None) -> str | None:
    return " ".join((name or "").split())[:40] or None


def _table(room: Room, table: int | None) -> int | None:
    return table if table and 1 <= table <= room.tables else None


# The trainer


class Command(BaseModel):
    """What the trainer asks; an action on another item than the page ``seen`` is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: str
    item: str | None = None
    seen: str | None = None
    entry: int | None = None
    entries: tuple[int, ...] = ()
    group: str | None = Field(default=None, max_length=80)
    participant: str | None = None
    tables: int | None = Field(default=None, ge=0, le=ev.MAX_TABLES)
    table: int = Field(default=0, ge=0, le=ev.MAX_TABLES)
    seconds: int | None = Field(default=None, ge=0, le=36_000)
    where: ev.Where | None = None
    part: int | None = Field(default=None, ge=0, le=99)
    on: bool = True
    question: int | None = None
    reply: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    room: Room
    activities: Registry
    given: Command

    def item(self) -> Item:
        """The item that the command names, else the current one."""
        found = self.room.agenda.item(self.given.item or self.room.current)
        if found is None:
            raise NotFound("activite_inconnue")
        return found


def directing(room: Room, activities: Registry, given: Command) -> Events:
    """The events of a trainer's command; raises ``Moved``, ``Over`` or ``CallerError``."""
    if given.seen is not None and given.seen != (room.current or ""):
        raise Moved
    if room.ended and given.action != "annuler":
        raise Over
    action = ACTIONS.get(given.action)
    if action is None:
        raise CallerError
    return action(_Asked(room, activities, given))


def _go(asked: _Asked) -> Events:
    item = asked.given.item
    if item is not None:
        asked.item()
    return _leaving(asked.room, item)


def _step(by: int) -> Callable[[_Asked], Events]:
    def step(asked: _Asked) -> Events:
        ids = [None, *(item.id for item in asked.room.agenda.items)]
        current = asked.room.current
        place = (ids.index(current) if current in ids else 0) + by
        return _leaving(asked.room, ids[place]) if 0 <= place < len(ids) else ()

    return step


def _leaving(room: Room, item: str | None) -> Events:
    """Going elsewhere closes what was open."""
    closed = tuple(
        ev.Closed(item=name) for name, stage in room.stages.items() if stage.phase == "open"
    )
    return (*closed, ev.Chosen(item=item)) if item != room.current else ()


def _open(asked: _Asked) -> Events:
    item = asked.item()
    stage = asked.room.stage(item.id)
    if stage.phase == "open":
        return ()
    activity = asked.activities.get(item.kind)
    if activity is None:
        raise InvalidConfig(activite=item.kind, champ="kind")
    others = tuple(
        ev.Closed(item=name)
        for name, other in asked.room.stages.items()
        if other.phase == "open" and name != item.id
    )
    number = max(stage.round, 1)
    config = activity.configured(stage.config or item.config)
    if stage.phase == "closed" and asked.given.action == "tour":
        number = min(number + 1, activity.turns(config))
    config = activity.dealt(config, asked.room)
    opened = ev.Opened(item=item.id, round=number, config=config.model_dump(mode="json"))
    return (*others, opened)


def _next_round(asked: _Asked) -> Events:
    item = asked.item()
    stage = asked.room.stage(item.id)
    if stage.phase != "open":
        return _open(asked)
    activity = asked.activities[item.kind]
    if stage.round >= activity.turns(activity.configured(stage.config)):
        return ()
    return (ev.Opened(item=item.id, round=stage.round + 1, config=dict(stage.config)),)


def _close(asked: _Asked) -> Events:
    item = asked.item()
    is_open = asked.room.stage(item.id).phase == "open"
    return (ev.Closed(item=item.id),) if is_open else ()


def _show(asked: _Asked) -> Events:
    item, given = asked.item(), asked.given
    if given.where is None:
        raise CallerError
    return (ev.Shown(item=item.id, where=given.where, visible=given.on, part=given.part),)


def _time(asked: _Asked) -> Events:
    return (ev.Timed(seconds=asked.given.seconds or None),)


def _prolong(asked: _Asked) -> Events:
    return (ev.Timed(seconds=asked.given.seconds or 60, more=True),)


def _entry(asked: _Asked) -> int:
    number = asked.given.entry
    if number is None or asked.room.entry(number) is None:
        raise NotFound("contribution_inconnue")
    return number


def _hide(asked: _Asked) -> Events:
    return (ev.Moderated(entry=_entry(asked), hidden=asked.given.on),)


def _pin(asked: _Asked) -> Events:
    return (ev.Pinned(entry=_entry(asked), pinned=asked.given.on),)


def _group(asked: _Asked) -> Events:
    known = tuple(number for number in asked.given.entries if asked.room.entry(number))
    if not known:
        raise CallerError("contributions_a_choisir")
    name = (asked.given.group or "").strip() if asked.given.action == "grouper" else ""
    return (ev.Grouped(entries=known, group=name or None),)


def _person(asked: _Asked) -> Person:
    person = asked.room.people.get(asked.given.participant or "")
    if person is None or person.removed:
        raise CallerError("personne_a_choisir")
    return person


def _remove(asked: _Asked) -> Events:
    return (ev.Removed(participant=_person(asked).id),)


def _arrange(asked: _Asked) -> Events:
    return (ev.Arranged(tables=asked.given.tables or 0),)


def _seat(asked: _Asked) -> Events:
    """Spread everybody who has no table over the tables, the emptiest first, actors mixed."""
    room, seats = asked.room, dict[str, int]()
    if not room.tables:
        return ()
    seated = [(person.table, person.actor) for person in room.here if person.table]
    for person in sorted(room.here, key=lambda one: one.actor or ""):
        if person.table is None:
            whole, alike = Counter(t for t, _ in seated), Counter(seated)
            seats[person.id] = table = min(
                range(1, room.tables + 1),
                key=lambda number: (whole[number], alike[number, person.actor], number),
            )
            seated.append((table, person.actor))
    return (ev.Seated(tables=seats),) if seats else ()


def _move(asked: _Asked) -> Events:
    person, table = _person(asked), asked.given.table
    if table > asked.room.tables:
        raise NotFound("table_inconnue")
    return (ev.Seated(tables={person.id: table}),) if table != (person.table or 0) else ()


def _question(asked: _Asked) -> int:
    number = asked.given.question
    if number is None or all(question.seq != number for question in asked.room.questions):
        raise NotFound("question_inconnue")
    return number


def _answer(asked: _Asked) -> Events:
    number = _question(asked)
    return (ev.Answered(question=number, reply=asked.given.reply or {}),)


def _withhold(asked: _Asked) -> Events:
    """Take the answer off the screen; the question stays in the list, answered."""
    shown = next((q for q in asked.room.questions if q.seq == asked.room.answered), None)
    return (ev.Answered(question=shown.seq, reply=shown.reply or {}, shown=False),) if shown else ()


def _end(asked: _Asked) -> Events:
    is_open = (name for name, stage in asked.room.stages.items() if stage.phase == "open")
    return (*(ev.Closed(item=name) for name in is_open), ev.Ended())


def _undo(asked: _Asked) -> Events:
    done = asked.room.undoable
    return tuple(ev.Undone(seq=seq) for at, seq in reversed(done) if at == done[-1][0])


ACTIONS: Mapping[str, Callable[[_Asked], Events]] = {
    "aller": _go,
    "suivant": _step(1),
    "precedent": _step(-1),
    "ouvrir": _open,
    "tour": _next_round,
    "fermer": _close,
    "montrer": _show,
    "chrono": _time,
    "prolonger": _prolong,
    "ecran": lambda asked: (ev.Blanked(blank=asked.given.on),),
    "masquer": _hide,
    "epingler": _pin,
    "grouper": _group,
    "degrouper": _group,
    "verrouiller": lambda asked: (ev.Locked(locked=asked.given.on),),
    "exclure": _remove,
    "tables": _arrange,
    "placer": _seat,
    "deplacer": _move,
    "repondre": _answer,
    "retirer": _withhold,
    "ecarter": lambda asked: (ev.Dropped(question=_question(asked)),),
    "terminer": _end,
    "annuler": _undo,
}
