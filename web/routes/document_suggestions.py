"""A language model's wording of a clause: asked for, shown with what it changes, taken or left."""

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from assistant.answering.worded import Writer
from assistant.coaching import events as ev
from assistant.coaching.dossier import Outdated
from assistant.coaching.workspace import TRIES, View
from assistant.drafting.difference import Change, compared
from assistant.drafting.suggestion import (
    LONGEST,
    TEMPLATE,
    Clause,
    NotWorded,
    Suggester,
    Suggestion,
    SuggestionRefused,
    clause_of,
)
from assistant.errors import CallerError, NotFound
from assistant.llm.port import Fault, ModelFailed
from web.asking import PlainText
from web.document_sheet import Opened
from web.document_values import Conflict, SuggestionView
from web.owner import KnownOwner
from web.routes.dossier_documents import (
    KEY,
    Name,
    article_url,
    sheet_of,
    sheet_page,
    touched_since,
)
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}/documents/{name}/clauses")


class NoModel(CallerError):
    """A proposal is asked for, or taken, where no model is configured any more."""

    code = "suggestion_sans_modele"


class ModelUseless(CallerError):
    """The model gave nothing this time."""

    code = "suggestion_panne"


class Wanted(BaseModel):
    """The clause to word; ``base`` is the revision of the page that it was sent from."""

    article: str = Field(pattern=KEY)
    clause: str = Field(pattern=r"^[a-z0-9._-]{1,120}$")
    base: int = Field(ge=0)


class Accepted(Wanted):
    """The proposal that a person takes."""

    texte: PlainText = Field(max_length=LONGEST)


@router.post("/proposition", response_model=None)
async def propose(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    wanted: Annotated[Wanted, Form()],
) -> HTMLResponse:
    """Ask the model for the words of a clause: the page shows them, and nothing is kept."""
    view = await to_thread.run_sync(seen, services, owner, dossier_id)
    try:
        clause = await to_thread.run_sync(_clause, services, view, name, wanted.clause)
        made = await _asked(services, clause, dossier_id)
    except (NoModel, ModelUseless, NotWorded, SuggestionRefused) as error:
        sentence = services.engine.texts.explain(error)
        status = 503 if isinstance(error, ModelUseless) else 422
        shown = SuggestionView(wanted.clause, error=sentence)
    else:
        status = 200
        shown = SuggestionView(made.clause, made.text, made.model, _lines(clause, made))
    opened = Opened(wanted.article, suggestion=shown)
    # the revision of the page is that of the text which the model was given
    page = partial(sheet_page, services, view, name, opened, status=status)
    return await to_thread.run_sync(page)


async def _asked(services: Services, clause: Clause, dossier_id: str) -> Suggestion:
    writer = _writer(services)
    fault: Fault | None = None
    try:
        return await _suggester(writer).suggest(clause, conversation=f"dossier:{dossier_id}")
    except ModelFailed as failed:
        fault = failed.fault
        reason = services.engine.texts.say("panne_llm", fault.value)
        raise ModelUseless(raison=reason) from failed
    finally:
        writer.health.tell(writer.clock.now(), fault)


def _writer(services: Services) -> Writer:
    if services.writer is None:
        raise NoModel
    return services.writer


def _suggester(writer: Writer) -> Suggester:
    return Suggester(writer.model, writer.prompts, writer.guard, masked=writer.masked)


def _clause(services: Services, view: View, name: str, wanted: str) -> Clause:
    """Raises ``NotFound`` and ``NotWorded``."""
    sheet = sheet_of(services, view, name)
    clause = clause_of(sheet.document, sheet.facts, wanted)
    if clause is None:
        raise NotFound(quoi=wanted)
    return clause


def _lines(clause: Clause, made: Suggestion) -> tuple[tuple[Change, ...], ...]:
    before, after = (
        [line for line in text.splitlines() if line.strip()] for text in (clause.text, made.text)
    )
    return tuple(compared(before, after))


@router.post("/adoption", response_model=None)
def adopt(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    accepted: Annotated[Accepted, Form()],
) -> RedirectResponse | HTMLResponse:
    """Take a proposal, judged again against the clause as it is now."""
    for _ in range(TRIES):
        try:
            return _adopt(services, owner, seen(services, owner, dossier_id), name, accepted)
        except Outdated:  # somebody did something in between: look again
            continue
    raise Outdated


def _adopt(
    services: Services, owner: str, view: View, name: str, accepted: Accepted
) -> RedirectResponse | HTMLResponse:
    sheet = sheet_of(services, view, name)
    held = sheet.manuscript.rewritten.get(accepted.clause)
    try:
        clause = _clause(services, view, name, accepted.clause)
        if touched_since(view, name, accepted.clause, accepted.base):
            conflict = Conflict(accepted.clause, held, accepted.texte, suggested=True)
            opened = Opened(accepted.article, conflict=conflict)
            return sheet_page(services, view, name, opened, status=409)
        writer = _writer(services)
        text = _suggester(writer).judged(accepted.texte, clause)
    except (NoModel, NotWorded, SuggestionRefused) as error:
        shown = SuggestionView(accepted.clause, error=services.engine.texts.explain(error))
        opened = Opened(accepted.article, suggestion=shown)
        return sheet_page(services, view, name, opened, status=422)
    event = ev.ClauseEdited(
        document=name,
        operation="rewritten",
        clause=accepted.clause,
        text=text,
        model=writer.model.name[:200],
        prompt=writer.prompts.digest(TEMPLATE),
    )
    services.workspace.act(view.dossier.id, event, owner=owner, after=view.state.seq)
    return back(article_url(view.dossier.id, name, accepted.article))
