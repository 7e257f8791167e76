"""What every request must respect and every response carries: pure ASGI, streams stay streams."""

from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import CallerError

MAX_BODY = 256_000  # bytes: a question is at most a few thousand
WHOLE_ROOM = 20_000_000  # bytes: everything that was said in a workshop, to replay it
LARGER = {"/ateliers/importer": WHOLE_ROOM}
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class ForeignOrigin(CallerError):
    """A form or a script of another site tried to act here."""

    code = "demande_invalide"
    status = 403


class SecurityHeaders:
    """Adds ``HEADERS`` to every response that does not already set them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then complete the response's head."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, completed)


class BodyLimit:
    """Refuses a body of more than ``limit`` bytes (``LARGER`` for some), announced or not."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what is read; the route that reads too much fails with the status 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = LARGER.get(scope["path"], self.limit)
        announced = Headers(scope=scope).get("content-length", "")
        read = int(announced) if announced.isdecimal() and int(announced) > limit else 0

        async def counted() -> Message:
            nonlocal read
            if read > limit:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)


def check_origin(method: str, headers: Headers) -> None:
    """Raise ``ForeignOrigin`` when another site's page makes a browser act here.

    ``Sec-Fetch-Site`` decides when the browser sends it. Otherwise ``Origin`` must be this
    host. « null » is what our own forms send under ``no-referrer``; it is let through because
    the owner cookie is ``SameSite=Lax``: a foreign form arrives without it and acts on nothing.
    """
    if method in _SAFE:
        return
    site = headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignOrigin
        return
    origin = headers.get("origin")
    if origin in (None, "null"):
        return
    if urlsplit(origin).netloc != headers.get("host"):
        raise ForeignOrigin


def same_origin(request: Request) -> None:
    """Depended on by every route; see ``check_origin``."""
    check_origin(request.method, request.headers)
