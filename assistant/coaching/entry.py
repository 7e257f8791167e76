"""What may enter a dossier: values that facts accept and that agree with each other."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assistant.casefile.facts import Facts, InvalidFacts, Problem, parse_facts
from assistant.casefile.paths import nested, read
from assistant.coaching.state import Answer

_ORDERED = (
    ("duree.date_debut", "duree.date_fin"),
    ("mc.debut", "mc.fin"),
    ("plan.periode.debut", "plan.periode.fin"),
)
_HUNDRED = Decimal(100)
_GOALS = 4


def facts_of(known: Mapping[str, Answer]) -> Facts:
    """What is known as facts.

    Each answer was checked when it came in; when two sides' answers do not fit together, the
    older of those at fault is left out, until nothing is at fault.
    """
    left = dict(known)
    while True:
        try:
            return parse_facts(nested({slot: answer.value for slot, answer in left.items()}))
        except InvalidFacts as error:
            faulty = [s for s in left if any(_touches(s, p.slot) for p in error.problems)] or [
                *left
            ]
            del left[min(faulty, key=lambda slot: left[slot].seq)]


def checked(known: Mapping[str, Answer], values: Mapping[str, Any]) -> Facts:
    """The facts once ``values`` are in; raises ``InvalidFacts`` and takes nothing."""
    alone = parse_facts(nested(values))
    problems = tuple(_disagreements(alone))
    if problems:
        raise InvalidFacts(problems)
    kept = {
        slot: answer.value
        for slot, answer in known.items()
        if not any(slot.startswith(f"{name}.") for name in values)
    }
    return parse_facts(nested({**kept, **values}))


def _touches(slot: str, at_fault: str) -> bool:
    return slot == at_fault or slot.startswith(f"{at_fault}.") or at_fault.startswith(f"{slot}.")


def _disagreements(facts: Facts) -> Iterator[Problem]:
    for first, last in _ORDERED:
        start, end = read(facts, first), read(facts, last)
        if start is not None and end is not None and end < start:
            yield Problem(last, "ordre_dates", f"{end:%d/%m/%Y}")
    shares = facts.repartition_CA_pct or (facts.finances and facts.finances.cle_repartition) or ()
    if shares and sum(share.pourcentage for share in shares) != _HUNDRED:
        yield Problem("repartition_CA_pct", "cent", f"{sum(s.pourcentage for s in shares):g}")
    weights = facts.objectifs.ponderation_4 if facts.objectifs else None
    named = [w for w in weights.model_dump().values() if w is not None] if weights else []
    if len(named) == _GOALS and sum(named) != _HUNDRED:
        yield Problem("objectifs.ponderation_4", "cent", f"{sum(named):g}")
    for position, party in enumerate(facts.parties or ()):
        yield from _bad_keys(position, party)


def _bad_keys(position: int, party: Any) -> Iterator[Problem]:
    from assistant.drafting.identifiers import siren_is_valid, siret_is_valid

    if party.siren is not None and not siren_is_valid(party.siren):
        yield Problem(f"parties.{position}.siren", "cle", party.siren)
    if party.siret is not None and not siret_is_valid(party.siret):
        yield Problem(f"parties.{position}.siret", "cle", party.siret)
