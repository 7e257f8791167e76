"""Documents as files and as versions: export, name, list, read again, compare."""

import re
import unicodedata
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.coaching import events as ev
from assistant.coaching.manuscript import Manuscript
from assistant.coaching.workspace import View
from assistant.drafting.difference import difference
from assistant.drafting.documents.document import DocumentConvention
from assistant.drafting.rendering.render import formats
from assistant.errors import NotFound
from web.asking import MAX_WAITING, Busy, PlainText
from web.document_pages import DifferencePage, VersionPage, VersionsPage
from web.document_values import VersionLine
from web.document_views import version_line
from web.owner import KnownOwner
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossier_documents import Name, shaper_of, sheet_of, today_of
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}/documents")
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA = {
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}
LONGEST = 60  # characters of each part of a file's name
Seq = Annotated[int, Query(ge=0)]


def slug(text: str) -> str:
    """« Convention de mécénat » → ``convention-de-mecenat``: a name that any disk takes."""
    ascii_ = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", ascii_.decode().casefold())[:LONGEST].strip("-")


def file_name(document: DocumentConvention, title: str, form: str) -> str:
    """The document, the case file, and whether it is still a draft."""
    parts = (slug(document.titre), slug(title), "projet" if document.projet else "")
    return f"{'-'.join(part for part in parts if part)}.{form}"


@router.get("/{name}.{form}")
async def export(  # noqa: PLR0917 - what a route takes
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    form: Annotated[str, Path(pattern="^[a-z]{2,4}$")],
    version: Seq = 0,
) -> Response:
    """The document as a file, or one of its versions; waits for its turn, holding nobody up."""
    if services.exports.statistics().tasks_waiting >= MAX_WAITING:
        raise Busy
    title, document = await to_thread.run_sync(
        _document, services, owner, dossier_id, name, version
    )
    content = await to_thread.run_sync(
        services.desk.office.file, document, form, limiter=services.exports
    )
    return Response(
        content,
        media_type=MEDIA[form],
        headers={
            **PRIVATE,
            "content-disposition": f'attachment; filename="{file_name(document, title, form)}"',
        },
    )


def _document(
    services: Services, owner: str, dossier_id: str, name: str, version: int
) -> tuple[str, DocumentConvention]:
    view = seen(services, owner, dossier_id)
    return view.dossier.title, _as_of(services, view, name, version)


def _as_of(services: Services, view: View, name: str, seq: int) -> DocumentConvention:
    """A document as it is now, or as it was in a version that was named; raises ``NotFound``."""
    if not seq:
        return sheet_of(services, view, name).document
    _version(view, name, seq)
    return services.desk.at(view.history, seq, view.side, name, today=today_of(services))


def _version(view: View, name: str, seq: int) -> VersionLine:
    found = next((line for line in _versions(view, name) if line.seq == seq), None)
    if found is None:
        raise NotFound(quoi=str(seq))
    return found


def _versions(view: View, name: str) -> tuple[VersionLine, ...]:
    """Latest first."""
    held = view.state.documents.get(name, Manuscript()).versions
    return tuple(map(version_line, reversed(held)))


@router.get("/{name}/versions")
def versions(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, name: Name
) -> HTMLResponse:
    """The versions that were named."""
    view = seen(services, owner, dossier_id)
    page = VersionsPage(
        head=services.shaper.head(view),
        name=name,
        title=shaper_of(services).title(name),
        versions=_versions(view, name),
    )
    return render(page, headers=PRIVATE)


@router.post("/{name}/versions")
def save(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    nom: Annotated[PlainText, Form(min_length=1, max_length=120)],
) -> RedirectResponse:
    """Name the document as it is now."""
    view = seen(services, owner, dossier_id)
    shaper_of(services).title(name)
    event = ev.Versioned(document=name, name=nom.strip() or nom)
    services.workspace.act(dossier_id, event, owner=owner)
    return back(f"/dossiers/{view.dossier.id}/documents/{name}/versions")


@router.get("/{name}/versions/{seq}")
def version(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    seq: Annotated[int, Path(ge=1)],
) -> HTMLResponse:
    """A version, to be read."""
    view = seen(services, owner, dossier_id)
    document = _as_of(services, view, name, seq)
    page = VersionPage(
        head=services.shaper.head(view),
        name=name,
        title=document.titre,
        version=_version(view, name, seq),
        articles=shaper_of(services).read_only(document),
        formats=formats(name),
    )
    return render(page, headers=PRIVATE)


@router.get("/{name}/differences")
def differences(  # noqa: PLR0917 - what a route takes
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    avant: Seq = 0,
    apres: Seq = 0,
) -> HTMLResponse:
    """What changed from a version to another; 0 is the document as it is now."""
    view = seen(services, owner, dossier_id)
    old, new = (_as_of(services, view, name, seq) for seq in (avant, apres))
    page = DifferencePage(
        head=services.shaper.head(view),
        name=name,
        title=new.titre,
        versions=_versions(view, name),
        before=_version(view, name, avant) if avant else None,
        after=_version(view, name, apres) if apres else None,
        changes=difference(old, new),
    )
    return render(page, headers=PRIVATE)
