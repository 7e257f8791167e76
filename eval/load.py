"""Thirty people at once, over HTTP on loopback, while the server's event loop is watched."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from assistant.settings import load_settings
from web.app import create_app

PULSE = 0.005  # seconds between two looks at the event loop


@dataclass(frozen=True, slots=True)
class Load:
    """What was seen: seconds of each answer, and the longest time the loop was held."""

    times: tuple[float, ...]
    held: float
    errors: int


class _Watched(uvicorn.Server):
    held = 0.0

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        self._pulse = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PULSE)
            self.held = max(self.held, time.perf_counter() - before - PULSE)


def measure(data: Path, questions: Sequence[str], *, people: int = 30, rounds: int = 3) -> Load:
    """Ask ``people`` questions at once, ``rounds`` times, of a server on a free port."""
    application = create_app(load_settings(data=data))
    server = _Watched(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    _ask(port, questions[0])
    server.held = 0.0
    times: list[float] = []
    errors = 0
    with ThreadPoolExecutor(people) as pool:
        for turn in range(rounds):
            asked = [questions[(turn * people + n) % len(questions)] for n in range(people)]
            for seconds, status in pool.map(lambda q: _ask(port, q), asked):
                times.append(seconds)
                errors += status != 200
    held = server.held
    server.should_exit = True
    thread.join(timeout=10)
    return Load(tuple(times), held, errors)


def _ask(port: int, question: str) -> tuple[float, int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    before = time.perf_counter()
    connection.request(
        "POST",
        "/api/v1/ask",
        body=json.dumps({"question": question}),
        headers={"Content-Type": "application/json"},
    )
    response = connection.getresponse()
    response.read()
    seconds = time.perf_counter() - before
    connection.close()
    return seconds, response.status
