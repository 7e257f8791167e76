"""What the store hands out: frozen values, never rows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """A thumb."""

    UP = "up"
    DOWN = "down"


class Complaint(StrEnum):
    """Why a reply did not help; the values are stored and published."""

    WRONG = "inexacte"
    INCOMPLETE = "incomplete"
    BESIDE = "hors_sujet"
    UNCLEAR = "peu_claire"
    SHOULD_ANSWER = "aurait_du_repondre"
    OTHER = "autre"


@dataclass(frozen=True, slots=True)
class Feedback:
    """An opinion on one reply."""

    verdict: Verdict
    reason: Complaint | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its messages; ``turns`` counts them."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool
    share_token: str | None
    turns: int


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A question and its reply, to be kept; ``reply`` is the published JSON shape."""

    id: str
    question: str
    actor: str | None
    resolved: str | None
    reply: dict[str, Any]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A question and its reply, kept; ``position`` counts from 1."""

    id: str
    conversation_id: str
    position: int
    question: str
    actor: str | None
    resolved: str | None
    reply: dict[str, Any]
    units: tuple[str, ...]
    created_at: datetime
    feedback: Feedback | None
