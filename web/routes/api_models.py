"""The shapes of a question and of its reply."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.knowledge.content import Actor
from web.asking import PlainText


class AskRequest(BaseModel):
    """A question. Without ``conversation_id`` it stands alone and nothing is kept."""

    model_config = ConfigDict(extra="forbid")

    question: PlainText
    actor: Actor | None = None
    conversation_id: PlainText | None = Field(default=None, max_length=64)


class CitationModel(BaseModel):
    """The source of a marker; ``passage`` is the exact text that the index holds."""

    id: str
    title: str
    document: str
    page: int | None
    section: str
    passage: str
    url: str


class RelatedModel(BaseModel):
    """A card worth opening."""

    title: str
    url: str


class WordingModel(BaseModel):
    """What a language model had to do with a reply.

    ``prompt`` is the digest of the template, ``corpus`` the version of the index; ``kept`` and
    ``removed`` count its sentences; ``added`` when sentences of the sources complete it; ``note``
    why the extractive answer is given; ``understood`` the question that a follow-up was taken for.
    """

    model: str
    prompt: str
    corpus: str
    kept: int
    removed: dict[str, int]
    added: bool
    fault: str | None
    note: str | None
    understood: str | None


class AskResponse(BaseModel):
    """An answer, or a refusal with its reason; ``wording`` only where a model is configured."""

    id: str
    status: Literal["answered", "refused"]
    answer: str
    citations: list[CitationModel]
    suggestions: list[str]
    step: int | None
    mode: Literal["extractive", "llm"]
    reason: Literal["out_of_scope", "not_in_corpus", "not_grounded", "unsafe"] | None
    elapsed_ms: float
    related: list[RelatedModel]
    wording: WordingModel | None = None
