"""Satisfaction: statements marked from 1 to 5, and a word. Averages only, nobody's own marks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from assistant.knowledge.analysis import fold
from assistant.knowledge.content import Slug
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text

SCALE = (1, 2, 3, 4, 5)
FEWEST = 3  # below, an average would say what somebody answered
MARK = "note."
Mark = Annotated[int, Field(ge=1, le=5)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Statement(Part):
    """Something to agree with, from 1 (not at all) to 5 (entirely)."""

    id: Slug
    label: Text


class SatisfactionConfig(Part):
    """What is marked; ``word`` says whether a free word is asked for."""

    questions: Annotated[tuple[Statement, ...], Field(min_length=1, max_length=8)]
    word: bool = True

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len({q.id for q in self.questions}) != len(self.questions):
            raise ValueError("questions")
        return self


class Opinion(Part):
    """The marks of one person, by statement, and their word; something at least."""

    marks: Mapping[str, Mark] = Field(default_factory=dict)
    word: Word | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.marks and self.word is None:
            raise ValueError("opinion")
        return self


@dataclass(frozen=True, slots=True)
class Average:
    """One statement: ``people`` marked it; the rest is None below three people.

    ``counts`` are how many gave 1, 2, 3, 4 and 5.
    """

    id: str
    label: str
    people: int
    mean: float | None
    counts: tuple[int, ...] | None

    @property
    def share(self) -> float:
        """The mean as a part of the whole scale, from 0 to 1."""
        return 0.0 if self.mean is None else self.mean / SCALE[-1]


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the room."""

    entry: int
    text: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class Mood:
    """The averages in the order asked, and the words in alphabetical order."""

    averages: tuple[Average, ...]
    words: tuple[Said, ...]
    people: int


class Satisfaction(Activity[SatisfactionConfig, Opinion, Mood]):
    """How it was."""

    kind: ClassVar[str] = "satisfaction"
    Config = SatisfactionConfig
    Value = Opinion

    def configured(self, given: Mapping[str, Any]) -> SatisfactionConfig:
        """Without questions, those of the content."""
        listed = self.tools.texts.listing("atelier", "questions_satisfaction")
        default = [{"id": f"q{n}", "label": label} for n, label in enumerate(listed, 1)]
        return super().configured({"questions": default, **given})

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``note.…`` and ``mot``."""
        marks = {
            name.removeprefix(MARK): given[-1]
            for name, given in form.items()
            if name.startswith(MARK) and given and given[-1]
        }
        return {"marks": marks, "word": " ".join(" ".join(form.get("mot", ())).split()) or None}

    def check(self, scene: Scene[SatisfactionConfig], value: Opinion, *, by: str,
              key: str) -> None:  # fmt: skip
        """Only what was asked."""
        if not value.marks.keys() <= {q.id for q in scene.config.questions}:
            raise Refused
        if value.word is not None and not scene.config.word:
            raise Refused

    def results(self, scene: Scene[SatisfactionConfig]) -> Mood:
        """Averages, and words that nothing ties to marks."""
        held = self.values(scene.entries)
        words = [Said(e.seq, v.word, e.pinned) for e, v in held if v.word is not None]
        words.sort(key=lambda said: (not said.pinned, fold(said.text), said.text))
        return Mood(
            averages=tuple(
                _average(q, [v.marks[q.id] for _, v in held if q.id in v.marks])
                for q in scene.config.questions
            ),
            words=tuple(words),
            people=len(held),
        )

    def said(self, value: Opinion) -> str:
        """The word alone: marks are nobody else's to read."""
        return value.word or self.tools.texts.say("atelier", "avis_donne")

    def tables(self, scene: Scene[SatisfactionConfig]) -> tuple[Table, ...]:
        """Averages and how many gave each mark, then the words."""
        say, mood = self.tools.texts.say, self.results(scene)
        columns = (
            say("atelier", "question"),
            say("atelier", "personnes"),
            say("atelier", "moyenne"),
            *(say("atelier", "note_n", note=note) for note in SCALE),
        )
        rows = tuple(
            (a.label, a.people, a.mean, *(a.counts or (None,) * len(SCALE))) for a in mood.averages
        )
        made = (Table(scene.item.title, columns, rows),)
        if not scene.config.word:
            return made
        word = say("atelier", "un_mot")
        return (
            *made,
            Table(word, (say("atelier", "texte"),), tuple((w.text,) for w in mood.words)),
        )


def _average(statement: Statement, marks: list[int]) -> Average:
    people = len(marks)
    if people < FEWEST:
        return Average(statement.id, statement.label, people, None, None)
    given = Counter(marks)
    return Average(
        statement.id,
        statement.label,
        people,
        round(sum(marks) / people, 1),
        tuple(given[mark] for mark in SCALE),
    )
