"""HTTP/1.1 over asyncio and h11: a framework would not let a script break its own connection."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any

import h11

READ = 65536
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, whole; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Exchange:
    """The answer to one request, as bytes."""

    def __init__(self, protocol: h11.Connection, writer: asyncio.StreamWriter) -> None:
        self._protocol = protocol
        self._writer = writer

    async def head(self, status: int, headers: Mapping[str, str]) -> None:
        """Start the answer; without a length the body is sent in chunks."""
        await self._send(h11.Response(status_code=status, headers=list(headers.items())))

    async def send(self, data: bytes) -> None:
        """Send a part of the body, at the speed at which the client reads."""
        await self._send(h11.Data(data=data))

    async def end(self) -> None:
        """Finish the answer; the connection serves the next request."""
        await self._send(h11.EndOfMessage())

    async def whole(
        self, status: int, body: bytes, kind: str = JSON, headers: Mapping[str, str] | None = None
    ) -> None:
        """Send a complete answer."""
        lengths = {"content-type": kind, "content-length": str(len(body))}
        await self.head(status, {**lengths, **(headers or {})})
        await self.send(body)
        await self.end()

    async def json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        """Send a complete answer in JSON."""
        await self.whole(status, json.dumps(value, ensure_ascii=False).encode(), headers=headers)

    def reset(self) -> None:
        """Drop the connection as a crashing machine does: the client sees a reset, not an end."""
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger
        )
        self._writer.transport.abort()

    def close(self) -> None:
        """Close the connection in the middle of the body, politely."""
        self._writer.close()

    async def _send(self, event: h11.Event) -> None:
        data = self._protocol.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()


Handler = Callable[[Request, Exchange], Awaitable[None]]


async def serve(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler
) -> None:
    """Answer a connection's requests; ``handle`` is cancelled as soon as its client leaves."""
    protocol = h11.Connection(h11.SERVER)
    # a cancelled one is that of a server that stops
    stops = (ConnectionError, h11.ProtocolError, asyncio.CancelledError)
    with closing(writer), suppress(*stops):
        while (request := await _request(protocol, reader)) is not None:
            work = asyncio.ensure_future(handle(request, Exchange(protocol, writer)))
            await _while_there(work, protocol, reader)
            if protocol.states != {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
                break
            protocol.start_next_cycle()


async def _request(protocol: h11.Connection, reader: asyncio.StreamReader) -> Request | None:
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            protocol.receive_data(await reader.read(READ))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
            return Request(head.method.decode(), head.target.decode(), headers, bytes(body))
        else:
            return None


async def _while_there(
    work: "asyncio.Future[None]", protocol: h11.Connection, reader: asyncio.StreamReader
) -> None:
    """Wait for ``work``, reading the connection meanwhile: its end is the client's leaving."""
    watch = asyncio.ensure_future(_received(protocol, reader))
    try:
        await asyncio.wait((work, watch), return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            work.cancel()
            await asyncio.wait((work,))
    finally:
        work.cancel()
        watch.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await watch
    with suppress(asyncio.CancelledError):
        work.result()


async def _received(protocol: h11.Connection, reader: asyncio.StreamReader) -> None:
    """Keep what comes early for the next request, until the client leaves."""
    while data := await reader.read(READ):
        protocol.receive_data(data)
