"""The partnerships that the sources name."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from assistant.knowledge.analysis import fold
from assistant.knowledge.content import Actor, Category, Domain, Example
from assistant.knowledge.sentences import sentences
from assistant.typography import french
from web.asking import PlainText
from web.pages import ExampleLine, ExamplePage, ExamplesPage
from web.prose import from_blocks
from web.rendering import render
from web.routes.cards import Filter
from web.routes.chat import Chosen
from web.services import CatalogueHere

router = APIRouter(prefix="/exemples")
Options = tuple[tuple[str, int], ...]


@router.get("")
def listing(
    catalogue: CatalogueHere,
    *,
    q: Filter = "",
    categorie: Annotated[Category | None, Query(), Chosen] = None,
    domaine: Annotated[Domain | None, Query(), Chosen] = None,
    territoire: Annotated[PlainText | None, Query(max_length=200), Chosen] = None,
    acteur: Annotated[Actor | None, Query(), Chosen] = None,
) -> HTMLResponse:
    """The sheets that match every criterion."""
    everything = catalogue.corpus.examples
    words = fold(q).split()
    found = [
        example
        for example in everything
        if (categorie is None or example.categorie == categorie)
        and (domaine is None or domaine in example.domaine)
        and (territoire is None or example.territoire == territoire)
        and (acteur is None or acteur in example.acteurs)
        and all(word in fold(f"{example.titre} {example.body}") for word in words)
    ]
    return render(
        ExamplesPage(
            examples=tuple(map(_line, found)),
            total=len(everything),
            text=q,
            category=categorie,
            domain=domaine,
            territory=territoire,
            actor=acteur,
            categories=_options(everything, lambda e: (e.categorie,) if e.categorie else ()),
            domains=_options(everything, lambda e: e.domaine),
            territories=_options(everything, lambda e: (e.territoire,) if e.territoire else ()),
            actors=_options(everything, lambda e: e.acteurs),
        )
    )


@router.get("/{example_id}")
def one(catalogue: CatalogueHere, example_id: str) -> HTMLResponse:
    """A sheet in full."""
    example = catalogue.example(example_id)
    unit = catalogue.example_units[example_id]
    return render(
        ExamplePage(
            title=unit.title,
            organisations=tuple(french(name) for name in example.organisations),
            category=example.categorie,
            is_category_deduced=example.categorie_deduite,
            model=example.modele,
            domains=example.domaine,
            territory=example.territoire,
            goals=example.odd,
            are_goals_deduced=example.odd_deduits,
            themes=example.iso26000,
            actors=example.acteurs,
            nodes=from_blocks(unit.blocks, marked=len(unit.references) > 1),
            sources=catalogue.sources_of(unit.references),
            questions=tuple(q for q in unit.questions if q.endswith("?")) or unit.questions,
        )
    )


def _line(example: Example) -> ExampleLine:
    unit = example.to_unit()
    return ExampleLine(
        id=example.id,
        title=unit.title,
        category=example.categorie,
        is_deduced=example.categorie_deduite,
        domains=example.domaine,
        territory=example.territoire,
        actors=example.acteurs,
        lead=sentences(unit.blocks[0].text)[0].replace("**", ""),
    )


def _options(examples: Sequence[Example], values: Callable[[Example], Sequence[str]]) -> Options:
    counted = Counter(value for example in examples for value in values(example))
    return tuple(sorted(counted.items(), key=lambda option: (-option[1], fold(option[0]))))
