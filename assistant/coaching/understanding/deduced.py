"""What a message says by implication: who gives to whom, who had the idea, who the other side is.

Everything here is offered, never taken: it follows from other readings, which may be wrong, or
from words that say it of « nous » and « eux » and not of an association or a company.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

_GIFTS = frozenset({
    "don_numeraire", "don_nature", "temps_salarie", "pret_ou_capital", "subvention",
})  # fmt: skip
_GIVERS = frozenset({"entreprise", "fondation"})
_FACING = {
    "association": "entreprise", "entreprise": "association", "fondation": "association",
    "collectivite": "association",
}  # fmt: skip
_FIRST_PERSON = re.compile(r"\b(?:nous|on|je|j|notre|nos|mon|ma|mes|moi)\b")
_MOST = 6


@dataclass(frozen=True, slots=True)
class Sides:
    """Of what kind the author and the partner are, the likeliest; None when nothing tells."""

    own: str | None
    other: str | None

    @classmethod
    def of(cls, drafts: Sequence[Draft], known: Mapping[str, str | None]) -> "Sides":
        """What is known, or read for sure, or read first."""
        return cls(
            known.get("S") or _first(drafts, "acteur_type"),
            known.get("P") or _first(drafts, "partenaire_type"),
        )

    def guessed(self) -> "Sides":
        """With the side that faces the other most often, where one is known."""
        return Sides(
            self.own or _FACING.get(self.other or ""), self.other or _FACING.get(self.own or "")
        )


def deduced(
    message: Message, lexicon: Lexicon, scopes: Scopes, drafts: Sequence[Draft],
    known: Mapping[str, str | None],
) -> list[Draft]:  # fmt: skip
    """What follows from ``drafts`` and from the words that speak of us and of them."""
    sides = Sides.of(drafts, known)
    found = [*_initiatives(message, lexicon, scopes, sides), *_types(message, drafts, sides)]
    told = {(d.slot, str(d.value)) for d in drafts}
    settled = {d.slot for d in drafts if d.sure}
    said = [*_directions(message, lexicon, scopes, sides)]
    if not said and not any(d.slot == "sens_apport" for d in drafts):
        said = [*_from_flows(drafts, sides)]
    return [
        d for d in (*found, *said)
        if d.slot not in settled and (d.slot, str(d.value)) not in told
    ]  # fmt: skip


def _first(drafts: Sequence[Draft], slot: str) -> str | None:
    own = [d for d in drafts if d.slot == slot]
    best = next((d for d in own if d.sure), own[0] if own else None)
    return str(best.value) if best else None


def _initiatives(
    message: Message, lexicon: Lexicon, scopes: Scopes, sides: Sides
) -> Iterator[Draft]:
    """« ils nous ont contactés », « c'est notre idée », « imaginé à deux »."""
    both = sides.guessed()
    values = {"idee_a_deux": "conjointe", "idee_a_nous": both.own, "idee_a_eux": both.other}
    for name, value in values.items():
        if value is None or value == "autre":
            continue
        for start, end in _said(message, lexicon, scopes, name):
            yield Draft("initiative", value, start, end, sure=False, force=0)
            break


def _directions(
    message: Message, lexicon: Lexicon, scopes: Scopes, sides: Sides
) -> Iterator[Draft]:
    """« elle nous forme », « on leur apporte », said by one side or the other."""
    both = sides.guessed()
    ways = {"apport_a_nous": (both.other, both.own), "apport_par_nous": (both.own, both.other)}
    for name, (giver, taker) in ways.items():
        value = _way(giver, taker)
        place = next(_said(message, lexicon, scopes, name), None)
        if value and place:
            yield Draft("sens_apport", value, *place, sure=False, force=0)


def _way(giver: str | None, taker: str | None) -> str | None:
    if giver == "association" and taker in _GIVERS:
        return "A_vers_E"
    if taker == "association" and giver in _FACING:
        return "E_vers_A"
    return None


def _from_flows(drafts: Sequence[Draft], sides: Sides) -> Iterator[Draft]:
    """``sens_apport`` of what circulates, when one of the two sides is known."""
    flows = [d for d in drafts if d.slot == "flux" and d.value]
    flows = [d for d in flows if d.sure] or flows
    kinds = {sides.own, sides.other}
    if not flows or not kinds & (_GIVERS | {"association"}):
        return
    if not any(d.sure for d in flows) and None in kinds:
        return
    names = {d.value[0] for d in flows}
    gift = next((d for d in flows if d.value[0] in _GIFTS), None)
    if "mutualisation" in names:
        value, at = "reciproque", flows[0]
    elif gift is not None and (names != {"subvention"} or "collectivite" in kinds):
        value, at = "E_vers_A", gift
    elif names == {"prix"}:
        value, at = "A_vers_E", flows[0]
    else:
        return
    yield Draft("sens_apport", value, at.start, at.end, sure=False, force=0)


def _types(message: Message, drafts: Sequence[Draft], sides: Sides) -> Iterator[Draft]:
    """The kind of a side that nothing names, from the other one and what circulates."""
    gift = next((d for d in drafts if d.slot == "flux" and d.value and d.value[0] in _GIFTS), None)
    if gift is None:
        return
    name = next((d for d in drafts if d.slot == "partenaire_nom"), None)
    public = gift.value == ["subvention"]
    at = name or gift
    if sides.other is None and (sides.own in _FACING or name):
        kind = _FACING.get(sides.own or "", "entreprise")
        kind = "collectivite" if public and sides.own == "association" else kind
        yield Draft("partenaire_type", kind, at.start, at.end, sure=False, force=0)
        own = any(d.slot == "acteur_type" and d.sure for d in drafts)
        if name and not own and kind == "association":
            yield Draft("partenaire_type", "entreprise", at.start, at.end, sure=False, force=0)
    if sides.own is None and sides.other in _FACING and _FIRST_PERSON.search(message.work):
        kind = "collectivite" if public else _FACING[sides.other]
        kind = "association" if sides.other == "collectivite" else kind
        yield Draft("acteur_type", kind, gift.start, gift.end, sure=False, force=0)


def _said(
    message: Message, lexicon: Lexicon, scopes: Scopes, name: str
) -> Iterator[tuple[int, int]]:
    """Where the words of a context stand that are neither denied nor asked."""
    for number, match in enumerate(lexicon.context(name).finditer(message.work)):
        if number >= _MOST:
            return
        if scopes.stance(*match.span()) in ("said", "unsure"):
            yield match.span()
