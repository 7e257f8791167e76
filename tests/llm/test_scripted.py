"""The double that ships: it says what it is told, and fails as it is told."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from pydantic import BaseModel

from assistant.llm.port import Fault, LanguageModel, ModelFailed, Prompt
from assistant.llm.scripted import Reply, ScriptedModel
from tests.llm.loopback import until_it_fails

PROMPT = Prompt("essai", "s", "u", "0")


class Slot(BaseModel):
    montant: int


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


async def fault_of(asked: Coroutine[Any, Any, Any]) -> Fault:
    with pytest.raises(ModelFailed) as failed:
        await asked
    return failed.value.fault


async def text_of(model: LanguageModel) -> str:
    return "".join([piece async for piece in model.stream(PROMPT, conversation="c")])


def test_replies_come_in_order_then_no_more() -> None:
    async def test() -> None:
        model = ScriptedModel(
            ["Bonjour", {"montant": 3}, Fault.BUSY, '{"montant": 4}', {"montant": "x"}]
        )
        assert await text_of(model) == "Bonjour"
        assert await model.complete(PROMPT, Slot) == Slot(montant=3)
        assert await fault_of(text_of(model)) is Fault.BUSY
        assert await model.complete(PROMPT, Slot) == Slot(montant=4)
        assert await fault_of(model.complete(PROMPT, Slot)) is Fault.MALFORMED
        assert await fault_of(text_of(model)) is Fault.UNREACHABLE
        assert model.prompts == [PROMPT] * 6
        assert model.conversations == ["c", None, "c", None, None, "c"]

    run(test())


def test_replies_can_depend_on_the_prompt() -> None:
    async def test() -> None:
        model = ScriptedModel(lambda prompt: prompt.user.upper(), name="double:écho")
        assert await text_of(model) == "U"
        assert model.name == "double:écho"

    run(test())


def test_pieces_pace_and_delay_are_those_of_the_script() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def test() -> None:
        model = ScriptedModel([Reply("abcdefg", delay=2.0, pace=0.5, piece=3)], sleep=sleep)
        assert [p async for p in model.stream(PROMPT)] == ["abc", "def", "g"]
        assert slept == [2.0, 0.5, 0.5]

    run(test())


def test_a_reply_can_be_cut() -> None:
    async def test() -> None:
        model = ScriptedModel([Reply("abcdefg", cut_after=5)])
        assert await until_it_fails(model.stream(PROMPT)) == (["abcd", "e"], Fault.CUT)

    run(test())


def test_a_stream_that_is_left_is_counted() -> None:
    async def test() -> None:
        model = ScriptedModel(["abcdefgh", "abcd"])
        stream = model.stream(PROMPT)
        await anext(stream)
        await stream.aclose()
        assert model.left == 1
        assert await text_of(model) == "abcd"
        assert model.left == 1

    run(test())
