"""One message of a person, read into typed findings without any language model."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from assistant.casefile.facts import Facts
from assistant.casefile.paths import read
from assistant.coaching.understanding.actors import (
    bare_actor,
    granted,
    partner_types,
    public_payer,
    turned,
)
from assistant.coaching.understanding.amounts import Attributor
from assistant.coaching.understanding.beliefs import beliefs
from assistant.coaching.understanding.calendars import dated, lasting
from assistant.coaching.understanding.clauses import ClauseReader
from assistant.coaching.understanding.commands import command
from assistant.coaching.understanding.corrections import righted
from assistant.coaching.understanding.dates import DateReader, durations
from assistant.coaching.understanding.drafts import Draft, finding, settled
from assistant.coaching.understanding.expected import AnswerReader
from assistant.coaching.understanding.features import tokens
from assistant.coaching.understanding.flows import by_rules
from assistant.coaching.understanding.identifiers import identifiers
from assistant.coaching.understanding.implied import implied
from assistant.coaching.understanding.learned import Learned
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Command, Expectation, Finding, Reading
from assistant.coaching.understanding.names import NameReader
from assistant.coaching.understanding.numbers import Number, numbers
from assistant.coaching.understanding.organisations import organisations, own_type, presented
from assistant.coaching.understanding.places import PlaceReader
from assistant.coaching.understanding.roles import Calendar
from assistant.coaching.understanding.scopes import Scopes
from assistant.coaching.understanding.tagger import load_tagger
from assistant.coaching.understanding.text import Message, Preparer
from assistant.coaching.understanding.unread import unread

# longer than anybody types in one go, or shorter with the marks of an agreement
_PASTED_LENGTH, _MARKED_LENGTH, _QUOTED_LENGTH = 4_000, 500, 80
_TOLD = 8  # words from which an answer tells more than what was asked
_CARD = 60  # a message no longer than this only says who speaks
_AMOUNTS = ("don.montant", "prix.montant_ht", "subvention.montant_annuel", "budget_disponible")


class Reader:
    """Reads messages with one lexicon; holds no message."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._preparer = Preparer(lexicon)
        self.dates = DateReader(lexicon)
        self.names = NameReader(lexicon)
        self.places = PlaceReader(lexicon)

    def read(
        self, text: str, *, today: date, expecting: Expectation | None, facts: Facts | None
    ) -> Reading:
        """See ``read_message``."""
        message = self._preparer.prepare(text)
        scopes = Scopes(message, self.lexicon)
        pasted = self._is_pasted(message)
        asked = None if pasted else command(message, self.lexicon)
        slots = expecting.slots if expecting else ()
        free = _Free(self, message, scopes, today, facts, slots)
        drafts = list(free.drafts())
        learned = self._learned(free, answering=expecting is not None)
        if learned is not None and _tells(asked, learned):
            drafts = learned.joined(drafts, free.calendar, _sides(facts))
            drafts = implied(
                drafts, learned, self.lexicon, free.calendar, known=_sides(facts), today=today
            )
            if asked is None and not pasted:
                asked = learned.command()
        if expecting is not None and not pasted and not (asked and asked.name in _NO_ANSWER):
            drafts = self._with_answer(message, drafts, expecting, today)
        elif asked and asked.name == "correct":
            drafts = _corrected(drafts, free.calendar.numbers, facts)
        drafts = righted(drafts, free.calendar.numbers, message, self.lexicon, facts)
        found = tuple(f for d in settled(drafts) if (f := finding(d, message)))
        if pasted:
            found = tuple(replace(f, sure=False) for f in found)
        held = tuple(beliefs(message, self.lexicon))
        return Reading(
            findings=found,
            beliefs=held,
            command=asked,
            urgency=not pasted and any(f.slot == "urgence" and f.value for f in found),
            pasted=pasted,
            unread=unread(message, self.lexicon, _places(found, held, asked)),
        )

    def _learned(self, free: "_Free", *, answering: bool) -> Learned | None:
        """The tagger's reading; a short answer to a question is for the patterns alone."""
        tagger = load_tagger()
        seen = tokens(free.message, self.lexicon, tagger.known)
        if answering and len(seen.starts) < _TOLD:
            return None
        return Learned(free.message, free.scopes, tagger, seen, answering=answering)

    def _with_answer(
        self, message: Message, drafts: list[Draft], expecting: Expectation, today: date
    ) -> list[Draft]:
        found_numbers = numbers(message.work)
        reader = AnswerReader(message, self.lexicon, found_numbers, self.dates, today)
        answers = list(reader.drafts(expecting))
        known = {d.slot for d in drafts if d.sure}
        if expecting.kind == "libre":
            answers = [a for a in answers if a.slot not in known]
        if "acteur_type" in expecting.slots and "acteur_type" not in known | {
            a.slot for a in answers
        }:
            bare = [d for d in drafts if d.slot != "partenaire_type" or reader.bare(d.start, d.end)]
            own = bare_actor(bare)
            answers += own
            drafts = [d for d in bare if d.slot != "partenaire_type"] if own else drafts
        answered = {a.slot for a in answers}
        if "acteur_type" in answered and len(message.work) < _CARD:
            drafts = [d for d in drafts if d.sure or d.slot != "partenaire_type"]
        places = [(a.start, a.end) for a in answers if expecting.kind != "libre"]
        kept = [
            d for d in drafts
            if (d.slot not in answered or isinstance(d.value, list))
            and (d.sure or not any(a < d.end and d.start < b for a, b in places))
            and not (d.slot in _AMOUNTS and any(a <= d.start < b for a, b in places))
        ]  # fmt: skip
        return kept + answers

    def _is_pasted(self, message: Message) -> bool:
        size = len(message.work)
        if size > _QUOTED_LENGTH and self.lexicon.context("colle").search(message.work[:5_000]):
            return True
        if size < _MARKED_LENGTH:
            return False
        marks = {m[0] for m in self.lexicon.context("document").finditer(message.work[:20_000])}
        return size >= _PASTED_LENGTH or len(marks) >= 2


_NO_ANSWER = frozenset({
    "skip", "why", "ask_guide", "repeat", "go_to", "back", "pause", "resume", "restart",
    "cancel", "undo", "summarise", "clarify", "export_document", "dont_know",
})  # fmt: skip


# commands that a message may hold beside what it tells of the case; others only in a long one
_TELLING = frozenset({"export_document", "ask_guide", "correct"})
_BARE = frozenset({
    "skip", "repeat", "go_to", "back", "pause", "resume", "restart", "cancel", "undo",
})  # fmt: skip


def _tells(asked: Command | None, learned: Learned) -> bool:
    if asked is None or asked.name in _TELLING:
        return True
    return asked.name not in _BARE and len(learned.tokens.starts) >= _TOLD


@dataclass(slots=True)
class _Free:
    """What a message says by itself, whatever was asked."""

    reader: Reader
    message: Message
    scopes: Scopes
    today: date
    facts: Facts | None
    asked: tuple[str, ...]
    calendar: Calendar = field(default=Calendar((), (), ()), init=False)

    def drafts(self) -> Iterator[Draft]:
        message, lexicon, scopes = self.message, self.reader.lexicon, self.scopes
        taken = bytearray(len(message.work) + 1)
        ruled = by_rules(message, lexicon, scopes, self.asked)
        known = self.facts.acteur_type if self.facts else None
        named = organisations(message, lexicon)
        ruled += own_type(message, lexicon, scopes, named)
        ruled += presented(message, named)
        self.calendar = self._read_calendar()
        clauses = ClauseReader(message, lexicon, scopes, named, self.calendar.numbers)
        ruled += clauses.drafts(self._actor(ruled) or known)
        ruled = [*ruled, *public_payer(message, lexicon, ruled)]
        yield from partner_types(scopes, named, ruled, known)
        actor = self._actor(ruled) or known
        yield from (granted(message, lexicon, turned(d, message, actor), actor) for d in ruled)
        names = list(self.reader.names.names(message, scopes, actor=actor, organisations=named))
        yield from names
        for place in self.reader.places.places(message):
            if not any(n.start < place.end and place.start < n.end for n in names):
                yield place
        yield from self._calendar(taken)
        for one in identifiers(message.work):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            yield Draft(one.slot, one.value, one.start, one.end, one.holds)
        flows = tuple(dict.fromkeys(d.value[0] for d in ruled if d.slot == "flux" and d.value
                                    and d.sure)) or self._known_flows()  # fmt: skip
        public = actor == "collectivite"
        yield from Attributor(message, lexicon, scopes, flows, taken, public).drafts(
            self.calendar.numbers
        )

    @staticmethod
    def _actor(drafts: list[Draft]) -> str | None:
        return next((d.value for d in settled(drafts) if d.slot == "acteur_type" and d.sure), None)

    def _known_flows(self) -> tuple[str, ...]:
        return tuple(self.facts.flux or ()) if self.facts else ()

    def _read_calendar(self) -> Calendar:
        work, delay = self.message.work, self.reader.lexicon.context("jours_paiement")
        days = tuple(
            one for one in self.reader.dates.dates(work, self.today)
            if not delay.search(work[max(0, one.start - 90) : one.start + 5])
        )  # fmt: skip
        lengths = tuple(
            one for one in durations(work)
            if not any(one.start < d.end and d.start < one.end for d in days)
        )  # fmt: skip
        return Calendar(numbers(work), days, lengths)

    def _calendar(self, taken: bytearray) -> Iterator[Draft]:
        message, lexicon, scopes = self.message, self.reader.lexicon, self.scopes
        found = self.calendar.days
        yield from dated(message, lexicon, scopes, found, self.today)
        for wrong in list(self.reader.dates.impossible(message.work, self.today))[:1]:
            # facts refuse it, with a sentence of its own
            yield Draft("date_cible", wrong.written, wrong.start, wrong.end, sure=False)
            taken[wrong.start : wrong.end] = b"\x01" * (wrong.end - wrong.start)
        for one in found:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
        for length in self.calendar.lengths:
            if not any(taken[length.start : length.end]):
                taken[length.start : length.end] = b"\x01" * (length.end - length.start)
                yield from lasting(message, lexicon, scopes, length)


def _corrected(drafts: list[Draft], found: tuple[Number, ...], facts: Facts | None) -> list[Draft]:
    """« en fait c'est 12 000 »: the one amount known is the one corrected."""
    given = [slot for slot in _AMOUNTS if facts is not None and read(facts, slot) is not None]
    money = [n for n in found if n.kind != "percent"]
    if len(given) != 1 or len(money) != 1 or any(d.slot == given[0] and d.sure for d in drafts):
        return drafts
    only = money[0]
    kept = [d for d in drafts if not (d.slot in _AMOUNTS and d.start == only.start)]
    return [*kept, Draft(given[0], round(only.json(), 2), only.start, only.end)]


def _sides(facts: Facts | None) -> dict[str, str | None]:
    """Who each side is known to be."""
    if facts is None:
        return {}
    return {"S": facts.acteur_type, "P": facts.partenaire_type}


def _places(found: tuple[Finding, ...], held: Any, asked: Any) -> list[tuple[int, int]]:
    others = [*held, asked] if asked else list(held)
    return [(one.start, one.end) for one in (*found, *others)]


@lru_cache(maxsize=4)
def _reader(lexicon: Lexicon) -> Reader:
    return Reader(lexicon)


def read_message(
    text: str,
    *,
    lexicon: Lexicon,
    today: date,
    expecting: Expectation | None = None,
    facts: Facts | None = None,
) -> Reading:
    """Read one message of a partnership interview; never raises, linear in the length of ``text``.

    ``expecting`` is what was just asked; ``facts`` what is known, to tell whose amount it is.
    Precision first: what is doubtful comes out with ``sure=False``, to be confirmed.
    """
    return _reader(lexicon).read(text, today=today, expecting=expecting, facts=facts)
