"""Goods given or lent: what they are, how many, what they are worth; always to confirm."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message
from assistant.knowledge.analysis import STOP_WORDS

_MOST, _BEFORE, _AFTER, _LEAST = 4, 34, 40, 20
_SHORTEST, _OPENING = 3, 4
# words that say something else are no good: « un gros garage », « Mistral Bois »
_ELSEWHERE = frozenset({
    "contrepartie_liste", "acteur_taille", "acteur_type", "partenaire_type", "acteur_nom",
    "partenaire_nom", "territoire",
})  # fmt: skip
# no thing that is given: a surface, money, a person
_NO_GOOD = re.compile(
    r"(?:m2|m²|²|€|euros?|k€|mme|m\.|monsieur|madame|jours?|heures?)(?!\w)", re.IGNORECASE
)
_COUNTED = re.compile(r"[\w,'-]+(?:\s(?:d[eu']|a|en|reconditionne\w*|neu\w+)\s?[\w-]+){0,2}")
_LEADING = re.compile(
    r"^(?:(?:une?|des|les?|la|nos|notre|ses|son|sa|leurs?|mes|mon|du|de la|de|quelques|plusieurs|"
    r"en|et|avec|aux?)\s+|[ld]['’]\s?)+(?=\w)", re.IGNORECASE,
)  # fmt: skip
_ENDING = re.compile(
    r"(?:\s(?:de|du|des|d|l|la|le|les|à|a|au|aux|et|en|pour|donnée?s?|offerte?s?|prêtée?s?|vides?))+$"
)
_TRAILING = " ,.;:-'’\"«»()"

Span = tuple[int, int]


def goods(
    scopes: Scopes, lexicon: Lexicon, drafts: Sequence[Draft], numbers: Sequence[Number],
    seen: Sequence[Span],
) -> list[Draft]:  # fmt: skip
    """Each good, with its number and its worth; ``seen`` are the places the tagger reads."""
    message = scopes.message
    if any(d.slot.startswith("biens") for d in drafts):
        return []
    flows = [d.start for d in drafts if d.slot == "flux" and d.value == ["don_nature"]]
    if not flows:
        return []
    sentences = {message.sentence(place).start for place in flows}
    taken = [(d.start, d.end) for d in drafts if d.slot in _ELSEWHERE]
    places = list(seen)
    if not places:
        places = [
            p for p in _counted(message, lexicon, numbers)
            if not any(p[1] - _OPENING < end and start < p[1] for start, end in taken)
            and message.sentence(p[0]).start in sentences
        ]  # fmt: skip
    rows = [
        (start, end, row) for start, end in places[:_MOST]
        if scopes.stance(start, end) not in ("asked", "denied")
        and (row := _row(message, numbers, start, end))
        and not lexicon.context("locaux").search(message.work, start, end)
    ]  # fmt: skip
    worth = _worth(message, lexicon, numbers)
    if worth is not None and rows:
        near = min(rows, key=lambda one: abs(one[0] - worth.start))
        near[2]["valeur"] = worth.json()
    return [Draft("biens", [row], start, end, sure=False, force=0) for start, end, row in rows]


def _row(message: Message, numbers: Sequence[Number], start: int, end: int) -> dict[str, Any]:
    """Designation and quantity of the words between two places; empty when nothing is left."""
    inside = [n for n in numbers if start <= n.start < min(end, start + _OPENING)]
    count = next((n for n in inside if n.kind == "plain"), None)
    first = count.end if count else start
    words = message.original[slice(*message.span(first, end))].strip(_TRAILING)
    words = re.split(r"[.:;!?]\s", words)[-1]
    words = _ENDING.sub("", _LEADING.sub("", words)).strip(_TRAILING)
    if len(words) < _SHORTEST or words.casefold() in STOP_WORDS or _NO_GOOD.match(words):
        return {}
    row: dict[str, Any] = {"designation": words}
    if count and count.value == count.value.to_integral_value():
        row["quantite"] = count.json()
    return row


def _counted(message: Message, lexicon: Lexicon, numbers: Sequence[Number]) -> Iterator[Span]:
    """« 30 ordinateurs »: a number and a good; else the goods that are named."""
    named = [m.span() for m in lexicon.context("objet_bien").finditer(message.work)]
    for number in numbers:
        if number.kind != "plain":
            continue
        match = _COUNTED.match(message.work, number.end + 1)
        if match and any(start < match.end() and match.start() < end for start, end in named):
            yield number.start, match.end()
            named = [s for s in named if not (s[0] < match.end() and match.start() < s[1])]
    yield from named


def _worth(message: Message, lexicon: Lexicon, numbers: Sequence[Number]) -> Number | None:
    """The amount that says what goods are worth."""
    for number in numbers:
        if number.kind == "percent" or number.value < _LEAST:
            continue
        before = message.work[max(0, number.start - _BEFORE) : number.start]
        after = message.work[number.end : number.end + _AFTER].lstrip()
        euros = number.kind == "euros"
        said = lexicon.context("valeur_bien_avant" if euros else "valeur_bien_sure").search(before)
        if said or (euros and lexicon.context("valeur_bien_apres").match(after)):
            return number
    return None
