"""Readers who leave before their answer are nobody's error, and stop costing."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

T = TypeVar("T")


async def unless_left(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """What ``work`` gives, cancelled as soon as nobody waits for it any more.

    Raises ``ClientDisconnect`` then, and what ``work`` raises.
    """
    found: list[T] = []
    failed: list[Exception] = []

    async def working(scope: anyio.CancelScope) -> None:
        try:
            found.append(await work())
        except Exception as error:  # noqa: BLE001 - raised again outside of the group
            failed.append(error)
        scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(working, group.cancel_scope)
        while (await request.receive())["type"] != "http.disconnect":
            pass  # the body has been read: there is nothing else to come
        group.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not found:
        raise ClientDisconnect
    return found[0]


class ReadersLeave:
    """Keeps quiet about streams that nobody reads any more.

    FastAPI closes the reading end of an event stream before its writers: one that has an event to
    hand over at that moment raises, after the answer was cancelled as it should.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        try:
            await self.app(scope, receive, send)
        except* anyio.BrokenResourceError:
            pass
