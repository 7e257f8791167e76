"""Serve the application for real, in a thread, for what a test client cannot show."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from assistant.answering.reply import Reply
from assistant.bootstrap import Engine, language_model
from assistant.llm.port import LanguageModel
from assistant.settings import Settings
from web.app import create_app


class Unclosed:
    """Stands where an engine's store is closed, when the engine is shared."""

    def close(self) -> None:
        """Leave it open."""


class SlowAnswerer:
    """Answers as the one it wraps, ``seconds`` later."""

    def __init__(self, answerer: Any, seconds: float) -> None:
        self._answerer = answerer
        self.seconds = seconds

    def answer(self, *args: Any, **kwargs: Any) -> Reply:
        time.sleep(self.seconds)
        reply: Reply = self._answerer.answer(*args, **kwargs)
        return reply

    def __getattr__(self, name: str) -> Any:
        return getattr(self._answerer, name)


class BrokenAnswerer(SlowAnswerer):
    """Fails as no answerer should."""

    def answer(self, *args: Any, **kwargs: Any) -> Reply:
        raise RuntimeError("broken on purpose")


def unclosable(engine: Engine) -> Engine:
    """``engine``, which the application will not close."""
    return replace(engine, store=Unclosed())  # type: ignore[arg-type]


def slow(engine: Engine, seconds: float) -> Engine:
    """``engine``, answering late."""
    return replace(unclosable(engine), answerer=SlowAnswerer(engine.answerer, seconds))  # type: ignore[arg-type]


def broken(engine: Engine) -> Engine:
    """``engine``, failing."""
    return replace(unclosable(engine), answerer=BrokenAnswerer(engine.answerer, 0))  # type: ignore[arg-type]


@contextmanager
def serving(
    data: Path,
    build: Callable[[Settings], Engine],
    build_model: Callable[[Settings], LanguageModel | None] = language_model,
) -> Iterator[str]:
    """The address of the application, served for as long as the block runs."""
    config = uvicorn.Config(
        create_app(Settings(data=data), build=build, build_model=build_model),
        host="127.0.0.1",
        port=0,
        log_level="critical",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
