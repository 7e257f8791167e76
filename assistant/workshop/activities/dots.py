"""A vote by dots, on the sixteen fragilities of a territory unless other options are given.

The fragilities and their four families are those of question D1-03 (guide p. 34, p. 40-41).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from assistant.knowledge.content import Actor
from assistant.workshop.activities.allotment import read_points
from assistant.workshop.activities.gathering import ACTORS, by_actor
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text

FRAGILITIES = "D1-03"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]


class Option(Part):
    """What a dot can be put on; ``family`` groups long lists."""

    id: Name
    label: Text
    family: Text | None = None


class DotsConfig(Part):
    """Each person has ``dots``, of which at most ``per_option`` on one option."""

    question: Text
    dots: int = Field(default=3, ge=1, le=10)
    per_option: int = Field(default=1, ge=1, le=10)
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=40)] | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.per_option > self.dots:
            raise ValueError("per_option")
        if self.options and len({option.id for option in self.options}) < len(self.options):
            raise ValueError("options")
        return self


class Dots(Part):
    """The dots of one person, by option; options without any are left out."""

    dots: Annotated[
        Mapping[Name, Annotated[int, Field(ge=1, le=10)]], Field(min_length=1, max_length=40)
    ]


@dataclass(frozen=True, slots=True)
class OptionCount:
    """The dots on one option and how many people put some; dots by actor where shown."""

    option: Option
    dots: int
    people: int
    actors: tuple[tuple[Actor, int], ...]
    ahead: bool  # no other option has more


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """A family, its dots and its options, in the order of the method."""

    name: str | None
    dots: int
    options: tuple[OptionCount, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """The dots of the room by family; ``actors`` are those shown, with how many people each."""

    families: tuple[FamilyCount, ...]
    dots: int
    people: int
    most: int
    actors: tuple[tuple[Actor, int], ...]
    withheld: bool

    @property
    def ranked(self) -> tuple[OptionCount, ...]:
        """Options that have dots, most first; equal ones in the order of the method."""
        found = (count for family in self.families for count in family.options if count.dots)
        return tuple(sorted(found, key=lambda count: -count.dots))


class DotVote(Activity[DotsConfig, Dots, Placed]):
    """Dots on options; whoever keeps some back is free to."""

    kind: ClassVar[str] = "gommettes"
    Config = DotsConfig
    Value = Dots

    def options(self, config: DotsConfig) -> tuple[Option, ...]:
        """What may be voted for."""
        if config.options:
            return config.options
        choices = self.tools.method.question(FRAGILITIES).choix
        return tuple(
            Option(id=str(c.valeur), label=c.libelle, family=c.famille) for c in choices
        )  # fmt: skip

    def families(self, config: DotsConfig) -> Mapping[str | None, tuple[Option, ...]]:
        """The options by family, in order."""
        found: dict[str | None, tuple[Option, ...]] = {}
        for option in self.options(config):
            found[option.family] = (*found.get(option.family, ()), option)
        return found

    def read(self, form: Form) -> Mapping[str, Any]:
        """The boxes ``gommette`` that are ticked, or the fields ``points-<option>``."""
        ticked = dict.fromkeys(form.get("gommette", ()), 1)
        counted = {name: n for name, n in read_points(form).items() if n not in (0, "0")}
        return {"dots": {**counted, **ticked}}

    def accepted(
        self, scene: Scene[DotsConfig], given: Mapping[str, Any], *, by: str, key: str
    ) -> Dots:
        """Refused kindly when there is no dot at all."""
        if not given.get("dots"):
            raise Refused("aucune_gommette")
        return super().accepted(scene, given, by=by, key=key)

    def check(self, scene: Scene[DotsConfig], value: Dots, *, by: str, key: str) -> None:
        """No more dots than given, nor than allowed on one option."""
        config = scene.config
        if not set(value.dots) <= {option.id for option in self.options(config)}:
            raise Refused
        extra = sum(value.dots.values()) - config.dots
        if extra > 0:
            one = "_un" if extra == 1 else ""
            raise Refused(f"gommettes_en_trop{one}", nombre=extra, total=config.dots)
        if max(value.dots.values()) > config.per_option:
            raise Refused("gommettes_par_option", nombre=config.per_option)

    def results(self, scene: Scene[DotsConfig]) -> Placed:
        """Dots by option and by family."""
        found = [(entry, value.dots) for entry, value in self.values(scene.entries)]
        values = [dots for _, dots in found]
        sides = by_actor(scene.room, found)
        options = self.options(scene.config)
        totals = {option.id: _on(option, values) for option in options}
        most = max(totals.values(), default=0)
        counts = {
            option.id: OptionCount(
                option,
                totals[option.id],
                sum(option.id in held for held in values),
                tuple((actor, _on(option, held)) for actor, held in sides.shown),
                ahead=0 < totals[option.id] == most,
            )
            for option in options
        }
        families = tuple(
            FamilyCount(
                name, sum(totals[o.id] for o in members), tuple(counts[o.id] for o in members)
            )
            for name, members in self.families(scene.config).items()
        )
        return Placed(
            families,
            dots=sum(totals.values()),
            people=len(values),
            most=most,
            actors=tuple((actor, len(held)) for actor, held in sides.shown),
            withheld=sides.withheld,
        )

    def told(self, scene: Scene[DotsConfig], value: Dots) -> str:
        """Options, with their dots when there may be several on one."""
        given = [(option, value.dots.get(option.id, 0)) for option in self.options(scene.config)]
        several = scene.config.per_option > 1
        return ", ".join(
            f"{option.label} ({dots})" if several else option.label
            for option, dots in given
            if dots
        )

    def tables(self, scene: Scene[DotsConfig]) -> tuple[Table, ...]:
        """A line an option."""
        say, value = self.tools.texts.say, self.tools.display.value
        results = self.results(scene)
        shown = [actor for actor in ACTORS if actor in dict(results.actors)]
        columns = (
            *(say("atelier", name) for name in ("famille", "option", "gommettes", "personnes")),
            *(value("acteur_type", actor) for actor in shown),
        )
        rows = tuple(
            (
                family.name,
                count.option.label,
                count.dots,
                count.people,
                *(dict(count.actors)[actor] for actor in shown),
            )
            for family in results.families
            for count in family.options
        )
        return (Table(scene.config.question, columns, rows),)


def _on(option: Option, values: Sequence[Mapping[str, int]]) -> int:
    return sum(held.get(option.id, 0) for held in values)
