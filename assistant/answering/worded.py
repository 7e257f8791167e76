"""Answers in a language model's words, on a short lead.

Search and abstention decide what is answered, exactly as without a model; the model puts an answer
in words, a guard judges each sentence, what it leaves out is added as the sources say it. When the
model fails, is late, or too little of what it says holds, the extractive answer is given.
"""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar, cast

from assistant.answering.answerer import Answerer, cleaned
from assistant.answering.draft import Draft
from assistant.answering.followup import Turn
from assistant.answering.points import ENOUGH
from assistant.answering.reply import Reply, Status, Wording
from assistant.answering.rewriting import REWRITE, Rewritten, fits, may_lean
from assistant.clock import Clock, SystemClock
from assistant.llm.guard import Guard
from assistant.llm.health import Health
from assistant.llm.masking import RestoringStream, Table, mask
from assistant.llm.port import Fault, LanguageModel, ModelFailed
from assistant.llm.prompts import Prompts
from assistant.llm.sentences import SentenceCutter

ANSWER = "reponse"
PIECE = 2_000  # characters read at once: a model that gives more must not hold the others
# what no one sees would hide a marker or a figure from those who look for them
UNSEEN = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))
NOTES = {Fault.TIMEOUT: "lent", Fault.BUDGET: "depense"}

log = logging.getLogger(__name__)
T = TypeVar("T")
Run = Callable[[Callable[[], T]], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question and where it is asked; ``history`` is oldest first."""

    question: str
    actor: str | None = None
    history: Sequence[Turn] = ()
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Search has ended; ``wording`` when the model now has its say."""

    wording: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer, to show after what was shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was shown is taken back: another answer comes."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The whole reply; what was shown since ``Withdrawn``, if anything, is the text of it."""

    reply: Reply


Event = Found | Said | Withdrawn | Settled


async def here(work: Callable[[], T]) -> T:
    """Run work at once, for those who answer one question at a time."""
    return work()


@dataclass(frozen=True)
class Writer:
    """Puts the answers of any answerer in the words of ``model``.

    ``masked`` says whether what identifies someone in a question is replaced before it is sent.
    """

    model: LanguageModel
    prompts: Prompts
    guard: Guard
    masked: bool = True
    clock: Clock = field(default_factory=SystemClock)
    health: Health = field(default_factory=Health)

    async def events(
        self, ask: Ask, answerer: Answerer, run: Run[Reply] | None = None
    ) -> AsyncGenerator[Event, None]:
        """Answer, event by event; the last is ``Settled``. Closing it stops the model's cost.

        ``run`` runs what computes, in a thread where there is a loop to spare. Raises what
        ``Answerer.answer`` raises, and nothing because of the model.
        """
        do: Run[Reply] = run or here
        reply = await do(
            partial(answerer.answer, ask.question, actor=ask.actor, history=ask.history)
        )
        reply = await self._understood(reply, ask, answerer, do)
        wording = reply.status is Status.ANSWERED and bool(reply.citations) and not reply.fixed
        yield Found(wording=wording)
        if not wording:
            yield Settled(reply)
            return
        base = self._wording(answerer)
        if reply.wording is not None:
            base = replace(base, understood=reply.wording.understood)
        async with aclosing(self._worded(replace(reply, wording=base), ask, answerer, do)) as found:
            async for event in found:
                yield event

    async def reply(self, ask: Ask, answerer: Answerer, run: Run[Reply] | None = None) -> Reply:
        """The whole reply at once."""
        async with aclosing(self.events(ask, answerer, run)) as events:
            async for event in events:
                if isinstance(event, Settled):
                    return event.reply
        raise AssertionError  # the last event is always Settled

    def _wording(self, answerer: Answerer) -> Wording:
        digest = self.prompts.digest(ANSWER)
        return Wording(self.model.name, digest, answerer.index.key)

    async def _worded(
        self, reply: Reply, ask: Ask, answerer: Answerer, run: Run[Reply]
    ) -> AsyncGenerator[Event, None]:
        question = reply.resolved or cleaned(ask.question)
        draft = Draft(reply, question=question, guard=self.guard)
        fault: Fault | None = None
        try:
            await run(partial(self._warm, draft, reply))
            sentences = self._sentences(question, draft, ask.conversation)
            async with aclosing(sentences) as pieces:
                async for piece in pieces:
                    yield Said(piece)
        except ModelFailed as failed:
            fault = failed.fault
        except Exception as error:  # noqa: BLE001 - whatever the model wrote, an answer is due
            # its name alone: its words may hold some of the message
            log.error("llm.unexpected", extra={"error": type(error).__name__})  # noqa: TRY400
            fault = Fault.UNKNOWN
        self.health.tell(self.clock.now(), fault)
        if fault is None:
            before = draft.text
            settled = await run(partial(_completed, draft, reply))
            if settled.mode == "llm":
                if draft.text != before:
                    yield Said(draft.text.removeprefix(before))
                yield Settled(settled)
                return
        if draft.text:
            yield Withdrawn()
        yield Settled(self._extractive(reply, draft, fault, answerer))

    async def _sentences(
        self, question: str, draft: Draft, conversation: str | None
    ) -> AsyncGenerator[str, None]:
        """What may be shown of what the model says, as soon as a sentence is whole."""
        table = Table()
        if self.masked:
            question, table = mask(question)
        passages = [{"id": name, "text": text} for name, text in draft.passages.items()]
        prompt = self.prompts.render(ANSWER, question=question, passages=passages)
        cutter, restoring = SentenceCutter(), RestoringStream(table)
        streamed = self.model.stream(prompt, conversation=conversation)
        async with aclosing(_generator(streamed)) as deltas:
            async for delta in deltas:
                restored = restoring.feed(delta.translate(UNSEEN))
                for start in range(0, len(restored), PIECE):
                    for sentence in cutter.feed(restored[start : start + PIECE]):
                        if draft.full:
                            return
                        if shown := draft.take(sentence):
                            yield shown
        for sentence in [*cutter.feed(restoring.end()), *cutter.end()]:
            if not draft.full and (shown := draft.take(sentence)):
                yield shown

    def _warm(self, draft: Draft, reply: Reply) -> Reply:
        """Read the passages in the thread, so that the first sentence has not to wait for it."""
        marks = "".join(f"[{name}]" for name in draft.passages)
        self.guard.judge(f"{reply.citations[0].title} {marks}", draft.passages)
        return reply

    def _extractive(
        self, reply: Reply, draft: Draft, fault: Fault | None, answerer: Answerer
    ) -> Reply:
        name = "insuffisant" if fault is None else NOTES.get(fault, "panne")
        wording = replace(
            reply.wording or self._wording(answerer),
            removed=dict(draft.removed),
            fault=fault.value if fault else None,
            note=answerer.texts.say("redaction", name),
        )
        return replace(reply, wording=wording)

    async def _understood(
        self, reply: Reply, ask: Ask, answerer: Answerer, run: Run[Reply]
    ) -> Reply:
        """The reply to the question that a follow-up stands for, when we could not say which.

        The model proposes the question; search and abstention decide, as for any other.
        """
        if not may_lean(ask.question, reply, ask.history, answerer.manners.suites):
            return reply
        before = [turn.question for turn in ask.history]
        rewritten = await self._rewritten(cleaned(ask.question), before, ask.conversation)
        if rewritten is None or len(rewritten) > answerer.max_question:
            return reply
        actor = ask.actor or ask.history[-1].actor
        other = await run(partial(answerer.answer, rewritten, actor=actor))
        if other.status is not Status.ANSWERED or not other.citations:
            return reply
        understood = replace(self._wording(answerer), understood=rewritten)
        return replace(other, resolved=rewritten, wording=understood)

    async def _rewritten(
        self, message: str, before: Sequence[str], conversation: str | None
    ) -> str | None:
        sent, shown, table = message, list(before), Table()
        if self.masked:
            shown = []
            for question in before:
                masked, table = mask(question, table=table)
                shown.append(masked)
            sent, table = mask(message, table=table)
        try:
            prompt = self.prompts.render(REWRITE, message=sent, before=shown)
            proposed = await self.model.complete(prompt, Rewritten, conversation=conversation)
        except ModelFailed:
            return None
        question = cleaned(table.restore(proposed.question))
        return question if fits(question, message, before) else None


def _completed(draft: Draft, reply: Reply) -> Reply:
    """The model's answer, completed; the extractive one when too little of it holds."""
    if not draft.kept or draft.share() < ENOUGH:
        return reply
    kept = len(draft.kept)
    added = bool(draft.completed())
    whole = draft.reply()
    wording = reply.wording
    assert wording is not None
    wording = replace(wording, kept=kept, removed=dict(draft.removed), added=added)
    return replace(whole, wording=wording)


def _generator(deltas: AsyncIterator[str]) -> AsyncGenerator[str, None]:
    return cast("AsyncGenerator[str, None]", deltas)
