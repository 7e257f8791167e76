"""A workshop as JSON, whole, and back: to keep, to replay, to use again as a template.

The file names nobody: participants are p1, p2… in the order of arrival, in what was dealt too.
Events keep their numbers, to which votes, groups and answers refer.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import CallerError
from assistant.workshop import editing
from assistant.workshop import events as ev
from assistant.workshop.activities import Registry
from assistant.workshop.agenda import Agenda
from assistant.workshop.exporting.minutes import Told
from assistant.workshop.exporting.sheets import every
from assistant.workshop.room import Room, fold
from assistant.workshop.session import Session
from assistant.workshop.workshops import Workshops

FORMAT = "cote-a-cote/atelier"
VERSION = 1
LARGEST = 30_000_000  # characters: a room of 500 people on three days is far below
PERSON = "p"
_PERSON = re.compile(rf"{PERSON}[1-9]\d{{0,4}}")
_THEIRS = (ev.Joined, ev.Introduced, ev.Contributed, ev.Withdrawn, ev.Asked, ev.Paced)


class NotAnExport(CallerError):
    """A file that is not the export of a workshop, or that something has damaged."""

    code = "export_atelier_invalide"


class NewerExport(CallerError):
    """An export written by a later version of this product."""

    code = "export_atelier_plus_recent"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sheet(_Part):
    """A table of results, for who reads the file without this product; not read back."""

    activite: str
    titre: str
    colonnes: tuple[str, ...]
    lignes: tuple[tuple[str | int | float | None, ...], ...]


class Kept(_Part):
    """The file. ``evenements`` say everything; ``resultats`` are what they amount to."""

    format: Literal["cote-a-cote/atelier"]
    version: Literal[1]
    titre: str
    langue: Literal["fr-FR"] = "fr-FR"
    exporte_le: AwareDatetime
    participants: int = Field(ge=0)
    termine: bool
    evenements: tuple[ev.Recorded, ...] = Field(min_length=1)
    resultats: tuple[Sheet, ...] = ()


def schema() -> dict[str, Any]:
    """The JSON Schema of the file."""
    return Kept.model_json_schema()


def exported(told: Told) -> dict[str, Any]:
    """The workshop as JSON; pseudonyms only when ``told.names``."""
    room = told.room
    people = {who: f"{PERSON}{rank}" for rank, who in enumerate(room.people, 1)}
    sent = dict.fromkeys(getattr(item.event, "nonce", None) for item in told.history)
    nonces = {nonce: f"e{rank}" for rank, nonce in enumerate(sent, 1) if nonce}
    events = [
        _plain(item.model_dump(mode="json"), people, nonces, names=told.names)
        for item in told.history
    ]
    return {
        "format": FORMAT,
        "version": VERSION,
        "titre": room.agenda.title,
        "langue": "fr-FR",
        "exporte_le": told.now.isoformat(),
        "participants": len(room.here),
        "termine": room.ended,
        "evenements": events,
        "resultats": [
            {"activite": name, "titre": grid.title, "colonnes": list(grid.columns),
             "lignes": [list(row) for row in grid.rows]}
            for name, grid in every(told)
        ],
    }  # fmt: skip


def exported_text(told: Told) -> bytes:
    """The file itself."""
    return (json.dumps(exported(told), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _plain(
    item: dict[str, Any], people: Mapping[str, str], nonces: Mapping[str, str], *, names: bool
) -> dict[str, Any]:
    """An event with people and sendings under other ids; texts that people typed stay."""
    event = dict(item["event"])
    if not names and "name" in event:
        event["name"] = None
    for field in ("nonce", "key"):
        if field in event:
            event[field] = nonces.get(event[field], event[field])
    if "participant" in event:
        event["participant"] = people.get(event["participant"], event["participant"])
    if event["kind"] == "seated":
        event["tables"] = {people.get(who, who): n for who, n in event["tables"].items()}
    if event["kind"] == "opened":  # what was dealt names people
        event["config"] = _renamed(event["config"], people)
    return {**item, "by": people.get(item["by"], item["by"]), "event": event}


def _renamed(value: Any, others: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {others.get(k, k): _renamed(v, others) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(item, others) for item in value]
    return others.get(value, value) if isinstance(value, str) else value


def restored(data: bytes | str | Mapping[str, Any]) -> list[ev.Recorded]:
    """The events of an export, without any name. Raises ``NotAnExport``, ``NewerExport``."""
    try:
        held = _read(data)
        if held.get("format") == FORMAT and _later(held.get("version")):
            raise NewerExport
        kept = Kept.model_validate(held)
    except (ValueError, ValidationError, RecursionError, AttributeError) as error:
        raise NotAnExport from error
    events = [_nameless(item) for item in kept.evenements]
    if [item.seq for item in events] != list(range(1, len(events) + 1)):
        raise NotAnExport
    if not isinstance(events[0].event, ev.AgendaSet):
        raise NotAnExport
    known = {item.by for item in events if isinstance(item.event, ev.Joined)}
    if not all(_PERSON.fullmatch(who) for who in known):
        raise NotAnExport
    for item in events:
        theirs = isinstance(item.event, _THEIRS)
        if theirs != (item.by in known) or (not theirs and item.by != ev.TRAINER):
            raise NotAnExport
    return events


def _read(data: bytes | str | Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(data, Mapping):
        return data
    if len(data) > LARGEST:
        raise NotAnExport
    found = json.loads(data.decode("utf-8-sig") if isinstance(data, bytes) else data)
    if not isinstance(found, dict):
        raise NotAnExport
    return found


def _later(version: object) -> bool:
    return isinstance(version, int) and not isinstance(version, bool) and version > VERSION


def _nameless(item: ev.Recorded) -> ev.Recorded:
    if isinstance(item.event, ev.Joined | ev.Introduced):
        return item.model_copy(update={"event": item.event.model_copy(update={"name": None})})
    return item


def checked(events: Sequence[ev.Recorded], activities: Registry) -> Room:
    """The room of restored events, once every activity has read its own; raises ``NotAnExport``."""
    try:
        room = fold(events)
        empty = Room(agenda=Agenda(title=room.agenda.title, items=()))
        editing.replaced(empty, activities, room.agenda)
        for scene in _scenes(room, activities):
            activity = activities[scene.item.kind]
            activity.results(scene)
            activity.tables(scene)
            for entry in scene.stage.entries.values():
                if entry.value is not None:
                    activity.told(scene, activity.value(entry))
    except (CallerError, ValueError, KeyError, TypeError, IndexError) as error:
        raise NotAnExport from error
    return room


def _scenes(room: Room, activities: Registry) -> Iterator[Any]:
    for item in room.agenda.items:
        yield activities[item.kind].scene(room, item)


def replayed(workshops: Workshops, owner: str, data: bytes | str | Mapping[str, Any]) -> Session:
    """A new workshop of ``owner`` where everything of the export has happened again.

    Its participants are nobody's: no phone can act as them. Raises ``NotAnExport``,
    ``NewerExport``.
    """
    events = restored(data)
    room = checked(events, workshops.activities)
    return workshops.store.restore(owner, title=room.agenda.title, history=events, ended=room.ended)


def template(data: bytes | str | Mapping[str, Any], activities: Registry) -> Agenda:
    """The agenda alone of an export, to begin another workshop. Raises as ``replayed``."""
    return checked(restored(data), activities).agenda
