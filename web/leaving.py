"""Readers who leave in the middle of a stream are nobody's error."""

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send


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
