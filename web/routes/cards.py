"""The knowledge cards."""

from typing import Annotated, get_args

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from assistant.knowledge.content import Actor, Nature
from assistant.typography import french
from web.asking import PlainText
from web.catalogue import by_part, part_of
from web.pages import CardPage, CardsPage
from web.prose import from_blocks
from web.rendering import render
from web.routes.chat import Chosen
from web.services import CatalogueHere

router = APIRouter(prefix="/fiches")
Filter = Annotated[PlainText, Query(max_length=200)]


@router.get("")
def listing(
    catalogue: CatalogueHere,
    *,
    q: Filter = "",
    etape: Annotated[int | None, Query(ge=1, le=7), Chosen] = None,
    acteur: Annotated[Actor | None, Query(), Chosen] = None,
    nature: Annotated[Nature | None, Query(), Chosen] = None,
    partie: Annotated[str | None, Query(max_length=40), Chosen] = None,
) -> HTMLResponse:
    """The cards that match every criterion, by part."""
    found = catalogue.find_cards(text=q, step=etape, actor=acteur, nature=nature, part=partie)
    return render(
        CardsPage(
            groups=by_part(found),
            count=len(found),
            total=len(catalogue.cards),
            text=q,
            step=etape,
            actor=acteur,
            nature=nature,
            part=partie,
            natures=get_args(Nature),
        )
    )


@router.get("/{card_id}")
def one(catalogue: CatalogueHere, card_id: str) -> HTMLResponse:
    """A card in full."""
    card = catalogue.card(card_id)
    unit = catalogue.units[card_id]
    return render(
        CardPage(
            title=unit.title,
            nature=card.nature,
            part=part_of(card.nature),
            step=card.etape,
            actors=card.acteurs,
            beyond_guide=card.au_dela,
            dated=card.date_valeur,
            base=french(card.base) if card.base else None,
            nodes=from_blocks(unit.blocks, marked=len(unit.references) > 1),
            sources=catalogue.sources_of(unit.references),
            questions=tuple(q for q in unit.questions if q.endswith("?")) or unit.questions,
            see_also=catalogue.lines(card.voir_aussi),
        )
    )
