"""One frozen value a page: its fields are exactly what its template may name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from assistant.knowledge.library import ImportedDocument
from web.catalogue import CardLine, GlossaryEntry, Section, Source
from web.prose import Node
from web.views import ConversationLine, TurnView


@dataclass(frozen=True)
class Page:
    """``template`` draws it; ``section`` is the entry of the menu that it belongs to."""

    template: ClassVar[str]
    section: ClassVar[str] = ""


@dataclass(frozen=True)
class HomePage(Page):
    """The way in."""

    template: ClassVar[str] = "home.html"
    section: ClassVar[str] = "accueil"
    questions: tuple[str, ...]
    card_count: int
    example_count: int
    term_count: int
    max_question: int


@dataclass(frozen=True)
class ChatPage(Page):
    """A conversation, from its turn ``first`` on; ``id`` is None before the first question."""

    template: ClassVar[str] = "chat.html"
    section: ClassVar[str] = "conversation"
    id: str | None
    title: str
    turns: tuple[TurnView, ...]
    earlier: int | None
    actor: str | None
    question: str
    starters: tuple[str, ...]
    share_url: str | None
    archived: bool
    max_question: int
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class TurnPage(Page):
    """One turn by itself, for the script that completes a conversation."""

    template: ClassVar[str] = "turn.html"
    turn: TurnView
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class SharedPage(Page):
    """A conversation that someone shared, to be read."""

    template: ClassVar[str] = "shared.html"
    title: str
    turns: tuple[TurnView, ...]


@dataclass(frozen=True)
class ConversationsPage(Page):
    """One's own conversations."""

    template: ClassVar[str] = "conversations.html"
    section: ClassVar[str] = "conversations"
    conversations: tuple[ConversationLine, ...]
    archived: bool


@dataclass(frozen=True)
class CardsPage(Page):
    """The cards that match, by part."""

    template: ClassVar[str] = "cards.html"
    section: ClassVar[str] = "fiches"
    groups: Mapping[str, tuple[CardLine, ...]]
    count: int
    total: int
    text: str
    step: int | None
    actor: str | None
    nature: str | None
    part: str | None
    natures: tuple[str, ...]


@dataclass(frozen=True)
class CardPage(Page):
    """One card."""

    template: ClassVar[str] = "card.html"
    section: ClassVar[str] = "fiches"
    title: str
    nature: str
    part: str
    step: int | None
    actors: tuple[str, ...]
    beyond_guide: bool
    dated: str | None
    base: str | None
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    questions: tuple[str, ...]
    see_also: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """An example sheet in a list."""

    id: str
    title: str
    category: str | None
    is_deduced: bool
    domains: tuple[str, ...]
    territory: str | None
    actors: tuple[str, ...]
    lead: str


@dataclass(frozen=True)
class ExamplesPage(Page):
    """The example sheets that match; options are (value, how many sheets have it)."""

    template: ClassVar[str] = "examples.html"
    section: ClassVar[str] = "exemples"
    examples: tuple[ExampleLine, ...]
    total: int
    text: str
    category: str | None
    domain: str | None
    territory: str | None
    actor: str | None
    categories: tuple[tuple[str, int], ...]
    domains: tuple[tuple[str, int], ...]
    territories: tuple[tuple[str, int], ...]
    actors: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ExamplePage(Page):
    """One example sheet."""

    template: ClassVar[str] = "example.html"
    section: ClassVar[str] = "exemples"
    title: str
    organisations: tuple[str, ...]
    category: str | None
    is_category_deduced: bool
    model: str | None
    domains: tuple[str, ...]
    territory: str | None
    goals: tuple[int, ...]
    are_goals_deduced: bool
    themes: tuple[str, ...]
    actors: tuple[str, ...]
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class GlossaryPage(Page):
    """The terms that match, by initial letter."""

    template: ClassVar[str] = "glossary.html"
    section: ClassVar[str] = "glossaire"
    letters: Mapping[str, tuple[GlossaryEntry, ...]]
    count: int
    total: int
    text: str


@dataclass(frozen=True)
class MethodPage(Page):
    """The seven-station path; values are how many cards each step has."""

    template: ClassVar[str] = "method.html"
    section: ClassVar[str] = "methode"
    counts: Mapping[int, int]


@dataclass(frozen=True)
class StepPage(Page):
    """One step: its overview card and the others, by part."""

    template: ClassVar[str] = "step.html"
    section: ClassVar[str] = "methode"
    step: int
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    overview: CardLine | None
    groups: Mapping[str, tuple[CardLine, ...]]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source document and its sections."""

    id: str
    title: str
    author: str
    date: str
    pages: int | None
    beyond_guide: bool
    sections: tuple[Section, ...]
    card_count: int


@dataclass(frozen=True)
class SourcesPage(Page):
    """What the assistant has read."""

    template: ClassVar[str] = "sources.html"
    section: ClassVar[str] = "sources"
    documents: tuple[SourceView, ...]
    imported: tuple[ImportedDocument, ...]


@dataclass(frozen=True)
class DocumentPage(Page):
    """An imported document, passage by passage."""

    template: ClassVar[str] = "document.html"
    section: ClassVar[str] = "sources"
    document: ImportedDocument


@dataclass(frozen=True)
class AboutPage(Page):
    """What this is and is not."""

    template: ClassVar[str] = "about.html"
    section: ClassVar[str] = "a-propos"
    card_count: int
    example_count: int
    term_count: int
    document_count: int


@dataclass(frozen=True, slots=True)
class ModelState:
    """The language model, where it is (``host`` is None when only its library knows), its health.

    ``reading`` when it reads messages to the coach: of ``messages`` since the start, it left
    ``unread``. Moments are in UTC; ``why`` is what went wrong last, empty when it works; limits are
    in tokens.
    """

    name: str
    host: str | None
    local: bool
    masked: bool
    reading: bool
    messages: int
    unread: int
    worked_at: datetime | None
    failed_at: datetime | None
    why: str
    per_day: int
    per_conversation: int


@dataclass(frozen=True)
class ModelPage(Page):
    """What is sent to a language model; ``state`` is None without one."""

    template: ClassVar[str] = "modele.html"
    section: ClassVar[str] = "modele"
    state: ModelState | None


@dataclass(frozen=True)
class ErrorPage(Page):
    """What went wrong and what to do, in one sentence."""

    template: ClassVar[str] = "error.html"
    status: int
    sentence: str
    room: str = ""  # the address of the room that the caller was in
