"""One turn of the interview: from a message to events and a reply. Code decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from assistant.casefile.facts import Facts
from assistant.casefile.named import names
from assistant.coaching import events as ev
from assistant.coaching.agenda import Table, next_question
from assistant.coaching.assent import Heard, asked_apart, heard, settle
from assistant.coaching.commands import STARTING_OVER, Order, ask_guide, explain, go_on, obey
from assistant.coaching.correction import is_correction, reread
from assistant.coaching.draft import Draft, Guide, Tools
from assistant.coaching.expectation import expectation
from assistant.coaching.joining import joined, offer
from assistant.coaching.method import Question
from assistant.coaching.recommendation.recommend import Recommendation
from assistant.coaching.reply import Advised, Asked, Notice, Part
from assistant.coaching.sides import Side
from assistant.coaching.state import State, fold
from assistant.coaching.taking import Said, correct_beliefs, take
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Expectation, Reading
from assistant.coaching.understanding.modelled import Heard as ToRead
from assistant.coaching.understanding.modelled import ModelReading
from assistant.coaching.understanding.reader import read_message
from assistant.coaching.understanding.wanted import wanted

# of what is missing, how much a sentence can name
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened, to be appended, and what is said."""

    events: tuple[ev.Event, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """The question that a message may answer, its order, and what a model read in it."""

    question: Question | None
    order: Order | None
    modelled: ModelReading | None


@dataclass(frozen=True)
class Coach(Tools):
    """Leads one side through the method; pure but for the ``guide`` that a turn is given."""

    lexicon: Lexicon

    def question(self, table: Table) -> Question | None:
        """What to ask now."""
        return next_question(self.method, table, missing=self.recommendation(table).missing)

    def respond(
        self,
        history: Sequence[ev.Recorded],
        side: Side,
        text: str,
        *,
        now: datetime,
        guide: Guide,
        state: State | None = None,
        modelled: ModelReading | None = None,
    ) -> Turn:
        """Read ``text`` and answer it; the events are for the caller to append.

        ``state`` is the fold of ``history`` when the caller has it; ``modelled`` what a language
        model read in ``text``, which is joined to what we read.
        """
        draft = Draft(self, state or fold(self.method, history), side, now, guide)
        table = draft.table()
        before = self.recommendation(table)
        asked = next_question(self.method, table, missing=before.missing)
        read = partial(self._read, text, now.date(), table.facts)
        reading = read(expectation(asked, table.facts) if asked else None)
        reading = reread(read, reading, asked, table, self.method)
        if modelled is not None:
            reading = joined(reading, modelled, text, asked, self.lexicon)
        if table.side.paused:
            draft.do(ev.Resumed())
        order = Order(reading.command, asked, history, text) if reading.command else None
        if order and order.command.name in STARTING_OVER:
            # what the message says besides holds for what is left
            obey(draft, order)
            asked, order = self.question(draft.table()), None
        self._hear(draft, reading, Asking(asked, order, modelled), text)
        return self._ended(draft, before, text)

    def to_read(self, table: Table, text: str, today: date) -> ToRead | None:
        """What a language model is given to read.

        None for a message that is a yes, a no, a thank you or an order that we know: there is
        nothing more to read.
        """
        said = heard(text, self.lexicon)
        if said.alone or said.courtesy or said.lost:
            return None
        facts = table.facts
        asked = self.question(table)
        expecting = expectation(asked, facts) if asked else None
        slots = wanted(self.method, self.display, asked, facts.acteur_type)
        question = asked.text(facts.acteur_type) if asked else ""
        ours = self._read(text, today, facts, expecting)
        if ours.command and not (ours.findings or ours.unread):
            return None
        return ToRead(text, today, slots, question, ours, names(facts))

    def _read(self, text: str, today: date, facts: Facts, expecting: Expectation | None) -> Reading:
        return read_message(
            text, lexicon=self.lexicon, today=today, expecting=expecting, facts=facts
        )

    def _hear(self, draft: Draft, reading: Reading, asking: "Asking", text: str) -> None:
        """Take what the message says, obey what it asks, say what was not understood."""
        asked, order = asking.question, asking.order
        said = heard(text, self.lexicon) if not (reading.command or reading.pasted) else Heard()
        settled = settle(draft, said, asked)
        if settled and said.alone:
            return
        correct_beliefs(draft, reading, self.lexicon)
        question = None if reading.command or reading.pasted else asked_apart(text, reading)
        if question is not None:
            # what a question mentions is not said of the case
            start = text.rindex(question)
            reading = _until(reading, start)
        message = Said(text, reading, said, correcting=is_correction(reading) or settled)
        taken = take(draft, message, asked) or settled or bool(draft.parts)
        if asking.modelled is not None:
            taken = offer(draft, reading, asking.modelled) or taken
        if order is not None:
            obey(draft, order)
        elif reading.pasted:
            draft.notice("document_colle")
        elif question is not None:
            ask_guide(draft, question)
        elif not reading.command and not taken:
            self._answer_little(draft, said, asked)

    def _answer_little(self, draft: Draft, said: Heard, asked: Question | None) -> None:
        """What to say to a message that says nothing that can be kept."""
        if said.agrees and asked is None:
            go_on(draft)
        elif said.courtesy:
            draft.notice("courtoisie")
        elif said.lost and asked is not None:
            explain(draft, asked)
        else:
            name = "pas_compris" if asked is not None else "pas_compris_ici"
            draft.say(Notice(kind="unread", text=self.texts.say("coach", name)))

    def consult(
        self, state: State, side: Side, question: str, *, now: datetime, guide: Guide
    ) -> Turn:
        """Ask the guide and come back to what was being asked."""
        draft = Draft(self, state, side, now, guide)
        before = self.recommendation(draft.table())
        ask_guide(draft, question)
        return self._ended(draft, before, question)

    def _ended(self, draft: Draft, before: Recommendation, text: str) -> Turn:
        """Say what changed, ask what comes next, keep the exchange."""
        table = draft.table()
        after = self.recommendation(table)
        if after.contrat and (after.contrat, after.modele) != (before.contrat, before.modele):
            draft.say(_advised(after))
        if not table.side.paused:
            self._ask(draft, table, after)
        draft.do(ev.Talked(text=text, reply=tuple(draft.parts)))
        return Turn(tuple(draft.events), tuple(draft.parts))

    def _ask(self, draft: Draft, table: Table, found: Recommendation) -> None:
        """Ask what comes next, or say that nothing does and what may be done then."""
        asked = next_question(self.method, table, missing=found.missing)
        put_off = {event.question for event in draft.events if isinstance(event, ev.Skipped)}
        if asked is not None and asked.id not in put_off:
            draft.say(Asked(id=asked.id))
        elif asked is not None:
            draft.notice("reste_plus_tard")
        elif table.side.goal == "etape":
            draft.notice("etape_complete")
        elif found.contrat:
            draft.notice("orientation_complete")
        else:
            labels = (self.display.label_of(slot) for slot in found.missing[:_NAMED])
            draft.notice("orientation_incertaine", manque=", ".join(labels))


def _until(reading: Reading, end: int) -> Reading:
    """What is read before a place of the message."""
    return replace(
        reading,
        findings=tuple(f for f in reading.findings if f.end <= end),
        offered=tuple(f for f in reading.offered if f.end <= end),
        contested=tuple(c for c in reading.contested if max(c.ours.end, c.theirs.end) <= end),
    )


def _advised(found: Recommendation) -> Advised:
    return Advised(
        categorie=found.categorie,
        modele=found.modele,
        contrat=found.contrat,
        confidence=found.confidence,
    )
