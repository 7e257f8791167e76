"""Choose the status and the shape of what went wrong: a problem for programs, a page for people."""

import logging
import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assistant.errors import AssistantError, CallerError, NotFound
from assistant.texts import Texts
from web.pages import ErrorPage
from web.rendering import render
from web.security import HEADERS

log = logging.getLogger("web")
ROOM_FORM = re.compile(r"/salle/[0-9a-f-]{32,36}(?=/)")
_BY_STATUS = {404: "introuvable", 405: "demande_invalide", 413: "corps_trop_long"}


def install(app: FastAPI, texts: Texts) -> None:
    """Answer every error of ``app`` with a French sentence, never a traceback."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, AssistantError)
        if error.status >= 500:
            log.error("error %s", error.name, exc_info=error)
        return respond(request, texts, error, status=error.status)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        wrong = [tuple(map(str, e["loc"])) for e in error.errors()]
        if any(place[0] == "path" for place in wrong):
            return respond(request, texts, NotFound(quoi=request.url.path[:80]), status=404)
        fields = sorted({".".join(place) for place in wrong})
        return respond(request, texts, CallerError(), status=422, fields=fields)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        known: AssistantError = CallerError(_BY_STATUS.get(error.status_code))
        if error.status_code == 404:
            known = NotFound(quoi=request.url.path[:80])
        response = respond(request, texts, known, status=error.status_code)
        response.headers.update(error.headers or {})
        return response

    async def gone(_request: Request, _error: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it: the phone lost its network

    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        response = respond(request, texts, AssistantError(), status=500)
        response.headers.update(HEADERS)  # this handler runs outside of our middleware
        return response

    app.add_exception_handler(AssistantError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, unexpected)


def problem(texts: Texts, error: AssistantError, *, status: int | None = None) -> dict[str, Any]:
    """An error as RFC 9457 writes it; ``code`` is its stable name."""
    return {
        "type": "about:blank",
        "title": error.name,
        "status": status or error.status,
        "detail": texts.explain(error),
        "code": error.name,
    }


def respond(
    request: Request,
    texts: Texts,
    error: AssistantError,
    *,
    status: int,
    fields: list[str] | None = None,
) -> Response:
    """A problem under ``/api``, a page elsewhere."""
    if request.url.path.startswith("/api/"):
        content = problem(texts, error, status=status)
        if fields:
            content["fields"] = fields
        return JSONResponse(content, status_code=status, media_type="application/problem+json")
    page = ErrorPage(status=status, sentence=texts.explain(error), room=_room_of(request))
    return render(page, status=status)


def _room_of(request: Request) -> str:
    """Where a phone without scripts goes back to: its workshop, not the rest of the site."""
    place = ROOM_FORM.match(request.url.path)
    return place[0] if place and request.method == "POST" else ""
