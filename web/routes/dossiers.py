"""Case files: list, create, name, put aside, duplicate, erase, take away and bring back."""

import json
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form, Query, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.coaching.transfer import NotADossier
from assistant.coaching.workspace import View
from web.asking import PlainText
from web.dossier_pages import DossierHistoryPage, DossiersPage
from web.dossier_views import dossier_line
from web.owner import KnownOwner, Owner
from web.rendering import render
from web.routes.chat import PRIVATE
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers")
Title = Annotated[PlainText, Form(max_length=200)]


def back(address: str) -> RedirectResponse:
    """After an act, a page to look at."""
    return RedirectResponse(address, status_code=303)


def seen(services: Services, owner: str, dossier_id: str) -> View:
    """The case file as this browser may see it; raises ``NotFound``."""
    return services.workspace.view(dossier_id, owner=owner)


@router.get("")
def listing(
    services: ServicesHere, owner: KnownOwner, archives: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """The list, or that of what was put aside."""
    found = services.dossiers.listing(owner, archived=archives) if owner else []
    page = DossiersPage(dossiers=tuple(map(dossier_line, found)), archived=archives)
    return render(page, headers=PRIVATE)


@router.post("")
def create(
    services: ServicesHere,
    owner: Owner,
    titre: Annotated[PlainText, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Open a case file; it can be named later."""
    title = titre.strip() or services.engine.texts.say("dossiers", "sans_titre")
    made = services.workspace.create(owner, title=title)
    return back(f"/dossiers/{made.id}")


@router.post("/importer")
async def restore(services: ServicesHere, owner: Owner, fichier: UploadFile) -> RedirectResponse:
    """Open what was exported; the file itself is not kept."""
    raw = await fichier.read()
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotADossier from error
    made = await to_thread.run_sync(services.workspace.restore, owner, value)
    return back(f"/dossiers/{made.id}")


@router.get("/{dossier_id}/historique")
def history(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """What this side did, latest first, and what can be taken back."""
    view = seen(services, owner, dossier_id)
    page = DossierHistoryPage(head=services.shaper.head(view), lines=services.shaper.history(view))
    return render(page, headers=PRIVATE)


@router.post("/{dossier_id}/annuler")
def undo(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> RedirectResponse:
    """Take back what this side did last."""
    services.workspace.undo(dossier_id, owner=owner)
    return back(f"/dossiers/{dossier_id}")


@router.post("/{dossier_id}/titre")
def rename(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, titre: Title
) -> RedirectResponse:
    """Give another title."""
    services.dossiers.change(dossier_id, owner=owner, title=titre)
    return back(f"/dossiers/{dossier_id}")


@router.post("/{dossier_id}/archive")
def archive(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    archive: Annotated[bool, Form()],
) -> RedirectResponse:
    """Put aside, or back."""
    services.dossiers.change(dossier_id, owner=owner, archived=archive)
    return back("/dossiers")


@router.post("/{dossier_id}/dupliquer")
def duplicate(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> RedirectResponse:
    """A copy to try something else; invitations stay with the original."""
    view = seen(services, owner, dossier_id)
    title = services.engine.texts.say("dossiers", "copie", titre=view.dossier.title)
    exported = services.workspace.export(dossier_id, owner=owner)
    made = services.workspace.restore(owner, exported, title=title)
    return back(f"/dossiers/{made.id}")


@router.post("/{dossier_id}/effacer")
def delete(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> RedirectResponse:
    """Erase, for good."""
    services.dossiers.delete(dossier_id, owner=owner)
    return back("/dossiers")


@router.get("/{dossier_id}/export.json")
def export(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> Response:
    """The case file as a file, which « importer » takes."""
    value = services.workspace.export(dossier_id, owner=owner)
    return Response(
        json.dumps(value, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={
            **PRIVATE,
            "content-disposition": f'attachment; filename="dossier-{dossier_id[:8]}.json"',
        },
    )
