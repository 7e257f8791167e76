"""The documents of a case file: list, read, edit article by article."""

from datetime import date
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from assistant.casefile.facts import InvalidFacts
from assistant.coaching import events as ev
from assistant.coaching.dossier import Outdated
from assistant.coaching.forms import Form as Sent
from assistant.coaching.manuscript import Manuscript
from assistant.coaching.state import State, fold
from assistant.coaching.workspace import TRIES, View
from assistant.drafting.desk import NotReady, Sheet
from assistant.errors import NotFound
from web.asking import PlainText
from web.document_forms import changed, cleared, given_by
from web.document_pages import DocumentsPage, SheetPage
from web.document_sheet import Opened, keyed
from web.document_values import Conflict
from web.document_views import DocumentShaper
from web.owner import KnownOwner
from web.rendering import render
from web.routes.chat import PRIVATE
from web.routes.dossier_interview import sent
from web.routes.dossiers import back, seen
from web.services import Services, ServicesHere

router = APIRouter(prefix="/dossiers/{dossier_id}/documents")
Name = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,60}$")]
KEY = r"^[a-z0-9_-]{1,60}$"
Act = Literal["retirer", "ajouter", "monter", "descendre", "recrire", "restaurer"]


class ClauseEdit(BaseModel):
    """What to do with a clause; ``base`` is the revision of the page that it was sent from."""

    article: str = Field(pattern=KEY)
    clause: str = Field(pattern=r"^[a-z0-9._-]{1,120}$")
    acte: Act
    base: int = Field(ge=0)
    texte: PlainText = Field(default="", max_length=20_000)

    @property
    def words(self) -> str:
        """The new text of the clause."""
        return self.texte.replace("\r\n", "\n").strip()


class ClashChoice(BaseModel):
    """Which of two answers to keep."""

    article: str = Field(pattern=KEY)
    slot: PlainText = Field(max_length=200)
    verdict: Literal["oui", "non"]


def today_of(services: Services) -> date:
    """The day that dated figures are looked at."""
    return services.workspace.now().astimezone().date()


def shaper_of(services: Services) -> DocumentShaper:
    """Who shapes documents for pages."""
    return DocumentShaper(services.desk, services.shaper)


def sheet_of(services: Services, view: View, name: str) -> Sheet:
    """The document as this side sees it now; raises ``UnknownDocument``."""
    return services.desk.sheet(view.state, view.side, name, today=today_of(services))


@router.get("")
def listing(services: ServicesHere, owner: KnownOwner, dossier_id: str) -> HTMLResponse:
    """The documents that the case leads to, and the others."""
    view = seen(services, owner, dossier_id)
    shape = shaper_of(services)
    cards = shape.cards(view, today=today_of(services))
    page = DocumentsPage(
        head=services.shaper.head(view),
        cards=cards,
        others=shape.others(cards),
        recommendation=services.shaper.recommendation(view.recommendation),
        public=shape.public_need(view),
    )
    return render(page, headers=PRIVATE)


@router.get("/ouvrir")
def choose(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    document: Annotated[str, Query(pattern=r"^[a-z0-9_]{0,60}$")] = "",
) -> RedirectResponse:
    """Open another document than those that the case leads to."""
    seen(services, owner, dossier_id)
    return back(f"/dossiers/{dossier_id}/documents{f'/{document}' if document else ''}")


@router.get("/{name}")
def read(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    article: Annotated[str, Query(max_length=60)] = "",
) -> HTMLResponse:
    """A document, one of its articles open to be edited."""
    view = seen(services, owner, dossier_id)
    return sheet_page(services, view, name, Opened(article) if article else None)


def sheet_page(  # noqa: PLR0917 - what a page may say
    services: Services,
    view: View,
    name: str,
    opened: Opened | None = None,
    refused: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The page of a document."""
    shape = shaper_of(services)
    page = SheetPage(
        head=services.shaper.head(view),
        sheet=shape.sheet(view, name, today=today_of(services), opened=opened),
        refused=refused,
        model=services.writer.model.name if services.writer else None,
    )
    return render(page, status=status, headers=PRIVATE)


@router.post("/{name}/articles/{key}", response_model=None)
async def fill(  # noqa: PLR0917 - what a route takes
    services: ServicesHere,
    owner: KnownOwner,
    request: Request,
    dossier_id: str,
    name: Name,
    key: Annotated[str, Path(max_length=60)],
) -> RedirectResponse | HTMLResponse:
    """Record the fields of an article: all of them, or none and the page says why."""
    form = await sent(request)
    view = await to_thread.run_sync(seen, services, owner, dossier_id)
    return await to_thread.run_sync(_fill, services, owner, view, name, key, form)


def _fill(  # noqa: PLR0917 - what was sent, and where
    services: Services, owner: str, view: View, name: str, key: str, form: Sent
) -> RedirectResponse | HTMLResponse:
    base = _base(form, view)
    drawn = _state_at(services, view, base)
    before = services.desk.sheet(drawn, view.side, name, today=today_of(services))
    entries = shaper_of(services).entries(before, key, name)
    if not entries:
        raise NotFound(quoi=key)
    found = given_by(entries, before.facts, form)
    values = changed(found, before.facts)
    try:
        clashes = services.workspace.answer(
            view.dossier.id, values, owner=owner, base=base, via="form"
        )
    except InvalidFacts as error:
        sentence = services.workspace.coach.explain(error)
        return sheet_page(services, view, name, Opened(key, typed=form, error=sentence), status=422)
    own = view.table.side.answers
    gone = [s for s in cleared(found, before.facts) if s in own and own[s].seq <= base]
    if gone:
        services.workspace.act(view.dossier.id, ev.Dismissed(slots=tuple(gone)), owner=owner)
    return back(f"{_home(view, name)}?article={key}#{'ecart' if clashes else f'article-{key}'}")


def _state_at(services: Services, view: View, seq: int) -> State:
    """What the page was drawn from."""
    if seq >= view.state.seq:
        return view.state
    known = [item for item in view.history if item.seq <= seq]
    return fold(services.workspace.coach.method, known)


def _base(form: Sent, view: View) -> int:
    text = "".join(form.get("base", ()))
    return int(text) if text.isdecimal() and len(text) < 10 else view.state.seq


def _home(view: View, name: str) -> str:
    return f"/dossiers/{view.dossier.id}/documents/{name}"


def article_url(dossier_id: str, name: str, key: str) -> str:
    """Where an article is open to be edited."""
    return f"/dossiers/{dossier_id}/documents/{name}?article={key}#article-{key}"


@router.post("/{name}/ecart")
def settle_clash(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    choice: Annotated[ClashChoice, Form()],
) -> RedirectResponse:
    """Choose between the answer that is held and the one that came too late."""
    kind = ev.Confirmed if choice.verdict == "oui" else ev.Dismissed
    services.workspace.act(dossier_id, kind(slots=(choice.slot,)), owner=owner)
    return back(article_url(dossier_id, name, choice.article))


@router.post("/{name}/clauses", response_model=None)
def edit_clause(
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    edit: Annotated[ClauseEdit, Form()],
) -> RedirectResponse | HTMLResponse:
    """Take out, put in, move, say in one's own words, or give its words back to a clause.

    A clause that somebody rewrote since the page was shown is not overwritten: the page shows
    both and asks.
    """
    for _ in range(TRIES):
        try:
            return _edit_clause(services, owner, seen(services, owner, dossier_id), name, edit)
        except Outdated:  # somebody did something in between: look again
            continue
    raise Outdated


def _edit_clause(
    services: Services, owner: str, view: View, name: str, edit: ClauseEdit
) -> RedirectResponse | HTMLResponse:
    sheet = sheet_of(services, view, name)
    _check_clause(services, sheet, name, edit)
    held = sheet.manuscript.rewritten.get(edit.clause)
    worded = edit.acte in ("recrire", "restaurer")
    if (
        worded
        and touched_since(view, name, edit.clause, edit.base)
        and (held is None or held.text != edit.words)
    ):
        opened = Opened(edit.article, conflict=Conflict(edit.clause, held, edit.words))
        return sheet_page(services, view, name, opened, status=409)
    event = _event_of(sheet, name, edit)
    if event is not None:
        services.workspace.act(view.dossier.id, event, owner=owner, after=view.state.seq)
    return back(article_url(view.dossier.id, name, edit.article))


def _check_clause(services: Services, sheet: Sheet, name: str, edit: ClauseEdit) -> None:
    """Raise ``NotFound`` for what the document does not hold, or does not let go."""
    template = services.desk.office.library.document(name)
    optional: set[str] = {a.code for a in template.articles if a.optionnel}
    optional |= {c.id for a in template.articles for c in a.clauses if c.optionnelle}
    printed = {c.id for article in sheet.document.articles for c in article.clauses}
    allowed = optional if edit.acte in ("retirer", "ajouter") else printed
    if edit.clause not in allowed:
        raise NotFound(quoi=edit.clause)


def touched_since(view: View, name: str, clause: str, base: int) -> bool:
    """Whether somebody worded a clause after revision ``base``."""
    return any(
        item.seq > base
        and isinstance(item.event, ev.ClauseEdited)
        and item.event.document == name
        and item.event.clause == clause
        and item.event.operation in ("rewritten", "restored")
        for item in reversed(view.history)
    )


def _event_of(sheet: Sheet, name: str, edit: ClauseEdit) -> ev.ClauseEdited | None:
    """The event of an act; None when there is nothing to do."""
    clause = edit.clause
    match edit.acte:
        case "retirer":
            return ev.ClauseEdited(document=name, operation="removed", clause=clause)
        case "ajouter":
            return ev.ClauseEdited(document=name, operation="added", clause=clause)
        case "recrire" if edit.words:
            return ev.ClauseEdited(
                document=name, operation="rewritten", clause=clause, text=edit.words
            )
        case "monter" | "descendre":
            order = _moved(sheet, clause, -1 if edit.acte == "monter" else 1)
            if order is not None:
                return ev.ClauseEdited(document=name, operation="moved", clause=clause, order=order)
        case "restaurer" if clause in sheet.manuscript.rewritten:
            return ev.ClauseEdited(document=name, operation="restored", clause=clause)
    return None


def _moved(sheet: Sheet, clause: str, by: int) -> tuple[str, ...] | None:
    """The clauses of its article with one moved by a place; None at an end."""
    for article in sheet.document.articles:
        order = [held.id for held in article.clauses]
        if clause in order:
            place = order.index(clause)
            other = place + by
            if not 0 <= other < len(order):
                return None
            order[place], order[other] = order[other], order[place]
            return tuple(order)
    return None


@router.post("/{name}/remarques")
def remark(  # noqa: PLR0917 - what a route takes
    services: ServicesHere,
    owner: KnownOwner,
    dossier_id: str,
    name: Name,
    article: Annotated[str, Form(pattern=KEY)],
    texte: Annotated[PlainText, Form(max_length=5_000)],
) -> RedirectResponse:
    """Comment an article, for whoever works on the document."""
    view = seen(services, owner, dossier_id)
    if article not in keyed(sheet_of(services, view, name).document.articles):
        raise NotFound(quoi=article)
    if texte.strip():
        event = ev.Commented(document=name, article=article, text=texte.strip())
        services.workspace.act(dossier_id, event, owner=owner)
    return back(f"{_home(view, name)}?article={article}#remarques-{article}")


@router.post("/{name}/remarques/{seq}/regler")
def settle_remark(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, name: Name, seq: int
) -> RedirectResponse:
    """Say that a comment needs no more attention."""
    view = seen(services, owner, dossier_id)
    held = view.state.documents.get(name, Manuscript()).remarks
    found = next((one for one in held if one.seq == seq), None)
    if found is None:
        raise NotFound(quoi=str(seq))
    if not found.settled:
        services.workspace.act(dossier_id, ev.CommentSettled(target=seq), owner=owner)
    return back(f"{_home(view, name)}?article={found.article}#article-{found.article}")


@router.post("/{name}/pret", response_model=None)
def make_ready(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, name: Name
) -> RedirectResponse | HTMLResponse:
    """Hold the document ready to sign, if nothing stands in the way today."""
    view = seen(services, owner, dossier_id)
    try:
        event = services.desk.make_ready(sheet_of(services, view, name))
    except NotReady as error:
        sentence = services.engine.texts.explain(error)
        return sheet_page(services, view, name, refused=sentence, status=422)
    services.workspace.act(dossier_id, event, owner=owner)
    return back(f"{_home(view, name)}#signature")


@router.post("/{name}/rouvrir")
def reopen(
    services: ServicesHere, owner: KnownOwner, dossier_id: str, name: Name
) -> RedirectResponse:
    """Make a draft of it again."""
    view = seen(services, owner, dossier_id)
    sheet_of(services, view, name)
    services.workspace.act(dossier_id, ev.Reopened(document=name), owner=owner)
    return back(f"{_home(view, name)}#signature")
