"""« Oui » and « non » to what the last reply showed, and messages that say nothing else."""

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.coaching import events as ev
from assistant.coaching.draft import Draft
from assistant.coaching.expectation import expectation
from assistant.coaching.method import Question
from assistant.coaching.reply import Offered, ReadByModel, Understood
from assistant.coaching.understanding.commands import core
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Reading
from assistant.coaching.understanding.text import Preparer

# nobody needs more to say yes; a longer message says something else
_LONGEST = 300
_MARKS = ",.;:!"
_QUESTION = re.compile(r"[^.!?;\n]*\?\s*$")
_WORDS = 3
_LISTS = ("liste", "multi")
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Heard:
    """``agrees`` is None when the message says neither yes nor no; ``alone`` when nothing more.

    ``courtesy``: greetings and thanks. ``lost``: no word at all, « ? ».
    """

    agrees: bool | None = None
    alone: bool = False
    courtesy: bool = False
    lost: bool = False


def heard(text: str, lexicon: Lexicon) -> Heard:
    """The yes or the no that a short message is, or begins with."""
    if len(text) > _LONGEST:
        return Heard()
    message = _preparer(lexicon).prepare(text)
    start, end = core(message, lexicon)
    polite = start >= end
    if polite:
        start, end = _edges(message.work)
    for agrees, pattern in ((True, lexicon.yes), (False, lexicon.no)):
        if start < end and pattern.fullmatch(message.work, start, end):
            return Heard(agrees, alone=True, courtesy=polite)
        found = pattern.match(message.work, start, end)
        if found and found.end() < end and message.work[found.end()] in _MARKS:
            return Heard(agrees)
    return Heard(courtesy=polite and start < end, lost=start >= end)


def _edges(work: str) -> tuple[int, int]:
    """The first and last places of letters or figures; nothing when there are none."""
    places = [place for place, mark in enumerate(work) if mark.isalnum()]
    return (places[0], places[-1] + 1) if places else (0, 0)


def settle(draft: Draft, said: Heard, asked: Question | None) -> bool:
    """Confirm or set aside what the last reply showed; whether the message was about that.

    A question that is itself answered by yes or no comes first: it was asked last.
    """
    if said.agrees is None or (asked is not None and is_yes_no(draft, asked)):
        return False
    offered, read = _shown(draft)
    if not (offered or read):
        # « aucun » answers a list
        listed = asked is not None and asked.type in _LISTS and not said.agrees
        return said.alone and not listed and _offer_again(draft)
    if said.agrees:
        draft.do(ev.Confirmed(slots=(*offered, *read)))
        draft.notice("confirme")
    elif offered:
        draft.do(ev.Dismissed(slots=offered))
        draft.notice("ecarte")
    elif said.alone:
        draft.notice("que_corriger")
    return True


def is_yes_no(draft: Draft, asked: Question) -> bool:
    """Whether « oui » or « non » answers ``asked``, whatever its form."""
    wanted = expectation(asked, draft.table().facts)
    values = [str(option.value) for option in wanted.options]
    return wanted.kind == "oui_non" or any(v.startswith(("oui", "non", "aucun")) for v in values)


def question_in(text: str) -> str | None:
    """The question that a message ends with, in its own words; None when it asks nothing."""
    found = _QUESTION.search(text[-_LONGEST:])
    words = found[0].strip() if found else ""
    return words if len(words.split()) >= _WORDS else None


def asked_apart(text: str, reading: Reading) -> str | None:
    """The question that a message ends with, when it is one to the guide: it says nothing sure."""
    question = question_in(text)
    if question is None or reading.beliefs:
        return None
    start = text.rindex(question)
    # the whole message read as an answer in free words is the question itself
    whole = _MOST * len(text.strip())
    said = (f for f in reading.findings if f.sure and f.end > start and len(f.words) < whole)
    return None if any(said) else question


def _shown(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of what the last reply showed, what was offered and what was read, still to be judged."""
    side = draft.state.of(draft.side)
    last = side.exchanges[-1] if side.exchanges else None
    if last is None or any(answer.seq > last.seq for answer in side.answers.values()):
        return (), ()  # a form was sent since: another question is on the screen
    reply = last.reply
    offers = (part for part in reply if isinstance(part, Offered | ReadByModel))
    offered = {line.slot for part in offers for line in part.lines}
    read = {line.slot for part in reply if isinstance(part, Understood) for line in part.lines}
    pending = tuple(p.slot for p in side.proposals if p.slot in offered and not p.other)
    doubtful = tuple(
        slot for slot, answer in side.answers.items()
        if slot in read and slot not in pending and answer.status == "to_confirm"
    )  # fmt: skip
    return pending, doubtful


def _offer_again(draft: Draft) -> bool:
    """What was offered a while ago is shown again: a yes counts for what one has just read."""
    # between two readings, « oui » says nothing
    pending = [p for p in draft.state.of(draft.side).proposals if not p.other]
    if pending:
        values = {proposal.slot: proposal.value for proposal in pending}
        words = {proposal.slot: proposal.words for proposal in pending}
        draft.say(Offered(lines=draft.tools.lines(values, words)))
    return bool(pending)


@lru_cache(maxsize=4)
def _preparer(lexicon: Lexicon) -> Preparer:
    return Preparer(lexicon)
