"""SIREN, SIRET, RNA, number of a deliberation; whether they hold decides if they are sure.

Source: domain/conventions.md §0.5 (La Poste's own key, the RNA overseas).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .]?\d){8}(?:(?:[ .]?\d){5})?(?![\d]|[.,]\d|\s?€|\s?euro)")
_RNA = re.compile(r"(?<!\w)w\s?(?:\d(?:\s?\d){8}|9[a-z]\d{7})(?!\w)")
_NAMED = re.compile(r"(?:siren|siret|rna|immatricul\w+|rcs)\W{0,12}(?:\w{1,4}\W{1,3}){0,3}$")
_DELIBERATION = re.compile(
    r"\bdeliberation\s(?:\w+\s)?(?:n[°o]?\.?\s?|numero\s)(?P<number>\d[\w/.-]{0,18}\w|\d)"
)
_LA_POSTE = "356000000"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number as typed without blanks; ``holds`` when its key is right."""

    slot: str
    value: str
    start: int
    end: int
    holds: bool


def identifiers(work: str) -> Iterator[Identifier]:
    """Every SIREN, SIRET, RNA and number of a deliberation of a working text."""
    for match in _RNA.finditer(work):
        value = re.sub(r"\s", "", match[0]).upper()
        yield Identifier("parties.0.rna", value, match.start(), match.end(), holds=True)
    for match in _DELIBERATION.finditer(work):
        start, end = match.span("number")
        yield Identifier("deliberation.numero", match["number"], start, end, holds=True)
    for match in _DIGITS.finditer(work):
        value = re.sub(r"\D", "", match[0])
        named = _NAMED.search(work[max(0, match.start() - 30) : match.start()])
        holds = _holds(value)
        if not named and (not holds or re.match(r"0[1-9]", value)):
            continue  # a telephone number, an amount
        slot = "parties.0.siren" if len(value) == 9 else "parties.0.siret"
        yield Identifier(slot, value, match.start(), match.end(), holds)


def _holds(value: str) -> bool:
    from stdnum.fr import siren, siret

    if len(value) == 9:
        return bool(siren.is_valid(value))
    if value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return True
    return bool(siret.is_valid(value))
