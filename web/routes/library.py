"""The glossary, the method, and what the assistant has read."""

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from assistant.knowledge.analysis import fold
from assistant.knowledge.content import SourceDocument
from assistant.knowledge.unit import Unit
from assistant.typography import french
from web.catalogue import STEPS, Catalogue
from web.pages import DocumentPage, GlossaryPage, MethodPage, SourcesPage, SourceView, StepPage
from web.prose import from_blocks
from web.rendering import render
from web.routes.cards import Filter
from web.services import CatalogueHere

router = APIRouter()
QUESTIONS_SHOWN = 4


@router.get("/glossaire")
def glossary(catalogue: CatalogueHere, q: Filter = "") -> HTMLResponse:
    """The terms that hold every word of ``q``, by initial."""
    words = fold(q).split()
    found = [
        entry
        for entry in catalogue.glossary
        if all(w in fold(f"{entry.term} {' '.join(entry.names)} {entry.definition}") for w in words)
    ]
    letters = groupby(found, key=lambda entry: _initial(entry.term))
    return render(
        GlossaryPage(
            letters={letter: tuple(entries) for letter, entries in letters},
            count=len(found),
            total=len(catalogue.glossary),
            text=q,
        )
    )


@router.get("/methode")
def method(catalogue: CatalogueHere) -> HTMLResponse:
    """The seven-station path."""
    return render(MethodPage(counts={n: len(catalogue.find_cards(step=n)) for n in STEPS}))


@router.get("/methode/{step}")
def step(catalogue: CatalogueHere, step: Annotated[int, Path(ge=1, le=7)]) -> HTMLResponse:
    """One step, its cards grouped."""
    overview = _overview(catalogue, step)
    groups = catalogue.step_groups(step)
    return render(
        StepPage(
            step=step,
            nodes=from_blocks(overview.blocks, marked=False) if overview else (),
            sources=catalogue.sources_of(overview.references) if overview else (),
            overview=catalogue.lines([overview.id])[0] if overview else None,
            groups=groups,
            questions=_questions(catalogue, step),
        )
    )


@router.get("/sources")
def sources(catalogue: CatalogueHere) -> HTMLResponse:
    """The documents, their sections and the cards of each."""
    return render(
        SourcesPage(
            documents=tuple(_source(catalogue, d) for d in catalogue.corpus.documents),
            imported=tuple(catalogue.imported.values()),
        )
    )


@router.get("/documents/{document_id}")
def document(catalogue: CatalogueHere, document_id: str) -> HTMLResponse:
    """An imported document, passage by passage."""
    return render(DocumentPage(document=catalogue.document(document_id)))


def _initial(term: str) -> str:
    letter = fold(term)[:1].upper()
    return letter if letter.isalpha() else "0-9"


def _overview(catalogue: Catalogue, step: int) -> Unit | None:
    """The card that sums the step up, by the two names that authors give it."""
    units = catalogue.units
    return units.get(f"etape-{step}-vue") or units.get(f"etape-{step}-apercu")


def _questions(catalogue: Catalogue, step: int) -> tuple[str, ...]:
    """The first well-written question of the step's leading cards."""
    asked = []
    for line in catalogue.find_cards(step=step):
        question = catalogue.units[line.id].questions[0]
        if line.nature in ("etape", "methode") and question.endswith("?") and question[0].isupper():
            asked.append(question)
    return tuple(asked[:QUESTIONS_SHOWN])


def _source(catalogue: Catalogue, document: SourceDocument) -> SourceView:
    sections = catalogue.sections[document.id]
    return SourceView(
        id=document.id,
        title=french(document.titre),
        author=french(document.auteur),
        date=french(document.date),
        pages=document.pages,
        beyond_guide=document.au_dela_du_guide,
        sections=sections,
        card_count=len({card.id for section in sections for card in section.cards}),
    )
