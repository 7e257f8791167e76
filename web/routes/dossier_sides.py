"""The sides of a case file: invite, accept, choose what to share, look at it together."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from web.asking import PlainText
from web.owner import KnownOwner, Owner
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere
from web.sides_pages import CrossedPage, InvitationPage, InvitePage, SharingPage
from web.sides_views import (
    crossed_view,
    invitation_line,
    open_lines,
    private_labels,
    private_lines,
)

router = APIRouter()
Guest = Literal["partenaire", "tiers"]
Days = Literal["7", "30", "90"]


@router.get("/dossiers/{dossier_id}/croise")
def crossed(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """Agreements, gaps, and what is left to negotiate."""
    view = seen(services, owner, dossier_id)
    shape = services.shaper
    page = CrossedPage(
        head=shape.head(view),
        crossed=crossed_view(view, shape),
        square=services.reporter.results.square(view, view.table.facts),
    )
    return render(page, headers=PRIVATE)


@router.get("/dossiers/{dossier_id}/partage")
def sharing(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """What the others see of this side now."""
    view = seen(services, owner, dossier_id)
    shape = services.shaper
    page = SharingPage(
        head=shape.head(view),
        private=private_lines(view, shape.display),
        visible=open_lines(view, shape.display),
        has_notes=bool(view.table.side.notes),
    )
    return render(page, headers=PRIVATE)


@router.post("/dossiers/{dossier_id}/partage")
def share(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    partage: Annotated[list[PlainText] | None, Form(max_length=60)] = None,
    montre: Annotated[list[PlainText] | None, Form(max_length=60)] = None,
) -> RedirectResponse:
    """Share what was ticked, hide what was unticked.

    ``montre`` is what was shared when the page was drawn: a page left open in another tab changes
    only what was changed on it, and opens nothing that was closed since.
    """
    ticked, shown = set(partage or ()), set(montre or ())
    services.workspace.share(dossier_id, owner=owner, shared=ticked - shown, hidden=shown - ticked)
    return back(f"/dossiers/{dossier_id}/partage")


@router.get("/dossiers/{dossier_id}/inviter")
def invitations(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """The links of this case file, and a form for one more."""
    return render(_invite_page(services, owner, dossier_id, url=None), headers=PRIVATE)


def _invite_page(services: Services, owner: str, dossier_id: str, *, url: str | None) -> InvitePage:
    given = services.dossiers.invitations(dossier_id, owner=owner)
    now = services.workspace.now()
    return InvitePage(
        head=services.shaper.head(seen(services, owner, dossier_id)),
        invitations=tuple(invitation_line(one, now) for one in given),
        url=url,
    )


@router.post("/dossiers/{dossier_id}/inviter")
def invite(
    request: Request,
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    *,
    cote: Annotated[Guest, Form()] = "partenaire",
    nom: Annotated[PlainText, Form(max_length=120)] = "",
    jours: Annotated[Days, Form()] = "30",
) -> HTMLResponse:
    """A new link; its address is on this page only, for only its digest is kept."""
    _, secret = services.dossiers.invite(
        dossier_id, owner=owner, side=cote, name=nom, days=int(jours)
    )
    page = _invite_page(services, owner, dossier_id, url=link(request, secret))
    return render(page, status=201, headers=PRIVATE)


def link(request: Request, secret: str) -> str:
    """The address to send."""
    return f"{request.url.scheme}://{request.url.netloc}/invitation/{secret}"


@router.post("/dossiers/{dossier_id}/inviter/{invitation_id}/retirer")
def withdraw(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, invitation_id: str
) -> RedirectResponse:
    """Close a link: who had opened it sees nothing any more."""
    services.dossiers.revoke(dossier_id, invitation_id, owner=owner)
    return back(f"/dossiers/{dossier_id}/inviter")


@router.get("/invitation/{secret}")
def invitation(services: ServicesHere, owner: KnownOwner, secret: str) -> HTMLResponse:
    """What the link offers; nothing is accepted by looking."""
    offer = services.workspace.offer(secret, guest=owner)
    page = InvitationPage(
        title=offer.title,
        host=offer.host,
        side=offer.invitation.side,
        name=offer.invitation.name,
        expires_at=offer.invitation.expires_at,
        secret=secret,
        mine=offer.mine,
        opened=offer.invitation.opened,
        private=private_labels(services.shaper.display),
    )
    return render(page, headers=PRIVATE)


@router.post("/invitation/{secret}")
def accept(services: ServicesHere, owner: Owner, secret: str) -> RedirectResponse:
    """Come in: from now on this browser answers for the side invited."""
    return back(f"/dossiers/{services.dossiers.accept(secret, guest=owner)}")
