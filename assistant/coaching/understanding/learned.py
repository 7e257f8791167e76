"""The tagger's reading joined to that of the patterns: each says what it knows best.

Patterns keep authority where they are precise. The tagger adds what it is confident of, to be
confirmed unless it is nearly certain; where the two disagree nothing is taken for sure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.features import Tokens
from assistant.coaching.understanding.model import Command
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.scopes import Scopes, Stance
from assistant.coaching.understanding.tagger import Array, Tagger, runs
from assistant.coaching.understanding.text import Message

# how likely a reading must be: to be offered, to be taken, to contest a pattern; each was chosen on
# families of phrases kept out of training and on the development set, precision first
OFFERED, ASKED, TAKEN = 0.35, 0.8, 0.985
CONTESTED, CONTESTED_AMOUNT, IMPROBABLE = 0.93, 0.97, 0.05
EDGE, GUESSED = 0.2, 0.2
DOUBTED, COMMANDED = 0.2, 0.8
_LEAST = 100  # an amount without its unit
_LOWER = 0.85  # a name without a capital is less often one
_LISTS = frozenset({"flux", "docs_demandes"})
_SPANS = ("acteur_nom", "partenaire_nom", "contrepartie_liste", "lignes_rouges", "territoire")
_WORD_LISTS = frozenset({"contrepartie_liste", "lignes_rouges"})
_NAMES = frozenset({"acteur_nom", "partenaire_nom"})
_RIVALS = _NAMES | {"territoire"}  # « Quimper Habitat » is no place
_OPENINGS = frozenset({
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "a", "au", "et", "avec", "nos",
    "notre", "leur", "leurs", "que", "qu", "quelques",
})  # fmt: skip
# never taken without asking: too near to one another, or too often said of something else
_ASKED_FIRST = frozenset({
    "beneficiaire_eligible", "maturite", "objectif_dominant", "initiative", "payeur_public",
    "contrepartie_niveau", "sens_apport", "lignes_rouges", "territoire", "docs_demandes",
    "forme_mc", "contrepartie_liste", "urgence", "experimentation", "contrepartie_visibilite",
    "acteur_nom", "appel_a_projets", "besoin_defini_par_payeur",
})  # fmt: skip
_ROLES = frozenset({
    "don.montant", "prix.montant_ht", "subvention.montant_annuel", "budget_disponible",
    "contrepartie_valeur", "mc.volume_jours",
})  # fmt: skip
# where the tagger knows enough for its disbelief to count
_DOUBTABLE = frozenset({"flux", "contrepartie_niveau", "forme_mc", "payeur_public"})  # fmt: skip
_KINDS = ("association", "entreprise", "collectivite")
_FEWEST = 3  # words that a message needs to say something by itself


@dataclass(slots=True)
class Learned:
    """What the tagger reads in one message."""

    message: Message
    scopes: Scopes
    tagger: Tagger
    tokens: Tokens
    scores: Array = field(init=False)
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.scores = self.tagger.probabilities(self.tokens)
        self._places = {name: place for place, name in enumerate(self.tagger.labels)}

    def joined(
        self, drafts: Sequence[Draft], numbers: Sequence[Number], actor: str | None
    ) -> list[Draft]:
        """``drafts`` with what the tagger adds, agrees with and contests."""
        if len(self.tokens.starts) < _FEWEST:
            return list(drafts)
        found = self._doubted(list(drafts))
        for slot in self._slots():
            found = self._choice(slot, found)
        found = _one_side(found)
        found += self._initiative(found, actor)
        for slot in _SPANS:
            found = self._spans(slot, found)
        return self._amounts(found, numbers)

    def command(self) -> Command | None:
        """« sors le doc direct », in words that no pattern knows."""
        if len(self.tokens.starts) < _FEWEST:
            return None
        likely, first, last = self.says("cmd=export_document")
        if likely < COMMANDED or self.scopes.question(first) == "question_definition":
            return None
        start, end = self.message.span(first, last)
        return Command("export_document", self.message.original[start:end], start, end)

    def _doubted(self, drafts: list[Draft]) -> list[Draft]:
        """What patterns are sure of and the tagger finds improbable is asked, not taken."""
        return [
            replace(d, sure=False) if d.sure and self._likely(d) < DOUBTED else d for d in drafts
        ]

    def _likely(self, draft: Draft) -> float:
        """How likely the tagger finds a draft of the patterns; 1 when it knows nothing of it."""
        value = draft.value[0] if isinstance(draft.value, list) and draft.value else draft.value
        name = f"{draft.slot}={str(value).lower() if isinstance(value, bool) else value}"
        known = draft.slot in _DOUBTABLE and name in self._places
        return self.says(name)[0] if known else 1.0

    def says(self, label: str) -> tuple[float, int, int]:
        """How likely the message says ``label``, and where its words are."""
        column = self.scores[:, self._places[label]]
        peak = int(column.argmax())
        best = float(column[peak])
        first = last = peak
        while first > 0 and column[first - 1] >= best / 2:
            first -= 1
        while last + 1 < len(column) and column[last + 1] >= best / 2:
            last += 1
        return best, self.tokens.starts[first], self.tokens.ends[last]

    def _slots(self) -> list[str]:
        named = (name.partition("=")[0] for name in self.tagger.labels if "=" in name)
        return [s for s in dict.fromkeys(named) if s not in ("nombre", "cmd", "initiative")]

    def _read(self, slot: str) -> dict[str, tuple[float, int, int]]:
        return {
            name.partition("=")[2]: self.says(name)
            for name in self.tagger.labels
            if name.startswith(f"{slot}=")
        }

    def _choice(self, slot: str, drafts: list[Draft]) -> list[Draft]:
        read = {_value(slot, name): said for name, said in self._read(slot).items()}
        if slot in _LISTS:
            return self._items(slot, drafts, read)
        best = max(read, key=lambda value: read[value][0])
        likely, start, end = read[best]
        stance = self.scopes.stance(start, end)
        if likely < OFFERED or self._silenced(stance, likely) or self._is_own(slot, drafts, best):
            return drafts
        own = [d for d in drafts if d.slot == slot]
        agreed = [d for d in own if d.value == best]
        certain = likely >= TAKEN and stance == "said"
        if any(d.sure for d in own):
            contested = (
                not agreed
                and likely >= CONTESTED
                and all(read.get(d.value, (1.0,))[0] < IMPROBABLE for d in own if d.sure)
            )
            doubt = [Draft(slot, best, start, end, sure=False)] if contested else []
            return [
                replace(d, sure=d.sure and not (contested and d in own)) for d in drafts
            ] + doubt
        if agreed:
            sure = certain and len({str(d.value) for d in own}) == 1
            return [replace(d, sure=d.sure or (sure and d in agreed)) for d in drafts]
        sure = certain and not own and slot not in _ASKED_FIRST
        return [*drafts, Draft(slot, best, start, end, sure=sure, force=0)]

    def _is_own(self, slot: str, drafts: Sequence[Draft], value: Any) -> bool:
        """Whether the words of a partner are those of the author."""
        _, start, end = self.says(f"{slot}={value}") if slot == "partenaire_type" else (0, 0, 0)
        return any(d.slot == "acteur_type" and d.start < end and start < d.end for d in drafts)

    def _items(
        self, slot: str, drafts: list[Draft], read: dict[Any, tuple[float, int, int]]
    ) -> list[Draft]:
        found = list(drafts)
        for value, (likely, start, end) in read.items():
            own = [d for d in drafts if d.slot == slot and d.value == [value]]
            stance = self.scopes.stance(start, end)
            sure = likely >= TAKEN and stance == "said" and slot not in _ASKED_FIRST
            if own and sure:
                found = [replace(d, sure=True) if d in own else d for d in found]
            elif not own and likely >= OFFERED and not self._silenced(stance, likely):
                found.append(Draft(slot, [value], start, end, sure))
        over = {v: s for v, s in read.items() if s[0] >= CONTESTED}
        return [
            replace(d, sure=False)
            if d.slot == slot and d.sure and d.value and d.value[0] in read
            and read[d.value[0]][0] < IMPROBABLE and self._over(d, over) else d
            for d in found
        ]  # fmt: skip

    @staticmethod
    def _over(draft: Draft, read: dict[Any, tuple[float, int, int]]) -> bool:
        """Whether the same words are read as another value."""
        return any(
            start < draft.end and draft.start < end and [value] != draft.value
            for value, (_, start, end) in read.items()
        )

    def _initiative(self, drafts: Sequence[Draft], actor: str | None) -> Iterator[Draft]:
        if any(d.slot == "initiative" for d in drafts):
            return
        read = self._read("initiative")
        best = max(read, key=lambda name: read[name][0])
        likely, start, end = read[best]
        if likely < OFFERED or self._silenced(self.scopes.stance(start, end), likely):
            return
        sides = {"S": actor or self._side(drafts, "acteur_type"),
                 "P": self._side(drafts, "partenaire_type")}  # fmt: skip
        value = sides.get(best, best)
        if value in (*_KINDS, "conjointe"):
            yield Draft("initiative", value, start, end, sure=False)

    def _side(self, drafts: Sequence[Draft], slot: str) -> str | None:
        """Of what kind one side is: the one that is sure, or the likeliest."""
        sure = {d.value for d in drafts if d.slot == slot and d.sure}
        if len(sure) == 1:
            return str(sure.pop())
        read = self._read(slot)
        best = max(read, key=lambda name: read[name][0])
        return best if read[best][0] >= GUESSED else None

    @staticmethod
    def _silenced(stance: Stance, likely: float) -> bool:
        """What is denied is not said; what stands in a question may be, when it is likely."""
        return stance == "denied" or (stance == "asked" and likely < ASKED)

    def _spans(self, slot: str, drafts: list[Draft]) -> list[Draft]:
        column = self.scores[:, self._places[slot]]
        found = list(drafts)
        for opening, last in runs([float(v) for v in column], OFFERED, EDGE):
            first = self._trimmed(opening, last)
            start, end = self.tokens.starts[first], self.tokens.ends[last - 1]
            text = self.message.original[slice(*self.message.span(start, end))].strip(" ,.;:")
            stance = self.scopes.stance(start, end, name=slot in _NAMES,
                                        own_negation=slot == "lignes_rouges")  # fmt: skip
            likely = float(column[first:last].mean())
            peak = float(column[first:last].max())
            if len(text) < 2 or self._silenced(stance, peak):
                continue
            over = [d for d in drafts if d.start < end and start < d.end]
            if any(d.slot == slot for d in over):
                continue
            if slot in _NAMES and not text[0].isupper() and column[first:last].max() < _LOWER:
                continue
            rival = next((d for d in over if slot in _NAMES and d.slot in _RIVALS), None)
            if rival is not None:
                if rival.sure and likely < CONTESTED:
                    continue
                found = [replace(d, sure=False) if d is rival else d for d in found]
            sure = likely >= TAKEN and stance == "said" and not rival and text[0].isupper()
            value = [text] if slot in _WORD_LISTS else text
            found.append(Draft(slot, value, start, end, sure and slot not in _ASKED_FIRST, 0))
        return found

    def _trimmed(self, first: int, last: int) -> int:
        while first < last - 1:
            word = self.message.work[self.tokens.starts[first] : self.tokens.ends[first]]
            capital = self.message.original[self.message.span(self.tokens.starts[first],
                                            self.tokens.ends[first])[0]].isupper()  # fmt: skip
            if word.isalnum() and (capital or word not in _OPENINGS):
                break
            first += 1
        return first

    def _amounts(self, drafts: list[Draft], numbers: Sequence[Number]) -> list[Draft]:
        found = list(drafts)
        for number in numbers:
            if number.kind == "percent" or number.value <= 0:
                continue
            role, likely, held = self._role(number)
            stance = self.scopes.stance(number.start, number.end)
            if role is None or self._silenced(stance, likely):
                continue
            own = [d for d in found if d.slot in _ROLES and _overlap(d, number)]
            others = [d for d in own if d.slot != role]
            if own and not others:
                if likely >= TAKEN and stance == "said" and not number.range:
                    found = [replace(d, sure=True) if d in own else d for d in found]
                continue
            if others and (
                any(d.slot == "budget_disponible" and d.sure for d in others)
                or likely < CONTESTED_AMOUNT
                or any(held.get(d.slot, 1) >= IMPROBABLE for d in others)
            ):
                continue
            found = [replace(d, sure=False) if d in others else d for d in found]
            if likely >= OFFERED and self._may_be(role, number, found):
                value = round(number.json(), 2)
                found.append(Draft(role, value, number.start, number.end, sure=False))
        return found

    def _may_be(self, role: str, number: Number, drafts: Sequence[Draft]) -> bool:
        """Whether a number can play a role: it is no date, and days are those of somebody."""
        taken = [d for d in drafts if d.slot not in _ROLES and _overlap(d, number)]
        if role not in _ROLES or any(isinstance(d.value, int | float | str) for d in taken):
            return False
        if role == "mc.volume_jours":
            lent = any(d.slot == "flux" and d.value == ["temps_salarie"] for d in drafts)
            return lent and number.value == number.value.to_integral_value()
        return number.kind == "euros" or number.value >= _LEAST

    def _role(self, number: Number) -> tuple[str | None, float, dict[str, float]]:
        places = [
            place for place, (start, end) in enumerate(
                zip(self.tokens.starts, self.tokens.ends, strict=True)
            ) if start < number.end and number.start < end
        ]  # fmt: skip
        if not places:
            return None, 0.0, {}
        held = {
            name.partition("=")[2]: float(self.scores[places, column].max())
            for name, column in self._places.items() if name.startswith("nombre=")
        }  # fmt: skip
        role = max(held, key=lambda name: held[name])
        return role, held[role], held


def _one_side(drafts: Sequence[Draft]) -> list[Draft]:
    """The same words name one side: what is the author's is not offered as the partner's."""
    own = [d for d in drafts if d.slot == "acteur_type"]
    return [
        d for d in drafts
        if d.slot != "partenaire_type" or d.sure
        or not any(o.start < d.end and d.start < o.end for o in own)
    ]  # fmt: skip


def _overlap(draft: Draft, number: Number) -> bool:
    return draft.start < number.end and number.start < draft.end


def _value(slot: str, name: str) -> Any:
    if name in ("true", "false"):
        return name == "true"
    return int(name) if slot == "maturite" else name
