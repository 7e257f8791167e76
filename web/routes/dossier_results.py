"""What a case leads to: landmarks, risks, calendar, report."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.casefile.facts import Facts, InvalidFacts, Problem
from assistant.coaching.forms import MAX_ROWS, SPARE_ROWS, FieldView, cell, number, rows_of
from assistant.coaching.forms import Form as Sent
from assistant.coaching.workspace import View
from web.owner import KnownOwner
from web.rendering import markdown, render
from web.report_views import ReportView, Version
from web.result_pages import (
    CalendarPage,
    CandidateRow,
    LandmarksPage,
    ReportPage,
    ReportText,
    RisksPage,
)
from web.result_views import COMMON_GOALS, columns_of
from web.routes.chat import PRIVATE
from web.routes.dossier_interview import sent
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}")
CANDIDATES, GOALS = "candidats", "objectifs.ponderation_4"
Shown = Annotated[Version, Query()]


def _today(services: Services) -> date:
    return services.workspace.now().astimezone().date()


@router.get("/reperes")
def landmarks(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """Every chart."""
    return render(_landmarks(services, seen(services, owner, dossier_id)), headers=PRIVATE)


def _landmarks(
    services: Services, view: View, *, error: str | None = None, typed: Sent | None = None
) -> LandmarksPage:
    results = services.reporter.results
    facts = view.table.facts
    wrong = "" if typed is None else (CANDIDATES if _speaks_of(typed, CANDIDATES) else GOALS)
    return LandmarksPage(
        head=services.shaper.head(view),
        square=results.square(view, facts),
        goals=results.common_goals(facts),
        fragilities=results.fragilities(view, facts),
        grids=results.grids(facts),
        maturity=results.maturity(facts),
        goal_fields=tuple(_goal_fields(services, facts, typed)),
        candidates=tuple(_candidate_rows(services, facts, typed)),
        error=error,
        wrong=wrong,
    )


def _speaks_of(form: Sent, slot: str) -> bool:
    return any(name.startswith(f"{slot}.") for name in form)


def _goal_fields(services: Services, facts: Facts, typed: Sent | None) -> Iterable[FieldView]:
    held = facts.objectifs.ponderation_4 if facts.objectifs else None
    names = services.reporter.results.common_goals(facts).names
    for goal in COMMON_GOALS:
        made = cell(GOALS, f"{GOALS}.{goal}", f"{GOALS}.{goal}", held, services.shaper.display)
        yield _retyped(replace(made, label=names[goal]), typed)


def _candidate_rows(services: Services, facts: Facts, typed: Sent | None) -> Iterable[CandidateRow]:
    held = facts.candidats or ()
    display = services.shaper.display

    def field(place: int, column: str) -> FieldView:
        name, path = f"{CANDIDATES}.{place}.{column}", f"{CANDIDATES}.{column}"
        made = cell(CANDIDATES, name, path, held, display)
        # a mark is chosen in a list of five
        return _retyped(replace(made, input="choix") if made.options else made, typed)

    for place in range(min(MAX_ROWS, len(held) + SPARE_ROWS)):
        marks = []
        for kind in ("criteres_sig", "criteres_eco"):
            cells = tuple(field(place, f"{kind}.{name}") for name in columns_of(kind))
            marks.append((kind, any(_filled(one) for one in cells), cells))
        name = held[place].nom if place < len(held) else ""
        first = tuple(field(place, column) for column in ("nom", "type_acteur"))
        yield CandidateRow(name, (*first, field(place, "commentaire")), tuple(marks))


def _filled(field: FieldView) -> bool:
    return bool(field.value) or any(option.chosen for option in field.options)


def _retyped(field: FieldView, typed: Sent | None) -> FieldView:
    """The field as it was just sent, when it was."""
    if typed is None or field.name not in typed:
        return field
    given = typed[field.name]
    options = tuple(replace(o, chosen=o.value in given) for o in field.options)
    return replace(field, value="\n".join(given), options=options)


@router.post("/reperes", response_model=None)
async def fill(
    services: ServicesHere, owner: KnownOwner, request: Request, dossier_id: str
) -> RedirectResponse | HTMLResponse:
    """Record the candidates with their marks, or the weights of the common objectives."""
    form = await sent(request)
    return await to_thread.run_sync(_fill, services, owner, dossier_id, form)


def _fill(
    services: Services, owner: str, dossier_id: str, form: Sent
) -> RedirectResponse | HTMLResponse:
    view = seen(services, owner, dossier_id)
    base = "".join(form.get("base", ()))
    try:
        clashes = services.workspace.answer(
            dossier_id,
            _values(view.table.facts, form),
            owner=owner,
            base=int(base) if base.isdecimal() and len(base) < 10 else None,
            via="form",
        )
    except InvalidFacts as error:
        sentence = services.workspace.coach.explain(error)
        page = _landmarks(services, view, error=sentence, typed=form)
        return render(page, status=422, headers=PRIVATE)
    home = f"/dossiers/{dossier_id}"
    if clashes:
        return back(f"{home}#a-confirmer")
    return back(f"{home}/reperes#{'partenaires' if _speaks_of(form, CANDIDATES) else 'communs'}")


def _values(facts: Facts, form: Sent) -> dict[str, Any]:
    """What the form says; raises ``InvalidFacts`` for marks that are nobody's."""
    found: dict[str, Any] = {}
    if _speaks_of(form, CANDIDATES):
        rows = [_numbered(row) for row in rows_of(CANDIDATES, form) or ()]
        for place, row in enumerate(rows):
            if not row.get("nom"):
                raise InvalidFacts((Problem(f"{CANDIDATES}.{place}.nom", "requis"),))
        if rows or facts.candidats:
            found[CANDIDATES] = rows
    weights = {
        goal: number(text)
        for goal in COMMON_GOALS
        if (text := "".join(form.get(f"{GOALS}.{goal}", ())).strip())
    }
    if weights:
        found[GOALS] = weights
    return found


def _numbered(row: dict[str, Any]) -> dict[str, Any]:
    """Marks as numbers: a list of choices sends texts."""
    return {
        name: {k: number(str(v)) for k, v in value.items()} if isinstance(value, dict) else value
        for name, value in row.items()
    }


@router.get("/risques")
def risks(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """The risks and freins of this case, with what to do."""
    view = seen(services, owner, dossier_id)
    results = services.reporter.results
    found = results.risks(view.table.facts)
    page = RisksPage(
        head=services.shaper.head(view),
        present=tuple(risk for risk in found if risk.status == "present"),
        watched=tuple(risk for risk in found if risk.status != "present"),
        noted=results.own_risks(view.table.facts),
    )
    return render(page, headers=PRIVATE)


@router.get("/calendrier")
def calendar(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """The calendar, counted back from the day of signature."""
    view = seen(services, owner, dossier_id)
    found = services.reporter.results.calendar(view.table.facts, _today(services))
    return render(CalendarPage(head=services.shaper.head(view), calendar=found), headers=PRIVATE)


def _report(services: Services, view: View, version: Version) -> ReportView:
    return services.reporter.report(view, version=version, today=_today(services))


@router.get("/rapport")
def report(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, version: Shown = "complet"
) -> HTMLResponse:
    """The whole report; « partage » leaves out what this side keeps to itself."""
    view = seen(services, owner, dossier_id)
    page = ReportPage(head=services.shaper.head(view), report=_report(services, view, version))
    return render(page, headers=PRIVATE)


@router.get("/rapport.md")
def report_text(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, version: Shown = "complet"
) -> Response:
    """The same report as plain Markdown."""
    view = seen(services, owner, dossier_id)
    page = ReportText(head=services.shaper.head(view), report=_report(services, view, version))
    return Response(
        markdown(page),
        media_type="text/markdown; charset=utf-8",
        headers={
            **PRIVATE,
            "content-disposition": f'attachment; filename="rapport-{dossier_id[:8]}.md"',
        },
    )
