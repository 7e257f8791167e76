"""Numbers as people type them: « 8k », « 15.000 € », « quinze mille », « 5 à 8 k€ », « 20 % »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

NumberKind = Literal["euros", "percent", "plain"]
_WORDS = (
    "zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|"
    "seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|nonante|cents?|mille|"
    "millions?|milliards?"
)
_SPELT = rf"(?:{_WORDS})(?:[\s-]{{1,2}}(?:et[\s-]{{1,2}})?(?:{_WORDS})){{0,9}}"
_DIGITS = r"\d{1,3}(?:[ .]\d{3}){1,4}(?!\d)(?:,\d{1,2}(?!\d))?|\d{1,13}(?:[.,]\d{1,2}(?!\d))?"
_SCALE = (
    r"k(?=\s{0,2}(?:€|e\b|eur|ht|ttc|balles|\W|$))|m(?=\s?(?:€|eur))|milliers?|milles?|millions?"
)
# « la 2e année » is no two euros
_EURO = (
    r"€(?!\w)|euros?\b|eur\b|e\b(?!'|\s(?:annee|edition|etape|partie|fois|trimestre|semestre|"
    r"arrondissement|partenariat|contrat|convention|question|option|choix|reunion|rdv|festival|"
    r"tournoi|projet))|balles\b|boules\b|eu?ros\b"
)
_NUMBER = re.compile(
    rf"(?<![\w/.,])(?:(?P<digits>{_DIGITS})|(?P<spelt>{_SPELT})(?!\w))"
    rf"(?:\s?(?P<scale>{_SCALE})(?!\w))?"
    rf"(?:\s{{0,2}}(?:(?P<euro>{_EURO})|(?P<percent>%|pour\s?cents?\b|pct\b)))?"
    rf"(?!\s?fois\b)",
)
# « -500 » is below zero; « 300 -500 » is a range, « - 500 » an item of a list
_NEGATIVE = re.compile(r"(?:^|[a-z:(,]\s)-$")
_GLUED = re.compile(r"(?<![\w/.,])(\d+)k(\d{1,3})\b")
_BETWEEN = re.compile(r"\s{0,2}(?:a|-|/|ou|et)\s{0,2}")
_FACTOR = {"k": 1000, "m": 1_000_000, "mille": 1000, "millier": 1000, "million": 1_000_000}
_LONE = frozenset({"un", "une"})
MOST = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its places in the working text; ``range`` when it is one end of several."""

    value: Decimal
    start: int
    end: int
    kind: NumberKind
    spelt: bool = False
    thousands: bool = False
    range: bool = False

    def json(self) -> int | float:
        """As ``Facts`` takes it."""
        whole = self.value == self.value.to_integral_value()
        return int(self.value) if whole else float(self.value)


def numbers(work: str) -> tuple[Number, ...]:
    """Every number of a working text, in order; « un » and « une » are articles."""
    found = list(_scan(work))
    return tuple(_with_ranges(work, found))


def _scan(work: str) -> Iterator[Number]:
    glued = {m.start(): m for m in _GLUED.finditer(work)}
    for match in _NUMBER.finditer(work):
        if match.start() in glued:
            whole = glued[match.start()]
            value = Decimal(whole[1]) * 1000 + Decimal(whole[2].ljust(3, "0"))
            yield Number(value, whole.start(), whole.end(), "euros", thousands=True)
            continue
        value_or_none = _value(match)
        if value_or_none is None or value_or_none > MOST:
            continue
        scaled = bool(match["scale"])
        short = match["scale"] in ("k", "m")
        if match["digits"] and _NEGATIVE.search(work[max(0, match.start() - 3) : match.start()]):
            value_or_none = -value_or_none
        kind: NumberKind = "euros" if match["euro"] or short else "plain"
        if match["percent"]:
            kind = "percent"
        yield Number(
            value_or_none, match.start(), match.end(), kind, bool(match["spelt"]), thousands=scaled
        )


def _value(match: re.Match[str]) -> Decimal | None:
    if match["digits"]:
        base = _digits(match["digits"])
    elif match["spelt"] in _LONE and not (match["scale"] or match["euro"]):
        return None
    else:
        spelt = _spelt(match["spelt"])
        if spelt is None:
            return None
        base = spelt
    scale = (match["scale"] or "").rstrip("s")
    return base * _FACTOR.get(scale, 1)


def _digits(text: str) -> Decimal:
    if re.fullmatch(r"\d{1,3}(?:[ .]\d{3})+(?:,\d+)?", text):
        text = text.replace(" ", "").replace(".", "")
    return Decimal(text.replace(",", "."))


def _spelt(text: str) -> Decimal | None:
    from text_to_num import text2num

    try:
        return Decimal(text2num(text, "fr"))
    except ValueError:
        return None


def _with_ranges(work: str, found: list[Number]) -> Iterator[Number]:
    ranged: set[int] = set()
    for place in range(len(found) - 1):
        low, high = found[place], found[place + 1]
        if not _BETWEEN.fullmatch(work[low.end : high.start]):
            continue
        joined = work[low.end : high.start].strip()
        if joined == "et" and not work[max(0, low.start - 12) : low.start].rstrip().endswith(
            "entre"
        ):
            continue
        if low.kind == "plain" and high.kind != "plain":
            scale = 1000 if high.thousands and low.value < 1000 <= high.value else 1
            found[place] = replace(low, kind=high.kind, value=low.value * scale)
        ranged |= {place, place + 1}
    for place, number in enumerate(found):
        yield replace(number, range=True) if place in ranged else number
