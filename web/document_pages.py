"""The pages of documents: one frozen value each, whose fields are what its template may name."""

from dataclasses import dataclass
from typing import ClassVar

from assistant.drafting.difference import ArticleChange
from web.document_values import ArticleView, DocumentCard, PublicNeed, SheetView, VersionLine
from web.dossier_values import DossierHead, RecommendationView
from web.pages import Page


@dataclass(frozen=True)
class DocumentsPage(Page):
    """The documents of a case; ``others`` are those that it does not lead to."""

    template: ClassVar[str] = "dossier_documents.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    cards: tuple[DocumentCard, ...]
    others: tuple[tuple[str, str], ...]
    recommendation: RecommendationView
    public: PublicNeed | None


@dataclass(frozen=True)
class SheetPage(Page):
    """A document, article by article, to read and to edit.

    ``model`` names the language model that may propose words; None without one.
    """

    template: ClassVar[str] = "dossier_sheet.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    sheet: SheetView
    refused: str | None
    model: str | None = None


@dataclass(frozen=True)
class VersionsPage(Page):
    """The versions of a document that were named."""

    template: ClassVar[str] = "dossier_versions.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    name: str
    title: str
    versions: tuple[VersionLine, ...]


@dataclass(frozen=True)
class VersionPage(Page):
    """A version, to be read."""

    template: ClassVar[str] = "dossier_version.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    name: str
    title: str
    version: VersionLine
    articles: tuple[ArticleView, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True)
class DifferencePage(Page):
    """What changed between two versions; None is the document as it is now."""

    template: ClassVar[str] = "dossier_difference.html"
    section: ClassVar[str] = "dossiers"
    head: DossierHead
    name: str
    title: str
    versions: tuple[VersionLine, ...]
    before: VersionLine | None
    after: VersionLine | None
    changes: tuple[ArticleChange, ...]
