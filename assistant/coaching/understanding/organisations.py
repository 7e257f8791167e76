"""The organisations a message names by their kind, and whether each is its author's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

KINDS = ("fondation", "collectivite", "association", "entreprise")
_MOST, _AROUND = 60, 90
_PRESENTED = 2_000
_DETERMINED = re.compile(
    r"(?:\b(?:une?|la|le|les|des|cette|cet|ce|leur|du|au|aux|deux)|\bl)[\s']*$"
)

_OURS = re.compile(r"\b(?:notre|mon|ma)[\s'](?:\w+\s)?$")
_WANTS = re.compile(r"\b(?:souhaite|veut|voudrait|aimerait|s'engage|va|compte|cherche)\b")
# « La commune de Vire souhaite… », in a message without « nous »: the author, in the third person
_OPENS = re.compile(r"\W*(?:(?:bonjour|bonsoir|madame|monsieur)\W+)*(?:l[a']?|le)\W?")
_SEEKS = re.compile(r"\b(?:souhaite|sollicite|envisage|desire|entend|cherche|recherche|voudrait)\b")
_FIRST_PERSON = re.compile(r"\b(?:nous|on|je|j|notre|nos|mon|ma|mes|moi)\b")
# « école de commerce », « comité d'entreprise », « le monde de l'entreprise »
_NO_MENTION = re.compile(
    r"\b(?:ecole|chambre|tribunal|cours|comite|creation|esprit|vie|monde|projet|culture|fonds)"
    r"\s(?:de|d|du)[\s'](?:l[a']?\s?|le\s)?$"
)
# « notre banque nous donne »: it is not us
_TO_US = re.compile(r"(?:\s[^\s,;:.]+){0,3}?\s(?:nous\s(?!\w+ons\b)|m[e']\s?)")


@dataclass(frozen=True, slots=True)
class Organisation:
    """One mention; ``own`` None when nothing tells whose it is."""

    kind: str
    start: int
    end: int
    own: bool | None = None
    # « un mécène », « un sponsor »: a role, that most often a company plays
    vague: bool = False


def organisations(message: Message, lexicon: Lexicon) -> tuple[Organisation, ...]:
    """Every mention in order, none inside another; at most sixty."""
    found: list[Organisation] = []
    taken = bytearray(len(message.work) + 1)
    for kind, name in (*((k, f"org_{k}") for k in KINDS), ("entreprise", "enseignes")):
        for match in islice(lexicon.context(name).finditer(message.work), _MOST):
            start, end = match.span()
            if any(taken[start:end]) or _NO_MENTION.search(
                message.work[max(0, start - 22) : start]
            ):
                continue
            taken[start:end] = b"\x01" * (end - start)
            vague = lexicon.context("toujours_autre").fullmatch(message.work, start, end)
            own = _own(message, lexicon, start, end)
            found.append(Organisation(kind, start, end, own, vague=bool(vague)))
    return tuple(sorted(found, key=lambda o: o.start)[:_MOST])


def _own(message: Message, lexicon: Lexicon, start: int, end: int) -> bool | None:
    sentence = message.sentence(start)
    before = message.work[max(sentence.start, start - _AROUND) : start]
    after = message.work[end : min(end + 60, sentence.end)]
    ours = _OURS.search(before)
    if lexicon.context("toujours_autre").fullmatch(message.work, start, end):
        return False
    served = lexicon.context("souvent_autre").fullmatch(message.work, start, end)
    if ours and (_TO_US.match(after) or (served and not _WANTS.search(after))):
        return False
    if lexicon.context("pas_soi_avant").search(before):
        return False
    if lexicon.context("soi_avant").search(before):
        return True
    if lexicon.context("soi_apres").match(after):
        return True
    return False if _DETERMINED.search(before) else None


def own_type(
    message: Message, lexicon: Lexicon, scopes: Scopes, found: tuple[Organisation, ...]
) -> Iterator[Draft]:
    """``acteur_type`` from « je dirige une … », « trésorière d'un … », « asso de pêcheurs, … »."""
    card = not any(o.own for o in found)
    for one in found:
        if scopes.stance(one.start, one.end) in ("asked", "denied"):
            continue
        if one.own:
            sure = _surely(message, lexicon, one)
            yield Draft("acteur_type", one.kind, one.start, one.end, sure, force=2)
        elif card and one.own is None and _stands_alone(message, lexicon, one):
            card = False
            first = not message.work[: one.start].strip(" ,.!;:")
            yield Draft("acteur_type", one.kind, one.start, one.end, first, force=1)


def presented(message: Message, found: tuple[Organisation, ...]) -> Iterator[Draft]:
    """``acteur_type``, to confirm, of who is presented first and wants something."""
    work = message.work
    if not found or any(o.own for o in found) or _FIRST_PERSON.search(work[:_PRESENTED]):
        return
    first = found[0]
    opens = _OPENS.fullmatch(work, 0, first.start)
    if opens and _SEEKS.search(work, first.end, message.sentence(first.start).end):
        yield Draft("acteur_type", first.kind, first.start, first.end, sure=False, force=0)


def _surely(message: Message, lexicon: Lexicon, one: Organisation) -> bool:
    """« notre commune » is as well the one where we live."""
    if one.kind != "collectivite":
        return True
    sentence = message.sentence(one.start)
    before = message.work[max(sentence.start, one.start - _AROUND) : one.start]
    if not re.search(r"\b(?:notre|ma|nos|mon)[\s']\s?(?:\w+\s)?$", before):
        return True
    after = message.work[one.end : min(one.end + _AROUND, sentence.end)]
    opens = not re.search(r"\w{2,}", re.sub(r"\b(?:notre|ma|nos|mon|bonjour)\b", "", before))
    acts = lexicon.context("collectivite_agit").match(after)
    return bool(opens and acts and not re.search(r"\bn(?:ou)?s\b", after))


def _stands_alone(message: Message, lexicon: Lexicon, one: Organisation) -> bool:
    """A kind without an article, opening its own piece of a message: the author's card."""
    clause = message.clause(one.start)
    before = lexicon.polite.sub(" ", message.work[clause.start : one.start])
    if re.search(r"\w{2,}", lexicon.context("adjectif").sub(" ", before)):
        return False
    after = message.work[one.end : min(clause.end, message.sentence(one.start).end)]
    return not lexicon.context("donne_ensuite").search(after)
