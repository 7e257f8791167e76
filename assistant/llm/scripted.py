"""A language model that says what it is told to: for tests, demonstrations and workshops."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from assistant.llm.port import Fault, LanguageModel, ModelFailed, Prompt, T


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: ``text`` or ``value``, unless ``fault``; seconds of ``delay`` before it begins.

    It comes by ``piece`` characters, ``pace`` seconds apart; after ``cut_after`` characters the
    connection is lost.
    """

    text: str = ""
    value: Mapping[str, Any] | None = None
    fault: Fault | None = None
    delay: float = 0.0
    pace: float = 0.0
    piece: int = 4
    cut_after: int | None = None


Said = Reply | str | Mapping[str, Any] | Fault
Script = Sequence[Said] | Callable[[Prompt], Said]


class ScriptedModel(LanguageModel):
    """Replies in order (``UNREACHABLE`` when there are no more), or by a function of the prompt.

    ``prompts`` is what it was asked, ``left`` how many streams their reader left.
    """

    def __init__(
        self,
        script: Script,
        *,
        name: str = "scripted:double",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._script = script
        self._name = name
        self._sleep = sleep
        self._said = 0
        self.prompts: list[Prompt] = []
        self.conversations: list[str | None] = []
        self.left = 0

    @property
    def name(self) -> str:
        """What answers record of it."""
        return self._name

    async def stream(
        self, prompt: Prompt, *, conversation: str | None = None
    ) -> AsyncGenerator[str, None]:
        """The text of the next reply, piece by piece."""
        reply = await self._next(prompt, conversation)
        text = reply.text if reply.cut_after is None else reply.text[: reply.cut_after]
        try:
            for start in range(0, len(text), reply.piece):
                if start and reply.pace:
                    await self._sleep(reply.pace)
                yield text[start : start + reply.piece]
        except (GeneratorExit, asyncio.CancelledError):
            self.left += 1
            raise
        if reply.cut_after is not None:
            raise ModelFailed(Fault.CUT)

    async def complete(
        self, prompt: Prompt, schema: type[T], *, conversation: str | None = None
    ) -> T:
        """The value of the next reply; ``MALFORMED`` when it is not one of ``schema``."""
        reply = await self._next(prompt, conversation)
        try:
            if reply.value is not None:
                return schema.model_validate(reply.value)
            return schema.model_validate_json(reply.text)
        except ValidationError:
            pass
        raise ModelFailed(Fault.MALFORMED)

    async def _next(self, prompt: Prompt, conversation: str | None) -> Reply:
        self.prompts.append(prompt)
        self.conversations.append(conversation)
        reply = self._reply(prompt)
        if reply.delay:
            await self._sleep(reply.delay)
        if reply.fault is not None:
            raise ModelFailed(reply.fault)
        return reply

    def _reply(self, prompt: Prompt) -> Reply:
        if callable(self._script):
            return as_reply(self._script(prompt))
        if self._said == len(self._script):
            return Reply(fault=Fault.UNREACHABLE)
        self._said += 1
        return as_reply(self._script[self._said - 1])


def as_reply(said: Said) -> Reply:
    """A short form in full."""
    if isinstance(said, Reply):
        return said
    if isinstance(said, Fault):
        return Reply(fault=said)
    if isinstance(said, str):
        return Reply(text=said)
    return Reply(value=said)
