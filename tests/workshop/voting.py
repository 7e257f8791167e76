"""A room that votes: what the activities' own tests say in one line."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.workshop import commands
from assistant.workshop import events as ev
from assistant.workshop.activity import Activity, Scene
from assistant.workshop.agenda import Case
from assistant.workshop.commands import Command, directing
from assistant.workshop.room import Room
from tests.workshop.building import Story, activities, item

Form = Mapping[str, Sequence[str]]
ACTORS = {"a": "association", "e": "entreprise", "c": "collectivite", "n": None}


class Vote:
    """One item, open; people are named by the first letter of their type: a1, e2, c3, n4."""

    def __init__(self, kind: str, people: str = "", **config: Any) -> None:
        self.story = Story(item("vote", kind, **config))
        self.activity: Activity[Any, Any, Any] = activities()[kind]
        for rank, name in enumerate(people.split()):
            joined = ev.Joined(name=name if rank % 2 == 0 else None, actor=ACTORS[name[0]])
            self.story.add(joined, by=name)
        self.direct("aller", item="vote").direct("ouvrir")

    def direct(self, action: str, **fields: Any) -> "Vote":
        given = Command(action=action, **fields)
        self.story.add(*directing(self.story.room, activities(), given))
        return self

    def give(self, by: str, form: Form | None) -> "Vote":
        """Raises ``Refused``; ``form`` None abstains."""
        made = commands.contributing(
            self.room, activities(), by, "vote", form=form, nonce=secrets.token_hex(8)
        )
        self.story.add(*made, by=by)
        return self

    def all(self, forms: Mapping[str, Form | None]) -> "Vote":
        for by, form in forms.items():
            self.give(by, form)
        return self

    def hide(self, by: str) -> "Vote":
        """The trainer takes what ``by`` gave off every screen."""
        entries = self.room.stage("vote").entries.values()
        entry = next(e.seq for e in entries if e.participant == by)
        return self.direct("masquer", entry=entry)

    @property
    def room(self) -> Room:
        return self.story.room

    @property
    def scene(self) -> Scene[Any]:
        found = self.room.agenda.item("vote")
        assert found is not None
        return self.activity.scene(self.room, found)

    @property
    def results(self) -> Any:
        return self.activity.results(self.scene)

    def tables(self) -> Any:
        return self.activity.tables(self.scene)

    def private(self, who: str) -> Any:
        return self.activity.private(self.scene, self.room.people[who])


def seat(vote: Vote, **tables: int) -> Vote:
    """People sit down at tables."""
    vote.direct("tables", tables=max(tables.values()))
    vote.story.add(ev.Seated(tables=tables))
    return vote


def a_case(**changes: Any) -> Case:
    """A fictional case with two candidates of different kinds."""
    role = {"actor": "association", "name": "Rôle", "brief": "x", "secret": ["y"]}
    values: dict[str, Any] = {
        "id": "un-cas",
        "title": "Un cas",
        "level": "decouverte",
        "lead": "entreprise",
        "territory": "Roanne",
        "story": "x",
        "stakes": ["y"],
        "roles": [{"id": "un", **role}, {"id": "deux", **role}],
        "candidates": [
            {"id": "jardins", "name": "Les Jardins", "actor": "association", "brief": "x"},
            {"id": "usine", "name": "L'Usine", "actor": "entreprise", "brief": "y"},
        ],
        "facts": {},
        "expected": {"categorie": "mecenat", "contrat": "aucun"},
        "debrief": ["z"],
    }
    return Case.model_validate({**values, **changes})
