"""Serve the application on an address."""

import socket
from collections.abc import Awaitable, Callable

import uvicorn
from fastapi import FastAPI

from assistant.bootstrap import Engine, build_engine
from assistant.errors import CallerError
from assistant.knowledge.shelf import Progress
from assistant.settings import Settings
from web.app import create_app
from web.services import BuildEngine

GRACE = 5  # seconds left to answers under way when asked to stop


class _Server(uvicorn.Server):
    """Says when it really answers."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        leaving: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._leaving = leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so unless starting failed."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the pages that watch a room go first: they would hold the server back."""
        await self._leaving()
        await super().shutdown(sockets)


def run(
    settings: Settings,
    on_ready: Callable[[str], None],
    *,
    progress: Progress | None = None,
    build: BuildEngine | None = None,
) -> None:
    """Serve until stopped; ``on_ready`` gets the address once the index is open.

    ``progress`` follows the building of the index when there is one to build.

    Port 0 takes a free port. Raises ``CallerError`` when the address cannot be had, and what
    ``build_services`` raises.
    """
    listener = _listen(settings.host, settings.port)
    try:
        address = _address(settings.host, listener.getsockname()[1])
        failure: list[BaseException] = []

        def building(given: Settings) -> Engine:
            # uvicorn logs what fails at start and exits; the caller wants the error itself
            try:
                return build(given) if build else build_engine(given, progress=progress)
            except BaseException as error:
                failure.append(error)
                raise

        app = create_app(settings, build=building)

        try:
            _server(app, lambda: on_ready(address)).run(sockets=[listener])
        finally:
            if failure:
                raise failure[0]
    finally:
        listener.close()


def _server(app: FastAPI, ready: Callable[[], None]) -> _Server:
    async def leaving() -> None:
        if hasattr(app.state, "services"):
            await app.state.services.live.close()

    config = uvicorn.Config(
        app,
        workers=1,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    return _Server(config, ready, leaving)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)  # a room of phones knocks at once
    except OSError as error:
        listener.close()
        raise CallerError("port_indisponible", adresse=f"{host}:{port}") from error
    listener.set_inheritable(True)
    return listener


def _address(host: str, port: int) -> str:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - a name, not a binding
    shown = everywhere.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
