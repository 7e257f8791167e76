"""Candidate partners, marked from 1 to 5 on the criteria of their kind (guide p. 46).

The criteria are those of questions D3-02 (six, for a structure of general interest) and D3-03
(five, for a company). What somebody does not know stays empty: it becomes a question to ask.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from assistant.coaching.crossed import GAP
from assistant.coaching.method import Choice
from assistant.knowledge.content import Actor, Slug
from assistant.workshop.activities.gathering import by_actor, mean
from assistant.workshop.activity import Activity, Form, InvalidConfig, Part, Refused, Scene, Table
from assistant.workshop.agenda import Case, Text
from assistant.workshop.room import Entry, Person

QUESTIONS = {"sig": "D3-02", "eco": "D3-03"}
SCALE = (1, 2, 3, 4, 5)
DIVIDED = 1.0  # a standard deviation from which opinions are said to be divided (our choice)
Marks = Mapping[str, Mapping[str, int]]


class Rated(Part):
    """A candidate."""

    id: Slug
    name: Text
    brief: Text | None = None


class CriteriaConfig(Part):
    """``candidates``, else those of the fictional ``case`` that the grid is for."""

    grid: Literal["sig", "eco"]
    case: Slug | None = None
    candidates: Annotated[tuple[Rated, ...], Field(min_length=1, max_length=8)] | None = None


class Ratings(Part):
    """The marks of one person by candidate and criterion; a candidate without any is passed."""

    marks: Annotated[
        Mapping[str, Mapping[str, Annotated[int, Field(ge=1, le=5)]]],
        Field(min_length=1, max_length=8),
    ]


@dataclass(frozen=True, slots=True)
class ActorMark:
    """The mean mark of people of one type of actor."""

    actor: Actor
    mean: float
    people: int


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The marks on one criterion; ``counts`` from 1 to 5, ``spread`` their standard deviation.

    ``gap`` is the largest difference between the means of two types of actor that are shown.
    """

    id: str
    label: str
    counts: tuple[int, ...]
    mean: float | None
    low: int | None
    high: int | None
    spread: float | None
    unknown: int
    actors: tuple[ActorMark, ...]
    gap: float | None

    @property
    def people(self) -> int:
        """How many people marked it."""
        return sum(self.counts)

    @property
    def divided(self) -> bool:
        """Whether the room does not agree."""
        return self.spread is not None and self.spread >= DIVIDED

    @property
    def opposed(self) -> bool:
        """Whether two types of actor are far apart (guide p. 57, rule EVAL-03)."""
        return self.gap is not None and self.gap >= GAP


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """One candidate; ``mean`` is that of the criteria that got marks, each weighing the same."""

    candidate: Rated
    people: int
    mean: float | None
    criteria: tuple[CriterionResult, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Candidates, best mean first."""

    candidates: tuple[CandidateResult, ...]
    people: int
    withheld: bool


@dataclass(frozen=True, slots=True)
class Rating:
    """What one phone shows: the candidate to rate, and those already rated with their marks."""

    current: Rated | None
    done: tuple[tuple[Rated, Mapping[str, int]], ...]
    asked: int


class Criteria(Activity[CriteriaConfig, Ratings, Compared]):
    """Candidates one after another; every mark can be changed while it is open."""

    kind: ClassVar[str] = "criteres"
    Config = CriteriaConfig
    Value = Ratings

    def case(self, config: CriteriaConfig) -> Case | None:
        """The case that the candidates are rated for, when there is one."""
        return self.tools.cases.get(config.case or "")

    def configured(self, given: Mapping[str, Any]) -> CriteriaConfig:
        """There is somebody to rate, each once."""
        config = super().configured(given)
        ids = [candidate.id for candidate in self.candidates(config)]
        if not ids or len(set(ids)) < len(ids):
            champ = "case" if config.candidates is None else "candidates"
            raise InvalidConfig(activite=self.kind, champ=champ)
        return config

    def candidates(self, config: CriteriaConfig) -> tuple[Rated, ...]:
        """Who is rated."""
        if config.candidates is not None:
            return config.candidates
        case = self.case(config)
        return tuple(
            Rated(id=c.id, name=c.name, brief=c.brief)
            for c in (case.candidates if case else ())
            if (c.actor == "entreprise") == (config.grid == "eco")
        )

    def criteria(self, config: CriteriaConfig) -> tuple[Choice, ...]:
        """What they are rated on."""
        return self.tools.method.question(QUESTIONS[config.grid]).choix

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``note.<candidate>.<criterion>``; ``vu`` names the candidates on the page."""
        marks: dict[str, dict[str, str]] = {name: {} for name in form.get("vu", ())}
        for field, values in form.items():
            match field.split("."):
                case ["note", candidate, criterion] if values and values[-1]:
                    marks.setdefault(candidate, {})[criterion] = values[-1]
        return {"marks": marks}

    def accepted(
        self, scene: Scene[CriteriaConfig], given: Mapping[str, Any], *, by: str, key: str
    ) -> Ratings:
        """Refused kindly when there is no mark at all."""
        marks = given.get("marks")
        if not isinstance(marks, Mapping) or not any(marks.values()):
            raise Refused("aucune_note")
        return super().accepted(scene, given, by=by, key=key)

    def check(self, scene: Scene[CriteriaConfig], value: Ratings, *, by: str, key: str) -> None:
        """Candidates and criteria that are there."""
        candidates = {candidate.id for candidate in self.candidates(scene.config)}
        criteria = {str(choice.valeur) for choice in self.criteria(scene.config)}
        for name, given in value.marks.items():
            if name not in candidates or not set(given) <= criteria:
                raise Refused

    def passed(self, scene: Scene[CriteriaConfig], *, by: str) -> Mapping[str, Any] | None:
        """Passing skips the next candidate and keeps the marks already given."""
        before = self._marks(scene, by)
        left = next((c.id for c in self.candidates(scene.config) if c.id not in before), None)
        marks = {**before, **({left: {}} if left else {})}
        over = len(marks) == len(self.candidates(scene.config))
        if left is None or (over and not any(marks.values())):
            return None
        return {"marks": marks}

    def _marks(self, scene: Scene[CriteriaConfig], by: str) -> Marks:
        for entry in scene.mine(by):
            if entry.value is None:
                return {candidate.id: {} for candidate in self.candidates(scene.config)}
            return self.value(entry).marks
        return {}

    def private(self, scene: Scene[CriteriaConfig], person: Person) -> Rating:
        """The candidate to rate, and those already rated."""
        marks = self._marks(scene, person.id)
        asked = self.candidates(scene.config)
        return Rating(
            current=next((c for c in asked if c.id not in marks), None),
            done=tuple((c, marks[c.id]) for c in asked if c.id in marks),
            asked=len(asked),
        )

    def results(self, scene: Scene[CriteriaConfig]) -> Compared:
        """Means, spread and disagreement by candidate and criterion."""
        found = [(entry, value.marks) for entry, value in self.values(scene.entries)]
        candidates = [
            self._candidate(scene, candidate, found) for candidate in self.candidates(scene.config)
        ]
        candidates.sort(key=lambda one: -(one.mean or 0))
        said = [(entry, marks) for entry, marks in found if any(marks.values())]
        return Compared(tuple(candidates), len(said), withheld=by_actor(scene.room, said).withheld)

    def _candidate(
        self, scene: Scene[CriteriaConfig], candidate: Rated, found: list[tuple[Entry, Marks]]
    ) -> CandidateResult:
        given = [(entry, marks[candidate.id]) for entry, marks in found if marks.get(candidate.id)]
        criteria = tuple(
            _criterion(scene, str(choice.valeur), choice.libelle, given)
            for choice in self.criteria(scene.config)
        )
        means = [one.mean for one in criteria if one.mean is not None]
        overall = round(sum(means) / len(means), 2) if means else None
        return CandidateResult(candidate, len(given), overall, criteria)

    def told(self, scene: Scene[CriteriaConfig], value: Ratings) -> str:
        """Candidates with their marks."""
        labels = {str(choice.valeur): choice.libelle for choice in self.criteria(scene.config)}
        lines = []
        for candidate in self.candidates(scene.config):
            given = value.marks.get(candidate.id)
            if given:
                marks = ", ".join(f"{labels.get(name, name)} {n}" for name, n in given.items())
                lines.append(f"{candidate.name} : {marks}")
        return " ; ".join(lines)

    def tables(self, scene: Scene[CriteriaConfig]) -> tuple[Table, ...]:
        """A sheet a candidate, a line a criterion."""
        say = self.tools.texts.say
        names = ("critere", "moyenne", "la_plus_basse", "la_plus_haute", "ecart_type", "notes",
                 "a_demander", "ecart_acteurs")  # fmt: skip
        columns = tuple(say("atelier", name) for name in names)
        return tuple(
            Table(
                result.candidate.name,
                columns,
                tuple(
                    (c.label, c.mean, c.low, c.high, c.spread, c.people, c.unknown, c.gap)
                    for c in result.criteria
                ),
            )
            for result in self.results(scene).candidates
        )


def _criterion(
    scene: Scene[CriteriaConfig],
    name: str,
    label: str,
    given: list[tuple[Entry, Mapping[str, int]]],
) -> CriterionResult:
    """``given`` holds the marks of those who rated the candidate at all."""
    marked = [(entry, marks[name]) for entry, marks in given if name in marks]
    values = [mark for _, mark in marked]
    counts = Counter(values)
    actors = tuple(
        ActorMark(actor, mean(held), len(held))
        for actor, held in by_actor(scene.room, marked).shown
    )
    means = [one.mean for one in actors]
    return CriterionResult(
        id=name,
        label=label,
        counts=tuple(counts[mark] for mark in SCALE),
        mean=mean(values) if values else None,
        low=min(values, default=None),
        high=max(values, default=None),
        spread=_deviation(values) if values else None,
        unknown=len(given) - len(values),
        actors=actors,
        gap=round(max(means) - min(means), 2) if len(means) > 1 else None,
    )


def _deviation(values: list[int]) -> float:
    """The standard deviation of whole numbers; their sums are exact, whatever the order."""
    n, total, squares = len(values), sum(values), sum(value * value for value in values)
    variance = (n * squares - total * total) / (n * n)
    return round(float(variance**0.5), 2)
