"""Answers in a scripted model's words, over the real content."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any

from assistant.answering.followup import Turn
from assistant.answering.reply import Reply
from assistant.answering.worded import Ask, Event, Said, Settled, Withdrawn, Writer
from assistant.bootstrap import Engine
from assistant.clock import FrozenClock
from assistant.llm.guard import Guard, load_guard
from assistant.llm.prompts import Prompts
from assistant.llm.scripted import Script, ScriptedModel
from assistant.settings import INSTALLED_PROMPTS
from tests.builders import CORPUS

QUESTION = "Quels sont les risques d'un partenariat pour une association ?"


@cache
def guard_of(key: str, texts: Sequence[str]) -> Guard:
    return load_guard(CORPUS, texts)


def a_writer(engine: Engine, script: Script, **options: Any) -> tuple[Writer, ScriptedModel]:
    """A writer and the model that it asks."""
    model = ScriptedModel(script)
    guard = guard_of(engine.index.key, tuple(unit.text for unit in engine.index.ours.units))
    prompts = Prompts(INSTALLED_PROMPTS)
    return Writer(model, prompts, guard, clock=FrozenClock(), **options), model


def events_of(
    engine: Engine, writer: Writer, question: str = QUESTION, history: Sequence[Turn] = ()
) -> list[Event]:
    async def asked() -> list[Event]:
        ask = Ask(question, history=history, conversation="c1")
        return [event async for event in writer.events(ask, engine.answerer)]

    return asyncio.run(asked())


def answered(
    engine: Engine, script: Script, question: str = QUESTION, **options: Any
) -> tuple[Reply, str]:
    """The reply, and what was shown of it."""
    writer, _ = a_writer(engine, script, **options)
    events = events_of(engine, writer, question)
    settled = events[-1]
    assert isinstance(settled, Settled)
    return settled.reply, shown(events)


def shown(events: Sequence[Event]) -> str:
    """What is on the page in the end."""
    text = ""
    for event in events:
        if isinstance(event, Said):
            text += event.text
        elif isinstance(event, Withdrawn):
            text = ""
    return text


def extractive(engine: Engine, question: str = QUESTION) -> Reply:
    return engine.answerer.answer(question)
