"""How long a relation has lasted, and what that says of it: « depuis 2019 », « trois ans déjà »."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

_COUNTS = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "quinze": 15, "vingt": 20,
    "trente": 30, "quarante": 40,
}  # fmt: skip
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(_COUNTS)})"
_UNIT = r"(?P<unit>ans?|annees?|hivers?|saisons?|etes|noels?|mois|mandats?|editions?)"
_LEAD = r"(?:\s(?:plus|pres|presque|environ|bientot|deja|au moins|maintenant|d[e']|moins|a peine))*"
_FOR = re.compile(
    rf"\b(?:depuis|(?:ca|cela|ca va|sa|voila)(?:\s(?:fait|fe|faire))?){_LEAD}\s?{_N}\s{_UNIT}\b"
)
_THAT = re.compile(
    rf"\b{_N}\s{_UNIT}\s(?:que?\b|qu'|kon|deja\b|d[e']\s?(?:relation|partenariat|collaboration|"
    r"soutien|fidelite|compagnonnage|travail|vie commune|confiance|mecenat)|avec\s)"
)
_SINCE = re.compile(r"\bdepuis\s(?:l'an\s|l'annee\s|fin\s|debut\s|\w+\s)?(?P<year>(?:19|20)\d\d)\b")
_LONG, _MOST, _MONTHS = 24, 4, 12
_BEFORE = 60


def relations(
    message: Message, lexicon: Lexicon, scopes: Scopes, drafts: Sequence[Draft], today: date
) -> list[Draft]:
    """``relation_mois`` and the ``maturite`` it tells of, to confirm."""
    settled = {d.slot for d in drafts if d.sure}
    told = {d.slot: str(d.value) for d in drafts}
    found: list[Draft] = []
    for months, start, end in list(_lengths(message.work, today))[:_MOST]:
        if scopes.stance(start, end) in ("asked", "denied"):
            continue
        if not _of_relation(message, lexicon, start):
            continue
        stage = 3 if months >= _LONG else 2
        found.append(Draft("relation_mois", months, start, end, sure=False, force=0))
        if told.get("maturite") != str(stage):
            found.append(Draft("maturite", stage, start, end, sure=False, force=0))
        break
    return [d for d in found if d.slot not in settled]


def _lengths(work: str, today: date) -> Iterator[tuple[int, int, int]]:
    """Months, and where they are said."""
    for pattern in (_FOR, _THAT):
        for match in pattern.finditer(work):
            count = int(match["n"]) if match["n"].isdigit() else _COUNTS[match["n"]]
            months = count * (1 if match["unit"] == "mois" else _MONTHS)
            trial = match["unit"] == "mois" and match[0].endswith("avec ")
            if months and not trial:  # « six mois avec eux » is how long an agreement lasts
                yield months, *match.span()
    for match in _SINCE.finditer(work):
        years = today.year - int(match["year"])
        if years > 0:
            yield years * _MONTHS, *match.span()


def _of_relation(message: Message, lexicon: Lexicon, start: int) -> bool:
    """Whether a length is that of a relation: not of an agreement, a post or a structure."""
    sentence, clause = message.sentence(start), message.clause(start)
    before = message.work[max(clause.start, start - _BEFORE) : start]
    if lexicon.context("depuis_autre").search(before):
        return False
    return bool(lexicon.context("depuis_nous").search(message.work, sentence.start, sentence.end))
