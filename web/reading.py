"""A message to the coach, read by us and, when there is one, by a language model."""

import logging
from functools import partial

from anyio import to_thread

from assistant.coaching.turn import Turn
from assistant.coaching.understanding.modelled import ModelReader, ModelReading, Sent
from assistant.errors import AssistantError
from assistant.llm.port import Fault
from web.asking import guide_of
from web.services import Services

log = logging.getLogger(__name__)


async def said(services: Services, dossier_id: str, message: str, *, owner: str) -> Turn:
    """The coach's turn; raises what ``Workspace.say`` raises, and nothing because of a model."""
    modelled = await _modelled(services, dossier_id, message, owner)
    turn = partial(
        services.workspace.say,
        dossier_id,
        message,
        owner=owner,
        guide=guide_of(services),
        modelled=modelled,
    )
    return await to_thread.run_sync(turn, limiter=services.limiter)


async def _modelled(
    services: Services, dossier_id: str, message: str, owner: str
) -> ModelReading | None:
    """What the model reads, in the time that it is given; None whatever goes wrong with it."""
    reader = services.reader
    if reader is None:
        return None
    try:
        prepare = partial(_prepared, services, reader, dossier_id, message, owner)
        sent = await to_thread.run_sync(prepare, limiter=services.limiter)
        if sent is None:
            return None
        claims = await reader.ask(sent, conversation=f"dossier:{dossier_id}")
        if claims is None:
            return None
        return await to_thread.run_sync(reader.kept, claims, sent, limiter=services.limiter)
    except AssistantError:  # of the person: the turn says it
        raise
    except Exception as error:  # noqa: BLE001 - without a model, the coach works as well
        # its name alone: its words may hold some of the message
        log.error("coach.model_unexpected", extra={"error": type(error).__name__})  # noqa: TRY400
        reader.failed(Fault.UNKNOWN)
        return None


def _prepared(
    services: Services, reader: ModelReader, dossier_id: str, message: str, owner: str
) -> Sent | None:
    heard = services.workspace.to_read(dossier_id, message, owner=owner)
    return reader.prepared(heard) if heard is not None else None
