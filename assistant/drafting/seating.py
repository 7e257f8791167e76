"""The parties of a document out of the names said in the interview, until D5-01 gives them whole.

Nothing is invented: a name and a type are those that were said, a role follows from the document
and from who brings what to whom (§3.1 ``sens_apport``); what is not certain stays missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from assistant.casefile.facts import Facts
from assistant.casefile.parties import Party
from assistant.casefile.vocabulary import PartyType

TABLE = 2  # seats at least: an agreement has two sides
# the role of the company and of the other side, and the direction that makes it certain; None
# when whoever buys visibility sponsors, whichever way the help was told
_PATRONAGE = ("mecene", "beneficiaire", "E_vers_A")
_ROLES: Mapping[str, tuple[str, str, str | None]] = MappingProxyType({
    "mecenat_financier": _PATRONAGE,
    "mecenat_nature": _PATRONAGE,
    "mecenat_competences": _PATRONAGE,
    "parrainage": ("parrain", "parraine", None),
    "prestation": ("client", "prestataire", "A_vers_E"),
})  # fmt: skip
_BY_TYPE = frozenset({"association", "entreprise", "collectivite"})
_COMPANIES = ("entreprise", "fondation")
_TYPES = frozenset(get_args(get_args(PartyType)[0]))


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at the table: a name and a type of actor, either unknown."""

    name: str | None = None
    kind: str | None = None


def seats_of(facts: Facts) -> tuple[Seat, Seat]:
    """Who speaks, then the partner that was named."""
    return (
        Seat(facts.acteur_nom, facts.acteur_type),
        Seat(facts.partenaire_nom, facts.partenaire_type),
    )


def seated(facts: Facts, document: str | None, seats: Sequence[Seat] | None = None) -> Facts:
    """``facts`` with parties, when nobody gave them and at least one name was said."""
    found = tuple(seats_of(facts) if seats is None else seats)
    if facts.parties is not None or not any(seat.name for seat in found):
        return facts
    found += (Seat(),) * (TABLE - len(found))
    roles = _roles(facts, document, found)
    parties = tuple(_party(seat, role) for seat, role in zip(found, roles, strict=True))
    return facts.model_copy(update={"parties": parties})


def _party(seat: Seat, role: str | None) -> Party:
    given: dict[str, Any] = {"denomination": seat.name, "role": role}
    if seat.kind in _TYPES:
        given["type_acteur"] = seat.kind
    return Party.model_validate(given)


def _roles(facts: Facts, document: str | None, seats: Sequence[Seat]) -> list[str | None]:
    if document is None or document not in _ROLES:
        return [seat.kind if seat.kind in _BY_TYPE else None for seat in seats]
    company, other, direction = _ROLES[document]
    found = _company(seats)
    if found is None or len(seats) != TABLE or direction not in (None, facts.sens_apport):
        return [None] * len(seats)
    return [company if seat is found else other for seat in seats]


def _company(seats: Sequence[Seat]) -> Seat | None:
    """The company, else the foundation, when only one seat is one."""
    for kind in _COMPANIES:
        found = [seat for seat in seats if seat.kind == kind]
        if found:
            return found[0] if len(found) == 1 else None
    return None
