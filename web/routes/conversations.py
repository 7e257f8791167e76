"""One's own conversations: rename, put aside, share, erase."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from web.asking import PlainText
from web.owner import KnownOwner
from web.pages import ConversationsPage
from web.rendering import render
from web.routes.chat import PRIVATE
from web.services import ServicesHere
from web.views import conversation_line

router = APIRouter(prefix="/conversations")


def _back(address: str = "/conversations") -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


@router.get("")
def listing(
    services: ServicesHere, owner: KnownOwner, archives: Annotated[bool, Query()] = False
) -> HTMLResponse:
    """The list, or that of what was put aside."""
    found = services.store.conversations(owner, archived=archives) if owner else []
    page = ConversationsPage(
        conversations=tuple(conversation_line(conversation) for conversation in found),
        archived=archives,
    )
    return render(page, headers=PRIVATE)


@router.post("/effacer")
def delete_all(services: ServicesHere, owner: KnownOwner) -> RedirectResponse:
    """Erase them all, for good."""
    if owner:
        services.store.delete_all(owner)
    return _back()


@router.post("/{conversation_id}/titre")
def rename(
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    titre: Annotated[PlainText, Form(max_length=200)],
) -> RedirectResponse:
    """Give another title."""
    services.store.change(conversation_id, title=titre, owner=owner)
    return _back()


@router.post("/{conversation_id}/archive")
def archive(
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    archivee: Annotated[bool, Form()],
) -> RedirectResponse:
    """Put aside, or back."""
    services.store.change(conversation_id, owner=owner, archived=archivee)
    return _back("/conversations" if archivee else "/conversations?archives=true")


@router.post("/{conversation_id}/effacer")
def delete(services: ServicesHere, owner: KnownOwner, conversation_id: str) -> RedirectResponse:
    """Erase one, for good."""
    services.store.delete(conversation_id, owner=owner)
    return _back()


@router.post("/{conversation_id}/partage")
def share(
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    ouvert: Annotated[bool, Form()],
) -> RedirectResponse:
    """Open to anyone who has the link, or close again."""
    if ouvert:
        services.store.share(conversation_id, owner=owner)
    else:
        services.store.unshare(conversation_id, owner=owner)
    return _back(f"/conversations/{conversation_id}#partage")
