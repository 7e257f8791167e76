"""The trainer's view: lead, moderate, answer the room."""

from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Header, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.errors import CallerError, NotFound
from assistant.workshop import stamps
from assistant.workshop.commands import Command
from assistant.workshop.progress import progress
from assistant.workshop.session import Session
from web.asking import Asked, answered
from web.cockpit_views import gesture_of, paces_of, questions_of, readings_of, tables_of
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossiers import back
from web.routes.workshops import LedHere, origin
from web.services import Services, ServicesHere
from web.workshop_pages import CockpitPage
from web.workshop_views import answer_view, entries_of, scene_view

router = APIRouter(prefix="/ateliers/{workshop_id}")
PACE = 0.5  # seconds between two redrawings of the trainer's page


@router.get("/animer")
def cockpit(request: Request, services: ServicesHere, session: LedHere) -> HTMLResponse:
    """Where the room is, and everything that can be done now."""
    return render(_page(services, session, origin(request, services)), headers=PRIVATE)


@router.post("/commande")
async def command(
    request: Request, services: ServicesHere, session: LedHere, given: Annotated[Command, Form()]
) -> Response:
    """Do one thing, then show the trainer's page again; what cannot be done is said on it."""
    try:
        if given.action == "repondre":
            given = await _answering(services, session, given, request)
        await to_thread.run_sync(partial(services.workshops.direct, session.id, given))
    except CallerError as error:
        told = services.engine.texts.explain(error)
        draw = partial(_page, services, session, origin(request, services), told=told)
        page = await to_thread.run_sync(draw)
        return render(page, status=error.status, headers=PRIVATE)
    return back(f"/ateliers/{session.id}/animer")


@router.get("/flux", response_class=EventSourceResponse)
async def stream(
    services: ServicesHere,
    session: LedHere,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterable[ServerSentEvent]:
    """What moves, for the trainer's page."""
    watch = services.live.watch(session.id, stamps.screen, known=last_event_id, pace=PACE)
    async for event in watch:
        yield event


def _page(services: Services, session: Session, base: str, *, told: str = "") -> CockpitPage:
    room, now = services.workshops.room(session.id), services.clock.now()
    history = services.workshops.history(session.id)
    view = scene_view(room, services.workshops.activities, now=now)
    pages = view.item.pages if view else ()
    return CockpitPage(
        session=session,
        room=room,
        view=view,
        entries=entries_of(view, room),
        join_url=f"{base}/r/{session.code}" if session.code else "",
        screen_url=f"/ecran/{session.screen}",
        stamp=stamps.screen(room),
        progress=progress(room, history, now=now),
        gesture=gesture_of(room, history),
        tables=tables_of(room),
        questions=questions_of(room),
        paces=paces_of(room),
        readings=readings_of(pages, services.shaper, services.catalogue),
        answer=answer_view(room, services.catalogue.short_titles),
        told=told,
    )


async def _answering(
    services: Services, session: Session, given: Command, request: Request
) -> Command:
    """The command with what the guide answers to the question it names, asked once."""
    room = await to_thread.run_sync(services.workshops.room, session.id)
    asked = next((q for q in room.questions if q.seq == given.question), None)
    if asked is None:
        raise NotFound("question_inconnue")
    if asked.reply is not None:
        return given.model_copy(update={"reply": asked.reply})
    message = await answered(services, Asked(asked.text, owner=""), request)
    return given.model_copy(update={"reply": message.reply})
