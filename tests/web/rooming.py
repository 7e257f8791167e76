"""A room served for real, and its pages that listen: what a test client cannot show."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI

from assistant.bootstrap import Engine
from assistant.settings import Settings
from assistant.workshop.agenda import Agenda
from assistant.workshop.commands import Command
from assistant.workshop.session import Session
from tests.web.serving import unclosable
from web.app import create_app
from web.server import _Server

OWNER = "o" * 43
PATIENCE = 10.0


class House:
    """The application on a port that stays its own, started and stopped as a machine would."""

    def __init__(self, engine: Engine, data: Path) -> None:
        self._engine = engine
        self._data = data
        self.port = 0
        self.app: FastAPI
        self._server: uvicorn.Server
        self._thread: threading.Thread

    def start(self) -> "House":
        self.app = create_app(Settings(data=self._data), build=lambda _: unclosable(self._engine))

        async def leaving() -> None:
            await self.app.state.services.live.close()

        config = uvicorn.Config(
            self.app,
            host="127.0.0.1",
            port=self.port,
            log_level="critical",
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config, lambda: None, leaving)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        until(lambda: self._server.started)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def stop(self, *, brutally: bool = False) -> float:
        """Stop; return how many seconds it took. Brutally, connections are cut."""
        began = time.monotonic()
        self._server.force_exit = brutally
        self._server.should_exit = True
        self._thread.join(timeout=15)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def services(self) -> Any:
        return self.app.state.services

    def create(self, agenda: Agenda) -> Session:
        made: Session = self.services.workshops.create(OWNER, agenda)
        return made

    def do(self, workshop_id: str, action: str, **given: Any) -> Any:
        """What the trainer asks, without a browser."""
        return self.services.workshops.direct(workshop_id, Command(action=action, **given))


@contextmanager
def housing(engine: Engine, data: Path) -> Iterator[House]:
    """The application, served for as long as the block runs."""
    house = House(engine, data).start()
    try:
        yield house
    finally:
        house.stop()


def until(found: Any, patience: float = PATIENCE) -> Any:
    """What ``found`` returns once it is something; fails after a while."""
    deadline = time.monotonic() + patience
    while not (value := found()):
        assert time.monotonic() < deadline, "nothing came"
        time.sleep(0.01)
    return value


@dataclass
class Watcher:
    """A page's stream, read in a thread of its own: events, comments, ids, as they come."""

    url: str
    known: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    status: int = 0
    over: bool = False

    def __post_init__(self) -> None:
        asked = urlsplit(self.url)
        self._line = http.client.HTTPConnection(asked.hostname or "", asked.port, timeout=30)
        threading.Thread(target=self._read, args=(asked.path,), daemon=True).start()

    def _read(self, path: str) -> None:
        headers = {"last-event-id": self.known} if self.known else {}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
        try:
            self._line.request("GET", path, headers=headers)
            response = self._line.getresponse()
            self.status = response.status
            for line in response:
                self.lines.append(line.decode().rstrip("\r\n"))
        except (http.client.HTTPException, OSError, ValueError, AttributeError):
            pass
        self.over = True

    def leave(self) -> None:
        """Go without a word, as a phone does that loses its network."""
        if self._line.sock:
            self._line.sock.shutdown(socket.SHUT_RDWR)

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Names and data of the whole events that have come."""
        found, name = [], ""
        for line in list(self.lines):
            if line.startswith("event:"):
                name = line[6:].strip()
            elif line.startswith("data:"):
                found.append((name, json.loads(line[5:])))
        return found

    @property
    def stamps(self) -> list[str]:
        return [data["stamp"] for name, data in self.events if name == "etat"]

    @property
    def ids(self) -> list[str]:
        return [line[3:].strip() for line in list(self.lines) if line.startswith("id:")]

    @property
    def comments(self) -> list[str]:
        return [line[1:].strip() for line in list(self.lines) if line.startswith(":")]
