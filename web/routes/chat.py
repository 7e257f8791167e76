"""Ask and read a conversation, with or without a script."""

from collections.abc import Sequence
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict

from assistant.knowledge.content import Actor
from assistant.store.values import Complaint, Conversation, Feedback, Message, Verdict
from web.asking import Asked, PlainText, answered, kept
from web.owner import KnownOwner, Owner
from web.pages import ChatPage, SharedPage, TurnPage
from web.rendering import render
from web.services import Services, ServicesHere
from web.views import TurnView, turn_view

router = APIRouter()
SHOWN = 20  # turns on a page; the earlier ones are a link away
COMPLAINTS = tuple(complaint.value for complaint in Complaint)
PRIVATE = {"cache-control": "private, no-store"}


def none_if_empty(value: object) -> object:
    """What an unchosen option of a form sends means nothing."""
    return None if value == "" else value


Chosen = BeforeValidator(none_if_empty)


class QuestionForm(BaseModel):
    """The question box."""

    model_config = ConfigDict(extra="forbid")

    question: PlainText
    actor: Annotated[Actor | None, Chosen] = None


class OpinionForm(BaseModel):
    """The thumbs under an answer."""

    model_config = ConfigDict(extra="forbid")

    verdict: Literal["up", "down"]
    reason: Annotated[Complaint | None, Chosen] = None
    comment: Annotated[PlainText | None, Chosen] = None


@router.get("/conversation")
def new(
    services: ServicesHere, question: Annotated[PlainText, Query(max_length=4_000)] = ""
) -> HTMLResponse:
    """An empty conversation, the box filled with ``question``."""
    return render(_page(services, None, question=question))


@router.post("/conversation")
async def start(
    request: Request, services: ServicesHere, owner: Owner, form: Annotated[QuestionForm, Form()]
) -> RedirectResponse:
    """Ask the first question of a new conversation."""
    message = await answered(services, Asked(form.question, owner, form.actor), request)
    identifier = await to_thread.run_sync(services.store.start, owner, message)
    return RedirectResponse(f"/conversations/{identifier}#tour-1", status_code=303)


@router.get("/conversations/{conversation_id}")
def read(
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    depuis: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """A conversation; ``depuis`` is the first turn to show."""
    conversation = services.store.conversation(conversation_id, owner=owner)
    return render(_page(services, conversation, since=depuis), headers=PRIVATE)


@router.post("/conversations/{conversation_id}")
async def go_on(
    request: Request,
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    form: Annotated[QuestionForm, Form()],
) -> RedirectResponse:
    """Ask the next question."""
    asked = Asked(form.question, owner, form.actor, conversation_id)
    message = await kept(services, asked, await answered(services, asked, request))
    position = message.position if message else 1
    return RedirectResponse(f"/conversations/{conversation_id}#tour-{position}", status_code=303)


@router.get("/conversations/{conversation_id}/tours/{message_id}")
def turn(
    services: ServicesHere, owner: KnownOwner, conversation_id: str, message_id: str
) -> HTMLResponse:
    """One turn alone: the script puts it in its place."""
    message = services.store.message(conversation_id, message_id, owner=owner)
    view = turn_view(message, services.catalogue.short_titles)
    return render(TurnPage(turn=view, complaints=COMPLAINTS), headers=PRIVATE)


@router.post("/conversations/{conversation_id}/tours/{message_id}/avis")
def judge(
    services: ServicesHere,
    owner: KnownOwner,
    conversation_id: str,
    message_id: str,
    form: Annotated[OpinionForm, Form()],
) -> RedirectResponse:
    """Keep an opinion on a reply."""
    message = services.store.message(conversation_id, message_id, owner=owner)
    opinion = Feedback(Verdict(form.verdict), form.reason, (form.comment or "")[:1_000] or None)
    services.store.judge(message.id, opinion, owner=owner)
    return RedirectResponse(
        f"/conversations/{conversation_id}#tour-{message.position}", status_code=303
    )


@router.get("/partage/{token}")
def shared(services: ServicesHere, token: str) -> HTMLResponse:
    """A shared conversation, to anyone who has the link."""
    conversation = services.store.shared(token)
    turns = _turns(services, services.store.messages(conversation))
    headers = {**PRIVATE, "x-robots-tag": "noindex"}
    return render(SharedPage(title=conversation.title, turns=turns), headers=headers)


def _turns(services: Services, messages: Sequence[Message]) -> tuple[TurnView, ...]:
    short_titles = services.catalogue.short_titles
    return tuple(turn_view(message, short_titles) for message in messages)


def _page(
    services: Services,
    conversation: Conversation | None,
    *,
    since: int | None = None,
    question: str = "",
) -> ChatPage:
    messages = []
    first = 1
    if conversation is not None:
        first = min(since or max(1, conversation.turns - SHOWN + 1), max(conversation.turns, 1))
        messages = services.store.messages(conversation, since=first)
    token = conversation.share_token if conversation else None
    return ChatPage(
        id=conversation.id if conversation else None,
        title=conversation.title if conversation else "",
        turns=_turns(services, messages),
        earlier=max(1, first - SHOWN) if first > 1 else None,
        actor=messages[-1].actor if messages else None,
        question=question,
        starters=tuple(services.engine.texts.listing("accueil", "questions")),
        share_url=f"/partage/{token}" if token else None,
        archived=conversation.archived if conversation else False,
        max_question=services.settings.max_question,
        complaints=COMPLAINTS,
    )
