"""How much comes back to who gives: a level, computed when there are figures (§3.1, §3.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.casefile.facts import Facts

# §3.1: « symbolique » up to 25 % of the gift, « significative » up to its whole value.
# The first is a usage, not a text of law (§0.4, mecenat.contreparties).
SYMBOLIC_UP_TO = Decimal("0.25")
EQUIVALENT_FROM = Decimal(1)


@dataclass(frozen=True, slots=True)
class Level:
    """How much comes back. ``ratio`` is counterpart / gift when both have a value."""

    value: str | None = None
    slots: tuple[str, ...] = ()
    ratio: Decimal | None = None
    unvalued: bool = False


def level_of(
    ratio: Decimal, symbolic: Decimal = SYMBOLIC_UP_TO, equivalent: Decimal = EQUIVALENT_FROM
) -> str:
    """The level of a ratio counterpart / gift, by the two thresholds of §3.1."""
    if ratio == 0:
        return "aucune"
    if ratio <= symbolic:
        return "symbolique"
    return "significative" if ratio < equivalent else "equivalente"


def read_level(facts: Facts, gifts: Sequence[str]) -> Level:
    """The level of a case: the figures first (§3.7, 3), else what was said.

    « aucune » beside a list of counterparts without a value is not known yet.
    """
    gift, gift_slots = _gift(facts, gifts)
    back, back_slots, whole = _counterpart(facts)
    listed = bool(facts.contrepartie_liste or facts.contreparties)
    if gift and back is not None:
        ratio = back / gift
        if whole or ratio > SYMBOLIC_UP_TO:
            return Level(level_of(ratio), (*gift_slots, *back_slots), ratio, not whole)
    if whole and back == 0:
        return Level("aucune", back_slots)
    said = facts.contrepartie_niveau
    unvalued = listed and (back is None or not whole)
    if said and said != "inconnu" and not (said == "aucune" and unvalued):
        return Level(said, ("contrepartie_niveau",), None, unvalued)
    if facts.contrepartie_liste == () and not facts.contreparties and said != "aucune":
        return Level("aucune", ("contrepartie_liste",))
    return Level(unvalued=unvalued)


def _gift(facts: Facts, gifts: Sequence[str]) -> tuple[Decimal | None, tuple[str, ...]]:
    total = Decimal(0)
    slots: list[str] = []
    for flow in gifts:
        value, slot = _value_of(facts, flow)
        if value is None and len(gifts) == 1 and facts.don and facts.don.montant:
            value, slot = facts.don.montant, "don.montant"
        if value is None:
            return None, ()
        total += value
        slots.append(slot)
    return total, tuple(slots)


def _value_of(facts: Facts, flow: str) -> tuple[Decimal | None, str]:
    if flow == "don_numeraire":
        return (facts.don.montant if facts.don else None), "don.montant"
    if flow == "temps_salarie":
        return (facts.mc.valeur_totale if facts.mc else None), "mc.valeur_totale"
    values = [item.valeur for item in facts.biens or ()]
    known = [value for value in values if value is not None]
    complete = bool(values) and len(known) == len(values)
    return (sum(known, Decimal(0)) if complete else None), "biens"


def _counterpart(facts: Facts) -> tuple[Decimal | None, tuple[str, ...], bool]:
    """The value of what comes back, its slots, and whether every line has a value."""
    if facts.contrepartie_valeur is not None:
        return facts.contrepartie_valeur, ("contrepartie_valeur",), True
    if facts.contreparties is None:
        return None, (), False
    values = []
    for line in facts.contreparties:
        value = line.valeur
        if value is None and line.quantite is not None and line.valeur_unitaire is not None:
            value = line.quantite * line.valeur_unitaire
        values.append(value)
    known = [value for value in values if value is not None]
    whole = len(known) == len(values)
    return (sum(known, Decimal(0)) if known or whole else None), ("contreparties",), whole
