"""The tagger's reading joined to that of the patterns: each says what it knows best.

Patterns keep authority where they are precise. The tagger adds what it is confident of, to be
confirmed unless it is nearly certain; where the two disagree nothing is taken for sure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from assistant.casefile import shape
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.features import Tokens
from assistant.coaching.understanding.model import Command
from assistant.coaching.understanding.roles import Calendar, Roles, silenced
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.tagger import Array, Tagger, runs
from assistant.coaching.understanding.text import Message

# how likely a reading must be: to be offered, to be taken, to contest a pattern, to leave it sure;
# each was chosen on messages kept out of training, precision of what is sure first
OFFERED, TAKEN = 0.13, 0.985
CONTESTED, IMPROBABLE, DOUBTED = 0.6, 0.15, 0.3
EDGE, GUESSED = 0.1, 0.2
KEPT, UNDOUBTED, COMMANDED = 0.65, 0.01, 0.8
FIGURE = 0.04  # the same for figures and days, in short messages too
PLAIN = 14  # words: patterns know exactly what so short a message says
_LOWER, _LONGEST = 0.45, 4  # a name without a capital is less often one, and is short
_FAINT = 0.03  # a word beside a name that may be of it
_MARKS = " ,.;:-'\"«»()|\n"
_LINE_ENDS = re.compile(r"[\n|]")
_PARTING = frozenset({",", ";", "et", "+", "/"})
_MANY = ("multi", "liste")
_SIDES = frozenset({"acteur_type", "partenaire_type"})
_SECOND, _ONE_SIDE = 0.25, 0.35
_SPANS = ("acteur_nom", "partenaire_nom", "contrepartie_liste", "lignes_rouges", "territoire")
_TEXTS = ("acteur_taille", "objet.projet")  # only offered: patterns of theirs are not doubted
_WORD_LISTS = frozenset({"contrepartie_liste", "lignes_rouges"})
_NAMES = frozenset({"acteur_nom", "partenaire_nom"})
NAME = "nom"
_LITTLE = 1e-6
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
# where patterns mistake the most often who or what a long message speaks of
_MISTAKEN = frozenset({
    "flux", "partenaire_type", "partenaire_nom", "contrepartie_niveau", "forme_mc",
})  # fmt: skip
_ROLES = frozenset({"nombre", "date", "cmd", "initiative"})
_KINDS = ("association", "entreprise", "collectivite")
_FEWEST = 3  # words that a message needs to say something by itself


@dataclass(slots=True)
class Learned:
    """What the tagger reads in one message."""

    message: Message
    scopes: Scopes
    tagger: Tagger
    tokens: Tokens
    # an answer says less by itself: what was asked is not in it
    answering: bool = False
    scores: Array = field(init=False)
    _places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.scores = self.tagger.probabilities(self.tokens)
        self._places = {name: place for place, name in enumerate(self.tagger.labels)}

    def joined(
        self, drafts: Sequence[Draft], calendar: Calendar, known: Mapping[str, str | None]
    ) -> list[Draft]:
        """``drafts`` with what the tagger adds, agrees with and contests.

        ``known`` is of what kind the author (S) and the partner (P) are already known to be.
        """
        if len(self.tokens.starts) < _FEWEST:
            return list(drafts)
        found = self._doubted(list(drafts))
        highest = self.scores.max(axis=0)
        for slot, values in _choices(self.tagger.labels).items():
            named = (self._places[f"{slot}={value}"] for value in values)
            if slot not in _ROLES and any(highest[place] >= OFFERED for place in named):
                found = self._choice(slot, found)
        found = self._one_side(found)
        found += self._initiative(found, known)
        for slot in (*_SPANS, *_TEXTS):
            if slot in self._places:
                found = self._spans(slot, found)
        roles = Roles(
            self.tokens, self.scopes, self.scores, self._places, max(self._floor(True), FIGURE)
        )
        return roles.calendar(roles.amounts(found, calendar.numbers), calendar)

    def _one_side(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The same words name one side: the other is not offered when it is much less likely."""
        sides = [d for d in drafts if d.slot in _SIDES]

        def beaten(draft: Draft) -> bool:
            over = [
                d for d in sides
                if d.slot != draft.slot and d.start < draft.end and draft.start < d.end
            ]  # fmt: skip
            likely = self._likely(draft)
            return any(d.sure or likely < self._likely(d) * _ONE_SIDE for d in over)

        return [d for d in drafts if d.sure or d.slot not in _SIDES or not beaten(d)]

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
            replace(d, sure=False)
            if d.sure and self._likely(d) < self._floor(d.slot in _MISTAKEN) else d
            for d in drafts
        ]  # fmt: skip

    def _floor(self, often_mistaken: bool) -> float:
        """How likely what patterns are sure of must be to stay sure."""
        if self.answering or self._plain():
            return UNDOUBTED
        return KEPT if often_mistaken else DOUBTED

    def _plain(self) -> bool:
        return len(self.tokens.starts) <= PLAIN

    def _likely(self, draft: Draft) -> float:
        """How likely the tagger finds a draft of the patterns; 1 when it knows nothing of it."""
        if draft.slot in _SPANS and self._plain():
            return 1.0  # a short message leaves no doubt of what is a name
        if draft.slot in _SPANS:
            return self._highest(draft.slot, draft.start, draft.end)
        value = draft.value[0] if isinstance(draft.value, list) and draft.value else draft.value
        name = f"{draft.slot}={str(value).lower() if isinstance(value, bool) else value}"
        return self.says(name)[0] if name in self._places else 1.0

    def _highest(self, label: str, start: int, end: int) -> float:
        """How likely the words between two places say ``label``."""
        inside = [
            place for place, (first, last) in enumerate(
                zip(self.tokens.starts, self.tokens.ends, strict=True)
            ) if first < end and start < last
        ]  # fmt: skip
        return float(self.scores[inside, self._places[label]].max()) if inside else 1.0

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
        while last > peak and self._word(last) in _OPENINGS:
            last -= 1
        return best, self.tokens.starts[first], self.tokens.ends[last]

    def _word(self, place: int) -> str:
        return self.message.work[self.tokens.starts[place] : self.tokens.ends[place]]

    def _read(self, slot: str) -> dict[str, tuple[float, int, int]]:
        return {value: self.says(f"{slot}={value}") for value in _choices(self.tagger.labels)[slot]}

    def _choice(self, slot: str, drafts: list[Draft]) -> list[Draft]:
        read = {_value(name): said for name, said in self._read(slot).items()}
        if shape.kind(slot) in _MANY:
            return self._items(slot, drafts, read)
        own = [d for d in drafts if d.slot == slot]
        found = list(drafts)
        for value in self._likeliest(read):
            likely, start, end = read[value]
            agreed = [d for d in own if d.value == value]
            certain = likely >= TAKEN and self.scopes.stance(start, end) == "said"
            if any(d.sure for d in own):
                if agreed or likely < CONTESTED or not self._improbable(own, read):
                    continue
                found = [replace(d, sure=d.sure and d not in own) for d in found]
                found.append(Draft(slot, value, start, end, sure=False))
            elif agreed:
                sure = certain and len({str(d.value) for d in own}) == 1
                found = [replace(d, sure=sure) if d in agreed else d for d in found]
            else:
                sure = certain and not own and slot not in _ASKED_FIRST
                found.append(Draft(slot, value, start, end, sure=sure, force=0))
        return found

    def _likeliest(self, read: Mapping[Any, tuple[float, int, int]]) -> list[Any]:
        """The likeliest value that is said, and a second when it is nearly as likely."""
        ranked = sorted(read, key=lambda value: -read[value][0])[:2]
        floor = max(OFFERED, read[ranked[0]][0] * _SECOND)
        return [
            value for value in ranked
            if read[value][0] >= floor
            and not silenced(self.scopes.stance(*read[value][1:]), read[value][0])
        ]  # fmt: skip

    @staticmethod
    def _improbable(own: Sequence[Draft], read: Mapping[Any, tuple[float, int, int]]) -> bool:
        return all(read.get(d.value, (1.0,))[0] < IMPROBABLE for d in own if d.sure)

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
            elif not own and likely >= OFFERED and not silenced(stance, likely):
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

    def _initiative(
        self, drafts: Sequence[Draft], known: Mapping[str, str | None]
    ) -> Iterator[Draft]:
        if any(d.slot == "initiative" for d in drafts):
            return
        read = self._read("initiative")
        best = max(read, key=lambda name: read[name][0])
        likely, start, end = read[best]
        if likely < OFFERED or silenced(self.scopes.stance(start, end), likely):
            return
        sides = {"S": known.get("S") or self._side(drafts, "acteur_type"),
                 "P": known.get("P") or self._side(drafts, "partenaire_type")}  # fmt: skip
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

    def _spans(self, slot: str, drafts: list[Draft]) -> list[Draft]:
        column = self._column(slot)
        cuts = self._separators() if slot in _WORD_LISTS else frozenset()
        found = list(drafts)
        for opening, ending in self._lines(runs([float(v) for v in column], OFFERED, EDGE, cuts)):
            first, last = self._trimmed(opening, ending), ending
            if slot in _NAMES:
                first, last = self._whole_name(first, last, column)
            start, end = self.tokens.starts[first], self.tokens.ends[last - 1]
            text = self.message.original[slice(*self.message.span(start, end))].strip(_MARKS)
            stance = self.scopes.stance(start, end, name=slot in _NAMES,
                                        own_negation=slot == "lignes_rouges")  # fmt: skip
            likely = float(column[first:last].mean())
            peak = float(column[first:last].max())
            if len(text) < 2 or silenced(stance, peak):
                continue
            over = [d for d in drafts if d.start < end and start < d.end]
            if any(d.slot == slot for d in over):
                continue
            if slot in _NAMES and text.islower() and (peak < _LOWER or last - first > _LONGEST):
                continue
            rival = next((d for d in over if slot in _NAMES and d.slot in _RIVALS), None)
            if rival is not None:
                if rival.sure and (peak < CONTESTED or self._plain()):
                    continue
                found = [replace(d, sure=False) if d is rival else d for d in found]
            sure = likely >= TAKEN and stance == "said" and not rival and text[0].isupper()
            value = [text] if slot in _WORD_LISTS else text
            found.append(Draft(slot, value, start, end, sure and slot not in _ASKED_FIRST, 0))
        return found

    def _lines(self, found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """``found``, cut where a line ends: a signature has one thing a line."""
        starts, ends, work = self.tokens.starts, self.tokens.ends, self.message.work
        for first, last in found:
            opening = first
            for place in range(first + 1, last):
                if _LINE_ENDS.search(work, ends[place - 1], starts[place]):
                    yield opening, place
                    opening = place
            yield opening, last

    def places(self, slot: str) -> list[tuple[int, int]]:
        """Where the words stand that say ``slot``, in the working text."""
        if slot not in self._places or len(self.tokens.starts) < _FEWEST:
            return []
        column = [float(v) for v in self.scores[:, self._places[slot]]]
        return [
            (self.tokens.starts[first], self.tokens.ends[last - 1])
            for first, last in runs(column, GUESSED, EDGE, self._separators())
        ]

    def _column(self, slot: str) -> Array:
        """How likely each word says ``slot``; what is surely a name may be of either side."""
        column: Array = self.scores[:, self._places[slot]]
        if slot not in _NAMES or NAME not in self._places:
            return column
        both = sum(self.scores[:, self._places[name]] for name in _NAMES)
        share = column / np.maximum(both, _LITTLE)
        made: Array = np.maximum(column, self.scores[:, self._places[NAME]] * share)
        return made

    def _separators(self) -> frozenset[int]:
        """The places of what parts the items of a list."""
        return frozenset(
            place for place, (start, end) in enumerate(
                zip(self.tokens.starts, self.tokens.ends, strict=True)
            ) if self.message.work[start:end] in _PARTING
        )  # fmt: skip

    def _whole_name(self, first: int, last: int, column: Array) -> tuple[int, int]:
        """A name with the words that are part of it: capitals beside it, what a hyphen joins."""
        while first > 0 and self._continues(first - 1, first, float(column[first - 1])):
            first -= 1
        while last < len(column) and self._continues(last - 1, last, float(column[last])):
            last += 1
        return first, last

    def _continues(self, one: int, other: int, likely: float) -> bool:
        """Whether two words side by side are of one name; ``likely`` is that the outer one is."""
        between = self.message.work[self.tokens.ends[one] : self.tokens.starts[other]]
        pair = [
            self.message.work[self.tokens.starts[n] : self.tokens.ends[n]] for n in (one, other)
        ]
        if between == "" and ("-" in pair or "'" in pair or "&" in pair):
            return likely >= _FAINT
        return likely >= _FAINT and between == " " and self._capital(one) and self._capital(other)

    def _capital(self, place: int) -> bool:
        first = self.message.span(self.tokens.starts[place], self.tokens.ends[place])[0]
        return self.message.original[first : first + 1].isupper()

    def _trimmed(self, first: int, last: int) -> int:
        while first < last - 1:
            word = self._word(first)
            if word.isalnum() and (self._capital(first) or word not in _OPENINGS):
                break
            first += 1
        return first


@lru_cache(maxsize=2)
def _choices(labels: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The values of each slot that the tagger chooses among."""
    found: dict[str, tuple[str, ...]] = {}
    for label in labels:
        slot, chosen, value = label.partition("=")
        if chosen:
            found[slot] = (*found.get(slot, ()), value)
    return found


def _value(name: str) -> Any:
    if name in ("true", "false"):
        return name == "true"
    return int(name) if name.isdigit() else name
