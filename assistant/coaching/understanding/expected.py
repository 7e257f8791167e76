"""Bare answers, read against the question asked: « oui », « la deuxième », « plutôt l'asso »."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from assistant.casefile import shape
from assistant.coaching.understanding.commands import core
from assistant.coaching.understanding.dates import DateReader, durations, parsed_date
from assistant.coaching.understanding.drafts import Draft
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Expectation, Option
from assistant.coaching.understanding.numbers import Number
from assistant.coaching.understanding.text import Message
from assistant.knowledge.analysis import fold, is_informative, stems

_SHORT = 120
_ROUND = 16  # letters around « la deuxième » that change nothing to it
_LIST = 3
_PICK = re.compile(
    r"(?:(?:le|la|les|l'|option|choix|reponse|numero|n[o°]|plutot|disons|je dirais)\s?)*"
    r"(?P<n>\d{1,2}(?:\s?(?:,|et|-|\+|/|&)\s?\d{1,2})*)\s?[).]?"
)
_FORCE = 10
_FEW_WORDS = 3
_SHARED = 10  # points to share between objectives


@dataclass(slots=True)
class AnswerReader:
    """Reads one message as the answer to one question."""

    message: Message
    lexicon: Lexicon
    numbers: tuple[Number, ...]
    dates: DateReader
    today: date
    _detail: tuple[str, int, int] | None = None

    def drafts(self, expecting: Expectation) -> Iterator[Draft]:
        """What the message answers; nothing when it answers something else."""
        start, end = core(self.message, self.lexicon)
        if start >= end or not expecting.slots:
            return
        slot = expecting.slots[0]
        kind = expecting.kind
        if kind in ("choix", "multi", "oui_non"):
            yield from self._choice(expecting, slot, start, end)
        elif kind == "echelle":
            yield from self._scale(expecting, slot, start, end)
        elif kind == "repartition":
            yield from self._shares(expecting, slot)
        elif kind == "date":
            yield from self._date(slot, start, end)
        elif kind == "duree":
            yield from self._duration(slot, start, end)
        elif kind in ("montant", "nombre"):
            yield from self._number(slot, kind)
        elif kind == "libre" and (amounts := [s for s in expecting.slots if _is_amount(s)]):
            yield from self._euros(amounts)
        elif kind == "libre" and len(expecting.slots) == 1:
            text = self.message.original[slice(*self.message.span(start, end))]
            yield self._draft(slot, [text] if expecting.options == () and _plural(slot) else text,
                              start, end)  # fmt: skip

    def _draft(self, slot: str, value: Any, start: int, end: int, *, sure: bool = True) -> Draft:
        return Draft(slot, value, start, end, sure, _FORCE)

    def _choice(self, expecting: Expectation, slot: str, start: int, end: int) -> Iterator[Draft]:
        chosen = list(self._chosen(expecting, start, end))
        many = expecting.kind == "multi"
        if many:
            for option, first, last, sure in chosen:
                value = option.value if isinstance(option.value, list) else [option.value]
                yield self._draft(slot, value, first, last, sure=sure)
            if not chosen and end - start < 40 and self.lexicon.no.fullmatch(
                self.message.work, start, end
            ):  # fmt: skip
                yield self._draft(slot, [], start, end)
            return
        if self._detail:
            name, first, last = self._detail
            text = self.message.original[slice(*self.message.span(first, last))]
            yield self._draft(name, text, first, last)
        sure = len({str(c[0].value) for c in chosen}) == 1
        for option, first, last, certain in chosen:
            yield self._draft(slot, option.value, first, last, sure=sure and certain)

    def _euros(self, slots: list[str]) -> Iterator[Draft]:
        """The one amount of a form's answer, when one of its fields is an amount."""
        found = [n for n in self.numbers if n.kind == "euros"]
        if len(found) == len(slots) == 1:
            yield self._draft(slots[0], round(found[0].json(), 2), found[0].start, found[0].end)

    def _chosen(
        self, expecting: Expectation, start: int, end: int
    ) -> Iterator[tuple[Option, int, int, bool]]:
        work, options = self.message.work, expecting.options
        ranks = list(self._ranks(options, start, end)) if options else []
        if ranks:
            for rank in ranks:
                yield options[rank - 1], start, end, True
            return
        yes, no = _yes_no(options, expecting.kind)
        for option, pattern in ((yes, self.lexicon.yes), (no, self.lexicon.no)):
            match = pattern.match(work, start, end) if option else None
            detail = expecting.slots[1:2]
            if option and match and detail and detail[0].endswith("_detail"):
                rest = work[match.end() : end].lstrip(" ,.:;-")
                if len(rest) > _LIST:
                    at = end - len(rest)
                    self._detail = (detail[0], at, end)
            if option and match and (end - match.end() < 3 or expecting.kind == "oui_non"
                                     or work[match.end()] in " ,.!;"):  # fmt: skip
                yield option, start, match.end(), True
                return
        unknown = next((o for o in options if o.value == "inconnu"), None)
        said = self.lexicon.context("ne_sait_pas").search(work, start, end)
        if unknown and said:
            yield unknown, said.start(), said.end(), True
            return
        for option, first, last, certain in self._by_label(options, start, end):
            if expecting.slots[0] == "acteur_type" and not self.bare(first, last):
                continue
            yield option, first, last, certain and (end - start <= _SHORT or self.bare(first, last))

    def bare(self, first: int, last: int) -> bool:
        """Whether these words are the whole answer, or nearly: the message says nothing else."""
        start, end = core(self.message, self.lexicon)
        work = self.message.work
        around = f"{work[start:first]} , {work[last:end]}"
        left = self.lexicon.context("autour_reponse").sub(" ", around)
        return len(re.findall(r"[a-z0-9]{2,}", left)) <= _FEW_WORDS - 1

    def _ranks(self, options: tuple[Option, ...], start: int, end: int) -> Iterator[int]:
        work = self.message.work
        match = _PICK.fullmatch(work, start, end)
        if match:
            picked = [int(n) for n in re.findall(r"\d+", match["n"])]
            if all(1 <= n <= len(options) for n in picked):
                yield from picked
            return
        if end - start > 60:
            return
        for rank, pattern in sorted(self.lexicon.ranks.items()):
            named = pattern.search(work, start, end)
            if named and end - start - len(named[0]) <= _ROUND:
                number = len(options) if rank == -1 else rank
                if 1 <= number <= len(options):
                    yield number

    def _by_label(
        self, options: tuple[Option, ...], start: int, end: int
    ) -> Iterator[tuple[Option, int, int, bool]]:
        work = self.message.work
        found: list[tuple[int, int, Option]] = []
        for option in options:
            for name in (option.label, *option.synonyms, *_value_words(option.value)):
                folded = fold(name).strip()
                place = _find(work, folded, start, end) if folded else -1
                if place >= 0:
                    found.append((place, place + len(folded), option))
        for first, last, option in found:
            inside = [o for a, b, o in found if o != option and a <= first and last <= b
                      and b - a > last - first]  # fmt: skip
            if not inside and not self._refused(first):
                yield option, first, last, True
        if found or end - start > _SHORT:
            return
        shared = self._shared(options, start, end)
        if shared is not None:
            yield shared, start, end, False
            return
        said = work[start:end]
        scored = sorted(
            ((fuzz.token_set_ratio(said, fold(o.label)), n) for n, o in enumerate(options)),
            reverse=True,
        )
        if scored and scored[0][0] >= 82 and (len(scored) == 1 or scored[0][0] - scored[1][0] > 8):
            yield options[scored[0][1]], start, end, scored[0][0] >= 92

    def _shared(self, options: tuple[Option, ...], start: int, end: int) -> Option | None:
        """The one option with which a short answer shares the most words of meaning."""
        said = {stem for stem in stems(self.message.work[start:end]) if is_informative(stem)}
        counts = [
            (len(said & {s for name in (o.label, *o.synonyms) for s in stems(name)}), n)
            for n, o in enumerate(options)
        ]
        best = max((count for count, _ in counts), default=0)
        winners = [n for count, n in counts if count == best]
        return options[winners[0]] if best and len(winners) == 1 else None

    def _refused(self, place: int) -> bool:
        before = self.message.work[max(0, place - 25) : place]
        return bool(self.lexicon.context("negation_avant").search(before))

    def _scale(self, expecting: Expectation, slot: str, start: int, end: int) -> Iterator[Draft]:
        top = len(expecting.options) or 5
        marks = [n for n in self.numbers if n.kind == "plain" and not n.range]
        if len(marks) == 1 or (len(marks) == 2 and marks[1].value in (5, 10, top)):
            mark = marks[0]
            if 1 <= mark.value <= top and mark.value == int(mark.value) and end - start < _SHORT:
                option = expecting.options[int(mark.value) - 1] if expecting.options else None
                value = option.value if option else int(mark.value)
                yield self._draft(slot, value, mark.start, mark.end)
                return
        if expecting.options:
            yield from self._choice(expecting, slot, start, end)

    def _shares(self, expecting: Expectation, slot: str) -> Iterator[Draft]:
        marks = [n for n in self.numbers if n.kind == "plain"]
        if sum(n.value for n in marks) != _SHARED or len(marks) > len(expecting.options):
            return
        value = self._named_shares(expecting.options, marks) or self._near_shares(
            expecting.options, marks
        )
        if not value and len(marks) == len(expecting.options):
            value = {str(o.value): n.json() for o, n in zip(expecting.options, marks, strict=True)}
        if value:
            yield self._draft(slot, value, marks[0].start, marks[-1].end)

    def _near_shares(
        self, options: tuple[Option, ...], marks: list[Number]
    ) -> dict[str, int | float]:
        """« 8 points innovation 2 visibilité »: by each number its name; the others have none."""
        work, names = self.message.work, [str(o.value) for o in options]
        words = {n: self.lexicon.contexts[f"points_{n}"] for n in names
                 if f"points_{n}" in self.lexicon.contexts}  # fmt: skip
        for after in (True, False):
            ends = [n.start for n in marks[1:]] + [len(work)] if after else [n.end for n in marks]
            starts = [n.end for n in marks] if after else [0, *(n.end for n in marks[:-1])]
            found: dict[str, int | float] = {}
            for mark, first, last in zip(marks, starts, ends, strict=True):
                near = [n for n, pattern in words.items() if pattern.search(work, first, last)]
                if len(near) == 1 and near[0] not in found:
                    found[near[0]] = mark.json()
            if len(found) == len(marks):
                return {name: found.get(name, 0) for name in names}
        return {}

    def _named_shares(
        self, options: tuple[Option, ...], marks: list[Number]
    ) -> dict[str, int | float]:
        places: dict[str, int] = {}
        for option in options:
            for name in (option.label, *option.synonyms, *_value_words(option.value)):
                place = _find(self.message.work, fold(name), 0, len(self.message.work))
                if place >= 0:
                    places[str(option.value)] = place
                    break
        if len(places) != len(options) or len(marks) != len(options):
            return {}
        order = sorted(places, key=lambda name: places[name])
        return {name: mark.json() for name, mark in zip(order, marks, strict=True)}

    def _date(self, slot: str, start: int, end: int) -> Iterator[Draft]:
        found = self.dates.dates(self.message.work, self.today)
        for wrong in list(self.dates.impossible(self.message.work, self.today))[:1]:
            # facts refuse it, with a sentence of its own
            yield self._draft(slot, wrong.written, wrong.start, wrong.end, sure=False)
            return
        for one in found[:_LIST]:
            sure = one.sure and len(found) == 1
            yield self._draft(slot, one.day.isoformat(), one.start, one.end, sure=sure)
        if not found and end - start <= 40 and re.search(r"\d|[a-z]{4}", self.message.work):
            day = parsed_date(self.message.work[start:end], self.today)
            if day:
                yield self._draft(slot, day.isoformat(), start, end, sure=False)

    def _duration(self, slot: str, start: int, end: int) -> Iterator[Draft]:
        found = list(durations(self.message.work))
        for one in found[:_LIST]:
            yield self._draft(slot, one.months, one.start, one.end,
                              sure=one.sure and len(found) == 1)  # fmt: skip
        if not found and len(self.numbers) == 1 and end - start < 20:
            only = self.numbers[0]
            if only.kind == "plain" and only.value == int(only.value) and only.value <= 120:
                yield self._draft(slot, int(only.value), only.start, only.end)

    def _number(self, slot: str, kind: str) -> Iterator[Draft]:
        wanted = [n for n in self.numbers if n.kind != "percent"]
        if kind == "montant" and any(n.kind == "euros" for n in wanted):
            wanted = [n for n in wanted if n.kind == "euros"]
        for number in wanted[:_LIST]:
            whole = number.value == number.value.to_integral_value()
            if kind == "nombre" and not whole:
                continue
            value = round(number.json(), 2)
            sure = len(wanted) == 1 and not number.range
            yield self._draft(slot, value, number.start, number.end, sure=sure)


def _yes_no(options: tuple[Option, ...], kind: str) -> tuple[Option | None, Option | None]:
    if kind == "oui_non" and not options:
        return Option(True, ""), Option(False, "")
    yes = next((o for o in options if o.value is True or o.value == "oui"), None)
    no = next((o for o in options if o.value is False or o.value in ("non", "aucun", "aucune")),
              None)  # fmt: skip
    return yes, no


def _value_words(value: Any) -> tuple[str, ...]:
    return (value.replace("_", " "),) if isinstance(value, str) and len(value) > 3 else ()


def _find(work: str, name: str, start: int, end: int) -> int:
    place = work.find(name, start, end)
    while place >= 0:
        before = place == 0 or not work[place - 1].isalnum()
        last = place + len(name)
        if before and (last >= len(work) or not work[last].isalnum() or work[last] in "se"):
            return place
        place = work.find(name, place + 1, end)
    return -1


def _is_amount(slot: str) -> bool:
    return shape.kind(slot) == "montant"


def _plural(slot: str) -> bool:
    from typing import get_args, get_origin

    from assistant.casefile.facts import Facts

    found: Any = Facts
    for part in slot.split("."):
        fields = getattr(found, "model_fields", {})
        if part not in fields:
            return False
        annotation = fields[part].annotation
        found = next((a for a in get_args(annotation) if a is not type(None)), annotation)
    return any(get_origin(p) is tuple for p in (found, *get_args(found)))
