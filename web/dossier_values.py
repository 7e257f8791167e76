"""What the pages of case files show: frozen values, in words, ready for templates."""

from dataclasses import dataclass
from datetime import datetime

from assistant.coaching import reply as said
from assistant.coaching.forms import FieldView
from web.prose import Node


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source in words; ``url`` leads to what the site has of it."""

    text: str
    page: int | None
    url: str | None
    verify: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """One station of the path."""

    number: int
    title: str
    short: str
    brief: str
    pages: tuple[int, int]
    status: str
    answered: int
    total: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class DossierHead:
    """What every page of a case file shows; ``current`` is the step one is at."""

    id: str
    title: str
    side: str
    mine: bool
    archived: bool
    revision: int
    steps: tuple[StepView, ...]
    current: int


@dataclass(frozen=True, slots=True)
class DossierLine:
    """A case file in the list."""

    id: str
    title: str
    updated_at: datetime
    mine: bool
    author: str


@dataclass(frozen=True, slots=True)
class KnownLine:
    """One value: its label and words, who gave it, from what, and where to correct it."""

    slot: str
    label: str
    value: str
    words: str
    side: str
    at: datetime | None
    question: str | None
    step: int | None
    status: str
    because: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class TwoReadingsView:
    """What we read and what a language model read of one slot, to choose from."""

    ours: said.Line
    theirs: said.Line
    question: str | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened; ``gone`` once it was taken back."""

    seq: int
    at: datetime
    kind: str
    lines: tuple[said.Line, ...]
    text: str
    gone: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question to answer."""

    id: str
    step: int
    text: str
    help: str | None
    why: str
    sources: tuple[SourceView, ...]
    card: str
    ask_guide: str
    fields: tuple[FieldView, ...]
    status: str
    note: str
    simple: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of the coach's reply, with what its kind needs."""

    kind: str
    text: str = ""
    lines: tuple[said.Line, ...] = ()
    sources: tuple[SourceView, ...] = ()
    nodes: tuple[Node, ...] = ()
    citations: tuple[said.Quoted, ...] = ()
    words: str = ""
    refused: bool = False
    ours: said.Line | None = None
    theirs: said.Line | None = None


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """A message and its reply."""

    seq: int
    at: datetime
    text: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason with its sources and the answers it rests on."""

    text: str
    sources: tuple[SourceView, ...]
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """What is recommended, in words; empty names where nothing can be said yet."""

    decided: bool
    category: str | None
    category_slug: str | None
    model: str | None
    contract: str | None
    contract_slug: str | None
    confidence: str
    annexes: tuple[str, ...]
    documents: tuple[str, ...]
    reasons: tuple[ReasonView, ...]
    rejected: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    alerts: tuple[ReasonView, ...]
    next_steps: tuple[ReasonView, ...]
    options: tuple[str, ...]
