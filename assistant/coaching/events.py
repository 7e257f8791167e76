"""What can happen in a dossier. Events are appended and never changed: the state is their fold."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assistant.coaching.reply import Part
from assistant.coaching.sides import Side

Slots = tuple[str, ...]
Values = dict[str, Any]
Goal = Literal["orientation", "etape", "squelette"]
Via = Literal["question", "form", "message", "import"]


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Answered(_Event):
    """Values were given, with the words they came from when a message was read.

    ``sure`` is False for what was understood and has still to be confirmed by the person.
    """

    kind: Literal["answered"] = "answered"
    values: Values
    question: str | None = None
    words: dict[str, str] = {}
    via: Via = "question"
    sure: bool = True


class Proposed(_Event):
    """What a message may have meant: counts for nothing until it is confirmed."""

    kind: Literal["proposed"] = "proposed"
    values: Values
    words: dict[str, str] = {}


class ReadByModel(_Event):
    """What a language model read in a message, with the words: counts for nothing until confirmed.

    ``others`` is our own reading of the same slots where the two differ: a person chooses.
    ``prompt`` is the digest of what ``model`` was told to do.
    """

    kind: Literal["read_by_model"] = "read_by_model"
    values: Values
    words: dict[str, str] = {}
    others: Values = {}
    other_words: dict[str, str] = {}
    model: str = Field(max_length=200)
    prompt: str = Field(max_length=64)


class Confirmed(_Event):
    """What was understood, or put in doubt, is right."""

    kind: Literal["confirmed"] = "confirmed"
    slots: Slots


class Dismissed(_Event):
    """What was understood or proposed is wrong: it goes, and history keeps it."""

    kind: Literal["dismissed"] = "dismissed"
    slots: Slots


class Unknown(_Event):
    """« I don't know »: asked, and not asked again."""

    kind: Literal["unknown"] = "unknown"
    question: str


class Skipped(_Event):
    """« Later »: comes back when nothing else is open."""

    kind: Literal["skipped"] = "skipped"
    question: str


class Moved(_Event):
    """To a step, or to one question."""

    kind: Literal["moved"] = "moved"
    step: int | None = Field(default=None, ge=1, le=7)
    question: str | None = None
    goal: Goal | None = None


class Paused(_Event):
    """Stop here; nothing is asked until it resumes."""

    kind: Literal["paused"] = "paused"


class Resumed(_Event):
    """Go on where it stopped."""

    kind: Literal["resumed"] = "resumed"


class Restarted(_Event):
    """Begin again: answers of this side are put aside, and an undo brings them back."""

    kind: Literal["restarted"] = "restarted"


class Cancelled(_Event):
    """Forget what was pending: proposals and the place where one was."""

    kind: Literal["cancelled"] = "cancelled"


class Undone(_Event):
    """The event ``target`` (its number) never happened; undoing an undo brings it back."""

    kind: Literal["undone"] = "undone"
    target: int = Field(ge=1)


class Noted(_Event):
    """A private note on a question; an empty text removes it."""

    kind: Literal["noted"] = "noted"
    question: str
    text: str = Field(max_length=5_000)


class Shared(_Event):
    """Private slots that the other sides may now see."""

    kind: Literal["shared"] = "shared"
    slots: Slots


class Hidden(_Event):
    """Private slots that the other sides no longer see."""

    kind: Literal["hidden"] = "hidden"
    slots: Slots


class Talked(_Event):
    """A message and what the coach said: the transcript, for the side that wrote it."""

    kind: Literal["talked"] = "talked"
    text: str
    reply: tuple[Part, ...]


class ClauseEdited(_Event):
    """A change in the text of a document, which all sides share.

    ``text`` goes with « rewritten », ``order`` (ids of the clauses of one article, in order) with
    « moved »; « restored » brings back the wording of the template. ``model`` and ``prompt`` (its
    digest) say which language model proposed a text that this person accepted.
    """

    kind: Literal["clause_edited"] = "clause_edited"
    document: str
    operation: Literal["removed", "added", "moved", "rewritten", "restored"]
    clause: str
    text: str | None = Field(default=None, max_length=20_000)
    order: tuple[str, ...] = ()
    model: str | None = Field(default=None, max_length=200)
    prompt: str | None = Field(default=None, max_length=64)


class Commented(_Event):
    """A remark on an article, for whoever works on the document."""

    kind: Literal["commented"] = "commented"
    document: str
    article: str
    text: str = Field(min_length=1, max_length=5_000)


class CommentSettled(_Event):
    """The remark made by event ``target`` needs no more attention."""

    kind: Literal["comment_settled"] = "comment_settled"
    target: int = Field(ge=1)


class Versioned(_Event):
    """A name for the document as it is now."""

    kind: Literal["versioned"] = "versioned"
    document: str
    name: str = Field(max_length=120)


class MarkedReady(_Event):
    """The document is held to be ready to sign; conditions are checked again each time."""

    kind: Literal["marked_ready"] = "marked_ready"
    document: str


class Reopened(_Event):
    """The document is a draft again."""

    kind: Literal["reopened"] = "reopened"
    document: str


DocumentEvent = ClauseEdited | Commented | CommentSettled | Versioned | MarkedReady | Reopened
Event = Annotated[
    Answered | Proposed | ReadByModel | Confirmed | Dismissed | Unknown | Skipped | Moved | Paused
    | Resumed | Restarted | Cancelled | Undone | Noted | Shared | Hidden | Talked | DocumentEvent,
    Field(discriminator="kind"),
]  # fmt: skip
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)


class Recorded(_Event):
    """An event, numbered from 1 in its dossier, with who made it and when (UTC)."""

    seq: int = Field(ge=1)
    at: datetime
    side: Side
    author: str
    event: Event
