"""What each kind of activity begins with when a trainer adds one to an agenda."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from assistant.casefile.source import Cited
from assistant.knowledge.content import Slug, Strict, load_yaml, validate
from assistant.workshop.agenda import FOLDER, Item, Minutes, Text

FILE = "activites.yaml"


class Starter(Strict):
    """A kind of activity: what it is, when to use it, and an item that works as it is."""

    kind: Slug
    title: Text
    line: Annotated[Text, StringConstraints(max_length=140)]
    when: Text
    minutes: Minutes
    purpose: Text
    instructions: Text
    say: tuple[Text, ...] = ()
    pages: tuple[Cited, ...] = ()
    material: tuple[Text, ...] = ()
    config: Mapping[str, Any] = Field(default_factory=dict)

    def item(self, item_id: str) -> Item:
        """An item of this kind, under an id that the agenda does not use yet."""
        return Item(
            id=item_id, kind=self.kind, title=self.title, minutes=self.minutes,
            purpose=self.purpose, instructions=self.instructions, say=self.say,
            pages=self.pages, material=self.material, config=self.config,
        )  # fmt: skip


class _Starters(Strict):
    activites: Annotated[tuple[Starter, ...], Field(min_length=1)]


def load_starters(corpus: Path) -> Mapping[str, Starter]:
    """One starter a kind, in the order of the file; none without it. Raises ``InvalidContent``."""
    path = corpus / FOLDER / FILE
    if not path.exists():
        return {}
    found = validate(_Starters, load_yaml(path.read_text(encoding="utf-8"), name=path.name),
                     name=path.name)  # fmt: skip
    return {starter.kind: starter for starter in found.activites}
