"""A few lines of HTTP on this machine: what a provider's server would say, piece by piece."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from assistant.llm.port import Fault, ModelFailed

HANG = object()  # say nothing more, and wait for the client to go
CUT = object()  # close the connection in the middle of a chunk


def sse(*events: Any) -> list[str]:
    return [f"data: {e if isinstance(e, str) else json.dumps(e)}\n\n" for e in events]


def delta(text: str | None = None, *, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text, **more}, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]}


def usage(total: int) -> dict[str, Any]:
    counted = {"prompt_tokens": total - 1, "completion_tokens": 1, "total_tokens": total}
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "model": "m",
        "choices": [],
        "usage": counted,
    }


def said(*texts: str, finish: str | None = "stop", total: int | None = None) -> "Answer":
    events = [delta(t) for t in texts] + ([delta(finish=finish)] if finish else [])
    return Answer(sse(*events, *([usage(total)] if total else []), "[DONE]"))


def whole(content: str | None, *, finish: str = "stop", **message: Any) -> "Answer":
    body = {
        "id": "1", "object": "chat.completion", "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }  # fmt: skip
    return Answer([json.dumps(body)], kind="application/json")


def error(status: int, message: str = "non", **headers: str) -> "Answer":
    body = json.dumps({"error": {"message": message, "type": "x", "code": None}})
    return Answer([body], status=status, kind="application/json", headers=headers)


@dataclass
class Answer:
    pieces: Sequence[Any]
    status: int = 200
    kind: str = "text/event-stream"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Loopback:
    answers: list[Answer]
    port: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self.one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.gone.set()
        finally:
            writer.close()

    async def one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        self.asked.append(json.loads(body or b"{}"))
        self.headers.append(headers)
        self.paths.append(first.split()[1])
        answer = self.answers.pop(0)
        extra = "".join(f"{k.replace('_', '-')}: {v}\r\n" for k, v in answer.headers.items())
        writer.write(
            f"HTTP/1.1 {answer.status} x\r\ncontent-type: {answer.kind}\r\n{extra}"
            "transfer-encoding: chunked\r\n\r\n".encode()
        )
        for piece in answer.pieces:
            if piece is HANG:
                await writer.drain()
                await reader.read(1)
                self.gone.set()
                return False
            if piece is CUT:
                writer.write(b"40\r\nabc")
                await writer.drain()
                return False
            if isinstance(piece, float):
                await asyncio.sleep(piece)
                continue
            raw = piece if isinstance(piece, bytes) else piece.encode()
            writer.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[Loopback]:
    server = Loopback(list(answers))
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


async def until_it_fails(stream: AsyncIterator[str]) -> tuple[list[str], Fault | None]:
    """What came, and why it stopped."""
    pieces = []
    try:
        async for piece in stream:
            pieces.append(piece)  # noqa: PERF401 - what came before the failure is wanted
    except ModelFailed as failed:
        return pieces, failed.fault
    return pieces, None
