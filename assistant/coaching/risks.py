"""The risks and freins of a case: what the guide lists by actor, read on the answers.

Source: guide p. 35-37. A risk is asserted only when an answer says so; when nobody knows, it is
under watch, with the answers that would tell; when the answers rule it out, it is not listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from assistant.casefile.facts import Facts
from assistant.casefile.source import Cited
from assistant.coaching.risk_conditions import CONDITIONS, Limits, Sign, judged, present
from assistant.errors import InvalidContent
from assistant.knowledge.content import Actor, Slug, Strict, load_yaml, validate
from assistant.typography import french

FILE = "risques.yaml"
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(french)
]
Sources = Annotated[tuple[Cited, ...], Field(min_length=1)]
Nature = Literal["risque", "frein", "droit"]
Status = Literal["present", "watch"]


class Parry(Strict):
    """What to do about a risk, and at which step."""

    texte: Text
    sources: Sources
    etape: Annotated[int, Field(ge=1, le=7)]


class Risk(Strict):
    """One risk; ``acteurs`` are those it threatens."""

    id: Slug
    nature: Nature
    acteurs: Annotated[tuple[Actor, ...], Field(min_length=1)]
    titre: Text
    texte: Text
    sources: Sources
    condition: str
    parades: Annotated[tuple[Parry, ...], Field(min_length=1)]
    fiche: Slug


class Marks(Strict):
    """The tool's own thresholds."""

    dependance_pct: Annotated[int, Field(ge=1, le=100)]
    ecart_de_taille: Annotated[int, Field(ge=2)]


class RiskContent(Strict):
    """Every risk, checked against the conditions of the code."""

    seuils: Marks
    conditions: dict[str, Text]
    risques: Annotated[tuple[Risk, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        ids = [risk.id for risk in self.risques]
        used = {risk.condition for risk in self.risques}
        wrong = sorted(set(CONDITIONS) ^ set(self.conditions) | set(CONDITIONS) ^ used)
        wrong += sorted({name for name in ids if ids.count(name) > 1})
        if wrong:
            raise ValueError(" · ".join(wrong))
        return self

    @property
    def limits(self) -> Limits:
        """The thresholds as the conditions take them."""
        return Limits(self.seuils.dependance_pct, self.seuils.ecart_de_taille)


@dataclass(frozen=True, slots=True)
class ApplicableRisk:
    """A risk of this case: asserted (``present``) or to watch.

    ``slots`` are the answers that it rests on, or, under watch, those that would tell.
    ``actors`` are those of its actors who are, or may be, at the table; ``own`` says whether the
    side that looks is one of them.
    """

    risk: Risk
    status: Status
    slots: tuple[str, ...]
    actors: tuple[Actor, ...]
    own: bool


def load_risks(corpus: Path) -> RiskContent:
    """The risks of a content directory; raises ``InvalidContent``."""
    path = corpus / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidContent("fichier_introuvable", fichier=str(path)) from error
    return validate(RiskContent, load_yaml(text, name=FILE), name=FILE)


def risks_of(facts: Facts, content: RiskContent) -> tuple[ApplicableRisk, ...]:
    """The risks of a case: asserted ones first, then one's own, then in the order of content."""
    found = [applied for risk in content.risques if (applied := _applied(risk, facts, content))]
    return tuple(sorted(found, key=lambda a: (a.status != "present", not a.own)))


def _applied(risk: Risk, facts: Facts, content: RiskContent) -> ApplicableRisk | None:
    seats = {actor: present(actor, facts) for actor in risk.acteurs}
    concerned = tuple(actor for actor, sign in seats.items() if sign.holds is not False)
    sign = judged(CONDITIONS[risk.condition], facts, content.limits)
    if not concerned or sign.holds is False:
        return None
    seated = [actor for actor in concerned if seats[actor].holds]
    if sign.holds and seated:
        return _made(risk, "present", sign.slots, tuple(seated), facts)
    return _made(risk, "watch", _to_know(sign, seats.values(), bool(seated)), concerned, facts)


def _to_know(sign: Sign, seats: Iterable[Sign], seated: bool) -> tuple[str, ...]:
    slots = list(sign.slots) if sign.holds is None else []
    if not seated:
        slots += [slot for seat in seats for slot in seat.slots]
    return tuple(dict.fromkeys(slots))


def _made(
    risk: Risk, status: Status, slots: tuple[str, ...], actors: tuple[Actor, ...], facts: Facts
) -> ApplicableRisk:
    own = present_as(facts) in actors
    return ApplicableRisk(risk, status, slots, actors, own)


def present_as(facts: Facts) -> str | None:
    """The kind of actor of the side that looks: a foundation is one of general interest."""
    return "association" if facts.acteur_type == "fondation" else facts.acteur_type
