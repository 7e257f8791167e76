"""The way in, what this is, and whether it is well."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from web.pages import AboutPage, HomePage
from web.rendering import asset, render
from web.services import ServicesHere

router = APIRouter()


@router.get("/")
def home(services: ServicesHere) -> HTMLResponse:
    """The doors, and a question box."""
    corpus = services.catalogue.corpus
    return render(
        HomePage(
            questions=tuple(services.engine.texts.listing("accueil", "questions")),
            card_count=len(corpus.cards),
            example_count=len(corpus.examples),
            term_count=len(corpus.terms),
            max_question=services.settings.max_question,
        )
    )


@router.get("/a-propos")
def about(services: ServicesHere) -> HTMLResponse:
    """What it does, how, and what it does not do."""
    corpus = services.catalogue.corpus
    return render(
        AboutPage(
            card_count=len(corpus.cards),
            example_count=len(corpus.examples),
            term_count=len(corpus.terms),
            document_count=len(corpus.documents),
        )
    )


@router.get("/sante")
def health(services: ServicesHere) -> dict[str, Any]:
    """For whoever watches over the machine."""
    index = services.engine.index
    units = len(index.ours.units) + len(index.imported.units)
    return {
        "etat": "pret",
        "index": index.key,
        "units": units,
        "mode": "llm" if services.writer else "extractive",
    }


@router.get("/favicon.ico")
def icon() -> RedirectResponse:
    """Browsers ask for it whatever the page says."""
    return RedirectResponse(asset("icon.svg"), status_code=308)
