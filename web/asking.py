"""From a question to a kept turn, without ever blocking the event loop."""

import time
import unicodedata
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Request
from pydantic import AfterValidator

from assistant.answering.followup import Turn
from assistant.answering.reply import Reply
from assistant.answering.worded import Ask, Event, Settled
from assistant.coaching.draft import Guide
from assistant.errors import AssistantError
from assistant.store.values import Message, NewMessage
from web.leaving import unless_left
from web.services import Services

REMEMBERED = 4  # turns: what a follow-up may refer to
MAX_WAITING = 200  # questions waiting for their turn; more is refused at once
_LAYOUT = "\t\n\r"


class Busy(AssistantError):
    """More questions are waiting than will be answered soon."""

    code = "trop_de_questions"
    status = 503


def without_controls(text: str) -> str:
    """``text`` itself; raises ``ValueError`` for control characters and lone surrogates."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _LAYOUT:
            raise ValueError("control character")
    return text


PlainText = Annotated[str, AfterValidator(without_controls)]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, who says to ask it, and the conversation that it continues, if any."""

    question: str
    owner: str
    actor: str | None = None
    conversation_id: str | None = None


async def answered(services: Services, asked: Asked, request: Request) -> NewMessage:
    """Answer, in a model's words when there is one; nothing is kept yet.

    Raises ``Busy``, ``NotFound`` for a conversation of someone else, what ``Answerer.answer``
    raises, and ``ClientDisconnect`` when ``request`` was left while a model was at work.
    """
    if services.writer is None:
        return await _last(services, asked)
    return await unless_left(request, partial(_last, services, asked))


async def _last(services: Services, asked: Asked) -> NewMessage:
    async with aclosing(told(services, asked)) as events:
        async for event in events:
            if isinstance(event, NewMessage):
                return event
    raise AssertionError  # the last is always the message


async def told(services: Services, asked: Asked) -> AsyncGenerator[Event | NewMessage, None]:
    """What is shown of an answer as it comes, then the message to keep; raises as ``answered``.

    Closing it stops the model.
    """
    if services.limiter.statistics().tasks_waiting >= MAX_WAITING:
        raise Busy
    started = time.perf_counter()
    if services.writer is None:
        reply = await _in_thread(services, partial(_answer, services, asked))
        yield _message(asked, reply, started)
        return
    history = await to_thread.run_sync(partial(_history, services, asked))
    ask = Ask(asked.question, asked.actor, history, asked.conversation_id)
    run = partial(_in_thread, services)
    answerer = services.engine.answerer
    async with aclosing(services.writer.events(ask, answerer, run)) as events:
        async for event in events:
            yield event
            if isinstance(event, Settled):
                yield _message(asked, event.reply, started)


async def _in_thread(services: Services, work: Callable[[], Reply]) -> Reply:
    return await to_thread.run_sync(work, limiter=services.limiter)


async def kept(services: Services, asked: Asked, new: NewMessage) -> Message | None:
    """Append the turn to its conversation; None when it belongs to no conversation."""
    if asked.conversation_id is None:
        return None
    append = partial(services.store.add, asked.conversation_id, new, owner=asked.owner)
    return await to_thread.run_sync(append)


def _answer(services: Services, asked: Asked) -> Reply:
    history = _history(services, asked)
    return services.engine.answerer.answer(asked.question, actor=asked.actor, history=history)


def _message(asked: Asked, reply: Reply, started: float) -> NewMessage:
    identifier = str(uuid.uuid4())
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    return NewMessage(
        id=identifier,
        question=asked.question.strip(),
        actor=asked.actor,
        resolved=reply.resolved,
        reply={"id": identifier, **reply.to_json(), "elapsed_ms": elapsed},
        units=reply.units,
    )


def _history(services: Services, asked: Asked) -> list[Turn]:
    if asked.conversation_id is None:
        return []
    store = services.store
    conversation = store.conversation(asked.conversation_id, owner=asked.owner)
    recent = store.messages(conversation, since=conversation.turns - REMEMBERED + 1)
    return [Turn(question=m.resolved or m.question, units=m.units, actor=m.actor) for m in recent]


def published(reply: dict[str, Any]) -> dict[str, Any]:
    """A kept reply in the order of design.md §4; ``wording`` when a model had its say."""
    keys = (
        "id", "status", "answer", "citations", "suggestions", "step", "mode", "reason",
        "elapsed_ms", "related",
    )  # fmt: skip
    last = {"wording": reply["wording"]} if reply.get("wording") else {}
    return {**{key: reply[key] for key in keys}, **last}


def guide_of(services: Services) -> Guide:
    """The answering part, as the coach asks it when somebody digresses."""

    def asked(question: str, *, actor: str | None) -> dict[str, Any]:
        return services.engine.answerer.answer(question, actor=actor).to_json()

    return asked
