"""Dates and durations to the slot that their clause is about."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.coaching.understanding.dates import FoundDate, FoundDuration
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import AT_MOST, Scopes
from assistant.coaching.understanding.text import Message

_CONTEXTS = (
    ("date_passee", ""), ("date_deliberation", "deliberation.date"),
    ("date_restitution", "pret.restitution_date"), ("date_butoir", "date_butoir"),
    ("date_fin", "duree.date_fin"), ("date_debut", "duree.date_debut"),
    ("date_evenement", "evenement.date"), ("date_signature", "date_cible"),
)  # fmt: skip


_NOTICE = re.compile(r"\bpreavis(?:\s\w+){0,3}\s$")
_MAY_BE_PAST = frozenset({"duree.date_debut", "deliberation.date"})


def dated(
    message: Message, lexicon: Lexicon, scopes: Scopes, dates: Sequence[FoundDate], today: date
) -> Iterator[Draft]:
    """Each date that is to come, where its words say; else to confirm as the signature's."""
    for found in dates:
        stance = scopes.stance(found.start, found.end)
        if stance in ("asked", "denied"):
            continue
        slot, certain = _slot(message, lexicon, found)
        if not slot or (found.day < today and slot not in _MAY_BE_PAST):
            continue
        if message.original[message.span(found.start, found.end)[0]].isupper():
            certain = False  # « Unis Vers Demain »
        sure = found.sure or (slot.startswith("duree") and certain and found.day.day == 1)
        sure = (
            sure and certain and stance == "said" and (found.day >= today or slot in _MAY_BE_PAST)
        )
        yield Draft(slot, found.day.isoformat(), found.start, found.end, sure)


def _slot(message: Message, lexicon: Lexicon, found: FoundDate) -> tuple[str, bool]:
    work, sentence = message.work, message.sentence(found.start)
    before = work[max(sentence.start, found.start - 70) : found.start]
    after = work[found.end : min(sentence.end, found.end + 45)]
    if re.search(r"\b(?:du|de|entre)\s(?:le\s)?$", before) and re.match(
        r"\s(?:au|a|jusqu|et)\b", after
    ):
        return "duree.date_debut", True
    best, slot = 10_000.0, "date_cible"
    for name, target in _CONTEXTS:
        for match in lexicon.context(name).finditer(before):
            away = len(before) - match.end() + 25 * before[match.end() :].count(",")
            if away < best or (away == best and target):
                best, slot = away, target
        if name in ("date_evenement", "date_signature"):
            near = lexicon.context(name).search(after)
            if near and near.start() + 12 < best:
                best, slot = near.start() + 12, target
    return slot, best < 10_000


def lasting(
    message: Message, lexicon: Lexicon, scopes: Scopes, found: FoundDuration
) -> Iterator[Draft]:
    """``duree.mois``, or how long the relation has lasted."""
    work, clause = message.work, message.clause(found.start)
    before = AT_MOST.sub(" pour ", work[max(clause.start, found.start - 40) : found.start])
    after = work[found.end : min(clause.end, found.end + 30)]
    stance = scopes.stance(found.start, found.end)
    if stance in ("asked", "denied"):
        return
    sure = stance == "said" and found.sure
    if lexicon.context("duree_relation").search(before):
        if lexicon.context("relation").search(work, clause.start, clause.end):
            yield Draft("relation_mois", found.months, found.start, found.end, sure)
        return
    if _NOTICE.search(before):
        days = found.months * 30
        yield Draft("resiliation.preavis_jours", days, found.start, found.end, sure=False)
        return
    if lexicon.context("duree_autre_avant").search(before):
        return
    if lexicon.context("duree_autre_apres").match(after.lstrip()):
        return
    certain = bool(
        lexicon.context("duree_avant").search(before)
        or lexicon.context("duree_apres").match(after.lstrip())
    )
    sentence = message.sentence(found.start)
    secret = lexicon.context("duree_secret").search(work, sentence.start, found.start)
    slot = "confidentialite.duree_mois" if secret else "duree.mois"
    yield Draft(slot, found.months, found.start, found.end, sure and certain)
