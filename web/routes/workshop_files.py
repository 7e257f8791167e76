"""What leaves a workshop as files: results, minutes, conventions of tables, hand-outs."""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.errors import CallerError, NotFound
from assistant.llm.port import ModelFailed
from assistant.workshop.commands import PutOut
from assistant.workshop.exporting import conventions, files, replay, sheets
from assistant.workshop.exporting.handout import handout
from assistant.workshop.exporting.minutes import Told, contributions, minutes
from assistant.workshop.exporting.words import load_words
from assistant.workshop.synthesis import Heard, Synthesizer, proposed, standing
from web.asking import MAX_WAITING, Busy
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.document_files import MEDIA
from web.routes.dossiers import back
from web.routes.workshop_room import Here
from web.routes.workshops import LedHere
from web.services import Services, ServicesHere
from web.workshop_synthesis import ClaimView, SynthesisPage

router = APIRouter()
leading = APIRouter(prefix="/ateliers/{workshop_id}")  # to who leads it only
ZIP = "application/zip"
ALL_MEDIA = {**MEDIA, "csv": "text/csv; charset=utf-8", "zip": ZIP}
Names = Annotated[Literal["oui"] | None, Query()]
Form = Annotated[str, Path(pattern="^[a-z]{2,4}$")]


class NoModel(CallerError):
    """No language model is configured, or the one there is gave nothing."""

    code = "synthese_sans_modele"
    status = 409


def told_of(services: Services, workshop_id: str, *, names: bool = False) -> Told:
    """A workshop as its exports read it."""
    workshops = services.workshops
    room = workshops.room(workshop_id)
    return Told(
        room=room,
        history=workshops.history(workshop_id),
        activities=workshops.activities,
        words=load_words(services.settings.corpus),
        now=services.clock.now(),
        zone=None,
        names=names,
    )


async def _made(services: Services, work: Callable[[], bytes]) -> bytes:
    """The bytes, made in a thread when their turn comes; raises ``Busy``."""
    if services.exports.statistics().tasks_waiting >= MAX_WAITING:
        raise Busy
    return await to_thread.run_sync(work, limiter=services.exports)


def _file(content: bytes, name: str, form: str) -> Response:
    headers = {**PRIVATE, "content-disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=ALL_MEDIA[form], headers=headers)


@leading.get("/export.{form}")
async def export(
    services: ServicesHere,
    session: LedHere,
    form: Form,
    noms: Names = None,
    activite: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """The results, now: a workbook, CSV (one activity, or a package of all), JSON to replay."""
    stem = f"atelier-{sheets.file_stem(session.title)}"

    def work() -> bytes:
        told = told_of(services, session.id, names=noms is not None)
        if activite is not None:
            if form != "csv" or told.room.agenda.item(activite) is None:
                raise NotFound("activite_inconnue")
            return sheets.csv_of(grid for _, grid in sheets.grids(told, item=activite))
        return makers[form](told)

    makers: dict[str, Callable[[Told], bytes]] = {
        "xlsx": sheets.xlsx,
        "csv": sheets.csv_zip,
        "json": replay.exported_text,
    }
    if form not in makers:
        raise NotFound
    content = await _made(services, work)
    if form == "csv" and activite is None:
        return _file(content, f"{stem}-csv", "zip")
    return _file(content, f"{stem}-{sheets.file_stem(activite)}" if activite else stem, form)


@leading.get("/compte-rendu.{form}")
async def report(
    services: ServicesHere, session: LedHere, form: Form, noms: Names = None
) -> Response:
    """The minutes, as far as the workshop has gone."""

    def work() -> bytes:
        told = told_of(services, session.id, names=noms is not None)
        found = proposed(told.history)
        claims, model = (found.claims, found.model) if found else ((), "")
        return files.render(minutes(told, claims, model=model), form)

    if form not in files.FORMATS:
        raise NotFound
    content = await _made(services, work)
    return _file(content, f"compte-rendu-{sheets.file_stem(session.title)}", form)


@leading.get("/conventions.zip")
async def every_convention(
    services: ServicesHere,
    session: LedHere,
    format: Literal["docx", "odt", "pdf"] = "docx",  # noqa: A002 - the name in the address
) -> Response:
    """What every table wrote, as the conventions it leads to."""

    def work() -> bytes:
        told = told_of(services, session.id)
        return conventions.package(told, format, today=told.days()[-1])

    content = await _made(services, work)
    return _file(content, f"conventions-{sheets.file_stem(session.title)}", "zip")


@leading.get("/conventions/{item}/{table}.{form}")
async def one_convention(
    services: ServicesHere,
    session: LedHere,
    item: Annotated[str, Path(max_length=80)],
    table: Annotated[int, Path(ge=1, le=60)],
    form: Form,
) -> Response:
    """What one table wrote, as the convention it leads to."""

    def work() -> bytes:
        told = told_of(services, session.id)
        document = conventions.convention(told, item, table, today=told.days()[-1])
        return services.desk.office.file(document, form)

    if form not in conventions.FORMATS:
        raise NotFound
    return _file(await _made(services, work), f"table-{table}-convention", form)


@leading.get("/synthese")
def synthesis(services: ServicesHere, session: LedHere) -> HTMLResponse:
    """What a model proposed, each sentence with the contributions it rests on."""
    if services.writer is None:
        raise NoModel
    told = told_of(services, session.id)
    found = proposed(told.history)
    texts = contributions(told)
    page = SynthesisPage(
        session=session,
        model=found.model if found else None,
        claims=tuple(
            ClaimView(claim.text, tuple((n, texts.get(n, "")) for n in claim.entries))
            for claim in standing(found.claims if found else (), told.room)
        ),
        heard=len(texts),
    )
    return render(page, headers=PRIVATE)


@leading.post("/synthese")
async def synthesize(services: ServicesHere, session: LedHere) -> RedirectResponse:
    """Ask a model what the room said, and keep what holds."""
    writer = services.writer
    if writer is None:
        raise NoModel
    told = await to_thread.run_sync(told_of, services, session.id)
    heard = _heard(told)
    names = {person.name for person in told.room.people.values() if person.name}
    asked = Synthesizer(writer.model, writer.prompts, writer.guard)
    try:
        found = await asked.synthesis(session.title, heard, room=session.id, names=names)
    except ModelFailed as failed:
        raise NoModel("synthese_impossible") from failed
    await to_thread.run_sync(services.workshops.note, session.id, found)
    return back(f"/ateliers/{session.id}/synthese")


def _heard(told: Told) -> list[Heard]:
    """Contributions with the moment each was given at, oldest first."""
    words = contributions(told)
    found = (
        Heard(entry.seq, item.title, words[entry.seq])
        for item in told.room.agenda.items
        for entry in told.room.stage(item.id).entries.values()
        if entry.seq in words
    )
    return sorted(found, key=lambda one: one.entry)


@router.get("/salle/{workshop_id}/fiche.{form}")
async def take_home(services: ServicesHere, workshop_id: str, here: Here, form: Form) -> Response:
    """What the person of this phone takes home."""

    def work() -> bytes:
        told = told_of(services, workshop_id)
        person = told.room.people.get(here)
        if person is None or person.removed:
            raise PutOut
        return files.render(handout(told, person), form)

    if form not in ("html", "pdf"):
        raise NotFound
    content = await _made(services, work)
    if form == "pdf":
        return _file(content, "ma-fiche", form)
    return Response(content, media_type=MEDIA["html"], headers={**PRIVATE, **_styled(content)})


def _styled(content: bytes) -> dict[str, str]:
    """The page holds its own style, so that it can be kept: by its digest, and no other."""
    style = re.search(rb"<style>(.*?)</style>", content, re.DOTALL)
    digest = hashlib.sha256(style[1] if style else b"").digest()
    allowed = f"'sha256-{base64.b64encode(digest).decode()}'"
    policy = f"default-src 'none'; style-src {allowed}; base-uri 'none'; frame-ancestors 'none'"
    return {"content-security-policy": policy}


router.include_router(leading)
