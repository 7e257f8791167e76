"""The two processes that a measure of streams needs: the scripted model, and the application."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Scripted:
    """A scripted model's process: ``url`` for a client, ``admin`` for what it saw."""

    url: str
    admin: str

    def ask(self, what: str) -> Any:
        """One of counters, requests, invented."""
        return self._call("GET", what)

    def reset(self) -> None:
        """Forget everything."""
        self._call("POST", "reset")

    def until(self, true: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The counters once they are so; raises ``TimeoutError``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            counters: dict[str, Any] = self.ask("counters")
            if true(counters):
                return counters
            time.sleep(0.02)
        raise TimeoutError

    def _call(self, method: str, what: str) -> Any:
        place = urlsplit(self.admin)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
        connection.request(method, f"{place.path}/{what}")
        found = json.load(connection.getresponse())
        connection.close()
        return found


@contextmanager
def scripted() -> Iterator[Scripted]:
    """A scripted model on a free port."""
    with _running("-m", "eval.scripted_server", "--port", "0") as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        yield Scripted(said["url"], said["admin"])


@dataclass(frozen=True, slots=True)
class Served:
    """The application's own process: ``url`` is what it says when it is ready."""

    url: str
    process: psutil.Process


@contextmanager
def served(data: Path, **settings: object) -> Iterator[Served]:
    """The application, one worker, with these settings."""
    given = {f"ASSISTANT_{name.upper()}": str(value) for name, value in settings.items()}
    arguments = ("-m", "assistant.cli", "serve", "--port", "0", "--data", str(data))
    with _running(*arguments, **given) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "http://" in line:
                yield Served(line[line.index("http://") :].strip(), psutil.Process(process.pid))
                return
        raise RuntimeError


@contextmanager
def _running(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **variables}
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
