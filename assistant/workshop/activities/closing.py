"""Closing commitments: what each person will do, and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints

from assistant.knowledge.analysis import fold
from assistant.workshop.activity import Activity, Form, Part, Refused, Scene, Table
from assistant.workshop.agenda import Text

OTHER = "autre"
What = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
When = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class ClosingConfig(Part):
    """``question`` is asked; ``when`` are the terms that are offered, another may be typed.

    Each person takes at most ``per_person`` commitments.
    """

    question: Text
    when: Annotated[
        tuple[Annotated[Text, StringConstraints(max_length=60)], ...],
        BeforeValidator(_several),
        Field(min_length=1, max_length=8),
    ]
    per_person: int = Field(default=3, ge=1, le=6)


class Commitment(Part):
    """What one will do, and by when."""

    what: What
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment as the room sees it: nobody's."""

    entry: int
    what: str
    when: str | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class Term:
    """The commitments for one term; ``when`` None for those that named none."""

    when: str | None
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What ``people`` committed to: the terms that were offered in order, then the others."""

    terms: tuple[Term, ...]
    people: int
    total: int


class Commitments(Activity[ClosingConfig, Commitment, Closing]):
    """Collected without a name; each participant finds their own in their hand-out."""

    kind: ClassVar[str] = "engagements"
    Config = ClosingConfig
    Value = Commitment
    many: ClassVar[bool] = True

    def configured(self, given: Mapping[str, Any]) -> ClosingConfig:
        """Without terms, those of the content."""
        held = {name: value for name, value in given.items() if value is not None}
        default = self.tools.texts.listing("atelier", "echeances")
        return super().configured({"when": default, **held})

    def read(self, form: Form) -> Mapping[str, Any]:
        """The fields ``quoi``, ``quand`` and ``quand_autre``, which wins when it is filled."""
        if not _line(form, "quoi"):
            raise Refused("texte_vide")
        own = _line(form, "quand_autre")
        chosen = _line(form, "quand")
        when = own or (chosen if chosen != OTHER else "")
        return {"what": _line(form, "quoi"), "when": when or None}

    def key(self, scene: Scene[ClosingConfig], value: Mapping[str, Any], *, by: str,
            nonce: str) -> str:  # fmt: skip
        """Each commitment stands alone."""
        return nonce

    def check(self, scene: Scene[ClosingConfig], value: Commitment, *, by: str, key: str) -> None:
        """Not more than one can keep."""
        others = (e for e in scene.mine(by) if e.value is not None and e.key != key)
        if sum(1 for _ in others) >= scene.config.per_person:
            raise Refused("assez_d_engagements", nombre=scene.config.per_person)

    def results(self, scene: Scene[ClosingConfig]) -> Closing:
        """By term; in a term, pinned first, then by text."""
        offered = {fold(when): (rank, when) for rank, when in enumerate(scene.config.when)}
        terms: dict[tuple[int, str], list[Promise]] = {}
        names: dict[tuple[int, str], str] = {}
        for entry, value in self.values(scene.entries):
            same = fold(value.when or "")
            rank, name = offered.get(same, (len(offered) + (not same), value.when or ""))
            names[rank, same] = min(names.get((rank, same), name), name)
            terms.setdefault((rank, same), []).append(
                Promise(entry.seq, value.what, value.when, entry.pinned)
            )
        return Closing(
            terms=tuple(
                Term(
                    names[place] or None,
                    tuple(sorted(terms[place], key=lambda p: (not p.pinned, fold(p.what), p.what))),
                )
                for place in sorted(terms)
            ),
            people=len({entry.participant for entry in scene.entries}),
            total=len(scene.entries),
        )

    def said(self, value: Commitment) -> str:
        """What, and by when."""
        if value.when is None:
            return value.what
        return self.tools.texts.say("atelier", "engagement_dit", quoi=value.what, quand=value.when)

    def tables(self, scene: Scene[ClosingConfig]) -> tuple[Table, ...]:
        """The commitments by term."""
        say = self.tools.texts.say
        rows = tuple(
            (term.when, promise.what)
            for term in self.results(scene).terms
            for promise in term.promises
        )
        columns = (say("atelier", "echeance"), say("atelier", "engagement"))
        return (Table(scene.config.question, columns, rows),)


def _line(form: Form, name: str) -> str:
    return " ".join(" ".join(form.get(name, ())).split())
