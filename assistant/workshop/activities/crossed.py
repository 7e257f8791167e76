"""The crossed evaluation of step 7: the same subjects marked by each type of actor, the gaps.

Gaps make people talk before anything is decided (guide p. 55-58). What fewer than three people of
a type of actor marked is not shown, nor the whole room where that would give them away.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from assistant.drafting.office import GRID
from assistant.knowledge.analysis import words
from assistant.knowledge.content import Actor, Slug
from assistant.workshop.activities.gathering import ACTORS, SMALLEST
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text
from assistant.workshop.room import Room

MARK, NEXT = "note.", "suite"
BLANK_GRID = "ge.resultats.a-remplir"  # the clause of the grid that lists what each side marks
PRACTICES, GOALS, DECISION = "D7-05", "D7-06", "D7-09"
GAP = "outil.evaluation.ecart"  # points from which a gap is to be discussed (guide p. 57)
Mark = Annotated[int, Field(ge=1, le=5)]
Decision = Literal["reconduire", "modifier", "achever", "changer_de_categorie"]


class Subject(Part):
    """Something that each side marks from 1 to 5."""

    id: Slug
    label: Text
    help: Text | None = None


class CrossedConfig(Part):
    """What is marked, and whether the room also says what it would do next."""

    items: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=20)]
    decision: bool = True

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({subject.id for subject in self.items}) != len(self.items):
            raise ValueError("items")
        return self


class Marks(Part):
    """One person's marks by subject, and what they would do next; something at least.

    A subject without a mark does not apply.
    """

    marks: Mapping[str, Mark] = Field(default_factory=dict)
    decision: Decision | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.marks and self.decision is None:
            raise ValueError("marks")
        return self


@dataclass(frozen=True, slots=True)
class ActorMean:
    """The mean of one type of actor, to the tenth."""

    actor: Actor
    mean: float
    x: float  # where the mean stands on the scale, from 0 (for 1) to 1 (for 5)


@dataclass(frozen=True, slots=True)
class Gap:
    """One subject: ``people`` marked it; ``mean`` of the room is None where it would tell.

    ``gap`` is between the furthest types of actors that are shown, None with fewer than two;
    ``wide`` when it is to be discussed.
    """

    id: str
    label: str
    people: int
    mean: float | None
    by_actor: tuple[ActorMean, ...]
    gap: float | None
    wide: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What could be done next, and how many would."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class CrossedView:
    """The subjects, the biggest gap first; ``actors`` are those shown somewhere.

    ``withheld`` when what some people marked is not shown by type of actor.
    """

    gaps: tuple[Gap, ...]
    actors: tuple[Actor, ...]
    decisions: tuple[Choice, ...]
    people: int
    limit: float
    withheld: bool


class CrossedEvaluation(Activity[CrossedConfig, Marks, CrossedView]):
    """Each marks from where they stand; the room sees where views part."""

    kind: ClassVar[str] = "evaluation-croisee"
    Config = CrossedConfig
    Value = Marks

    def configured(self, given: Mapping[str, Any]) -> CrossedConfig:
        """Without items, the lines of the evaluation grid."""
        return super().configured({"items": self._lines, **given})

    @cached_property
    def _lines(self) -> Sequence[Mapping[str, Any]]:
        method = self.tools.method
        asked = [c for name in (PRACTICES, GOALS) for c in method.question(name).choix]
        template = self.tools.office.library.documents.get(GRID)
        clauses = (c for a in (template.articles if template else ()) for c in a.clauses)
        found = next((c.table for c in clauses if c.id == BLANK_GRID and c.table), None)
        if found is None:
            return [{"id": str(c.valeur), "label": c.libelle, "help": c.aide} for c in asked]
        helps = {words(choice.libelle)[-1]: choice.aide for choice in asked}
        return [
            {"id": f"c{n}", "label": line[0], "help": helps.get(words(line[0])[-1])}
            for n, line in enumerate(found.lignes, 1)
        ]

    @cached_property
    def decisions(self) -> Mapping[str, str]:
        """What could be done next, in the words of the method (D7-09; guide p. 58)."""
        first = self.tools.method.question(DECISION).champs[0]
        return {str(choice.valeur): choice.libelle for choice in first.choix}

    @cached_property
    def limit(self) -> Decimal:
        """Points from which a gap is to be discussed."""
        return self.tools.office.parameters.amount(GAP)

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``note.…`` and ``suite``."""
        marks = {
            name.removeprefix(MARK): given[-1]
            for name, given in form.items()
            if name.startswith(MARK) and given and given[-1]
        }
        return {"marks": marks, "decision": next((v for v in form.get(NEXT, ()) if v), None)}

    def check(self, scene: Scene[CrossedConfig], value: Marks, *, by: str, key: str) -> None:
        """Only what was asked."""
        if not value.marks.keys() <= {subject.id for subject in scene.config.items}:
            raise Refused
        if value.decision is not None and not scene.config.decision:
            raise Refused

    def results(self, scene: Scene[CrossedConfig]) -> CrossedView:
        """Means by type of actor, the biggest gaps first, then the order of the subjects."""
        held = [(entry.participant, value) for entry, value in self.values(scene.entries)]
        drawn = []
        withheld = False
        for subject in scene.config.items:
            marks = [(who, v.marks[subject.id]) for who, v in held if subject.id in v.marks]
            gap, hidden = _gap(subject, by_actor(scene.room, marks), float(self.limit))
            drawn.append(gap)
            withheld = withheld or hidden
        drawn.sort(key=lambda gap: -1.0 if gap.gap is None else gap.gap, reverse=True)
        wished: Counter[str] = Counter(value.decision for _, value in held if value.decision)
        seen = {mean.actor for gap in drawn for mean in gap.by_actor}
        return CrossedView(
            gaps=tuple(drawn),
            actors=tuple(actor for actor in ACTORS if actor in seen),
            decisions=tuple(
                Choice(name, label, wished[name])
                for name, label in self.decisions.items()
                if scene.config.decision
            ),
            people=len(held),
            limit=float(self.limit),
            withheld=withheld,
        )

    def said(self, value: Marks) -> str:
        """How many subjects were marked, and what is wished for next."""
        text = self.tools.texts.say("atelier", "notes_donnees", nombre=len(value.marks))
        return f"{text}, {self.decisions[value.decision]}" if value.decision else text

    def tables(self, scene: Scene[CrossedConfig]) -> tuple[Table, ...]:
        """Means and gaps, then what could be done next."""
        say, view = self.tools.texts.say, self.results(scene)
        heads = ("critere", "personnes", "ensemble", *view.actors, "ecart", "a_discuter")
        rows = tuple(
            (
                gap.label,
                gap.people,
                gap.mean,
                *(
                    next((m.mean for m in gap.by_actor if m.actor == actor), None)
                    for actor in view.actors
                ),
                gap.gap,
                say("atelier", "oui") if gap.wide else None,
            )
            for gap in view.gaps
        )
        columns = tuple(say("atelier", head) for head in heads)
        made = (Table(say("atelier", "croisee_notes"), columns, rows),)
        if not scene.config.decision:
            return made
        wished = tuple((choice.label, choice.count) for choice in view.decisions)
        heads = ("suite", "personnes")
        columns = tuple(say("atelier", head) for head in heads)
        return (*made, Table(say("atelier", "croisee_suites"), columns, wished))


Groups = Mapping[Actor | None, Sequence[int]]


def by_actor(room: Room, marks: Sequence[tuple[str, int]]) -> Groups:
    """Marks by type of actor; under None, those of people who gave none."""
    groups: dict[Actor | None, list[int]] = {}
    for who, mark in marks:
        person = room.people.get(who)
        groups.setdefault(person.actor if person else None, []).append(mark)
    return groups


def _gap(subject: Subject, groups: Groups, limit: float) -> tuple[Gap, bool]:
    """The line of a subject, and whether a type of actor is withheld from it."""
    every = [mark for marks in groups.values() for mark in marks]
    shown = [actor for actor in ACTORS if len(groups.get(actor, ())) >= SMALLEST]
    means = {actor: _mean(groups[actor]) for actor in shown}
    left = len(every) - sum(len(groups[actor]) for actor in shown)
    # the whole room less the types shown would be what one or two people marked
    tells = bool(shown) and 0 < left < SMALLEST
    gap = round(max(means.values()) - min(means.values()), 1) if len(shown) > 1 else None
    return (
        Gap(
            id=subject.id,
            label=subject.label,
            people=len(every),
            mean=_mean(every) if every and not tells else None,
            by_actor=tuple(
                ActorMean(actor, mean, round((mean - 1) / 4, 4)) for actor, mean in means.items()
            ),
            gap=gap,
            wide=gap is not None and gap >= limit,
        ),
        any(marks and actor and actor not in shown for actor, marks in groups.items()),
    )


def _mean(marks: Sequence[int]) -> float:
    return round(sum(marks) / len(marks), 1)
