"""What is sent to a language model, where, and how to do without."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.llm.check import tried
from assistant.llm.presets import Choice, chosen
from web.pages import ModelPage, ModelState
from web.rendering import render
from web.services import Services, ServicesHere

router = APIRouter()
BETWEEN = timedelta(seconds=10)  # two trials at the closest: each one costs


@router.get("/modele")
def shown(services: ServicesHere) -> HTMLResponse:
    """The page « Ce qui est envoyé »."""
    return render(ModelPage(state=_state(services)))


@router.post("/modele")
async def attempt(services: ServicesHere) -> RedirectResponse:
    """Try the model; the page then says how it fared."""
    writer = services.writer
    if writer is not None:
        now = writer.clock.now()
        last = writer.health.last
        if last is None or now - last >= BETWEEN:
            writer.health.trying(now)
            trial = await tried(writer.model, writer.prompts)
            writer.health.tell(writer.clock.now(), trial.fault)
    return RedirectResponse("/modele#etat", status_code=303)


def _state(services: Services) -> ModelState | None:
    writer = services.writer
    if writer is None:
        return None
    choice: Choice | None = chosen(services.settings)
    health = writer.health
    fault = health.fault
    return ModelState(
        name=writer.model.name,
        host=choice.host if choice else None,
        local=choice.local if choice else False,
        masked=writer.masked,
        reading=services.reader is not None,
        messages=services.reader.tally.asked if services.reader else 0,
        unread=services.reader.tally.faults.total() if services.reader else 0,
        worked_at=health.worked_at,
        failed_at=health.failed_at if fault else None,
        why=services.engine.texts.say("panne_llm", fault.value) if fault else "",
        per_day=services.settings.llm_tokens_per_day,
        per_conversation=services.settings.llm_tokens_per_conversation,
    )
