"""``/api/v1``: the same answers and content for programs."""

import time
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.answering.answerer import cleaned
from assistant.errors import CallerError, TooLarge
from assistant.knowledge.content import Actor
from assistant.store.values import Complaint, Feedback, Verdict
from web.asking import Asked, PlainText, answered, kept, published
from web.owner import KnownOwner
from web.routes import api_content, api_conversations, api_documents, api_dossiers, api_stream
from web.routes.api_models import AskRequest, AskResponse
from web.services import ServicesHere

router = APIRouter(prefix="/api/v1")
router.include_router(api_stream.router)
router.include_router(api_content.router)
router.include_router(api_conversations.router)
router.include_router(api_dossiers.router)
router.include_router(api_documents.router)


class FeedbackRequest(BaseModel):
    """An opinion on one kept reply."""

    model_config = ConfigDict(extra="forbid")

    message_id: PlainText = Field(max_length=64)
    verdict: Verdict
    reason: Complaint | None = None
    comment: PlainText | None = Field(default=None, max_length=1_000)


class SearchResult(BaseModel):
    """A passage found; ``passage`` is the exact text that the index holds."""

    id: str
    title: str
    document: str
    page: int | None
    section: str
    passage: str
    url: str
    score: float


class SearchResponse(BaseModel):
    """Passages, best first."""

    results: list[SearchResult]
    elapsed_ms: float


@router.post("/ask", response_model_exclude_unset=True)
async def ask(
    request: Request, services: ServicesHere, owner: KnownOwner, body: AskRequest
) -> AskResponse:
    """Answer a question, or say why not."""
    asked = Asked(body.question, owner, body.actor, body.conversation_id)
    message = await answered(services, asked, request)
    await kept(services, asked, message)
    return AskResponse.model_validate(published(message.reply))


@router.get("/search")
async def search(
    services: ServicesHere,
    q: Annotated[PlainText, Query(min_length=1)],
    k: Annotated[int, Query(ge=1, le=50)] = 10,
    actor: Actor | None = None,
) -> SearchResponse:
    """The passages nearest to ``q``, best first."""
    if len(q) > services.settings.max_question:
        raise TooLarge(limite=services.settings.max_question)
    if not cleaned(q):
        raise CallerError("question_vide")
    started = time.perf_counter()
    find = partial(services.engine.answerer.passages, q, actor=actor, k=k)
    found = await to_thread.run_sync(find, limiter=services.limiter)
    elapsed = round((time.perf_counter() - started) * 1000, 1)
    results = [SearchResult.model_validate(passage) for passage in found]
    return SearchResponse(results=results, elapsed_ms=elapsed)


@router.post("/feedback", status_code=204)
def feedback(services: ServicesHere, owner: KnownOwner, body: FeedbackRequest) -> None:
    """Keep an opinion on a reply of one's own."""
    opinion = Feedback(body.verdict, body.reason, body.comment or None)
    services.store.judge(body.message_id, opinion, owner=owner)
