"""Priorities among principles of action, before a charter (guide p. 45).

The sources do not give the text of the « Charte du faire alliance »: the principles offered are
those of question D3-08, drawn from the advice of the guide, and the screen says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from assistant.knowledge.content import Actor
from assistant.workshop.activities.gathering import by_actor, percent
from assistant.workshop.activity import Activity, Cells, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text

QUESTION = "D3-08"
Principle = Annotated[Text, Field(max_length=200)]


class CharterConfig(Part):
    """Each person keeps at most ``picks`` of the principles, those of the method by default."""

    picks: int = Field(default=3, ge=1, le=10)
    principles: Annotated[tuple[Principle, ...], Field(min_length=2, max_length=30)] | None = None

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.principles and len(set(self.principles)) < len(self.principles):
            raise ValueError("principles")
        return self


class Picks(Part):
    """The principles that one person keeps, in their own words as they are offered."""

    picks: Annotated[tuple[Principle, ...], Field(min_length=1, max_length=30)]


@dataclass(frozen=True, slots=True)
class PrincipleCount:
    """How many people keep a principle, in all, in percent, and by actor where shown."""

    text: str
    people: int
    percent: int
    actors: tuple[tuple[Actor, int], ...]


@dataclass(frozen=True, slots=True)
class Priorities:
    """Principles, most kept first; ``actors`` are those shown, with how many people each."""

    principles: tuple[PrincipleCount, ...]
    people: int
    actors: tuple[tuple[Actor, int], ...]
    withheld: bool


class Charter(Activity[CharterConfig, Picks, Priorities]):
    """A few principles each; keeping fewer than asked is allowed."""

    kind: ClassVar[str] = "charte"
    Config = CharterConfig
    Value = Picks

    def principles(self, config: CharterConfig) -> tuple[str, ...]:
        """What may be kept."""
        if config.principles:
            return config.principles
        return tuple(choice.libelle for choice in self.tools.method.question(QUESTION).choix)

    def read(self, form: Form) -> Mapping[str, Any]:
        """The boxes ``principe`` that are ticked."""
        return {"picks": list(dict.fromkeys(form.get("principe", ())))}

    def accepted(
        self, scene: Scene[CharterConfig], given: Mapping[str, Any], *, by: str, key: str
    ) -> Picks:
        """Refused kindly when nothing is ticked."""
        if not given.get("picks"):
            raise Refused("aucun_principe")
        return super().accepted(scene, given, by=by, key=key)

    def check(self, scene: Scene[CharterConfig], value: Picks, *, by: str, key: str) -> None:
        """Principles that are offered, each once, and no more than asked."""
        offered = self.principles(scene.config)
        if not set(value.picks) <= set(offered) or len(set(value.picks)) < len(value.picks):
            raise Refused
        extra = len(value.picks) - scene.config.picks
        if extra > 0:
            raise Refused("principes_en_trop", nombre=scene.config.picks, donnes=len(value.picks))

    def results(self, scene: Scene[CharterConfig]) -> Priorities:
        """How many people keep each principle; equal ones in the order they are offered."""
        found = [(entry, value.picks) for entry, value in self.values(scene.entries)]
        sides = by_actor(scene.room, found)
        kept = Counter(text for _, picks in found for text in picks)
        counts = [
            PrincipleCount(
                text,
                kept[text],
                percent(kept[text], len(found)),
                tuple((actor, sum(text in picks for picks in held)) for actor, held in sides.shown),
            )
            for text in self.principles(scene.config)
        ]
        counts.sort(key=lambda count: -count.people)
        return Priorities(
            tuple(counts),
            people=len(found),
            actors=tuple((actor, len(held)) for actor, held in sides.shown),
            withheld=sides.withheld,
        )

    def said(self, value: Picks) -> str:
        """The principles, one after another."""
        return " ; ".join(value.picks)

    def tables(self, scene: Scene[CharterConfig]) -> tuple[Table, ...]:
        """A line a principle."""
        say, value = self.tools.texts.say, self.tools.display.value
        results = self.results(scene)
        columns = (
            *(say("atelier", name) for name in ("principe", "personnes", "part")),
            *(value("acteur_type", actor) for actor, _ in results.actors),
        )
        rows: tuple[Cells, ...] = tuple(
            (count.text, count.people, count.percent, *(number for _, number in count.actors))
            for count in results.principles
        )
        return (Table(scene.item.title, columns, rows),)
