"""Change an agenda: pure, and never over what somebody else has changed meanwhile."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from assistant.errors import CallerError, NotFound
from assistant.knowledge.analysis import fold
from assistant.workshop import events as ev
from assistant.workshop.activities import Registry
from assistant.workshop.activity import InvalidConfig
from assistant.workshop.agenda import MAX_ITEMS, Agenda, Item
from assistant.workshop.commands import Events, Over
from assistant.workshop.room import Room
from assistant.workshop.starters import Starter

Change = Callable[[Agenda], Agenda]


class Overtaken(CallerError):
    """The agenda is not the one that the page showed: somebody else changed it."""

    code = "deroule_a_change"
    status = 409


class OpenNow(CallerError):
    """An item cannot go while phones contribute to it."""

    code = "activite_ouverte"
    status = 409


class InvalidItem(CallerError):
    """A field of an item is missing, too long, or not a number; ``champ`` names it."""

    code = "moment_invalide"


def edited(room: Room, activities: Registry, change: Change, *, seen: str) -> Events:
    """The agenda changed, if it is still version ``seen``.

    Raises ``Over``, ``Overtaken``, ``OpenNow``, ``InvalidConfig``, or what ``change`` raises.
    """
    if room.ended:
        raise Over
    if room.agenda.version != seen:
        raise Overtaken
    agenda = change(room.agenda)
    for item in room.agenda.items:
        if room.stage(item.id).phase == "open" and agenda.item(item.id) is None:
            raise OpenNow
    return replaced(room, activities, agenda)


def replaced(room: Room, activities: Registry, agenda: Agenda) -> Events:
    """The agenda replaced; raises ``InvalidConfig`` for what an activity cannot do."""
    for item in agenda.items:
        if item.kind not in activities:
            raise InvalidConfig(activite=item.kind, champ="kind")
        activities[item.kind].configured(item.config)
    ids = [item.id for item in agenda.items]
    if len(set(ids)) != len(ids):
        raise InvalidConfig(activite=room.agenda.title, champ="id")
    return () if agenda == room.agenda else (ev.AgendaSet(agenda=agenda),)


def added(starter: Starter, activities: Registry, *, after: str | None = None) -> Change:
    """A new item of a kind, after the one named ``after``, else at the end.

    An activity on a case takes that of the workshop where it suits. Raises ``CallerError`` past
    ``MAX_ITEMS``.
    """

    def change(agenda: Agenda) -> Agenda:
        if len(agenda.items) >= MAX_ITEMS:
            raise CallerError("trop_d_activites", nombre=MAX_ITEMS)
        item = starter.item(free_id(agenda, starter.kind))
        if agenda.case:
            item = _on(item, item.config.get("case"), agenda.case, activities)
        place = _place(agenda, after) + 1 if after else len(agenda.items)
        return _with(agenda, (*agenda.items[:place], item, *agenda.items[place:]))

    return change


def removed(item_id: str) -> Change:
    """Without an item; raises ``NotFound``."""

    def change(agenda: Agenda) -> Agenda:
        place = _place(agenda, item_id)
        return _with(agenda, agenda.items[:place] + agenda.items[place + 1 :])

    return change


def moved(item_id: str, by: int) -> Change:
    """An item ``by`` places further, as far as the agenda goes; raises ``NotFound``."""

    def change(agenda: Agenda) -> Agenda:
        place = _place(agenda, item_id)
        items = list(agenda.items)
        items.insert(min(max(place + by, 0), len(items) - 1), items.pop(place))
        return _with(agenda, tuple(items))

    return change


def rewritten(item_id: str, fields: Mapping[str, Any]) -> Change:
    """An item with other words, minutes or configuration; raises ``NotFound``, ``InvalidItem``."""

    def change(agenda: Agenda) -> Agenda:
        place = _place(agenda, item_id)
        before = agenda.items[place]
        kept = {name: getattr(before, name) for name in type(before).model_fields}
        try:
            item = Item.model_validate({**kept, **fields})
        except ValidationError as error:
            raise InvalidItem(champ=str(error.errors()[0]["loc"][0])) from error
        return _with(agenda, (*agenda.items[:place], item, *agenda.items[place + 1 :]))

    return change


def on_case(case: str, activities: Registry) -> Change:
    """Another fictional case, for the workshop and for each activity on the former.

    An activity that the new case does not suit stays on its own.
    """

    def change(agenda: Agenda) -> Agenda:
        items = tuple(_on(item, agenda.case, case, activities) for item in agenda.items)
        return agenda.model_copy(update={"items": items, "case": case})

    return change


def free_id(agenda: Agenda, kind: str) -> str:
    """An id that no item of the agenda has."""
    taken = {item.id for item in agenda.items}
    number = 1
    while f"{kind}-{number}" in taken:
        number += 1
    return f"{kind}-{number}"


def slug(label: str) -> str:
    """A name for what a trainer typed, in lower case, digits and hyphens."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in fold(label))
    return "-".join(part for part in plain.split("-") if part)[:40].strip("-") or "x"


def _on(item: Item, former: str | None, case: str, activities: Registry) -> Item:
    if former is None or item.config.get("case") != former:
        return item
    # what belongs to the former case goes with it
    kept = {name: value for name, value in item.config.items() if name not in ("slots", "given")}
    config = {**kept, "case": case}
    try:
        activities[item.kind].configured(config)
    except InvalidConfig:
        return item
    return item.model_copy(update={"config": config})


def _place(agenda: Agenda, item_id: str) -> int:
    for place, item in enumerate(agenda.items):
        if item.id == item_id:
            return place
    raise NotFound("activite_inconnue")


def _with(agenda: Agenda, items: tuple[Item, ...]) -> Agenda:
    return agenda.model_copy(update={"items": items})
