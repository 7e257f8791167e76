"""Shape a room for the trainer, the screen and each phone: no I/O, no words."""

import secrets
import weakref
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.store.values import Message
from assistant.workshop import stamps
from assistant.workshop.activities import Registry
from assistant.workshop.activity import Scene
from assistant.workshop.room import Person, Room
from assistant.workshop.session import Session
from web.views import TurnView, turn_view
from web.workshop_pages import AnyActivity, EntryView, MineView, PhonePage, SceneView

# results of rooms that are in memory: computed once for all the phones that draw the same moment
_results: dict[tuple[int, str], tuple[weakref.ref[Room], Any]] = {}


def results_of(scene: Scene[Any], activity: AnyActivity) -> Any:
    """What the room has made of an item, computed once as long as the room does not move."""
    room, key = scene.room, (id(scene.room), scene.item.id)
    found = _results.get(key)
    if found is not None and found[0]() is room:
        return found[1]
    made = activity.results(scene)
    _results[key] = weakref.ref(room, lambda _: _results.pop(key, None)), made
    return made


def scene_view(room: Room, activities: Registry, *, now: datetime) -> SceneView | None:
    """The current item; None on the welcome page."""
    item = room.item
    if item is None or item.kind not in activities:
        return None
    activity = activities[item.kind]
    scene = activity.scene(room, item)
    name = item.kind.replace("-", "_")
    timer = room.timer
    left = max(0, round((timer.ends_at - now).total_seconds())) if timer else None
    return SceneView(
        item=item,
        stage=scene.stage,
        activity=activity,
        scene=scene,
        config=scene.config,
        results=results_of(scene, activity),
        screen_template=f"atelier/{name}_screen.html",
        phone_template=f"atelier/{name}_phone.html",
        seconds_left=left,
    )


def entries_of(view: SceneView | None, room: Room) -> tuple[EntryView, ...]:
    """What the trainer may moderate, latest first."""
    if view is None:
        return ()
    found = sorted(view.stage.entries.values(), key=lambda e: e.seq, reverse=True)
    return tuple(
        EntryView(
            entry,
            view.activity.told(view.scene, view.activity.value(entry)),
            _who(room, entry.participant),
        )
        for entry in found
        if entry.value is not None
    )


def phone_page(
    session: Session,
    room: Room,
    activities: Registry,
    person: Person,
    *,
    now: datetime,
    sent: str | None,
    short_titles: Mapping[str, str],
    opened: str | None = None,
) -> PhonePage:
    """What this participant sees now; ``opened`` is the part that the address asks to open."""
    view = scene_view(room, activities, now=now)
    mine: tuple[MineView, ...] = ()
    value = private = None
    if view is not None:
        own = view.scene.mine(person.id)
        private = view.activity.private(view.scene, person)
        typed = [(entry, view.activity.value(entry) if entry.value is not None else None)
                 for entry in own]  # fmt: skip
        mine = tuple(
            MineView(
                entry.key,
                view.activity.told(view.scene, v) if v is not None else None,
                v is not None,
            )
            for entry, v in typed
        )
        value = typed[-1][1] if typed else None
    return PhonePage(
        session=session,
        room=room,
        person=person,
        view=view,
        mine=mine,
        value=value,
        private=private,
        sent=sent,
        nonce=secrets.token_urlsafe(12),
        stamp=stamps.phone(room, activities, person.id),
        pace=room.paces.get(person.id),
        answer=answer_view(room, short_titles),
        writing=opened == "reponse" or _writes(view, mine, private),
        opened=opened,
    )


def _writes(view: SceneView | None, mine: tuple[MineView, ...], private: Any) -> bool:
    """Whether the form comes open: nothing was sent yet, or there is more to send."""
    if view is None or view.stage.phase != "open" or not view.contributes:
        return False
    goes_on = view.activity.many or view.activity.shared or getattr(private, "current", None)
    return not mine or bool(goes_on)


def answer_view(room: Room, short_titles: Mapping[str, str]) -> TurnView | None:
    """The question of the room that the trainer picked, and what the guide answers."""
    found = next((q for q in room.questions if q.seq == room.answered), None)
    if found is None or found.reply is None:
        return None
    reply: dict[str, Any] = dict(found.reply)
    message = Message(
        id=str(found.seq),
        conversation_id="",
        position=found.seq,
        question=found.text,
        actor=None,
        resolved=None,
        reply=reply,
        units=(),
        created_at=room.people[found.participant].joined_at,
        feedback=None,
    )
    return turn_view(message, short_titles)


def _who(room: Room, participant: str) -> str:
    person = room.people.get(participant)
    return "" if person is None else person.name or f"n° {person.number}"
