"""The page that tells how to run a room without internet."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.qr import qr_svg
from web.rendering import render
from web.routes.workshops import origin
from web.services import ServicesHere
from web.workshop_pages import NetworkPage

router = APIRouter()
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@router.get("/ateliers/reseau")
def network(request: Request, services: ServicesHere) -> HTMLResponse:
    """The address that phones reach, its code, and how to make a network of one's own."""
    base = origin(request, services)
    address = f"{base}/rejoindre"
    page = NetworkPage(
        address=address,
        is_local=(urlsplit(base).hostname or "") in LOCAL,
        qr=qr_svg(address, label=services.engine.texts.say("atelier", "qr", adresse=address)),
    )
    return render(page)
