"""What the coach says: typed parts that a page draws, a program reads and the history keeps."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Part):
    """One value shown back: its slot, the label and the value in words, where it came from."""

    slot: str
    label: str
    value: str
    words: str = ""


class Understood(_Part):
    """What was read and recorded, to be confirmed or corrected."""

    kind: Literal["understood"] = "understood"
    lines: tuple[Line, ...]


class Offered(_Part):
    """What may have been meant: counts for nothing before a yes."""

    kind: Literal["proposed"] = "proposed"
    lines: tuple[Line, ...]


class ReadByModel(_Part):
    """What only a language model read in the message: counts for nothing before a yes."""

    kind: Literal["read_by_model"] = "read_by_model"
    lines: tuple[Line, ...]


class TwoReadings(_Part):
    """What we and a language model read differently: nothing is set, the person chooses."""

    kind: Literal["two_readings"] = "two_readings"
    ours: Line
    theirs: Line


class Summary(_Part):
    """What this side has said so far."""

    kind: Literal["summary"] = "summary"
    lines: tuple[Line, ...]


class Corrected(_Part):
    """A false belief, kindly put right, with its sources in compact form."""

    kind: Literal["belief"] = "belief"
    id: str
    words: str
    text: str
    sources: tuple[str, ...]


class Notice(_Part):
    """A sentence; ``refused`` and ``unread`` are what could not be taken or understood."""

    kind: Literal["notice", "refused", "unread", "documents"] = "notice"
    text: str


class Explained(_Part):
    """Why a question is asked."""

    kind: Literal["why"] = "why"
    question: str
    text: str
    sources: tuple[str, ...]


class Asked(_Part):
    """The next question, by its id in ``methode.yaml``."""

    kind: Literal["question"] = "question"
    id: str


class Quoted(_Part):
    """A source of the guide's answer."""

    id: str
    title: str
    document: str
    page: int | None
    section: str
    passage: str
    url: str


class FromGuide(_Part):
    """A digression: what the answering part said, in the published shape."""

    kind: Literal["guide"] = "guide"
    question: str
    status: Literal["answered", "refused"]
    answer: str
    citations: tuple[Quoted, ...]


class Advised(_Part):
    """The recommendation changed."""

    kind: Literal["recommendation"] = "recommendation"
    categorie: str | None
    modele: str | None
    contrat: str | None
    confidence: Literal["haute", "moyenne", "basse"]


Part = Annotated[
    Understood
    | Offered
    | ReadByModel
    | TwoReadings
    | Summary
    | Corrected
    | Notice
    | Explained
    | Asked
    | FromGuide
    | Advised,
    Field(discriminator="kind"),
]


def from_guide(question: str, reply: dict[str, Any]) -> FromGuide:
    """A published reply of the answerer, as a part."""
    return FromGuide(
        question=question,
        status=reply["status"],
        answer=reply["answer"],
        citations=tuple(
            Quoted(**{name: citation[name] for name in Quoted.model_fields})
            for citation in reply["citations"]
        ),
    )
