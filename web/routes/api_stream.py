"""An answer as it comes: events over POST, for ``fetch`` and for programs."""

from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from assistant.answering.worded import Found, Said, Settled, Withdrawn
from assistant.errors import AssistantError
from web.asking import Asked, kept, published, told
from web.errors import log, problem
from web.owner import KnownOwner
from web.prose import fragments
from web.routes.api_models import AskRequest
from web.services import Services, ServicesHere

router = APIRouter()
EXAMPLE = (
    'event: debut\ndata: {"conversation_id": null}\n\n'
    'event: fragment\ndata: {"text": "La m\\u00e9thode compte sept \\u00e9tapes. [S1]"}\n\n'
    'event: reponse\ndata: {"id": "…", "status": "answered", "mode": "llm", "…": "…"}\n\n'
    "event: fin\ndata: {}\n\n"
)
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events; every `data` is JSON. `debut` first. `redaction` when "
        "a language model now words the answer. `fragment` {text}: to show after what was shown, "
        "a whole sentence at a time, [S1] markers included. `retrait`: forget every fragment so "
        "far, other ones follow. `reponse`: the whole reply, as `/api/v1/ask` gives it; its "
        "`answer` is the fragments since the last `retrait`. `erreur`: a problem (RFC 9457), "
        "instead of `reponse`. `fin` last. Closing the connection stops the answer and its cost.",
        "content": {"text/event-stream": {"schema": {"type": "string"}, "example": EXAMPLE}},
    }
}


@router.post("/ask/stream", response_class=EventSourceResponse, responses=DESCRIBED)
async def ask_stream(
    services: ServicesHere, owner: KnownOwner, body: AskRequest
) -> AsyncIterable[ServerSentEvent]:
    """The same as ``/ask``, as events: ``debut``, ``fragment``…, ``reponse``, ``fin``.

    The turn is kept just before ``reponse``: one that is stopped earlier leaves no trace.
    """
    asked = Asked(body.question, owner, body.actor, body.conversation_id)
    yield ServerSentEvent(event="debut", data={"conversation_id": body.conversation_id})
    try:
        async with aclosing(_answer(services, asked)) as events:
            async for event in events:
                yield event
    except Exception as error:  # noqa: BLE001 - the status is sent: the stream itself must tell
        yield ServerSentEvent(event="erreur", data=_explained(services, error))
    yield ServerSentEvent(event="fin", data={})


async def _answer(services: Services, asked: Asked) -> AsyncGenerator[ServerSentEvent, None]:
    shown = False
    async with aclosing(told(services, asked)) as events:
        async for event in events:
            match event:
                case Found(wording=True):
                    yield ServerSentEvent(event="redaction", data={})
                case Said(text):
                    shown = True
                    yield ServerSentEvent(event="fragment", data={"text": text})
                case Withdrawn():
                    shown = False
                    yield ServerSentEvent(event="retrait", data={})
                case Found() | Settled():
                    pass
                case message:
                    if not shown:
                        for text in fragments(message.reply["answer"]):
                            yield ServerSentEvent(event="fragment", data={"text": text})
                    await kept(services, asked, message)
                    yield ServerSentEvent(event="reponse", data=published(message.reply))


def _explained(services: Services, error: Exception) -> dict[str, Any]:
    if isinstance(error, AssistantError):
        return problem(services.engine.texts, error)
    log.error("unexpected error in a stream", exc_info=error)
    return problem(services.engine.texts, AssistantError())
