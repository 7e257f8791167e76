"""Whether words of a message say a value, as the parsers of forms and of messages read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.coaching.forms import as_kind, lines
from assistant.coaching.understanding.dates import DateReader, durations
from assistant.coaching.understanding.identifiers import identifiers
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.numbers import numbers
from assistant.coaching.understanding.quoted import bare, folded, places
from assistant.coaching.understanding.text import Message, Preparer
from assistant.coaching.understanding.wanted import Wanted
from assistant.knowledge.analysis import fold

Span = tuple[int, int]
_YES, _NO = ("oui", "true", "vrai"), ("non", "false", "faux")
_LONGEST = 300  # characters of a value in words
_ITEMS, _MOST = 20, 2_000  # items of a list, characters of a value in whatever form
_TAIL = ".,;"


@dataclass(frozen=True, slots=True)
class Said:
    """A value as the message says it, and where."""

    value: Any
    start: int
    end: int


@dataclass(slots=True)
class Evidence:
    """What a message says, number by number and day by day, by places in its own text."""

    text: str
    lexicon: Lexicon
    today: date
    _preparer: Preparer = field(init=False)
    _dates: DateReader = field(init=False)
    _message: Message = field(init=False)
    _known: dict[str, tuple[tuple[Any, Span], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._preparer = Preparer(self.lexicon)
        self._dates = DateReader(self.lexicon)
        self._message = self._preparer.prepare(self.text)

    def says(self, wanted: Wanted, value: Any, span: Span) -> Said | None:
        """``value`` as the words at ``span`` say it; None when they do not.

        A choice is a matter of meaning: it needs words of the message, and a person's yes.
        """
        if wanted.kind in ("choix", "multi", "oui_non"):
            return Said(value, *span)
        if wanted.kind in ("texte", "liste"):
            return self._quoted(value, span, many=wanted.many)
        return next(
            (
                Said(value, *span)
                for said, place in self._measured_here(wanted)
                if said == value and _within(place, span)
            ),
            None,
        )

    def _measured_here(self, wanted: Wanted) -> tuple[tuple[Any, Span], ...]:
        if wanted.kind not in self._known:
            self._known[wanted.kind] = tuple(self._measures(wanted, self._message))
        return self._known[wanted.kind]

    def measured(self, wanted: Wanted, text: str) -> Any:
        """The one number, day or identifier of another text; None when it has none or several."""
        found = {str(v): v for v, _ in self._measures(wanted, self._preparer.prepare(text))}
        return next(iter(found.values())) if len(found) == 1 else None

    def _measures(self, wanted: Wanted, message: Message) -> Iterator[tuple[Any, Span]]:
        """What a text says of this kind, with its places: never part of a longer number."""
        work = message.work
        if wanted.kind == "date":
            for one in self._dates.dates(work, self.today):
                yield one.day.isoformat(), message.span(one.start, one.end)
        elif wanted.kind == "duree":
            for length in durations(work):
                yield length.months, message.span(length.start, length.end)
        elif wanted.kind in ("siren", "siret", "rna"):
            for key in identifiers(work):
                if key.slot == wanted.slot and key.holds:
                    yield key.value, message.span(key.start, key.end)
        else:
            days = [(d.start, d.end) for d in self._dates.dates(work, self.today)]
            for number in numbers(work):
                shared = wanted.kind == "pourcentage"
                if (number.kind == "percent") == shared and not any(
                    a < number.end and number.start < b for a, b in days
                ):
                    value = round(number.json(), 2)
                    yield value, message.span(number.start, number.end)

    def _quoted(self, value: Any, span: Span, *, many: bool) -> Said | None:
        """Words as the person typed them: those of the claim, or some of them."""
        start, end = span
        claimed = value[0] if many else value
        inside = next(places(claimed, folded(self.text[start:end])), None)
        if inside is None:
            return None
        first, last = start + inside[0], start + inside[1]
        words = self.text[first:last].strip()
        if not words or len(words) > _LONGEST:
            return None
        return Said([words] if many else words, first, last)


def read_value(wanted: Wanted, text: str, evidence: Evidence) -> Sequence[Any]:
    """The values that a text stands for, as JSON: one, or one for each item of a list."""
    text = text.strip()
    if not text or len(text) > _MOST:
        return ()
    if wanted.kind in ("choix", "multi"):
        return _chosen(wanted, text)
    if wanted.kind == "oui_non":
        said = fold(text).strip(_TAIL)
        return (said in _YES,) if said in _YES + _NO else ()
    if wanted.kind == "texte":
        return (text,) if bare(text) else ()
    if wanted.kind == "liste":
        return [[item] for item in lines(text)[:_ITEMS] if bare(item)]
    value = _measure(wanted, text, evidence)
    return () if value is None else (value,)


def _measure(wanted: Wanted, text: str, evidence: Evidence) -> Any:
    """As a form reads it, else as a message does."""
    if wanted.kind == "date":
        value = as_kind("date", text)
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return evidence.measured(wanted, text)
    if wanted.kind in ("siren", "siret", "rna"):
        return "".join(text.split()).upper()
    value = as_kind("nombre", text)
    if isinstance(value, int | float):
        whole = Decimal(str(value)) == int(value)
        return int(value) if whole else round(value, 2)
    return evidence.measured(wanted, text)


def _chosen(wanted: Wanted, text: str) -> Sequence[Any]:
    """The options named, by value or by label; nothing when one of them is none of ours."""
    names = {fold(label).strip(): value for value, label in wanted.options}
    names |= {fold(str(value)): value for value, _ in wanted.options}
    if not wanted.many:
        whole = fold(text).strip(_TAIL)
        return (names[whole],) if whole in names else ()
    whole = fold(text).strip()
    items = [whole] if whole in names else whole.replace(";", ",").replace("\n", ",").split(",")
    named = [item.strip(" []\"'") for item in items if item.strip(" []\"'")]
    return [[names[item]] for item in named[:_ITEMS] if item in names]


def _within(place: Span, span: Span) -> bool:
    return span[0] <= place[0] and place[1] <= span[1]
