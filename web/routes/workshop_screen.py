"""The projection: large, and nothing that can be touched."""

from collections.abc import AsyncIterable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.workshop import stamps
from assistant.workshop.session import Session
from web.qr import qr_svg
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.workshops import origin
from web.services import ServicesHere
from web.workshop_pages import ScreenPage
from web.workshop_views import answer_view, scene_view

router = APIRouter(prefix="/ecran/{screen}")
PACE = 0.1  # seconds between two redrawings of the screen


def shown_here(services: ServicesHere, screen: str) -> Session:
    """The workshop that the address projects; raises ``NotFound``."""
    return services.workshops.store.by_screen(screen)


ShownHere = Annotated[Session, Depends(shown_here)]


@router.get("")
def screen(request: Request, services: ServicesHere, session: ShownHere) -> HTMLResponse:
    """What the room looks at."""
    room = services.workshops.room(session.id)
    address = f"{origin(request, services)}/r/{session.code or ''}"
    label = services.engine.texts.say("atelier", "qr", adresse=address)
    page = ScreenPage(
        session=session,
        room=room,
        view=scene_view(room, services.workshops.activities, now=services.clock.now()),
        join_host=f"{urlsplit(address).netloc}/rejoindre",
        qr=qr_svg(address, label=label),
        stamp=stamps.screen(room),
        answer=answer_view(room, services.catalogue.short_titles),
    )
    return render(page, headers={**PRIVATE, "x-robots-tag": "noindex"})


@router.get("/etat")
def stamp(services: ServicesHere, session: ShownHere) -> JSONResponse:
    """The stamp of the screen, for browsers that cannot hold a stream open."""
    room = services.workshops.room(session.id)
    return JSONResponse({"stamp": stamps.screen(room)}, headers=PRIVATE)


@router.get("/flux", response_class=EventSourceResponse)
async def stream(
    services: ServicesHere,
    session: ShownHere,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterable[ServerSentEvent]:
    """What moves, for the projection."""
    watch = services.live.watch(session.id, stamps.screen, known=last_event_id, pace=PACE)
    async for event in watch:
        yield event
