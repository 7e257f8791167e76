"""The content for programs: cards, examples, glossary, sources."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from assistant.knowledge.content import Actor, Nature, SourceDocument
from assistant.typography import french
from web.asking import PlainText
from web.catalogue import CardLine, Catalogue, Source
from web.services import CatalogueHere

router = APIRouter()


class CardSummary(BaseModel):
    """A card in a list."""

    id: str
    title: str
    nature: str
    step: int | None
    actors: list[str]
    beyond_guide: bool
    url: str


class SourceModel(BaseModel):
    """Where something comes from."""

    document: str
    document_id: str
    page: int | None
    section: str


class CardDetail(CardSummary):
    """A card in full; ``body`` is Markdown."""

    body: str
    sources: list[SourceModel]
    questions: list[str]
    see_also: list[CardSummary]
    dated: str | None
    base: str | None


class ExampleModel(BaseModel):
    """A partnership that a source names."""

    id: str
    title: str
    organisations: list[str]
    category: str | None
    category_deduced: bool
    model: str | None
    domains: list[str]
    territory: str | None
    goals: list[int]
    goals_deduced: bool
    iso26000: list[str]
    actors: list[str]
    body: str
    sources: list[SourceModel]
    url: str


class TermModel(BaseModel):
    """A glossary entry."""

    slug: str
    term: str
    definition: str
    names: list[str]
    sources: list[SourceModel]
    url: str


class SectionModel(BaseModel):
    """A section of a source and the ids of its cards."""

    title: str
    first_page: int | None
    last_page: int | None
    cards: list[str]


class SourceDocumentModel(BaseModel):
    """A document that the assistant has read."""

    id: str
    title: str
    author: str
    date: str
    pages: int | None
    imported: bool
    sections: list[SectionModel]


@router.get("/cards")
def cards(
    catalogue: CatalogueHere,
    q: Annotated[PlainText, Query(max_length=200)] = "",
    step: Annotated[int | None, Query(ge=1, le=7)] = None,
    actor: Actor | None = None,
    nature: Nature | None = None,
) -> list[CardSummary]:
    """The cards that match every criterion."""
    found = catalogue.find_cards(text=q, step=step, actor=actor, nature=nature)
    return [_summary(line) for line in found]


@router.get("/cards/{card_id}")
def card(catalogue: CatalogueHere, card_id: str) -> CardDetail:
    """A card in full."""
    found = catalogue.card(card_id)
    unit = catalogue.units[card_id]
    return CardDetail(
        **_summary(catalogue.lines([card_id])[0]).model_dump(),
        body=french(found.body),
        sources=_sources(catalogue.sources_of(unit.references)),
        questions=list(unit.questions),
        see_also=[_summary(line) for line in catalogue.lines(found.voir_aussi)],
        dated=found.date_valeur,
        base=french(found.base) if found.base else None,
    )


@router.get("/examples")
def examples(catalogue: CatalogueHere) -> list[ExampleModel]:
    """Every example sheet."""
    return [
        ExampleModel(
            id=example.id,
            title=catalogue.example_units[example.id].title,
            organisations=[french(name) for name in example.organisations],
            category=example.categorie,
            category_deduced=example.categorie_deduite,
            model=example.modele,
            domains=list(example.domaine),
            territory=example.territoire,
            goals=list(example.odd),
            goals_deduced=example.odd_deduits,
            iso26000=list(example.iso26000),
            actors=list(example.acteurs),
            body=french(example.body),
            sources=_sources(catalogue.sources_of(catalogue.example_units[example.id].references)),
            url=f"/exemples/{example.id}",
        )
        for example in catalogue.corpus.examples
    ]


@router.get("/glossary")
def glossary(catalogue: CatalogueHere) -> list[TermModel]:
    """Every term, in alphabetical order."""
    return [
        TermModel(
            slug=entry.slug,
            term=entry.term,
            definition=entry.definition,
            names=list(entry.names),
            sources=_sources(entry.sources),
            url=f"/glossaire#{entry.slug}",
        )
        for entry in catalogue.glossary
    ]


@router.get("/sources")
def sources(catalogue: CatalogueHere) -> list[SourceDocumentModel]:
    """The source documents, then the imported ones."""
    imported = [
        SourceDocumentModel(
            id=document.id,
            title=document.title,
            author=document.file_name,
            date="",
            pages=document.pages,
            imported=True,
            sections=[],
        )
        for document in catalogue.imported.values()
    ]
    return [*(_document(catalogue, d) for d in catalogue.corpus.documents), *imported]


def _document(catalogue: Catalogue, document: SourceDocument) -> SourceDocumentModel:
    return SourceDocumentModel(
        id=document.id,
        title=french(document.titre),
        author=french(document.auteur),
        date=french(document.date),
        pages=document.pages,
        imported=False,
        sections=[
            SectionModel(
                title=section.title,
                first_page=section.first_page,
                last_page=section.last_page,
                cards=[line.id for line in section.cards],
            )
            for section in catalogue.sections[document.id]
        ],
    )


def _summary(line: CardLine) -> CardSummary:
    return CardSummary(
        id=line.id,
        title=line.title,
        nature=line.nature,
        step=line.step,
        actors=list(line.actors),
        beyond_guide=line.beyond_guide,
        url=line.url,
    )


def _sources(found: tuple[Source, ...]) -> list[SourceModel]:
    return [SourceModel(**_plain(source)) for source in found]


def _plain(source: Source) -> dict[str, Any]:
    return {
        "document": source.document,
        "document_id": source.document_id,
        "page": source.page,
        "section": source.section,
    }
