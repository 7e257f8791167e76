"""The interview of a case file: messages, questions, steps as forms, recommendation."""

from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from assistant.casefile.facts import InvalidFacts, Problem
from assistant.coaching import events as ev
from assistant.coaching.agenda import standing
from assistant.coaching.forms import Form as Sent
from assistant.coaching.forms import values_of
from assistant.coaching.method import Question
from assistant.coaching.workspace import View
from assistant.errors import NotFound
from web.asking import PlainText, guide_of, without_controls
from web.dossier_pages import (
    DossierPage,
    DossierQuestionPage,
    DossierStepPage,
    RecommendationPage,
)
from web.owner import KnownOwner
from web.reading import said
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}")
SHOWN = 12  # exchanges on a page; the earlier ones are a link away
StepNumber = Annotated[int, Path(ge=1, le=7)]


@router.get("")
def interview(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    depuis: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """The interview; ``depuis`` is the number of the first exchange to show."""
    return render(_interview(services, seen(services, owner, dossier_id), depuis), headers=PRIVATE)


def _interview(services: Services, view: View, since: int | None) -> DossierPage:
    shape = services.shaper
    side = view.table.side
    first = max(0, len(side.exchanges) - SHOWN) if since is None else since
    doubtful = {s: a for s, a in side.answers.items() if a.status == "to_confirm"}
    settled = {s: a for s, a in view.table.known.items() if s not in doubtful}
    return DossierPage(
        head=shape.head(view),
        exchanges=tuple(shape.exchange(e) for e in side.exchanges[first:]),
        earlier=max(0, first - SHOWN) if first else None,
        question=shape.question(view.question, view) if view.question else None,
        proposals=shape.proposals(view),
        readings=shape.readings(view),
        doubtful=shape.lines(doubtful),
        known=shape.lines(settled),
        recommendation=shape.recommendation(view.recommendation),
        goal=side.goal,
        paused=side.paused,
        message="",
        max_message=services.settings.max_message,
        read_by_model=services.reader is not None,
    )


@router.post("/messages")
async def say(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    message: Annotated[PlainText, Form()],
) -> RedirectResponse:
    """Tell the coach something, in one's own words."""
    if message.strip():
        await said(services, dossier_id, message, owner=owner)
    return back(f"/dossiers/{dossier_id}#suite")


@router.post("/guide")
async def ask_guide(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    question: Annotated[PlainText, Form(max_length=500)],
) -> RedirectResponse:
    """Ask the guide the question that goes with what is being asked, and come back."""
    await to_thread.run_sync(
        lambda: services.workspace.ask(dossier_id, question, owner=owner, guide=guide_of(services)),
        limiter=services.limiter,
    )
    return back(f"/dossiers/{dossier_id}#suite")


async def sent(request: Request) -> Sent:
    """Every field of a form, with its values; raises ``InvalidFacts`` for control characters."""
    form = await request.form(max_fields=4_000)
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            try:
                found.setdefault(name, []).append(without_controls(value))
            except ValueError as error:
                raise InvalidFacts((Problem(name, "caracteres"),)) from error
    return found


@router.get("/questions/{question_id}")
def question(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, question_id: str
) -> HTMLResponse:
    """One question by itself: to correct an answer, or to choose between two."""
    view = seen(services, owner, dossier_id)
    asked = asked_of(services, question_id)
    return render(_question_page(services, view, asked, error=None), headers=PRIVATE)


def asked_of(services: Services, question_id: str) -> Question:
    """A question of the method; raises ``NotFound``."""
    found = services.workspace.coach.method.by_id.get(question_id)
    if found is None:
        raise NotFound(quoi=question_id[:40])
    return found


def _question_page(
    services: Services, view: View, asked: Question, *, error: str | None, typed: Sent | None = None
) -> DossierQuestionPage:
    return DossierQuestionPage(
        head=services.shaper.head(view),
        question=services.shaper.question(asked, view, typed=typed),
        history=services.shaper.answers_over_time(view, asked),
        clashes=services.shaper.clashes(view, asked),
        error=error,
        given=services.shaper.given_by_others(view, asked),
    )


@router.post("/questions/{question_id}", response_model=None)
async def answer(
    services: ServicesHere,
    owner: KnownOwner,
    request: Request,
    dossier_id: str,
    question_id: str,
) -> RedirectResponse | HTMLResponse:
    """Answer one question; what is wrong is said on its page, and nothing is lost."""
    form = await sent(request)
    return await to_thread.run_sync(_answer, services, owner, dossier_id, question_id, form)


def _answer(
    services: Services, owner: str, dossier_id: str, question_id: str, form: Sent
) -> RedirectResponse | HTMLResponse:
    view = seen(services, owner, dossier_id)
    asked = asked_of(services, question_id)
    home = f"/dossiers/{dossier_id}"
    aside: dict[str, ev.Event] = {
        "plus_tard": ev.Skipped(question=question_id),
        "ne_sait_pas": ev.Unknown(question=question_id),
    }
    if (act := _one(form, "acte")) in aside:
        services.workspace.act(dossier_id, aside[act], owner=owner)
        return back(f"{home}#suite")
    values = values_of(asked, view.table.facts, form)
    try:
        clashes = services.workspace.answer(
            dossier_id, values, owner=owner, question=question_id, base=_base(form)
        )
    except InvalidFacts as error:
        sentence = services.workspace.coach.explain(error)
        page = _question_page(services, view, asked, error=sentence, typed=form)
        return render(page, status=422, headers=PRIVATE)
    if note := _one(form, "note"):
        services.workspace.act(dossier_id, ev.Noted(question=question_id, text=note), owner=owner)
    if clashes:
        return back(f"{home}/questions/{question_id}#ecart")
    return back(f"{home}#suite")


def _one(form: Sent, name: str) -> str:
    return (form.get(name) or [""])[0].strip()


def _base(form: Sent) -> int | None:
    text = _one(form, "base")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@router.get("/etapes/{number}")
def step(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, number: StepNumber
) -> HTMLResponse:
    """A step as one form."""
    view = seen(services, owner, dossier_id)
    return render(_step_page(services, view, number), headers=PRIVATE)


def _step_page(
    services: Services,
    view: View,
    number: int,
    *,
    error: str | None = None,
    typed: Sent | None = None,
) -> DossierStepPage:
    shape = services.shaper
    method = services.workspace.coach.method
    asked = [(q, standing(q, view.table)) for q in method.of_step(number)]
    known = {
        slot: answer for slot, answer in view.table.known.items()
        if any(slot == name or slot.startswith(f"{name}.") for q, _ in asked for name in q.slots)
    }  # fmt: skip
    return DossierStepPage(
        head=shape.head(view),
        step=shape.step(method.step(number), view.progress[number - 1]),
        intro=method.step(number),
        questions=tuple(
            shape.question(q, view, typed=typed) for q, where in asked if where != "irrelevant"
        ),
        set_apart=tuple(
            q.text(view.table.facts.acteur_type) for q, w in asked if w == "irrelevant"
        ),
        error=error,
        summary=shape.lines(known),
    )


@router.post("/etapes/{number}", response_model=None)
async def answer_step(
    services: ServicesHere,
    owner: KnownOwner,
    request: Request,
    dossier_id: str,
    number: StepNumber,
) -> RedirectResponse | HTMLResponse:
    """Answer a whole step at once: all of it is taken, or nothing and the page says why."""
    form = await sent(request)
    return await to_thread.run_sync(_answer_step, services, owner, dossier_id, number, form)


def _answer_step(
    services: Services, owner: str, dossier_id: str, number: int, form: Sent
) -> RedirectResponse | HTMLResponse:
    view = seen(services, owner, dossier_id)
    values: dict[str, Any] = {}
    for asked in services.workspace.coach.method.of_step(number):
        if standing(asked, view.table) != "irrelevant":
            values |= values_of(asked, view.table.facts, form)
    held = view.table.side.values()
    changed = {slot: value for slot, value in values.items() if held.get(slot) != value}
    try:
        clashes = services.workspace.answer(
            dossier_id, changed, owner=owner, base=_base(form), via="form"
        )
    except InvalidFacts as error:
        sentence = services.workspace.coach.explain(error)
        page = _step_page(services, view, number, error=sentence, typed=form)
        return render(page, status=422, headers=PRIVATE)
    if clashes:
        return back(f"/dossiers/{dossier_id}#a-confirmer")
    return back(f"/dossiers/{dossier_id}/etapes/{number}#synthese")


@router.post("/confirmer")
def confirm(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    slot: Annotated[list[PlainText], Form(max_length=50)],
    verdict: Annotated[str, Form(pattern="^(oui|non)$")],
) -> RedirectResponse:
    """Say whether what was understood is right."""
    slots = tuple(slot)
    event = ev.Confirmed(slots=slots) if verdict == "oui" else ev.Dismissed(slots=slots)
    services.workspace.act(dossier_id, event, owner=owner)
    return back(f"/dossiers/{dossier_id}#suite")


@router.post("/lectures")
def choose(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    slot: Annotated[PlainText, Form(max_length=100)],
    lecture: Annotated[str, Form(pattern="^(outil|modele|aucune)$")],
) -> RedirectResponse:
    """Say which of two readings is right, or that neither is."""
    if lecture == "aucune":
        services.workspace.act(dossier_id, ev.Dismissed(slots=(slot,)), owner=owner)
    else:
        modelled = lecture == "modele"
        services.workspace.choose(dossier_id, slot, owner=owner, modelled=modelled)
    return back(f"/dossiers/{dossier_id}#suite")


@router.post("/aller")
def move(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    etape: Annotated[int | None, Form(ge=1, le=7)] = None,
    but: Annotated[ev.Goal | None, Form()] = None,
) -> RedirectResponse:
    """Choose what the interview aims at: the orientation, one step, or the document."""
    goal: ev.Goal | None = "etape" if etape and but is None else but
    services.workspace.act(dossier_id, ev.Moved(step=etape, goal=goal), owner=owner)
    return back(f"/dossiers/{dossier_id}#suite")


@router.get("/recommandation")
def recommendation(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """What the answers lead to, and why."""
    view = seen(services, owner, dossier_id)
    shape = services.shaper
    page = RecommendationPage(
        head=shape.head(view), recommendation=shape.recommendation(view.recommendation)
    )
    return render(page, headers=PRIVATE)
