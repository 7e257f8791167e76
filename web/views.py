"""Shape stored turns and content for templates: no I/O, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.knowledge.sentences import sentences
from assistant.store.values import Conversation, Feedback, Message
from web.prose import Extract, Inline, Node, Phrase, extracts, parse, phrases


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source of an answer: where it is, and its passage with the cited sentences apart."""

    number: int
    anchor: str
    title: str
    document: str
    short_document: str
    page: int | None
    section: str
    url: str
    lines: tuple[tuple[Extract, ...], ...]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One question and its reply, as a page shows them."""

    id: str
    anchor: str
    position: int
    conversation_id: str
    question: str
    actor: str | None
    is_refusal: bool
    reason: str | None
    nodes: tuple[Node, ...]
    sources: tuple[CitedSource, ...]
    suggestions: tuple[str, ...]
    related: tuple[tuple[str, str], ...]
    step: int | None
    asked_at: datetime
    feedback: Feedback | None
    wording: Mapping[str, Any] | None = None

    @property
    def removed(self) -> int:
        """How many sentences of a model were not shown."""
        return sum((self.wording or {}).get("removed", {}).values())


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """A conversation in the list."""

    id: str
    title: str
    updated_at: datetime
    turns: int
    is_shared: bool


def turn_view(message: Message, short_titles: Mapping[str, str]) -> TurnView:
    """Shape one turn; ``short_titles`` are those of the documents, by full title."""
    reply = message.reply
    nodes = parse(reply["answer"])
    anchor = f"tour-{message.position}"
    said = [part for phrase in phrases(nodes) for part in _cut(phrase)]
    return TurnView(
        id=message.id,
        anchor=anchor,
        position=message.position,
        conversation_id=message.conversation_id,
        question=message.question,
        actor=message.actor,
        is_refusal=reply["status"] == "refused",
        reason=reply["reason"],
        nodes=nodes,
        sources=tuple(
            _source(citation, anchor, said, short_titles) for citation in reply["citations"]
        ),
        suggestions=tuple(reply["suggestions"]),
        related=tuple((card["title"], card["url"]) for card in reply["related"]),
        step=reply["step"],
        asked_at=message.created_at,
        feedback=message.feedback,
        wording=reply.get("wording"),
    )


def conversation_line(conversation: Conversation) -> ConversationLine:
    """Shape one conversation for the list."""
    return ConversationLine(
        id=conversation.id,
        title=conversation.title,
        updated_at=conversation.updated_at,
        turns=conversation.turns,
        is_shared=conversation.share_token is not None,
    )


def _source(
    citation: dict[str, Any],
    anchor: str,
    said: Sequence[Phrase],
    short_titles: Mapping[str, str],
) -> CitedSource:
    number = int(citation["id"][1:])
    cited = [phrase for phrase in said if number in phrase.marks]
    return CitedSource(
        number=number,
        anchor=f"{anchor}-s{number}",
        title=citation["title"],
        document=citation["document"],
        short_document=short_titles.get(citation["document"], citation["document"]),
        page=citation["page"],
        section=citation["section"],
        url=citation["url"],
        lines=extracts(citation["passage"], cited),
    )


def _cut(phrase: Phrase) -> list[Phrase]:
    """A phrase, and its sentences: a list item may hold several that a passage cuts."""
    parts = sentences(phrase.text)
    if len(parts) < 2:
        return [phrase]
    return [phrase, *(Phrase(phrase.number, (Inline(part),), phrase.marks) for part in parts)]
