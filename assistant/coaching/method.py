"""The seven steps and their questions, read from ``corpus/methode.yaml``.

Source of the questions: domain/conventions.md §4; of the steps: guide p. 38-58.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, StringConstraints, model_validator
from pydantic import Field as Limit

from assistant.casefile.paths import slots as slot_names
from assistant.casefile.shape import columns
from assistant.casefile.source import Cited
from assistant.coaching.conditions import CONDITIONS
from assistant.coaching.fitting import unfit
from assistant.errors import InvalidContent
from assistant.knowledge.content import Actor, Slug, Strict, load_yaml, validate
from assistant.typography import french

FILE = "methode.yaml"
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(french)
]
Value = bool | int | str
Kind = Literal[
    "choix", "multi", "echelle", "repartition", "date", "montant", "nombre", "texte", "liste",
    "tableau", "formulaire", "oui_non",
]  # fmt: skip
Goal = Literal["orientation", "squelette"]
ALL: tuple[Actor, ...] = ("association", "entreprise", "collectivite")

ByActor = Mapping[Actor, Text]


def _for(actor: str | None, words: ByActor, default: str) -> str:
    return next((text for name, text in words.items() if name == actor), default)


def _as_choice(value: Any) -> Any:
    # an open suggestion is what will be written: it is its own label
    return {"valeur": value, "libelle": value} if isinstance(value, str) else value


class Choice(Strict):
    """One possible answer; ``famille`` groups long lists."""

    valeur: Value
    libelle: Text
    libelles: ByActor = Limit(default_factory=dict)
    aide: Text | None = None
    famille: Text | None = None

    def label(self, actor: str | None = None) -> str:
        """The words this actor uses for it."""
        return _for(actor, self.libelles, self.libelle)


class _Asked(Strict):
    """What a question and a part of a composite question share."""

    type: Kind
    aide: Text | None = None
    choix: tuple[Annotated[Choice, BeforeValidator(_as_choice)], ...] = ()
    maximum: Annotated[int, Limit(ge=1)] | None = None
    ouvert: bool = False
    colonnes: tuple[str, ...] = ()
    condition: str | None = None

    def choice(self, value: Value) -> Choice | None:
        """The choice that stands for ``value``."""
        return next((c for c in self.choix if c.valeur == value), None)


class Field(_Asked):
    """One slot of a composite question."""

    slot: str
    libelle: Text
    libelles: ByActor = Limit(default_factory=dict)

    def label(self, actor: str | None = None) -> str:
        """The words this actor uses for it."""
        return _for(actor, self.libelles, self.libelle)


class Why(Strict):
    """Why a question is asked, and where that comes from."""

    texte: Text
    sources: Annotated[tuple[Cited, ...], Limit(min_length=1)]


class Question(_Asked):
    """One question, with what it fills and what it rests on.

    ``derive``: slots that its answer settles without asking. ``depend``: slots whose change puts
    its answer in doubt. ``colonnes``: for a table, the columns it asks for. ``ouvert``: choices
    are suggestions, and the person may write something else.
    """

    id: Annotated[str, StringConstraints(pattern=r"^D[1-7X]-\d\d$")]
    etape: Annotated[int, Limit(ge=1, le=7)]
    slots: Annotated[tuple[str, ...], Limit(min_length=1)]
    derive: tuple[str, ...] = ()
    texte: Text
    textes: ByActor = Limit(default_factory=dict)
    pourquoi: Why
    pour: Annotated[tuple[Actor, ...], Limit(min_length=1)] = ALL
    depend: tuple[str, ...] = ()
    minimal: tuple[Goal, ...] = ()
    fiche: Slug
    question_guide: Text
    champs: tuple[Field, ...] = ()
    supplement: bool = False

    def text(self, actor: str | None = None) -> str:
        """The question in the words of this actor."""
        return _for(actor, self.textes, self.texte)

    def parts(self) -> tuple["Field | Question", ...]:
        """What is asked, slot by slot: the fields, or the question itself."""
        return self.champs or (self,)

    def named(self) -> tuple[str, ...]:
        """Every slot that the question knows of, settled or rested on."""
        return (*self.slots, *self.derive, *self.depend)


class Step(Strict):
    """One of the seven steps; ``pages`` are the first and last of the guide."""

    numero: Annotated[int, Limit(ge=1, le=7)]
    slug: Slug
    titre: Text
    titre_court: Text
    en_bref: Text
    but: Text
    livrable: Text
    pages: tuple[int, int]
    duree_repere: Text | None = None
    synthese: Text
    fiche: Slug


class Method(Strict):
    """The whole method, checked against the slots and the conditions of the code."""

    etapes: Annotated[tuple[Step, ...], Limit(min_length=7, max_length=7)]
    conditions: dict[str, Text]
    questions: Annotated[tuple[Question, ...], Limit(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong = tuple(_contradictions(self))
        if wrong:
            raise ValueError(" · ".join(wrong))
        return self

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def by_slot(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions that fill a slot, asked or settled, the most direct first."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            for slot in question.slots:
                found.setdefault(slot, []).append(question)
        for question in self.questions:
            for slot in question.derive:
                found.setdefault(slot, []).append(question)
        return {slot: tuple(listed) for slot, listed in found.items()}

    def question(self, name: str) -> Question:
        """One question; raises ``KeyError``."""
        return self.by_id[name]

    def step(self, number: int) -> Step:
        """One step, 1 to 7; raises ``KeyError``."""
        found = {step.numero: step for step in self.etapes}
        return found[number]

    def of_step(self, number: int) -> tuple[Question, ...]:
        """The questions of a step, in order."""
        return tuple(q for q in self.questions if q.etape == number)

    def minimal(self, goal: Goal) -> tuple[Question, ...]:
        """The smallest set for an orientation, or for a skeleton (end of §4)."""
        return tuple(q for q in self.questions if goal in q.minimal)

    def asking(self, slots: Iterable[str]) -> frozenset[str]:
        """The ids of the questions that ask for one of ``slots``, or for a part of one."""
        wanted = tuple(slots)
        return frozenset(
            q.id for q in self.questions for held in q.slots if any(_meet(held, s) for s in wanted)
        )

    def resting_on(self, slot: str) -> tuple[str, ...]:
        """The slots whose answer is in doubt once ``slot`` changes."""
        found = [
            held
            for q in self.questions
            if any(_meet(name, slot) for name in q.depend)
            for held in q.slots
            if not _meet(held, slot)
        ]
        return tuple(dict.fromkeys(found))


def _meet(one: str, other: str) -> bool:
    """The same slot, or one inside the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def load_method(corpus: Path) -> Method:
    """The method of a content directory.

    Raises ``InvalidContent`` naming the file and what does not hold in it.
    """
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidContent("fichier_introuvable", fichier=str(path)) from error
    return validate(Method, load_yaml(text, name=FILE), name=FILE)


def _contradictions(method: Method) -> Iterable[str]:
    names = [question.id for question in method.questions]
    yield from (f"{name}: id" for name in sorted({n for n in names if names.count(n) > 1}))
    if [step.numero for step in method.etapes] != list(range(1, 8)):
        yield "etapes"
    yield from (f"conditions: {n}" for n in sorted(set(CONDITIONS) ^ set(method.conditions)))
    for question in method.questions:
        yield from (f"{question.id}: {wrong}" for wrong in _wrong(question))


def _wrong(question: Question) -> Iterable[str]:
    known = frozenset(slot_names())
    unknown = [slot for slot in question.named() if slot not in known]
    if unknown:
        yield from unknown
        return
    asked = tuple(part.slot for part in question.champs) or question.slots
    if asked != question.slots or (not question.champs and len(question.slots) != 1):
        yield "champs"
    for part in (question, *question.champs):
        if part.condition is not None and part.condition not in CONDITIONS:
            yield f"condition {part.condition}"
    for slot, part in zip(question.slots, question.parts(), strict=False):
        yield from (f"{slot} {c}" for c in part.colonnes if c not in columns(slot))
        values = [choice.valeur for choice in part.choix]
        yield from (f"{slot} {w}" for w in unfit(slot, part.type, values, opened=part.ouvert))
