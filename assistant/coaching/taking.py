"""What a message said, taken: sure values are recorded and shown, the rest is offered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.casefile.facts import InvalidFacts
from assistant.casefile.shape import kind
from assistant.coaching import events as ev
from assistant.coaching.assent import Heard, question_in
from assistant.coaching.draft import Draft
from assistant.coaching.entry import checked
from assistant.coaching.method import Question
from assistant.coaching.reply import Corrected, Notice, Offered, Understood
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import Reading

# what cannot be as it was written, and says so: a number with its key, a day of no calendar
_EXACT, _DAY = ("siren", "siret", "rna"), re.compile(r"\d{4}-\d{2}-\d{2}")
_FREE = ("texte", "liste")
_TABLES = ("tableau", "formulaire")
Values = dict[str, Any]


def correct_beliefs(draft: Draft, reading: Reading, lexicon: Lexicon) -> None:
    """Put each false belief right, kindly, with its sources (§0.2)."""
    for belief in reading.beliefs:
        found = lexicon.beliefs[belief.id]
        draft.say(
            Corrected(
                id=belief.id,
                words=belief.words,
                text=draft.tools.texts.typeset(found.correction),
                sources=tuple(map(str, found.sources)),
            )
        )


@dataclass(frozen=True, slots=True)
class Said:
    """A message with its reading; ``correcting`` when it says that it corrects."""

    text: str
    reading: Reading
    heard: Heard
    correcting: bool


def take(draft: Draft, said: Said, asked: Question | None) -> bool:
    """Record what was understood; whether there was anything.

    The answer to the question that was asked is settled; what was said besides is to confirm;
    what a person confirmed is never changed by a reading, unless the message says it corrects.
    """
    sure, maybe = sorted_findings(said.reading)
    words = {finding.slot: finding.words for finding in said.reading.findings}
    own = {slot: value for slot, value in sure.items() if asked and slot in asked.slots}
    if asked is not None and asked.type in _FREE:
        own, sure = _freely(said, asked, own, sure)
    elif asked is not None and asked.type in _TABLES:
        own, sure = _without_text(own), _without_text(sure)
    others, contested = _besides(draft, sure, own, correcting=said.correcting)
    maybe = {s: v for s, v in {**contested, **maybe}.items() if s not in own and s not in others}
    taken: Values = {}
    if asked is not None and own:
        event = ev.Answered(values=own, question=asked.id, words=_kept(words, own))
        taken |= _recorded(draft, event)
    if others:
        event = ev.Answered(
            values=others, words=_kept(words, others), via="message", sure=said.correcting
        )
        taken |= _recorded(draft, event)
    if taken:
        draft.say(Understood(lines=draft.tools.lines(taken, words)))
    refused = any(part.kind == "refused" for part in draft.parts)
    return _offer(draft, maybe, words) or bool(taken) or refused


def sorted_findings(reading: Reading) -> tuple[Values, Values]:
    """What is sure and what may be, by slot; the items of a list slot go together."""
    maybe: Values = {}
    sure = reading.values()
    for finding in reading.findings:
        if finding.sure or finding.slot in sure:
            continue
        held = maybe.get(finding.slot)
        if isinstance(held, list) and isinstance(finding.value, list):
            maybe[finding.slot] = held + [v for v in finding.value if v not in held]
        else:
            maybe[finding.slot] = finding.value
    return sure, maybe


def _besides(draft: Draft, sure: Values, own: Values, *, correcting: bool) -> tuple[Values, Values]:
    """What is new or may be replaced, and what contradicts an answer that was confirmed.

    Only one's own answers count: what another side said is not one's own to confirm or to change.
    """
    answers = draft.state.of(draft.side).answers
    others: Values = {}
    contested: Values = {}
    for slot, value in sure.items():
        held = answers.get(slot)
        if slot in own or (held is not None and held.value == value):
            continue
        settled = held is not None and held.status == "confirmed" and not correcting
        (contested if settled else others)[slot] = value
    return others, contested


def _freely(said: Said, asked: Question, own: Values, sure: Values) -> tuple[Values, Values]:
    """The answer to a question in free words: the message itself, when it does answer.

    « Aucun » answers a list; a yes, a thank you or a question is not an answer in free words.
    """
    reading, text = said.reading, said.text.strip()
    slot = asked.slots[0]
    alone = reading.command is None and not reading.pasted and not reading.beliefs
    asks = question_in(text) is not None
    says = not (said.heard.alone or said.heard.courtesy or said.heard.lost)
    if alone and asked.type == "liste" and said.heard.alone and said.heard.agrees is False:
        return {slot: []}, sure
    if not alone or asks or not says:
        whole = [s for s, value in own.items() if s == slot and text in (value, *_items(value))]
        left = {s: value for s, value in own.items() if s not in whole}
        return left, {s: value for s, value in sure.items() if s not in whole}
    return own or {slot: [text] if asked.type == "liste" else text}, sure


def _without_text(values: Values) -> Values:
    """``values`` without the bare words read as a whole table, which has rows and columns."""
    return {
        slot: value for slot, value in values.items()
        if kind(slot) != "tableau" or not any(isinstance(v, str) for v in (value, *_items(value)))
    }  # fmt: skip


def _items(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _recorded(draft: Draft, event: ev.Answered) -> Values:
    """Take the values that facts accept, one by one when they do not all fit; return them."""
    try:
        checked(draft.table().known, event.values)
    except InvalidFacts as error:
        if len(event.values) == 1:
            draft.say(Notice(kind="refused", text=draft.tools.explain(error)))
            return {}
        taken: Values = {}
        for slot, value in event.values.items():
            taken |= _recorded(draft, event.model_copy(update={"values": {slot: value}}))
        return taken
    draft.do(event)
    return dict(event.values)


def _offer(draft: Draft, values: Values, words: Mapping[str, str]) -> bool:
    answers = draft.state.of(draft.side).answers
    fitting: Values = {}
    for slot, value in values.items():
        if slot in answers and answers[slot].value == value:
            continue
        try:
            checked({}, {slot: value})
        except InvalidFacts as error:
            if slot.endswith(_EXACT) or (isinstance(value, str) and _DAY.fullmatch(value)):
                draft.say(Notice(kind="refused", text=draft.tools.explain(error)))
            continue
        fitting[slot] = value
    if fitting:
        draft.do(ev.Proposed(values=fitting, words=_kept(words, fitting)))
        draft.say(Offered(lines=draft.tools.lines(fitting, words)))
    return bool(fitting)


def _kept(words: Mapping[str, str], values: Values) -> dict[str, str]:
    return {slot: words[slot] for slot in values if slot in words}
