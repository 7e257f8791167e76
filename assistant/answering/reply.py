"""What comes back: frozen values with the keys that design.md §4 publishes."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Whether the question was answered."""

    ANSWERED = "answered"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why it was not."""

    OUT_OF_SCOPE = "out_of_scope"
    NOT_IN_CORPUS = "not_in_corpus"
    NOT_GROUNDED = "not_grounded"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker's source. ``passage`` is the exact text that the index holds."""

    id: str
    title: str
    document: str
    page: int | None
    section: str
    passage: str
    url: str


@dataclass(frozen=True, slots=True)
class Related:
    """A card worth opening, shown with a refusal."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What a language model had to do with a reply: none of what it was sent.

    ``prompt`` is the digest of the template, ``corpus`` the version of the index; ``kept`` and
    ``removed`` count the model's sentences, ``added`` says whether ours complete them. ``note`` is
    why the extractive answer is given all the same, ``fault`` how the model failed.
    """

    model: str
    prompt: str
    corpus: str
    kept: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    added: bool = False
    fault: str | None = None
    note: str | None = None
    understood: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer or a refusal.

    ``answer`` is Markdown (paragraphs, bullets, steps, bold) with ``[S1]`` markers;
    ``units`` are the ids of the units it was made from, for the next turn; ``fixed`` is an answer
    that no model may put in other words (a page).
    """

    status: Status
    answer: str
    citations: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    step: int | None = None
    reason: Reason | None = None
    related: tuple[Related, ...] = ()
    mode: str = "extractive"
    units: tuple[str, ...] = field(default=(), repr=False)
    resolved: str | None = None
    fixed: bool = field(default=False, repr=False)
    wording: Wording | None = None

    def to_json(self) -> dict[str, Any]:
        """The published shape, without ``id`` and ``elapsed_ms``, which callers add.

        ``wording`` is there only when a language model is configured.
        """
        data = asdict(self)
        del data["units"], data["resolved"], data["fixed"]
        if self.wording is None:
            del data["wording"]
        data["citations"] = [asdict(citation) for citation in self.citations]
        data["suggestions"] = list(self.suggestions)
        data["related"] = [asdict(card) for card in self.related]
        return data
