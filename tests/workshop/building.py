"""Rooms and histories for tests, without a store."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from assistant.bootstrap import build_activities, build_coach, build_office
from assistant.settings import Settings
from assistant.texts import load_texts
from assistant.workshop.activities import Registry
from assistant.workshop.agenda import Agenda, Item
from assistant.workshop.events import TRAINER, AgendaSet, Event, Joined, Recorded
from assistant.workshop.room import Room, fold
from tests.builders import ROOT

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@cache
def activities() -> Registry:
    """The real activities over the real content."""
    settings = Settings(corpus=ROOT / "corpus")
    coach = build_coach(settings, load_texts(settings.corpus))
    return build_activities(settings, coach, build_office(settings))


def item(identifier: str, kind: str = "nuage", minutes: int = 5, **config: Any) -> Item:
    """An item of an agenda."""
    if kind == "nuage":
        config.setdefault("question", "Un mot ?")
    return Item(
        id=identifier,
        kind=kind,
        title=identifier.title(),
        minutes=minutes,
        purpose="But",
        instructions="Consigne",
        config=config,
    )


def agenda(*items: Item) -> Agenda:
    """An agenda of these items, or of a talk and two clouds."""
    chosen = items or (item("accueil", "expose"), item("mots"), item("fin"))
    return Agenda(title="Atelier", items=chosen)


class Story:
    """Events in order, each a second after the other; ``room`` is what they make."""

    def __init__(self, *items: Item) -> None:
        self.history: list[Recorded] = []
        self.add(AgendaSet(agenda=agenda(*items)))

    def add(self, *events: Event, by: str = TRAINER) -> "Story":
        """What one command did: its events share a moment."""
        at = NOON + timedelta(seconds=len(self.history))
        for event in events:
            self.history.append(Recorded(seq=len(self.history) + 1, at=at, by=by, event=event))
        return self

    def people(self, *names: str, actors: Mapping[str, Any] | None = None) -> "Story":
        """Participants come in, known by their names."""
        for name in names:
            self.add(Joined(name=name, actor=(actors or {}).get(name)), by=name)
        return self

    @property
    def room(self) -> Room:
        """The fold."""
        return fold(self.history)
