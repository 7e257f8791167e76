"""One answer on its way: paced, counted, and cut short where its script says so."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from eval.scripted import protocol
from eval.scripted.counters import Counters, Seen
from eval.scripted.http import Exchange
from eval.scripted.protocol import Shapes
from eval.scripted.scripts import Accident, Script, Start
from eval.scripted.speech import Reply
from eval.scripted.terms import Terms

ENDLESS = 200_000  # tokens of an answer that nobody bounded
PAGE = b"<!doctype html><title>Portail</title><p>Acceptez les conditions pour continuer.</p>"
EVENTS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}


@dataclass(slots=True)
class Delivery:
    """What is needed to answer one request; ``send`` gives how it ended."""

    exchange: Exchange
    script: Script
    terms: Terms
    reply: Reply
    shapes: Shapes
    counters: Counters
    seen: Seen
    body: Mapping[str, Any]
    tool: str | None

    async def send(self) -> str:
        """Answer; raises what the connection raises when the client leaves."""
        if self.script.start is Start.SILENT:
            await _forever()
        self.seen.status = 200
        if self.script.start is Start.PAGE:
            await self.exchange.whole(200, PAGE, "text/html; charset=utf-8")
            return "done"
        return await (self._stream() if self.body.get("stream") else self._whole())

    # Streamed

    async def _stream(self) -> str:
        await self.exchange.head(200, EVENTS)
        if self.script.start is Start.OPEN:
            await _forever()
        opened = self.script.opening
        async for token in self._paced():
            if self.seen.tokens == 1:
                await self._event({"role": "assistant", "content": "", "refusal": None}, opened)
                await self._opened_tool()
            await self._event(self._delta(token))
            if self._accident_is_due():
                return await self._accident()
        if not self.seen.tokens:
            await self._event({"role": "assistant", "content": ""}, opened)
        if self.script.accident is not Accident.NONE:
            return await self._accident()
        await self._last_events()
        await self.exchange.end()
        return "done"

    async def _last_events(self) -> None:
        if self.reply.refusal is not None:
            await self._event({"refusal": self.reply.refusal})
        for number, call in enumerate(self.reply.calls):
            shape = self.shapes.call(number, call.name, call.arguments)
            await self._event({"tool_calls": [shape]})
        await self._line(self.shapes.chunk({}, self._finish()))
        if (self.body.get("stream_options") or {}).get("include_usage"):
            await self._line(self.shapes.usage_chunk(self._usage()))
        await self.exchange.send(b"data: [DONE]\n\n")

    def _delta(self, token: str) -> dict[str, Any]:
        if self.tool is None:
            return {"content": token}
        return {"tool_calls": [{"index": 0, "function": {"arguments": token}}]}

    async def _opened_tool(self) -> None:
        if self.tool is not None:
            await self._event({"tool_calls": [self.shapes.call(0, self.tool, "")]})

    async def _event(self, delta: Mapping[str, Any], before: bytes = b"") -> None:
        if self.script.comments:
            before += b": SCRIPTED PROCESSING\n\n"
        await self._line(self.shapes.chunk(delta), before)

    async def _line(self, value: Any, before: bytes = b"") -> None:
        await self.exchange.send(before + b"data: " + self.script.encode(value) + b"\n\n")

    # Whole

    async def _whole(self) -> str:
        said = []
        async for token in self._paced():
            said.append(token)
            if self._accident_is_due():
                break
        text = "".join(said)
        finish = None if self.script.accident is Accident.UNFINISHED else self._finish()
        value = self.shapes.whole(self._message(text), finish, self._usage())
        data = self.script.opening + self.script.encode(value)
        if self.script.accident in {Accident.NONE, Accident.UNFINISHED}:
            await self.exchange.whole(200, data)
            return "done"
        if self.script.accident is Accident.ERROR:
            await self.exchange.json(200, protocol.error(500))
            return "failed"
        length = {"content-type": "application/json", "content-length": str(len(data))}
        await self.exchange.head(200, length)
        await self.exchange.send(data[: len(data) // 2])
        return await self._accident()

    def _message(self, text: str) -> dict[str, Any]:
        calls = [self.shapes.call(n, c.name, c.arguments) for n, c in enumerate(self.reply.calls)]
        if self.tool is not None:
            calls, text = [self.shapes.call(0, self.tool, text)], ""
        content = None if self.reply.refusal is not None else text
        message = {"role": "assistant", "content": content, "refusal": self.reply.refusal}
        return {**message, "tool_calls": calls} if calls else message

    # Both

    async def _paced(self) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        due = loop.time() + self.terms.ttft
        step = 1 / self.terms.pace if self.terms.pace else 0.0
        await asyncio.sleep(self.terms.ttft)
        for token in islice(self.reply.tokens, self._most()):
            # without a pace too: the others, and this client's leaving, must have their turn
            await asyncio.sleep(max(0.0, due - loop.time()) if step else 0)
            due += step
            self.counters.token(self.seen)
            yield token

    def _most(self) -> int:
        asked = self.body.get("max_completion_tokens") or self.body.get("max_tokens")
        return int(asked or ENDLESS)

    def _finish(self) -> str:
        if self.seen.tokens >= self._most():
            return "length"
        return "tool_calls" if self.tool is not None else self.reply.finish

    def _usage(self) -> dict[str, int]:
        asked = sum(len(str(message.get("content"))) for message in self.body["messages"]) // 4
        return protocol.usage(asked, self.seen.tokens)

    def _accident_is_due(self) -> bool:
        due = self.seen.tokens >= self.terms.after
        return due and self.script.accident is not Accident.NONE

    async def _accident(self) -> str:
        match self.script.accident:
            case Accident.HANG:
                await _forever()
            case Accident.RESET:
                # what was sent must be on its way, or the reset overtakes it
                await asyncio.sleep(0.02)
                self.exchange.reset()
            case Accident.CLOSE:
                self.exchange.close()
            case Accident.ERROR:
                await self._line(protocol.error(500))
                await self.exchange.end()
            case _:
                await self.exchange.end()
        return "cut"


async def _forever() -> None:
    await asyncio.Event().wait()
