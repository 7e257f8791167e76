"""A language model in a process of its own, on loopback, that plays the part it is told."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.builders import ROOT

# Nothing between us and loopback, whatever the machine's own settings.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class ScriptedServer:
    """The running process: ``url`` is what a user would set, ``admin`` what it tells of itself."""

    url: str
    admin: str

    def ask(self, what: str) -> Any:
        """One of counters, requests, invented."""
        with DIRECT.open(f"{self.admin}/{what}", timeout=10) as answer:
            return json.load(answer)

    def tell(self, what: str, **body: Any) -> None:
        """``reset``, or ``replies`` with ``when`` and ``text``."""
        data = json.dumps(body).encode()
        DIRECT.open(f"{self.admin}/{what}", data=data, timeout=10).close()

    def last(self) -> dict[str, Any]:
        """What the server saw of the last request."""
        exchanges: list[dict[str, Any]] = self.ask("counters")["exchanges"]
        return exchanges[-1]

    def until(self, true: Callable[[dict[str, Any]], bool], seconds: float = 3.0) -> dict[str, Any]:
        """The counters, as soon as they are so; fails when they do not become so."""
        deadline = time.monotonic() + seconds
        while True:
            counters: dict[str, Any] = self.ask("counters")
            if true(counters):
                return counters
            assert time.monotonic() < deadline, counters
            time.sleep(0.02)


def started(*arguments: str) -> tuple[subprocess.Popen[str], ScriptedServer]:
    """Start the process on a free port; it is ready when it has said where it is."""
    process = subprocess.Popen(
        [sys.executable, "-m", "eval.scripted_server", "--port", "0", *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = json.loads(process.stdout.readline())
    return process, ScriptedServer(said["url"], said["admin"])


def stopped(process: subprocess.Popen[str]) -> int:
    """Stop the process; its exit code."""
    process.terminate()
    try:
        return process.wait(timeout=5)
    finally:
        process.kill()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="session")
def scripted_process() -> Iterator[ScriptedServer]:
    """The process of the whole session; use ``scripted_server``, which forgets between tests."""
    process, server = started()
    yield server
    assert stopped(process) == 0


@pytest.fixture
def scripted_server(scripted_process: ScriptedServer) -> ScriptedServer:
    """A scripted language model that remembers nothing of the other tests."""
    scripted_process.tell("reset")
    return scripted_process
