"""What a language model reads in a message: claims, of which only what the message says is kept.

The model answers by a flat list: a slot, a value in text, the words it comes from. Words that are
not in the message, slots that were not named to it, values that those words do not say and orders
that are not ours are dropped and counted. What is left is for ``coaching.joining``, never taken by
itself (design.md, law 2).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from assistant.casefile.facts import InvalidFacts
from assistant.coaching.entry import checked
from assistant.coaching.understanding.lexicon import Lexicon
from assistant.coaching.understanding.model import CommandName, Finding, Reading
from assistant.coaching.understanding.quoted import Folded, folded, places
from assistant.coaching.understanding.support import Evidence, Said, read_value
from assistant.coaching.understanding.wanted import Wanted
from assistant.llm.health import Health
from assistant.llm.limits import Breaker
from assistant.llm.masking import Table, mask
from assistant.llm.port import Fault, LanguageModel, ModelFailed, Prompt
from assistant.llm.prompts import Prompts

TEMPLATE = "lecture"
LONGEST = 12_000  # characters of a message that is sent; a longer one is read by us alone
MOST = 60  # claims that are looked at
# orders that explain or wait: none chooses a step, a question or a value, none takes back anything
ORDERS: tuple[CommandName, ...] = (
    "why", "clarify", "repeat", "summarise", "ask_guide", "pause", "skip",
)  # fmt: skip
_NAMES: Mapping[str, str] = {
    "acteur_nom": "organisation",
    "partenaire_nom": "organisation",
    "territoire": "lieu",
}
Dropped = Literal["slot", "words", "value", "facts", "twice", "order"]

log = logging.getLogger(__name__)


def _or_empty(value: object) -> object:
    return "" if value is None else value


def _text(value: object) -> object:
    """A bare number or a boolean is as good as its text; anything else is refused."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value) if isinstance(value, int | float) else _or_empty(value)


def _is_true(value: object) -> bool:
    return value is True or str(value).strip().lower() == "true"


Text = Annotated[str, BeforeValidator(_text)]


class Claim(BaseModel):
    """One slot that the model says the message fills."""

    slot: Text = ""
    value: Text = ""
    words: Text = ""
    sure: Annotated[bool, BeforeValidator(_is_true)] = False


class Claims(BaseModel):
    """What a model returns."""

    findings: Annotated[list[Claim], BeforeValidator(lambda v: [] if v is None else v)] = Field(
        default_factory=list
    )
    command: Text = ""


@dataclass(frozen=True, slots=True)
class ModelReading:
    """What is kept of the claims; ``model`` and ``prompt`` (its digest) say who made them."""

    model: str
    prompt: str
    findings: tuple[Finding, ...] = ()
    command: CommandName | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A message to be read, the question it may answer, and the slots to read in it.

    ``ours`` is what we read in it; ``names`` are those of the case, with their kind, to mask.
    """

    text: str
    today: date
    wanted: tuple[Wanted, ...]
    question: str = ""
    ours: Reading = field(default_factory=Reading)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it is sent, and how to put back what was masked."""

    heard: Heard
    prompt: Prompt
    table: Table


@dataclass
class Tally:
    """How readings ended in this process: by fault, and what was dropped; no words."""

    asked: int = 0
    used: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    dropped: Counter[Dropped] = field(default_factory=Counter)


@dataclass(frozen=True)
class ModelReader:
    """Has ``model`` read messages, for at most ``within`` seconds each.

    ``breaker`` stops asking a model that is always late; ``health`` is what pages say of it.
    """

    model: LanguageModel
    prompts: Prompts
    lexicon: Lexicon
    breaker: Breaker
    masked: bool = True
    within: float = 4.0
    health: Health = field(default_factory=Health)
    tally: Tally = field(default_factory=Tally)

    def prepared(self, heard: Heard) -> Sent | None:
        """The message ready to be sent; None when it is too long, or there is nothing to read."""
        if not heard.text.strip() or len(heard.text) > LONGEST:
            return None
        text, table = heard.text, Table()
        if self.masked:
            text, table = mask(text, known={**heard.names, **_named(heard.ours)})
        prompt = self.prompts.render(
            TEMPLATE,
            message=text,
            question=heard.question,
            slots=[one.shown() for one in heard.wanted],
            commands=ORDERS,
        )
        return Sent(heard, prompt, table)

    async def ask(self, sent: Sent, *, conversation: str | None = None) -> Claims | None:
        """What the model claims; None when it gave nothing in time, whatever the reason."""
        self.tally.asked += 1
        try:
            claims = await self._complete(sent, conversation)
        except ModelFailed as failed:
            self.failed(failed.fault)
        except Exception as error:  # noqa: BLE001 - whatever a model does, the coach goes on
            # its name alone: its words may hold some of the message
            log.error("coach.model_unexpected", extra={"error": type(error).__name__})  # noqa: TRY400
            self.failed(Fault.UNKNOWN)
        else:
            self.health.tell(self.breaker.clock.now(), None)
            return claims
        return None

    async def _complete(self, sent: Sent, conversation: str | None) -> Claims:
        with self.breaker.trial():
            try:
                async with asyncio.timeout(self.within):
                    return await self.model.complete(sent.prompt, Claims, conversation=conversation)
            except TimeoutError:
                raise ModelFailed(Fault.TIMEOUT) from None

    def failed(self, fault: Fault) -> None:
        """Count a message that the model did not read."""
        self.tally.faults[fault] += 1
        self.health.tell(self.breaker.clock.now(), fault)
        log.info("coach.model_silent", extra={"fault": fault.value})

    def kept(self, claims: Claims, sent: Sent) -> ModelReading:
        """What of ``claims`` the message says; the rest is dropped and counted."""
        heard, dropped = sent.heard, Counter[Dropped]()
        evidence = Evidence(heard.text, self.lexicon, heard.today)
        found: list[Finding] = []
        message = folded(heard.text)
        wanted = {one.slot: one for one in heard.wanted}
        for claim in claims.findings[:MOST]:
            one = wanted.get(claim.slot.strip())
            if one is None:
                dropped["slot"] += 1
                continue
            restored = claim.model_copy(
                update={
                    "value": sent.table.restore(claim.value),
                    "words": sent.table.restore(claim.words),
                }
            )
            found += _findings(restored, one, message, evidence, dropped)
        kept = tuple(_alone(found, dropped))
        name = claims.command.strip()
        command = next((order for order in ORDERS if order == name), None)
        dropped["order"] += bool(name) and command is None
        self.tally.used += bool(kept or command)
        self.tally.dropped.update(dropped)
        log.info("coach.model_read", extra={"kept": len(kept), "dropped": dropped.total()})
        return ModelReading(self.model.name[:200], sent.prompt.digest, kept, command)


def _findings(
    claim: Claim, wanted: Wanted, message: Folded, evidence: Evidence, dropped: Counter[Dropped]
) -> Iterator[Finding]:
    """What one claim says; nothing when its words are not there or do not say it."""
    spans = list(places(claim.words, message))
    if not spans:
        dropped["words"] += 1
        return
    values = read_value(wanted, claim.value, evidence)
    if not values:
        dropped["value"] += 1
    for value in values:
        said = next((s for span in spans if (s := evidence.says(wanted, value, span))), None)
        if said is None:
            dropped["value"] += 1
        elif not fits(wanted.slot, said.value):
            dropped["facts"] += 1
        else:
            yield _finding(claim, wanted, said, evidence)


def _finding(claim: Claim, wanted: Wanted, said: Said, evidence: Evidence) -> Finding:
    words = evidence.text[said.start : said.end]
    return Finding(wanted.slot, said.value, words, said.start, said.end, claim.sure)


def fits(slot: str, value: Any) -> bool:
    """Whether the facts may hold ``value``, by itself."""
    try:
        checked({}, {slot: value})
    except InvalidFacts:
        return False
    return True


def _alone(found: Sequence[Finding], dropped: Counter[Dropped]) -> Iterator[Finding]:
    """One finding a value; a model that gives two values to one slot gives none."""
    by_slot: dict[str, list[Finding]] = {}
    for one in found:
        group = by_slot.setdefault(one.slot, [])
        if all(one.value != other.value for other in group):
            group.append(one)
    for group in by_slot.values():
        if len(group) > 1 and not isinstance(group[0].value, list):
            dropped["twice"] += len(group)
        else:
            yield from group


def _named(reading: Reading) -> dict[str, str]:
    return {
        one.value: _NAMES[one.slot]
        for one in reading.findings
        if one.slot in _NAMES and isinstance(one.value, str)
    }
