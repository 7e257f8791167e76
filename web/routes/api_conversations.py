"""One's own conversations, for programs; the owner is the cookie's."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.store.values import Conversation, Message
from web.asking import PlainText, published
from web.owner import KnownOwner, Owner
from web.services import ServicesHere

router = APIRouter(prefix="/conversations")


class Started(BaseModel):
    """A new conversation."""

    id: str


class ConversationModel(BaseModel):
    """A conversation without its turns; ``share_url`` is null unless shared."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool
    share_url: str | None
    turns: int


class TurnModel(BaseModel):
    """One question and its reply, in the shape that ``/ask`` gives."""

    id: str
    position: int
    question: str
    actor: str | None
    asked_at: datetime
    reply: dict[str, Any]


class ConversationDetail(ConversationModel):
    """A conversation with its turns."""

    messages: list[TurnModel]


class ConversationChange(BaseModel):
    """What to change; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    title: PlainText | None = Field(default=None, min_length=1, max_length=200)
    archived: bool | None = None


class Shared(BaseModel):
    """Where anyone may read."""

    url: str


@router.post("", status_code=201)
def start(services: ServicesHere, owner: Owner) -> Started:
    """Start a conversation; it is listed from its first turn on."""
    return Started(id=services.store.start(owner))


@router.get("")
def listing(
    services: ServicesHere, owner: KnownOwner, archived: bool = False
) -> list[ConversationModel]:
    """One's conversations, the latest first."""
    return [
        ConversationModel(**_fields(conversation))
        for conversation in services.store.conversations(owner, archived=archived)
    ]


@router.delete("", status_code=204)
def delete_all(services: ServicesHere, owner: KnownOwner) -> None:
    """Erase them all, for good."""
    services.store.delete_all(owner)


@router.get("/{conversation_id}")
def read(services: ServicesHere, owner: KnownOwner, conversation_id: str) -> ConversationDetail:
    """A conversation and its turns."""
    conversation = services.store.conversation(conversation_id, owner=owner)
    turns = [_turn(message) for message in services.store.messages(conversation)]
    return ConversationDetail(**_fields(conversation), messages=turns)


@router.patch("/{conversation_id}")
def change(
    services: ServicesHere, owner: KnownOwner, conversation_id: str, body: ConversationChange
) -> ConversationModel:
    """Rename, put aside, or put back."""
    conversation = services.store.change(
        conversation_id, owner=owner, title=body.title, archived=body.archived
    )
    return ConversationModel(**_fields(conversation))


@router.delete("/{conversation_id}", status_code=204)
def delete(services: ServicesHere, owner: KnownOwner, conversation_id: str) -> None:
    """Erase one, for good."""
    services.store.delete(conversation_id, owner=owner)


@router.put("/{conversation_id}/share")
def share(services: ServicesHere, owner: KnownOwner, conversation_id: str) -> Shared:
    """Open to anyone who has the address."""
    return Shared(url=f"/partage/{services.store.share(conversation_id, owner=owner)}")


@router.delete("/{conversation_id}/share", status_code=204)
def unshare(services: ServicesHere, owner: KnownOwner, conversation_id: str) -> None:
    """Close again."""
    services.store.unshare(conversation_id, owner=owner)


def _fields(conversation: Conversation) -> dict[str, Any]:
    token = conversation.share_token
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "archived": conversation.archived,
        "share_url": f"/partage/{token}" if token else None,
        "turns": conversation.turns,
    }


def _turn(message: Message) -> TurnModel:
    return TurnModel(
        id=message.id,
        position=message.position,
        question=message.question,
        actor=message.actor,
        asked_at=message.created_at,
        reply=published(message.reply),
    )
