"""Amounts, shares and counts to the slot that their clause is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.text import Message

# in the order in which they win at equal distance
_MONEY = (
    "montant_contrepartie", "montant_ignore", "montant_ca", "montant_jour", "montant_subvention",
    "montant_budget", "montant_prix", "montant_don", "montant_flux",
)  # fmt: skip
_SLOT = {
    "montant_ca": "mecene.ca_ht",
    "montant_jour": "mc.cout_revient_jour",
    "montant_contrepartie": "contrepartie_valeur",
    "montant_subvention": "subvention.montant_annuel",
    "montant_budget": "budget_disponible",
    "montant_prix": "prix.montant_ht",
    "montant_don": "don.montant",
}
_FLOW_SLOT = {
    "don_numeraire": "don.montant", "prix": "prix.montant_ht",
    "subvention": "subvention.montant_annuel",
}  # fmt: skip
# what was given or received in a year that is over
_PAST = {
    "don.montant": "beneficiaire.dons_annuels",
    "subvention.montant_annuel": "beneficiaire.subventions_annuelles",
}
_AGAINST = re.compile(r"contre|moyennant")
_AFTER, _BEFORE = 32, 70


@dataclass(frozen=True, slots=True)
class Attributor:
    """Gives each number of one message its slot."""

    message: Message
    lexicon: Lexicon
    scopes: Scopes
    flows: tuple[str, ...]
    taken: bytearray
    # the author is a local authority: what it gives is a grant
    public: bool = False

    def drafts(self, numbers: tuple[Number, ...]) -> Iterator[Draft]:
        """Findings for every number that a context explains."""
        for number in numbers:
            if any(self.taken[number.start : number.end]) or number.value < 0:
                continue
            if number.kind == "percent":
                yield from self._percent(number)
                continue
            if number.kind == "plain":
                counted = list(self._count(number))
                yield from counted
                if counted:
                    continue
            yield from self._money(number)

    def _money(self, number: Number) -> Iterator[Draft]:
        cue, close = self._cue(number)
        if cue == "montant_ignore":
            return
        if number.kind == "plain" and not (cue and close and self._amount_like(number)):
            return
        stance = self.scopes.stance(number.start, number.end)
        if stance in ("asked", "denied"):
            return
        slot = _SLOT.get(cue or "")
        sentence = self.message.sentence(number.start)
        past = self.lexicon.context("montant_passe")
        if slot in _PAST and past.search(self.message.work, sentence.start, sentence.end):
            given = self.lexicon.context("montant_consenti")
            granted = given.search(self.message.work, sentence.start, sentence.end)
            slot = "mecene.dons_exercice" if granted else _PAST[slot]
        sure = slot is not None and stance == "said" and not number.range
        if slot == "don.montant" and self._public(sentence.start, sentence.end):
            slot, sure = "subvention.montant_annuel", False
        if slot is None:
            slots = {_FLOW_SLOT[f] for f in self.flows if f in _FLOW_SLOT}
            slot = slots.pop() if len(slots) == 1 else "don.montant"
            sure = len(self.flows) == 1 and stance == "said" and not number.range
            sure = sure and self.flows[0] in _FLOW_SLOT
            if slot == "don.montant" and self._public(sentence.start, sentence.end):
                slot, sure = "subvention.montant_annuel", False
        value = number.json()
        if slot == "don.montant" and value <= 0:
            return
        if slot == "don.montant" and self.public and "don_numeraire" not in self.flows:
            slot, sure = "subvention.montant_annuel", False
        yield Draft(slot, round(value, 2), number.start, number.end, sure)

    def _public(self, start: int, end: int) -> bool:
        """Whether only a local authority can be the one that gives."""
        work = self.message.work
        named = self.lexicon.context("collectivite_nommee").search(work, start, end)
        private = self.lexicon.context("entreprise_nommee").search(work, start, end)
        return bool(named and not private)

    def _cue(self, number: Number) -> tuple[str | None, bool]:
        """The nearest context around ``number`` in its sentence, and whether it is near."""
        work, sentence = self.message.work, self.message.sentence(number.start)
        first = max(sentence.start, number.start - _BEFORE)
        last = min(sentence.end, number.end + _AFTER)
        before, after = work[first : number.start], work[number.end : last]
        best: tuple[float, str] | None = None
        for name in _MONEY:
            pattern = self.lexicon.context(name)
            for match in pattern.finditer(before):
                gap = before[match.end() :]
                away = len(gap) + 40 * len(re.findall(r"[,;:]|\bet\b|\d", gap))
                best = _nearer(best, away + 15 * (name == "montant_flux"), name)
            if name == "montant_ignore":
                pattern = self.lexicon.context("montant_ignore_apres")
            for match in pattern.finditer(after):
                if name == "montant_prix" and _AGAINST.match(match[0]):
                    continue  # « 1 500 € contre leur nom » is what is given, no price
                gap = after[: match.start()]
                away = len(gap) + 6 + 40 * len(re.findall(r"[,;:]|\bet\b|\d", gap))
                best = _nearer(best, away, name)
        return (best[1], best[0] < 30) if best else (None, False)

    def _amount_like(self, number: Number) -> bool:
        follow = self.message.work[number.end : number.end + 20]
        before = self.message.work[max(0, number.start - 12) : number.start]
        year = 1900 <= number.value <= 2100 and number.value % 100 and not number.spelt
        named = re.search(r"(?:\b(?:le|la|cerfa|n|no|numero|article|loi|code)|n°)\s?$", before)
        counted = re.match(r"\s?[a-z]{4,}", follow.split(" par ")[0])
        kept = self.lexicon.context("suite_montant").match(follow.lstrip())
        return not (number.value < 100 or year or named or (counted and not kept))

    def _percent(self, number: Number) -> Iterator[Draft]:
        stance = self.scopes.stance(number.start, number.end)
        if stance in ("asked", "denied") or not 0 <= number.value <= 100:
            return
        sentence = self.message.sentence(number.start)
        around = self.message.work[
            max(sentence.start, number.start - 40) : min(sentence.end, number.end + 45)
        ]
        sure = stance == "said"
        if self.lexicon.context("part_ventes").search(around):
            yield Draft("flux", ["partage_revenus"], number.start, number.end, sure)
        elif self.lexicon.context("part_temps").search(around):
            yield Draft("mc.quotite_pct", number.json(), number.start, number.end, sure)
        elif self.lexicon.context("part_tva").search(around):
            yield Draft("tva.taux", number.json(), number.start, number.end, sure)
        elif self.lexicon.context("part_budget").search(around):
            yield Draft("dependance_pct", number.json(), number.start, number.end, sure=False)

    def _count(self, number: Number) -> Iterator[Draft]:
        if number.value != number.value.to_integral_value() or number.value > 10**9:
            return
        work = self.message.work
        after = work[number.end : number.end + 50]
        for name, slot in _COUNTED:
            match = self.lexicon.context(name).match(after.lstrip())
            if match is None:
                continue
            end = number.end + len(after) - len(after.lstrip()) + match.end()
            stance = self.scopes.stance(number.start, end)
            if stance in ("asked", "denied"):
                return
            value: Any = int(number.value)
            sure = stance == "said" and not number.range
            if slot == "acteur_taille":
                value = self.message.original[slice(*self.message.span(number.start, end))]
                before = work[max(0, number.start - 45) : number.start]
                sure = sure and bool(self.lexicon.context("taille_avant").search(before))
            if slot == "mc.volume_jours":
                before = work[max(0, number.start - 90) : number.start]
                for place, other in _DAYS:
                    if self.lexicon.context(place).search(before):
                        yield Draft(other, value, number.start, end, sure)
                        return
                sure = sure and bool(self.lexicon.context("jours_mc").search(self._near(number)))
                if not sure:
                    return
            paid = self.lexicon.context("compte_payes").match(after.lstrip())
            yield Draft(slot, value, number.start, end, sure, 2 if paid else 1)
            return

    def _near(self, number: Number) -> str:
        sentence = self.message.sentence(number.start)
        return self.message.work[sentence.start : min(sentence.end, sentence.start + 600)]


_DAYS = (
    ("jours_demeure", "resiliation.mise_en_demeure_jours"),
    ("jours_preavis", "resiliation.preavis_jours"),
    ("jours_paiement", "paiement.delai_jours"),
)
_COUNTED = (
    ("compte_surface", "local.surface"),
    ("compte_jours", "mc.volume_jours"),
    ("compte_effectif", "acteur_taille"),
    ("compte_public", "perimetre.effectif_cible"),
)


def _nearer(best: tuple[float, str] | None, away: float, name: str) -> tuple[float, str]:
    return (away, name) if best is None or away < best[0] else best
