"""A participant's phone: come in, contribute, come back where one was."""

from collections.abc import AsyncIterable
from functools import partial
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from assistant.errors import CallerError, NotFound
from assistant.knowledge.content import Actor
from assistant.workshop import stamps
from assistant.workshop.activity import Refused
from assistant.workshop.commands import DoorClosed, Over, PutOut
from assistant.workshop.events import Pace
from assistant.workshop.session import read_code
from web.asking import PlainText, without_controls
from web.limits import Limiter, TooManyTries, client_of
from web.rendering import render
from web.routes.chat import PRIVATE, Chosen
from web.routes.dossiers import back
from web.services import Services, ServicesHere
from web.workshop_pages import JoinPage
from web.workshop_views import phone_page

router = APIRouter()
TWO_DAYS = 48 * 3600
PACE = 0.5  # seconds between two redrawings of a phone
guesses = Limiter(rate=120, per=60.0)  # wrong codes a minute from one address
Nonce = Annotated[PlainText, Field(max_length=64, min_length=8)]


class Me(BaseModel):
    """Who one says to be: nothing is asked for."""

    model_config = ConfigDict(extra="forbid")

    nom: Annotated[PlainText, Field(max_length=80)] = ""
    acteur: Annotated[Actor | None, Chosen] = None
    table: Annotated[int | None, Chosen] = None


class Coming(Me):
    """The form of the door."""

    code: Annotated[PlainText, Field(max_length=20)]


class Taking(BaseModel):
    """The form that takes a contribution back."""

    model_config = ConfigDict(extra="forbid")

    activite: Annotated[PlainText, Field(max_length=80)]
    cle: Annotated[PlainText, Field(max_length=200)]
    envoi: Nonce


class Asking(BaseModel):
    """The form of a question from the room."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[PlainText, Field(max_length=1_000)]
    envoi: Nonce


def cookie(workshop_id: str) -> str:
    """The name of the cookie of one room: a phone may be in two."""
    return f"salle_{workshop_id[:13]}"


def known_here(request: Request, services: ServicesHere, workshop_id: str) -> str | None:
    """Whose phone asks; None for a stranger's."""
    secret = request.cookies.get(cookie(workshop_id), "")
    return services.workshops.store.participant(workshop_id, secret)


MaybeHere = Annotated[str | None, Depends(known_here)]


def participant_here(known: MaybeHere) -> str:
    """Whose phone asks; raises ``PutOut`` for a stranger's."""
    if known is None:
        raise PutOut
    return known


Here = Annotated[str, Depends(participant_here)]


@router.get("/rejoindre")
def door(
    request: Request, services: ServicesHere, code: Annotated[PlainText, Query(max_length=40)] = ""
) -> Response:
    """Type a code; whoever is in already goes straight to the room."""
    return opened(request, services, code) if read_code(code) else _door(services)


@router.get("/r/{code}")
def opened(request: Request, services: ServicesHere, code: str) -> Response:
    """Come with a code; a wrong one shows the door again."""
    code = read_code(code)
    by_code = partial(services.workshops.store.by_code, code)
    try:
        session = guesses.guarding(client_of(request), by_code)
    except (NotFound, TooManyTries) as refusal:
        return _door(services, code, refusal)
    secret = request.cookies.get(cookie(session.id), "")
    if services.workshops.store.participant(session.id, secret):
        return back(f"/salle/{session.id}")
    room = services.workshops.room(session.id)
    page = JoinPage(code=code, session=session, tables=room.tables, locked=room.locked)
    return render(page, headers=PRIVATE)


@router.post("/rejoindre")
def join(request: Request, services: ServicesHere, form: Annotated[Coming, Form()]) -> Response:
    """Come in, with a pseudonym or nothing."""
    workshops, code = services.workshops, read_code(form.code)
    by_code = partial(workshops.store.by_code, code)
    try:
        session = guesses.guarding(client_of(request), by_code)
        response = back(f"/salle/{session.id}")
        if workshops.store.participant(session.id, request.cookies.get(cookie(session.id), "")):
            return response
        secret = workshops.join(session.id, name=form.nom, actor=form.acteur, table=form.table)
    except (NotFound, TooManyTries, DoorClosed, Over) as refusal:
        return _door(services, code, refusal)
    response.set_cookie(
        cookie(session.id),
        secret,
        max_age=TWO_DAYS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


@router.get("/salle/{workshop_id}")
def phone(
    services: ServicesHere,
    workshop_id: str,
    here: MaybeHere,
    envoye: Annotated[
        Literal["oui", "passe", "retire", "question", "rythme", "moi"] | None, Query()
    ] = None,
    ouvrir: Annotated[Literal["reponse", "question", "moi"] | None, Query()] = None,
) -> HTMLResponse:
    """One thing at a time; a stranger, or who was put out, sees the door."""
    workshops = services.workshops
    room = workshops.room(workshop_id) if here else None
    person = room.people.get(here) if room and here else None
    if room is None or person is None or person.removed:
        return _door(services, refusal=PutOut(), out=person is not None)
    page = phone_page(
        workshops.store.session(workshop_id),
        room,
        workshops.activities,
        person,
        now=services.clock.now(),
        sent=envoye,
        short_titles=services.catalogue.short_titles,
        opened=ouvrir,
    )
    return render(page, headers=PRIVATE)


@router.get("/salle/{workshop_id}/etat")
def stamp(services: ServicesHere, workshop_id: str, here: Here) -> JSONResponse:
    """The stamp of this phone's page, for browsers that cannot hold a stream open."""
    workshops = services.workshops
    found = stamps.phone(workshops.room(workshop_id), workshops.activities, here)
    return JSONResponse({"stamp": found}, headers=PRIVATE)


@router.post("/salle/{workshop_id}/contribuer")
async def contribute(
    request: Request, services: ServicesHere, workshop_id: str, here: Here
) -> RedirectResponse:
    """Keep a contribution, or « je passe »; the answer comes once it is on disk."""
    fields = await _fields(request)
    item = fields.pop("_activite", [""])[0]
    nonce = fields.pop("_envoi", [""])[0]
    passing = "_passe" in fields
    act = partial(
        services.workshops.contribute,
        workshop_id,
        here,
        item,
        form=None if passing else fields,
        nonce=nonce,
    )
    await to_thread.run_sync(act)
    return back(f"/salle/{workshop_id}?envoye={'passe' if passing else 'oui'}")


@router.post("/salle/{workshop_id}/retirer")
def withdraw(
    services: ServicesHere, workshop_id: str, here: Here, form: Annotated[Taking, Form()]
) -> RedirectResponse:
    """Take back one contribution."""
    services.workshops.withdraw(workshop_id, here, form.activite, key=form.cle, nonce=form.envoi)
    return back(f"/salle/{workshop_id}?envoye=retire")


@router.post("/salle/{workshop_id}/question")
def ask(
    services: ServicesHere, workshop_id: str, here: Here, form: Annotated[Asking, Form()]
) -> RedirectResponse:
    """A question to the guide, that the trainer may pick."""
    services.workshops.ask(workshop_id, here, form.question, nonce=form.envoi)
    return back(f"/salle/{workshop_id}?envoye=question")


@router.post("/salle/{workshop_id}/rythme")
def pace(
    services: ServicesHere,
    workshop_id: str,
    here: Here,
    rythme: Annotated[Pace | None, Chosen, Form()] = None,
) -> RedirectResponse:
    """How fast it goes."""
    services.workshops.pace(workshop_id, here, rythme)
    return back(f"/salle/{workshop_id}?envoye=rythme")


@router.post("/salle/{workshop_id}/moi")
def introduce(
    services: ServicesHere, workshop_id: str, here: Here, form: Annotated[Me, Form()]
) -> RedirectResponse:
    """Say again who one is, and where one sits."""
    services.workshops.introduce(
        workshop_id, here, name=form.nom, actor=form.acteur, table=form.table
    )
    return back(f"/salle/{workshop_id}?envoye=moi")


@router.get("/salle/{workshop_id}/flux", response_class=EventSourceResponse)
async def stream(
    services: ServicesHere,
    workshop_id: str,
    here: Here,
    last_event_id: Annotated[str | None, Header()] = None,
) -> AsyncIterable[ServerSentEvent]:
    """What moves, for this phone."""
    activities = services.workshops.activities
    watch = services.live.watch(
        workshop_id,
        lambda room: stamps.phone(room, activities, here),
        known=last_event_id,
        pace=PACE,
    )
    async for event in watch:
        yield event


def _door(
    services: Services, code: str = "", refusal: CallerError | None = None, *, out: bool = False
) -> HTMLResponse:
    """The door, closed: a code to type, and why the one before did not do."""
    notice = services.engine.texts.explain(refusal) if refusal else ""
    page = JoinPage(code=code, session=None, tables=0, locked=False, notice=notice, out=out)
    return render(page, status=refusal.status if refusal else 200, headers=PRIVATE)


async def _fields(request: Request) -> dict[str, list[str]]:
    """What a form sent: text only, without control characters; raises ``Refused``."""
    fields: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if not isinstance(value, str):
            raise Refused
        try:
            fields.setdefault(without_controls(name), []).append(without_controls(value))
        except ValueError as error:
            raise Refused from error
    return fields
