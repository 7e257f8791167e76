"""What a workshop is made of, read from ``corpus/ateliers``: formats, their items, fictional cases.

Source of the formats: the « parcours » of 2 h, 4 h and 12 h that the sources describe.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limit

from assistant.casefile.facts import Facts
from assistant.casefile.source import Cited
from assistant.knowledge.content import Actor, Slug, Strict, load_yaml, validate
from assistant.typography import french

FOLDER = "ateliers"
MAX_ITEMS = 60
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000),
    AfterValidator(french),
]
Minutes = Annotated[int, Limit(ge=1, le=600)]
Level = Literal["decouverte", "pratique", "expert"]


class Item(Strict):
    """One moment of a workshop.

    ``kind`` names the activity, ``config`` is what it needs (checked by that activity);
    ``minutes`` is how long it lasts. ``say`` is for the trainer only. ``pages`` are where the
    guide speaks of it. A ``spare`` item can be left out when time runs short.
    """

    id: Slug
    kind: Slug
    title: Text
    minutes: Minutes
    purpose: Text
    instructions: Text
    say: tuple[Text, ...] = ()
    pages: tuple[Cited, ...] = ()
    material: tuple[Text, ...] = ()
    config: Mapping[str, Any] = Limit(default_factory=dict)
    spare: bool = False


class Agenda(Strict):
    """The items of a workshop, in order; ``case`` is the fictional case it works on.

    ``announced`` is how long the room was told it lasts, in minutes, breaks included.
    """

    title: Text
    items: Annotated[tuple[Item, ...], Limit(max_length=MAX_ITEMS)]
    case: Slug | None = None
    announced: Annotated[int, Limit(ge=1, le=6_000)] | None = None

    def item(self, item_id: str | None) -> Item | None:
        """The item with this id."""
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def version(self) -> str:
        """A short name for what it says: the same agenda, the same version."""
        told = json.dumps(self.model_dump(mode="json"), sort_keys=True, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def minutes(self) -> int:
        """How long it all lasts."""
        return sum(item.minutes for item in self.items)


class Format(Strict):
    """An agenda to start from; ``hours`` is what it announces, breaks included."""

    id: Slug
    title: Text
    hours: Literal[2, 4, 12]
    audience: Text
    aims: Annotated[tuple[Text, ...], Limit(min_length=1)]
    preparation: tuple[Text, ...] = ()
    sources: tuple[Cited, ...] = ()
    case: Slug
    items: Annotated[tuple[Item, ...], Limit(min_length=1, max_length=MAX_ITEMS)]

    def agenda(self, title: str | None = None) -> Agenda:
        """A copy to edit."""
        return Agenda(
            title=title or self.title, items=self.items, case=self.case, announced=self.hours * 60
        )


class Role(Strict):
    """Somebody to play: ``brief`` is read by all, ``secret`` by whoever plays it."""

    id: Slug
    actor: Actor
    name: Text
    brief: Text
    secret: tuple[Text, ...]


class Candidate(Strict):
    """A possible partner, to be rated."""

    id: Slug
    name: Text
    actor: Actor
    brief: Text


class Expected(Strict):
    """What the coach concludes of the case; a test asks it."""

    categorie: str
    modele: str | None = None
    contrat: str


class Case(Strict):
    """A fictional case: its people, what is known of it, what is to be found.

    ``facts`` are slots by dotted name, as FACTS.json holds them.
    """

    id: Slug
    title: Text
    level: Level
    lead: Actor
    territory: Text
    story: Text
    stakes: tuple[Text, ...]
    roles: Annotated[tuple[Role, ...], Limit(min_length=2)]
    candidates: tuple[Candidate, ...] = ()
    facts: Mapping[str, Any]
    expected: Expected
    debrief: Annotated[tuple[Text, ...], Limit(min_length=1)]
    sources: tuple[Cited, ...] = ()

    def known(self) -> Facts:
        """The facts of the case; raises ``InvalidFacts``."""
        from assistant.casefile.facts import parse_facts

        return parse_facts(dict(self.facts))


def load_formats(corpus: Path) -> tuple[Format, ...]:
    """The formats, shortest first; raises ``InvalidContent``."""
    found = [_read(path, Format) for path in sorted((corpus / FOLDER / "formats").glob("*.yaml"))]
    return tuple(sorted(found, key=lambda item: (item.hours, item.id)))


def load_cases(corpus: Path) -> tuple[Case, ...]:
    """The fictional cases, by name of file; raises ``InvalidContent``."""
    return tuple(_read(path, Case) for path in sorted((corpus / FOLDER / "cas").glob("*.yaml")))


def _read(path: Path, model: type[Any]) -> Any:
    return validate(model, load_yaml(path.read_text(encoding="utf-8"), name=path.name),
                    name=path.name)  # fmt: skip
