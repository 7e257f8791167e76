"""Workshops of a trainer: list, create, prepare, copy, share the lead, print, erase."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.errors import NotFound
from assistant.store.workshops import TITLE_LENGTH
from assistant.workshop.agenda import Agenda
from assistant.workshop.exporting.replay import replayed
from assistant.workshop.session import Session
from web.asking import PlainText
from web.cockpit_views import readings_of
from web.owner import KnownOwner, Owner
from web.qr import qr_svg
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossiers import back
from web.services import Services, ServicesHere
from web.workshop_pages import PreparePage, ScriptLine, ScriptPage, WorkshopLine, WorkshopsPage

router = APIRouter()
one = APIRouter(prefix="/ateliers/{workshop_id}")
Title = Annotated[PlainText, Form(max_length=200)]
START = "09:00"
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def led(services: Services, owner: str, workshop_id: str) -> Session:
    """A workshop, to who leads it; raises ``NotFound``."""
    return services.workshops.store.led(workshop_id, owner=owner)


def led_here(services: ServicesHere, owner: KnownOwner, workshop_id: str) -> Session:
    """The workshop in the address, to who leads it; raises ``NotFound``."""
    return led(services, owner, workshop_id)


LedHere = Annotated[Session, Depends(led_here)]


def origin(request: Request, services: Services) -> str:
    """The address that phones can reach: the one set, else the one this browser used."""
    return services.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"


@router.get("/ateliers")
def listing(services: ServicesHere, owner: KnownOwner) -> HTMLResponse:
    """One's own workshops, and the formats to start from."""
    found = services.workshops.store.listing(owner) if owner else ()
    lines = tuple(_line(services, session) for session in found)
    return render(WorkshopsPage(workshops=lines, formats=services.formats), headers=PRIVATE)


@router.post("/ateliers")
def create(
    services: ServicesHere,
    owner: Owner,
    format: Annotated[str, Form(max_length=60)],  # noqa: A002 - the field's name
    titre: Title = "",
) -> RedirectResponse:
    """Open a workshop that follows a format."""
    chosen = next((found for found in services.formats if found.id == format), None)
    if chosen is None:
        raise NotFound("format_inconnu")
    agenda = chosen.agenda(titre.strip()[:TITLE_LENGTH] or None)
    return back(f"/ateliers/{services.workshops.create(owner, agenda).id}")


@one.get("")
def prepare(request: Request, services: ServicesHere, session: LedHere) -> HTMLResponse:
    """The agenda, the links, the exports, the end."""
    return render(prepare_page(services, session, origin(request, services)), headers=PRIVATE)


@one.get("/deroule")
def script(
    services: ServicesHere,
    session: LedHere,
    debut: Annotated[str, Query(max_length=8)] = START,
) -> HTMLResponse:
    """The facilitator's script, to print, from the hour it begins at."""
    agenda = services.workshops.room(session.id).agenda
    start = debut if CLOCK.fullmatch(debut) else START
    followed = next((f for f in services.formats if f.items[0].id == _first(agenda)), None)
    page = ScriptPage(
        session=session,
        lines=_script(services, agenda, start),
        material=tuple(dict.fromkeys(m for item in agenda.items for m in item.material)),
        preparation=followed.preparation if followed else (),
        case=services.cases.get(agenda.case or ""),
        start=start,
        minutes=agenda.minutes,
    )
    return render(page, headers=PRIVATE)


@one.post("/copier")
def copy(
    services: ServicesHere,
    session: LedHere,
    owner: Owner,
    comment: Annotated[Literal["dupliquer", "modele", "rejouer"], Form()],
    titre: Title = "",
) -> RedirectResponse:
    """Another workshop, empty, with the same agenda; its tables too, except from a template."""
    room = services.workshops.room(session.id)
    same = services.engine.texts.say("atelier", "copie", titre=session.title)
    title = titre.strip() or (session.title if comment == "rejouer" else same)
    agenda = room.agenda.model_copy(update={"title": title[:TITLE_LENGTH]})
    tables = 0 if comment == "modele" else room.tables
    made = services.workshops.create(owner, agenda, tables=tables)
    return back(f"/ateliers/{made.id}")


@one.post("/garder")
def keep(
    services: ServicesHere,
    session: LedHere,
    owner: KnownOwner,
    jours: Annotated[Literal["1", "7", "30", "90", "365"], Form()],
) -> RedirectResponse:
    """Erase it by itself so many days from now."""
    services.workshops.store.change(session.id, owner=owner, days=int(jours))
    return back(f"/ateliers/{session.id}#garder")


@one.post("/lien")
def link(
    request: Request, services: ServicesHere, session: LedHere, owner: KnownOwner
) -> HTMLResponse:
    """A new link that lets another browser lead: shown once, kept in no address of this one."""
    secret = services.workshops.store.trainer_link(session.id, owner=owner)
    page = prepare_page(services, session, origin(request, services), secret=secret)
    return render(page, headers=PRIVATE)


@router.post("/ateliers/importer")
async def replay(services: ServicesHere, owner: Owner, fichier: UploadFile) -> RedirectResponse:
    """Everything of an exported workshop, in a new one; the file itself is not kept."""
    raw = await fichier.read()
    made = await to_thread.run_sync(replayed, services.workshops, owner, raw)
    return back(f"/ateliers/{made.id}")


@router.get("/animation/{secret}")
def accept(services: ServicesHere, owner: Owner, secret: str) -> RedirectResponse:
    """Lead from another browser."""
    workshop_id = services.workshops.store.accept_trainer(secret, owner=owner)
    return back(f"/ateliers/{workshop_id}/animer")


@one.post("/effacer")
def erase(services: ServicesHere, owner: KnownOwner, workshop_id: str) -> RedirectResponse:
    """Erase everything that was said, for good."""
    services.workshops.delete(workshop_id, owner=owner)
    return back("/ateliers")


router.include_router(one)


def prepare_page(
    services: Services,
    session: Session,
    base: str,
    *,
    secret: str = "",
    told: str = "",
    typed: Mapping[str, str] | None = None,
) -> PreparePage:
    """The page of a workshop before and after; ``typed`` is what could not be kept."""
    join = f"{base}/r/{session.code}" if session.code else ""
    label = services.engine.texts.say("atelier", "qr", adresse=join)
    room = services.workshops.room(session.id)
    shown = {
        "titre": session.title,
        "duree": str(room.agenda.announced or ""),
        "cas": room.agenda.case or "",
    }
    return PreparePage(
        session=session,
        room=room,
        cases=tuple(services.cases.values()),
        starters=tuple(services.starters.values()),
        trainer_url=f"{base}/animation/{secret}" if secret else None,
        join_url=join,
        screen_url=f"{base}/ecran/{session.screen}",
        qr=qr_svg(join, label=label) if join else None,
        synthesis=services.writer is not None,
        told=told,
        typed={**shown, **(typed or {})},
    )


def _line(services: Services, session: Session) -> WorkshopLine:
    room = services.workshops.room(session.id)
    begun = room.current is not None or bool(room.stages)
    return WorkshopLine(
        session=session,
        state="termine" if session.ended_at else "en-cours" if begun else "a-venir",
        people=len(room.here),
        minutes=room.agenda.announced or room.agenda.minutes,
        current=room.item.title if room.item else None,
    )


def _first(agenda: Agenda) -> str:
    return agenda.items[0].id if agenda.items else ""


def _script(services: Services, agenda: Agenda, start: str) -> tuple[ScriptLine, ...]:
    hour, minute = map(int, start.split(":"))
    now, lines = timedelta(hours=hour, minutes=minute), []
    for item in agenda.items:
        begins, now = now, now + timedelta(minutes=item.minutes)
        readings = readings_of(item.pages, services.shaper, services.catalogue)
        lines.append(ScriptLine(item, _clock(begins), _clock(now), readings))
    return tuple(lines)


def _clock(moment: timedelta) -> str:
    minutes = int(moment.total_seconds()) // 60
    return f"{minutes // 60 % 24} h {minutes % 60:02d}"
