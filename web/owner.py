"""Whose conversations these are: a random cookie, given when someone first asks."""

import re
import secrets
from http.cookies import SimpleCookie
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "cote_a_cote"
ONE_YEAR = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def owner_of(request: Request) -> str:
    """The token of this browser; a new one, which the response will set, when it has none."""
    token = request.cookies.get(COOKIE, "")
    if _TOKEN.fullmatch(token):
        return token
    if "new_owner" not in request.scope["state"]:
        request.scope["state"]["new_owner"] = secrets.token_urlsafe(32)
    new: str = request.scope["state"]["new_owner"]
    return new


def known_owner_of(request: Request) -> str:
    """The token of this browser, empty when it has none: reading gives no cookie."""
    token = request.cookies.get(COOKIE, "")
    return token if _TOKEN.fullmatch(token) else ""


Owner = Annotated[str, Depends(owner_of)]
KnownOwner = Annotated[str, Depends(known_owner_of)]


class OwnerCookie:
    """Sets the cookie that ``owner_of`` made up during the request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Complete the response's head when there is a new owner."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # a request's own state: what the server gives is shared by all of them
        scope["state"] = dict(scope.get("state", {}))

        async def completed(message: Message) -> None:
            token = scope["state"].get("new_owner")
            if message["type"] == "http.response.start" and token:
                secure = scope.get("scheme") == "https"
                MutableHeaders(scope=message).append("set-cookie", _cookie(token, secure=secure))
            await send(message)

        await self.app(scope, receive, completed)


def _cookie(token: str, *, secure: bool) -> str:
    cookie: SimpleCookie = SimpleCookie({COOKIE: token})
    morsel = cookie[COOKIE]
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    morsel["path"] = "/"
    morsel["max-age"] = ONE_YEAR
    if secure:
        morsel["secure"] = True
    return cookie.output(header="").strip()
