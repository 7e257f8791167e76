"""What the pages of documents show: frozen values, in words, ready for templates."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.coaching.manuscript import Remark, Wording
from assistant.drafting.difference import Line
from assistant.drafting.documents.nodes import Block
from web.document_forms import Entry
from web.dossier_values import KnownLine, ReasonView, SourceView


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document in the list; ``why`` it is there: advised, beside, asked for, or opened."""

    name: str
    title: str
    why: Literal["advised", "beside", "asked", "opened"]
    ready: bool
    filled: int
    required: int
    blocking: int
    alerts: int
    remarks: int
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertView:
    """What a rule found: the fact, why it matters, what to do."""

    rule: str
    severity: str
    title: str
    fact: str
    why: str
    action: str
    sources: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True)
class SaidView:
    """A value that is printed: who gave it and when; ``doubtful`` until it is confirmed."""

    label: str
    text: str
    who: str | None
    when: datetime | None
    doubtful: bool


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause as it will print, and what may be done with it.

    ``id`` is empty for what the tool adds. ``wording`` holds somebody's own words.
    """

    id: str
    blocks: tuple[Block, ...]
    text: str
    sources: tuple[SourceView, ...]
    optional: bool
    beyond: bool
    wording: Wording | None
    rewritable: bool
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """An optional clause that is left out, and what it would say."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A clause that somebody else rewrote since the page was shown.

    ``suggested`` when what was sent is a language model's proposal.
    """

    clause: str
    held: Wording | None
    sent: str
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """What a language model proposes for a clause, line by line with what changes.

    ``error`` instead when there is nothing to show.
    """

    clause: str
    text: str = ""
    model: str = ""
    lines: tuple[Line, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class OpenArticle:
    """What is only drawn for the article that is being edited."""

    entries: tuple[Entry, ...]
    proposed: tuple[Proposed, ...]
    clashes: tuple[tuple[KnownLine, KnownLine], ...]
    settled: tuple[Remark, ...]
    conflict: Conflict | None
    error: str | None
    suggestion: SuggestionView | None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article; ``key`` names it in addresses. ``edited`` when it is the one open."""

    key: str
    number: int | None
    title: str
    status: str
    optional: bool
    clauses: tuple[ClauseView, ...]
    sources: tuple[SourceView, ...]
    first_alerts: tuple[AlertView, ...]
    other_alerts: tuple[AlertView, ...]
    missing: int
    remarks: tuple[Remark, ...]
    said: tuple[SaidView, ...]
    edited: OpenArticle | None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps the document from being ready, and where to mend it."""

    text: str
    url: str | None
    rule: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """One document as it stands. ``links`` say where each gap of the text is filled."""

    name: str
    title: str
    ready: bool
    held: bool
    changed: bool
    doubtful: int
    filled: int
    required: int
    obstacles: tuple[Obstacle, ...]
    articles: tuple[ArticleView, ...]
    left_out: tuple[tuple[str, str], ...]
    first_alerts: tuple[AlertView, ...]
    other_alerts: tuple[AlertView, ...]
    alert_count: int
    links: dict[str, str]
    negotiations: tuple[str, ...]
    formats: tuple[str, ...]
    notice: str
    remarks: tuple[str, ...]
    unsuited: AlertView | None
    templates: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version that was named."""

    seq: int
    name: str
    side: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PublicNeed:
    """Why a case of public money is not drafted here, and what it would be called."""

    contract: str
    reasons: tuple[ReasonView, ...]
    sheet: bool
